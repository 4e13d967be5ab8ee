"""Faults are the rows set aside at an import, in a Parquet file beside the data."""

from __future__ import annotations

from pathlib import Path

from sanjeh.engines.duckdb import connect, database_errors

Fault = tuple[int | None, int | None, str | None, str | None, str]


def read_faults(path: Path, most: int) -> list[Fault]:
    """The first ``most`` faults of ``path``: file id, line, column, value, reason."""
    with database_errors():
        connection = connect("500MB")
        rows = connection.execute(
            "SELECT _file, _line, column_name, value, reason FROM read_parquet(?) ORDER BY _file, _line LIMIT ?",
            [str(path), most],
        ).fetchall()
    return [(row[0], row[1], row[2], row[3], str(row[4])) for row in rows]
