"""A staging area is a database on disk that lives for one import, so that memory stays bounded."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@contextmanager
def open_staging(memory: int) -> Iterator[DuckDBPyConnection]:
    """A connection to an empty database that takes at most ``memory`` megabytes and is gone afterwards."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="sanjeh-import-") as folder:
        connection = duckdb.connect(
            str(Path(folder) / "staging.duckdb"),
            config={
                "memory_limit": f"{memory}MB",
                "temp_directory": str(Path(folder) / "spill"),
                "preserve_insertion_order": "false",
            },
        )
        try:
            yield connection
        finally:
            connection.close()
