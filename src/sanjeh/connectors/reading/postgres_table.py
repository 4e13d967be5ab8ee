"""A PostgreSQL table is read through a server-side cursor, every value as the text the server gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sanjeh.connectors.reading.grid import check_width
from sanjeh.connectors.reading.header import name_columns
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.staging import Request, Stage, build_raw_table, quote_name
from sanjeh.connectors.reading.typed_text import plain_number
from sanjeh.errors import DataError, Issue

_FETCH = 5000
_SECONDS_TO_CONNECT = 15
_HINT_OF_TYPE = {
    "int2": "number",
    "int4": "number",
    "int8": "number",
    "float4": "number",
    "float8": "number",
    "numeric": "number",
    "bool": "boolean",
    "date": "date",
    "timestamp": "time",
    "timestamptz": "time",
    "time": "time",
    "timetz": "time",
    "text": "text",
    "varchar": "text",
    "bpchar": "text",
}


def read_postgres(request: Request) -> RawTable:
    """The raw table of a table or view, named ``table`` or ``schema.table``; rows in the server's order.

    Raises:
        DataError: ``database_refused`` with the server's code and nothing of the address's user or password,
            ``bad_address`` without a table, ``too_many_columns``.
    """
    source = request.source
    if not source.part:
        raise DataError(Issue("bad_address", {"address": source.label}, source.place))
    table = ".".join(quote_name(part) for part in source.part.split(".", 1))
    with _connect(source) as connection, Stage(request) as stage:
        names, types = _describe(connection, table)
        check_width(len(names), request)
        is_number = [_HINT_OF_TYPE.get(kind) == "number" for kind in types]
        for row, values in enumerate(_fetch(connection, table, names), 1):
            cells = [
                plain_number(value) if number and value else value or ""
                for value, number in zip(values, is_number, strict=True)
            ]
            stage.add(row, cells)
        header = name_columns(names, source)
        stage.load([f"c{position}" for position in range(header.width)])
        hints = [_HINT_OF_TYPE.get(kind) for kind in types]
        return build_raw_table(request, header, stage.digest, bad_rows=stage.bad_rows, hints=hints, nuls=stage.nuls)


@contextmanager
def _connect(source: Source) -> Iterator[Any]:
    try:
        import psycopg
    except ImportError:
        raise _refused(source, "psycopg is not installed") from None
    try:
        with psycopg.connect(source.path, connect_timeout=_SECONDS_TO_CONNECT) as connection:
            connection.read_only = True
            connection.execute("SET TIME ZONE 'UTC'")
            connection.execute("SET datestyle TO 'ISO, YMD'")
            yield connection
    except (psycopg.Error, UnicodeError, OSError) as error:
        # The message of the driver names the user and may repeat the address, so only the kind of error is told.
        raise _refused(source, getattr(error, "sqlstate", None) or type(error).__name__) from None


def _refused(source: Source, reason: str) -> DataError:
    return DataError(Issue("database_refused", {"address": source.label, "reason": reason}, source.place))


def _describe(connection: Any, table: str) -> tuple[list[str], list[str]]:
    cursor = connection.execute(f"SELECT * FROM {table} LIMIT 0")
    described = cursor.description or []
    found = []
    for column in described:
        info = connection.adapters.types.get(column.type_code)
        found.append(info.name if info is not None else "")
    return [column.name for column in described], found


def _fetch(connection: Any, table: str, names: list[str]) -> Iterator[tuple[str | None, ...]]:
    texts = ", ".join(f"CAST({quote_name(name)} AS text)" for name in names)
    with connection.cursor(name="sanjeh") as cursor:
        cursor.itersize = _FETCH
        cursor.execute(f"SELECT {texts} FROM {table}")
        yield from cursor
