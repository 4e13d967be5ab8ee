"""A converted column is text turned into typed values in DuckDB, with a reason for every value that could not be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning.cell import Cell, read_cell
from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.fast_path import bigint_sql, date_sql, double_sql, money_sql
from sanjeh.connectors.cleaning.identifier import clean_identifier_sql
from sanjeh.connectors.cleaning.money import bare_factor, mark_factor
from sanjeh.connectors.cleaning.text import blank_sql, clean_text_sql
from sanjeh.connectors.cleaning.typed_twin import find_twin, twin_sql
from sanjeh.definitions.entity import ColumnType
from sanjeh.units import CurrencyMark

if TYPE_CHECKING:
    import duckdb

_CHUNK = 50_000
_SHOWN = 1_000
# The marks that stand in every cell of many exports; other marks are for the careful reader.
_MARKS = (("تومان", "IRT"), ("ریال", "IRR"), ("ريال", "IRR"))
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class BadValue:
    """A distinct value that could not be understood, and the code of the reason."""

    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConvertedColumn:
    """SQL that gives the typed values of a column; the caller reads the table under the alias it asked for.

        SELECT {expression} AS {target} FROM {table} AS t {join}

    ``reason`` is NULL where the value is understood or blank, else its code: these rows go to quarantine.
    ``mapping`` is the temporary table ``(raw VARCHAR, value <sql_type>, reason VARCHAR)`` of what the plain SQL could
    not read, None when all could. ``bad`` shows at most 1,000 of the ``bad_distinct`` values with a reason.
    """

    field: str
    target: str
    sql_type: str
    expression: str
    reason: str = "NULL::VARCHAR"
    join: str = ""
    mapping: str | None = None
    bad: tuple[BadValue, ...] = ()
    bad_distinct: int = 0

    def drop(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Removes the temporary table, when the column has been read."""
        if self.mapping:
            connection.execute(f"DROP TABLE IF EXISTS {self.mapping}")


def quote_name(name: str) -> str:
    """``name`` as an SQL identifier.

    >>> quote_name('Total "net"')
    '"Total ""net""\"'
    """
    return '"' + name.replace('"', '""') + '"'


def build_converted(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    field: str,
    conversion: Conversion,
    target_field: str,
    *,
    alias: str = "t",
) -> ConvertedColumn:
    """The column ``field`` of ``table`` (VARCHAR) as values of ``conversion``'s type, named ``target_field``.

    Texts and keys are an expression alone. Of the others plain spellings are read by SQL, row by row; each distinct
    spelling beside them is read once in Python, in chunks, into a temporary table that the rows are joined to.
    Of a typed source the type gives the values that the text would, where it can (see ``typed_twin``).
    ``table`` is SQL (a quoted name), ``alias`` the name under which the caller will read it.
    """
    raw = f"{alias}.{quote_name(field)}"
    typed = _typed(connection, table, field, conversion, alias)
    if typed is not None:
        return ConvertedColumn(field, target_field, conversion.sql_type, typed)
    match conversion.type:
        case ColumnType.TEXT:
            return ConvertedColumn(field, target_field, "VARCHAR", _text(clean_text_sql(raw)))
        case ColumnType.KEY:
            identifier = clean_identifier_sql(raw, float_ids=conversion.float_ids)
            return ConvertedColumn(field, target_field, "VARCHAR", _text(identifier))
    fast = _fast(raw, conversion)
    mapping = f"conv_{next(_numbers)}"
    # Materialized: as a filter the expression would be evaluated once for each place where its parts occur.
    leftover = (
        f"WITH found AS MATERIALIZED (SELECT {raw}, {fast} IS NULL AS is_left "
        f"FROM (SELECT DISTINCT {quote_name(field)} FROM {table}) AS {alias} WHERE {raw} IS NOT NULL) "
        f"SELECT row_number() OVER () AS n, {quote_name(field)} AS raw FROM found WHERE is_left"
    )
    if not _build_mapping(connection, mapping, leftover, conversion):
        return ConvertedColumn(field, target_field, conversion.sql_type, fast)
    bad = connection.execute(f"SELECT raw, reason FROM {mapping} WHERE reason IS NOT NULL ORDER BY raw LIMIT {_SHOWN}")
    shown = tuple(BadValue(text, reason) for text, reason in bad.fetchall())
    counted = connection.execute(f"SELECT count(*) FROM {mapping} WHERE reason IS NOT NULL").fetchone()
    return ConvertedColumn(
        field=field,
        target=target_field,
        sql_type=conversion.sql_type,
        expression=f"coalesce({fast}, {mapping}.value)",
        reason=f"{mapping}.reason",
        join=f"LEFT JOIN {mapping} ON {mapping}.raw = {raw}",
        mapping=mapping,
        bad=shown,
        bad_distinct=counted[0] if counted else 0,
    )


