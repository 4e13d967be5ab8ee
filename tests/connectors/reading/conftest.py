"""What the tests of reading share: a connection, and reading a file that is written on the spot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from sanjeh.connectors.reading import Limits, RawTable, ReadOptions, find_sources, read

Rows = list[tuple[object, ...]]
ReadText = Callable[..., tuple[RawTable, Rows]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def read_content(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> ReadText:
    """Write the content into a file, read its only source, give the raw table and the staged rows."""

    def read_it(
        content: str | bytes, name: str = "a.csv", limits: Limits | None = None, **options: object
    ) -> tuple[RawTable, Rows]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        [source] = find_sources(path, ReadOptions(**options))  # type: ignore[arg-type]
        raw = read(source, connection, "staging", limits=limits)
        return raw, connection.execute("FROM staging ORDER BY _row").fetchall()

    return read_it
