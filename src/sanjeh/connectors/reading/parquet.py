"""Parquet is read by DuckDB itself; each typed column becomes raw text in the statement."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.reading.byte_stream import check_file, fingerprint_file
from sanjeh.connectors.reading.grid import check_width
from sanjeh.connectors.reading.header import name_columns
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.staging import Request, build_raw_table, execute_in_order, quote_name
from sanjeh.errors import DataError, Issue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from duckdb.sqltypes import DuckDBPyType

_INTEGERS = frozenset(
    sign + name for name in ("tinyint", "smallint", "integer", "bigint", "hugeint", "bignum") for sign in ("", "u")
)
_NESTED = frozenset(["struct", "list", "array", "map", "union", "variant"])
_MOMENTS = frozenset(["timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "time", "time with time zone"])


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A typed column as raw text: its name, the SQL that gives the text, and the hint of its type."""

    name: str
    sql: str
    hint: str | None


def text_columns(relation_columns: Sequence[str], types: Sequence[DuckDBPyType]) -> list[TextColumn]:
    """The columns of a DuckDB table as text; structures are opened one level with dotted names."""
    found: list[TextColumn] = []
    for name, kind in zip(relation_columns, types, strict=True):
        sql = quote_name(name)
        if kind.id == "struct":
            for child, child_kind in kind.children:
                inner = f"struct_extract({sql}, '{child.replace(chr(39), chr(39) * 2)}')"
                found.append(_text_column(f"{name}.{child}", inner, child_kind))
        else:
            found.append(_text_column(name, sql, kind))
    return found


def _text_column(name: str, sql: str, kind: DuckDBPyType) -> TextColumn:
    text = f"CAST({sql} AS VARCHAR)"
    match kind.id:
        case "float" | "double":
            return TextColumn(name, _plain_sql(text), "number")
        case "decimal":
            return TextColumn(name, _trimmed_sql(text), "number")
        case "boolean":
            return TextColumn(name, text, "boolean")
        case "date":
            return TextColumn(name, text, "date")
        case "timestamp with time zone":
            # In UTC and said so, whatever the time zone of the session is.
            moment = f"CAST(make_timestamp(epoch_us({sql})) AS VARCHAR) || '+00:00'"
            return TextColumn(name, f"CASE WHEN isfinite({sql}) THEN {moment} ELSE {text} END", "time")
        case name_of_type if name_of_type in _NESTED:
            return TextColumn(name, f"CAST(to_json({sql}) AS VARCHAR)", None)
        case name_of_type if name_of_type in _INTEGERS:
            return TextColumn(name, text, "number")
        case name_of_type if name_of_type in _MOMENTS:
            return TextColumn(name, text, "time")
    return TextColumn(name, text, "text")


def _trimmed_sql(text: str) -> str:
    return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"


def _plain_sql(text: str) -> str:
    """The number's text without exponent: its digits moved to where the exponent says the point is."""
    digits = f"replace(regexp_extract({text}, '^-?([0-9.]+)e', 1), '.', '')"
    point = (
        f"(length(split_part(regexp_extract({text}, '^-?([0-9.]+)e', 1), '.', 1))"
        f" + CAST(regexp_extract({text}, 'e(.*)$', 1) AS INTEGER))"
    )
    plain = (
        f"CASE WHEN {point} <= 0 THEN '0.' || repeat('0', -{point}) || rtrim({digits}, '0')"
        f" WHEN {point} >= length({digits}) THEN {digits} || repeat('0', {point} - length({digits}))"
        f" ELSE left({digits}, {point}) || '.' || substr({digits}, {point} + 1) END"
    )
    sign = f"CASE WHEN starts_with({text}, '-') THEN '-' ELSE '' END"
    return f"CASE WHEN regexp_matches({text}, '^-?[0-9.]+e') THEN {sign} || {plain} ELSE {_trimmed_sql(text)} END"


def stage_parquet(request: Request, path: str, columns: Sequence[TextColumn], *, is_text: bool = False) -> None:
    """Create the staging table from a Parquet file; ``is_text`` when its columns are text with ``_row`` already."""
    fields = [f"c{position}" for position in range(len(columns))]
    row = "_row" if is_text else "file_row_number + 1 AS _row"
    taken = [
        f"{field if is_text else f'nullif({column.sql}, {chr(39) * 2})'} AS {field}"
        for field, column in zip(fields, columns, strict=True)
    ]
    option = "" if is_text else ", binary_as_string = true, file_row_number = true"
    execute_in_order(
        request,
        f"CREATE OR REPLACE TABLE {quote_name(request.table)} AS SELECT {', '.join([row, *taken])}"
        f" FROM read_parquet(?{option})",
        path,
    )


def read_parquet(request: Request) -> RawTable:
    """The raw table of a Parquet file.

    Raises:
        DataError: ``unreadable_parquet``, ``too_many_columns``.
    """
    import duckdb

    source = request.source
    check_file(source)
    fingerprint = fingerprint_file(source)
    try:
        with _plain_path(source.path) as path:
            columns = _describe(request.connection, path)
            check_width(len(columns), request)
            stage_parquet(request, path, columns)
            request.connection.execute(f"SELECT count(*) FROM {quote_name(request.table)}")
    except duckdb.Error:
        raise DataError(Issue("unreadable_parquet", {"file": source.file}, source.place)) from None
    header = name_columns([column.name for column in columns], source)
    return build_raw_table(request, header, fingerprint, hints=[column.hint for column in columns])


def _describe(connection: DuckDBPyConnection, path: str) -> list[TextColumn]:
    relation = connection.sql("SELECT * FROM read_parquet(?, binary_as_string = true)", params=[path])
    return text_columns(relation.columns, relation.types)


@contextmanager
def _plain_path(path: str) -> Iterator[str]:
    """The path, or a link to it without the characters that DuckDB reads as a pattern."""
    if not any(mark in "*?[" for mark in path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="sanjeh-") as folder:
        link = Path(folder) / "file.parquet"
        link.symlink_to(Path(path).resolve())
        yield str(link)
