"""Parquet files of answers are written by DuckDB, which needs no other library for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from sanjeh.engines.duckdb import connect, database_errors, quote_name


def write_parquet(columns: Mapping[str, Sequence[object]], path: Path) -> None:
    """Write ``columns`` (name to cells of one kind: numbers, dates or texts) to ``path``."""
    items, lists = [], []
    for name, cells in columns.items():
        known = [cell for cell in cells if cell is not None]
        if name == "value" or (known and all(isinstance(cell, float) for cell in known)):
            kind = "DOUBLE"
        else:
            kind = "DATE" if known and all(isinstance(cell, date) for cell in known) else "VARCHAR"
        items.append(f"unnest(?::{kind}[]) AS {quote_name(name)}")
        lists.append([str(cell) if kind == "VARCHAR" and cell is not None else cell for cell in cells])
    target = str(path).replace("'", "''")
    with database_errors():
        connection = connect("500MB")
        connection.execute(f"CREATE TABLE answers AS SELECT {', '.join(items)}", lists)
        connection.execute(f"COPY answers TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
