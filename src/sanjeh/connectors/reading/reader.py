"""Reading is turning a source into a staging table of raw text inside a DuckDB connection."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.reading.content_kind import find_kind
from sanjeh.connectors.reading.database_file import read_duckdb, read_sqlite
from sanjeh.connectors.reading.delimited import read_delimited
from sanjeh.connectors.reading.json_lines import read_json_lines
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.markup import read_markup
from sanjeh.connectors.reading.parquet import read_parquet
from sanjeh.connectors.reading.postgres_table import read_postgres
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.staging import Request, drop_table
from sanjeh.connectors.reading.workbook import read_workbook
from sanjeh.connectors.reading.workbook_shelf import WorkbookShelf
from sanjeh.errors import DataError, Issue, SanjehError
from sanjeh.warehouse.shortage import is_full, reason_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_READERS: dict[str, Callable[[Request], RawTable]] = {
    "csv": read_delimited,
    "xlsx": read_workbook,
    "xls": read_workbook,
    "html": read_markup,
    "parquet": read_parquet,
    "jsonl": read_json_lines,
    "sqlite": read_sqlite,
    "duckdb": read_duckdb,
    "postgres": read_postgres,
}


def read(
    source: Source,
    connection: DuckDBPyConnection,
    table: str,
    *,
    progress: Callable[[int, int | None], None] | None = None,
    limits: Limits | None = None,
    shelf: WorkbookShelf | None = None,
) -> RawTable:
    """The raw table of a source, staged as ``table`` in the connection.

    Args:
        source: what to read; a file that turns out to be another kind than it says is read as what it is.
        connection: where the staging table goes; a table of that name is replaced.
        table: the staging table's name.
        progress: called now and then with the rows done and the rows in all, or None while that is unknown.
        limits: how much may be held in memory; the defaults stay well under 2 GB.
        shelf: keeps a workbook open from sheet to sheet; default: it is opened for this one.

    Raises:
        DataError: with a code for what is wrong with the source; nothing is left in the connection then.

    >>> import duckdb, tempfile
    >>> connection = duckdb.connect()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "sales.csv")
    ...     _ = path.write_text("کد;مبلغ\\n007;12,5\\n", encoding="utf-8")
    ...     raw = read(Source(str(path), "csv"), connection, "staging")
    >>> [column.name for column in raw.columns], connection.sql("from staging").fetchall()
    (['کد', 'مبلغ'], [(2, '007', '12,5')])
    """
    import duckdb

    source = _as_it_is(source)
    request = Request(source, connection, table, progress, limits or Limits(), shelf)
    try:
        drop_table(request)
        return _READERS[source.kind](request)
    except SanjehError:
        drop_table(request)
        raise
    except duckdb.Error as error:
        # What the file was to blame for is told by its reader; this is memory, the disk or the connection itself.
        with suppress(duckdb.Error):
            drop_table(request)
        raise DataError(_not_staged(source, error)) from error
    except OSError as error:
        drop_table(request)
        raise DataError(_not_staged(source, error)) from error


def _not_staged(source: Source, error: Exception) -> Issue:
    said = is_full(error) or (isinstance(error, OSError) and error.strerror)
    reason = reason_of(error) if said else type(error).__name__
    return Issue("not_staged", {"file": source.file, "reason": reason}, source.place)


def _as_it_is(source: Source) -> Source:
    """The source with the kind its content has, where a text and a workbook stand under each other's name."""
    if source.kind in ("postgres", "duckdb", "sqlite", "parquet") or source.part is not None:
        return source
    kind = find_kind(Path(source.path))
    is_mistaken = source.kind in ("csv", "xls", "xlsx", "html") and kind in ("xls", "xlsx", "html", "parquet", "sqlite")
    return replace(source, kind=kind) if is_mistaken or (source.kind, kind) == ("xls", "csv") else source
