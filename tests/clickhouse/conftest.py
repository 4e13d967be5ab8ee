"""A folder of chDB for tests: ClickHouse inside this process, which has one folder and no other."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from on_clickhouse import OnClickHouse


@pytest.fixture(scope="session")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client that may write."""
    if any(importlib.util.find_spec(name) is None for name in ("chdb", "clickhouse_connect")):
        if os.environ.get("CI") == "true":
            pytest.fail("chDB is missing, and CI runs with everything")
        pytest.skip("chDB is not on this machine")
    import clickhouse_connect

    client = clickhouse_connect.get_client(interface="chdb", path=str(tmp_path_factory.mktemp("chdb")))
    yield client
    client.close()


@pytest.fixture(scope="session")
def folder_of_rows(owner: Any) -> Path:
    """The folder."""
    return Path(owner.path)


@pytest.fixture(scope="session")
def database(owner: Any, folder_of_rows: Path) -> OnClickHouse:
    """The folder as a database for tests."""
    return OnClickHouse(owner, f"chdb://{folder_of_rows}")
