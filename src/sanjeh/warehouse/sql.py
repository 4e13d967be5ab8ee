"""SQL text here is DuckDB's: quoted names, quoted values, and read_parquet over exactly the files meant."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def name(identifier: str) -> str:
    """The identifier, quoted.

    >>> name('a "b"')
    '"a ""b\"\""'
    """
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """The string literal, quoted.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def path(file: Path, *, reading: bool = True) -> str:
    """The path as a literal; for ``reading`` the characters that DuckDB would take as a pattern stand for themselves.

    >>> path(Path("/a[b]/c.parquet"))
    "'/a[[]b]/c.parquet'"
    """
    written = file.as_posix()
    if reading:
        written = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in written)
    return text(written)


def read(files: Iterable[Path], *, filename: bool = False) -> str:
    """The FROM source that reads these parquet files, all of one shape; folders named ``a=b`` add no columns."""
    listed = ", ".join(path(file) for file in files)
    return f"read_parquet([{listed}], hive_partitioning = false{', filename = true' if filename else ''})"