def _typed(
    connection: duckdb.DuckDBPyConnection, table: str, field: str, conversion: Conversion, alias: str
) -> str | None:
    """SQL of the values that a typed source gives itself; None where even one of them must be read by its text."""
    twin = find_twin(connection, table, field)
    typed = twin_sql(twin, alias, conversion) if twin is not None else None
    if twin is None or typed is None:
        return None
    # Both ways side by side would cost more than either: DuckDB works out for every row what occurs twice.
    found = connection.execute(
        f"SELECT 1 FROM {table} AS {alias} WHERE {alias}.{twin.name} IS NOT NULL AND ({typed}) IS NULL LIMIT 1"
    ).fetchall()
    return None if found else typed


def _text(cleaned: str) -> str:
    return f"CASE WHEN {blank_sql(cleaned)} THEN NULL ELSE {cleaned} END"


def _fast(raw: str, conversion: Conversion) -> str:
    """The SQL of the plain spellings; it must never read what the careful reader reads otherwise."""
    match conversion.type:
        case ColumnType.DATE | ColumnType.TIME if conversion.source_zone in (None, conversion.zone):
            return date_sql(raw, conversion.date, conversion.sql_type)
        case ColumnType.NUMBER | ColumnType.INTEGER | ColumnType.MONEY:
            factor = bare_factor(conversion)
            if factor is None:
                return f"NULL::{conversion.sql_type}"
            if conversion.type is ColumnType.INTEGER:
                return bigint_sql(raw, conversion.number, factor)
            if conversion.type is ColumnType.NUMBER:
                return double_sql(raw, conversion.number, factor)
            marked = (
                f"CASE WHEN ends_with({raw}, '{word}') "
                f"THEN {money_sql(f'rtrim(left({raw}, -{len(word)}))', conversion.number, marked_factor)} END"
                for word, code in _MARKS
                if (marked_factor := mark_factor(CurrencyMark(code), conversion)) is not None
            )
            return f"coalesce({', '.join((money_sql(raw, conversion.number, factor), *marked))})"
        case _:
            return f"NULL::{conversion.sql_type}"


def _build_mapping(connection: duckdb.DuckDBPyConnection, mapping: str, leftover: str, conversion: Conversion) -> int:
    """How many distinct values the plain SQL left, after reading them into the table ``mapping`` (none: no table)."""
    connection.execute(f"CREATE TEMP TABLE {mapping}_left AS {leftover}")
    try:
        counted = connection.execute(f"SELECT count(*) FROM {mapping}_left").fetchone()
        total: int = counted[0] if counted else 0
        if total:
            connection.execute(
                f"CREATE TEMP TABLE {mapping} (raw VARCHAR, value {conversion.sql_type}, reason VARCHAR)"
            )
        read = read_cell(conversion)
        for start in range(0, total, _CHUNK):
            _insert_chunk(connection, mapping, start, read, conversion.sql_type)
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {mapping}_left")
    return total


def _insert_chunk(
    connection: duckdb.DuckDBPyConnection, mapping: str, start: int, read: Callable[[str], Cell], sql_type: str
) -> None:
    rows = connection.execute(
        f"SELECT raw FROM {mapping}_left WHERE n > ? AND n <= ?", [start, start + _CHUNK]
    ).fetchall()
    texts: Sequence[str] = [row[0] for row in rows]
    cells = [read(text) for text in texts]
    connection.execute(
        f"INSERT INTO {mapping} SELECT raw, CAST(value AS {sql_type}), reason FROM ("
        "SELECT unnest(?::VARCHAR[]) AS raw, unnest(?::VARCHAR[]) AS value, unnest(?::VARCHAR[]) AS reason)",
        [texts, [cell.value for cell in cells], [cell.reason for cell in cells]],
    )
