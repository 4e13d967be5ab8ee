"""A database file is SQLite or DuckDB; one of its tables is read."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sanjeh.connectors.reading.byte_stream import check_file, fingerprint_file
from sanjeh.connectors.reading.encoding import MARKING
from sanjeh.connectors.reading.grid import check_width
from sanjeh.connectors.reading.header import name_columns
from sanjeh.connectors.reading.parquet import TextColumn, stage_parquet, text_columns
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.staging import Request, Stage, build_raw_table, quote_name, scratch_folder
from sanjeh.connectors.reading.typed_text import hint_of, join_hints, typed_text
from sanjeh.errors import DataError, Issue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCH = 2000


def _unreadable(source: Source) -> DataError:
    return DataError(Issue("unreadable_database", {"file": source.file}, source.place))


def _no_part(source: Source, part: str) -> DataError:
    return DataError(Issue("no_such_part", {"file": source.file, "part": part}, source.place))


@contextmanager
def _open_sqlite(source: Source) -> Iterator[sqlite3.Connection]:
    path = check_file(source).resolve()
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        connection.text_factory = lambda value: value.decode("utf-8", MARKING)
        yield connection
    except (sqlite3.Error, OverflowError, UnicodeError):
        raise _unreadable(source) from None
    finally:
        if connection is not None:
            connection.close()


def list_sqlite_tables(source: Source) -> tuple[str, ...]:
    """The names of the tables that have rows.

    Raises:
        DataError: ``unreadable_database``.
    """
    with _open_sqlite(source) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        tables = [name for (name,) in names if not name.startswith("sqlite_")]
        return tuple(name for name in tables if _has_rows(connection, name))


def _has_rows(connection: sqlite3.Connection, name: str) -> bool:
    try:
        return connection.execute(f"SELECT 1 FROM {quote_name(name)} LIMIT 1").fetchone() is not None
    except sqlite3.OperationalError:
        # A virtual table whose module is missing here.
        return False


def read_sqlite(request: Request) -> RawTable:
    """The raw table of one SQLite table or view; without a part, of the first table that has rows.

    Raises:
        DataError: ``unreadable_database``, ``no_such_part``, ``empty_file``, ``too_many_columns``.
    """
    source = request.source
    part = source.part or _first(source, list_sqlite_tables(source))
    with _open_sqlite(source) as connection, Stage(request) as stage:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [part]).fetchone()
        if known is None:
            raise _no_part(source, part)
        cursor = connection.execute(f"SELECT * FROM {quote_name(part)}")
        names = [column[0] for column in cursor.description]
        check_width(len(names), request)
        seen: list[set[str | None]] = [set() for _ in names]
        row = 0
        while rows := cursor.fetchmany(_FETCH):
            for values in rows:
                row += 1
                for hints, value in zip(seen, values, strict=True):
                    hints.add(hint_of(value))
                stage.add(row, [typed_text(value) for value in values])
        header = name_columns(names, source)
        stage.load([f"c{position}" for position in range(header.width)])
        return build_raw_table(
            request,
            header,
            fingerprint_file(source),
            bad_rows=stage.bad_rows,
            hints=[join_hints(hints) for hints in seen],
            nuls=stage.nuls,
        )


def _first(source: Source, names: tuple[str, ...]) -> str:
    if not names:
        raise DataError(Issue("empty_file", {"file": source.file}, source.place))
    return names[0]


@contextmanager
def _open_duckdb(source: Source) -> Iterator[DuckDBPyConnection]:
    """A connection of its own, so that a damaged file cannot take the caller's database with it."""
    import duckdb

    path = check_file(source).resolve()
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except (duckdb.Error, UnicodeError):
        raise _unreadable(source) from None
    try:
        yield connection
    except (duckdb.Error, UnicodeError):
        raise _unreadable(source) from None
    finally:
        connection.close()


def _duckdb_tables(connection: DuckDBPyConnection) -> dict[str, str]:
    """The tables as SQL by the names they are known by: bare in the main schema, with the schema elsewhere."""
    found = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY schema_name, table_name"
    ).fetchall()
    return {
        table if schema == "main" else f"{schema}.{table}": f"{quote_name(schema)}.{quote_name(table)}"
        for schema, table in found
    }


def list_duckdb_tables(source: Source) -> tuple[str, ...]:
    """The names of the tables that have rows.

    Raises:
        DataError: ``unreadable_database``.
    """
    with _open_duckdb(source) as connection:
        tables = _duckdb_tables(connection)
        return tuple(
            name for name, sql in tables.items() if connection.execute(f"SELECT 1 FROM {sql} LIMIT 1").fetchall()
        )


def read_duckdb(request: Request) -> RawTable:
    """The raw table of one table of a DuckDB file; without a part, of the first that has rows.

    Raises:
        DataError: ``unreadable_database``, ``no_such_part``, ``empty_file``, ``too_many_columns``.
    """
    source = request.source
    part = source.part or _first(source, list_duckdb_tables(source))
    with tempfile.TemporaryDirectory(prefix="sanjeh-", dir=scratch_folder(request)) as folder:
        path = str(Path(folder) / "rows.parquet")
        with _open_duckdb(source) as connection:
            sql = _duckdb_tables(connection).get(part)
            if sql is None:
                raise _no_part(source, part)
            relation = connection.sql(f"SELECT * FROM {sql}")
            columns = text_columns(relation.columns, relation.types)
            check_width(len(columns), request)
            connection.execute(_copy_statement(sql, columns), [path])
        stage_parquet(request, path, columns)
    header = name_columns([column.name for column in columns], source)
    return build_raw_table(request, header, fingerprint_file(source), hints=[column.hint for column in columns])


def _copy_statement(table: str, columns: list[TextColumn]) -> str:
    texts = [f"nullif({column.sql}, '') AS c{position}" for position, column in enumerate(columns)]
    taken = ", ".join(["row_number() OVER () AS _row", *texts])
    return f"COPY (SELECT {taken} FROM {table}) TO ? (FORMAT parquet, COMPRESSION zstd)"
