"""A connection and an empty folder for every test of the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


@pytest.fixture
def fine_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut entities by year above 4 rows and by month above 8, so that few rows have many segments."""
    monkeypatch.setattr("sanjeh.warehouse.partition.ALL_UP_TO", 4)
    monkeypatch.setattr("sanjeh.warehouse.partition.YEARS_UP_TO", 8)
