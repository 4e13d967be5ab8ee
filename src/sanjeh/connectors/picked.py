"""Picked rows are a file's rows after the mapping's filter, grouping and SQL: a raw value per field, not yet typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sanjeh.connectors.base_relation import BASE, lay_base, takes_unit
from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.cleaning.identifier import clean_identifier_sql
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.expression import Expression, ReadColumn, ReadStyle, build_expression, find_column
from sanjeh.connectors.group_fault import fault_currencies
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.row_currency import RowCurrency
from sanjeh.connectors.sql_fault import explain_fault
from sanjeh.definitions import ColumnType

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Tables of one import; they are dropped before the next table is worked on.
PICKED, PICKED_FAULTS, KEPT = "picked_rows", "picked_faults", "picked_kept"
FIRST_FAULT = "_bad"
_CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Picked:
    """The relation with the picked rows, and what became of the others.

    ``_row`` of ``table`` is the row in the source (of a group: its first). ``columns`` gives the name of the column
    that holds each field's raw value, by target; constants have none. ``_bad`` marks rows with a cell that SQL could
    not read, or lines that do not go together; their faults are in ``PICKED_FAULTS``. ``filtered`` rows did not fulfil
    the filter, ``folded`` ones went into their group's first row. ``scaled`` are the targets whose reads took the unit
    of the field into account already.
    """

    table: str
    columns: dict[str, str]
    rows: int
    filtered: int = 0
    folded: int = 0
    has_faults: bool = False
    scaled: frozenset[str] = frozenset()


def pick_rows(
    connection: DuckDBPyConnection,
    raw: RawTable,
    mapping: TableMapping,
    settings: ImportSettings,
    decimal: DecimalMark | None = None,
) -> Picked:
    """The rows of ``raw`` that ``mapping`` wants, one for each row of the entity; ``decimal`` is the file's mark.

    Raises DefinitionError ``bad_sql``, ``unknown_name``, ``sql_of_text``, ``sql_failed`` where the mapping's SQL or
    headers cannot be used, ``ambiguous_decimal`` and the like where nothing says how SQL is to read a header.
    """
    headers = find_headers(raw, mapping)
    if not (mapping.where or mapping.group or any(each.sql for each in mapping.all_fields)):
        return Picked(raw.table, headers, raw.rows)
    said = said_styles(raw, mapping, headers, decimal)
    where = build_expression(mapping.where, raw.columns, mapping.place, headers=said) if mapping.where else None
    computed = {each.target: _expression(each, raw, said) for each in mapping.all_fields if each.sql}
    scaled = frozenset(
        each.target for each in mapping.all_fields if each.sql and takes_unit(computed[each.target], each.unit)
    )
    groups = [group_sql(name, raw, mapping, "b") for name in mapping.group]
    row = _row_currency(mapping, settings, headers, computed, groups)
    reads = _pick_from_base(connection, raw, mapping, settings, headers, computed, where, groups, row)
    for table in reads:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    kept, rows = _count(connection, KEPT), _count(connection, PICKED)
    columns = {each.target: f"f:{each.target}" for each in mapping.all_fields if each.value is None}
    return Picked(PICKED, columns, rows, raw.rows - kept, kept - rows, _count(connection, PICKED_FAULTS) > 0, scaled)


def find_headers(raw: RawTable, mapping: TableMapping) -> dict[str, str]:
    """The staged column of each field that a header gives, by target; raises DefinitionError ``unknown_name``."""
    return {
        each.target: find_column(each.column, raw.columns, each.place).field
        for each in mapping.all_fields
        if each.column is not None
    }


def said_styles(
    raw: RawTable, mapping: TableMapping, headers: Mapping[str, str], decimal: DecimalMark | None
) -> dict[str, ReadStyle]:
    """What the mapping's fields say of how each header is read, by staged column; ``decimal`` is the file's mark."""
    said: dict[str, ReadStyle] = {}
    for each in mapping.all_fields:
        own = ReadStyle(decimal=each.decimal, date=each.date_style, zone=each.zone)
        if each.column is not None:
            found = {headers[each.target]: own}
        else:
            reads = build_expression(each.sql, raw.columns, each.place).reads if each.sql else ()
            found = {read.column.field: own.of_function(read.function, ReadStyle()) for read in reads}
        for field, style in found.items():
            before = said.get(field, ReadStyle())
            dated = before if before.date is not None else style
            said[field] = ReadStyle(decimal=before.decimal or style.decimal, date=dated.date, zone=dated.zone)
    return {
        column.field: replace(style, decimal=style.decimal or decimal)
        for column in raw.columns
        for style in (said.get(column.field, ReadStyle()),)
    }


def _expression(field: Field, raw: RawTable, said: Mapping[str, ReadStyle]) -> Expression:
    style = ReadStyle(field.currency, field.decimal, date=field.date_style, zone=field.zone)
    found = build_expression(field.sql or "", raw.columns, field.place, style=style, headers=said)
    if field.unit == 1 or takes_unit(found, field.unit):
        return found
    style = replace(style, own_unit=True)
    return build_expression(field.sql or "", raw.columns, field.place, style=style, headers=said)


def _row_currency(
    mapping: TableMapping,
    settings: ImportSettings,
    headers: Mapping[str, str],
    computed: Mapping[str, Expression],
    groups: list[str],
) -> RowCurrency | None:
    """Where the currency of the rows' amounts stands; None where the mapping does not say it row by row."""
    if not _has_row_currency(mapping, settings):
        return None
    if _CURRENCY in computed:
        found = computed[_CURRENCY]
        return RowCurrency(found.sql, found.reads, found.aggregates, tuple(groups))
    if _CURRENCY not in headers:
        return None
    return RowCurrency(quote_name(headers[_CURRENCY]), groups=tuple(groups), header=headers[_CURRENCY])


def _has_row_currency(mapping: TableMapping, settings: ImportSettings) -> bool:
    entity = settings.catalogue.entities.get(mapping.entity)
    return (
        entity is not None
        and _CURRENCY in entity.columns
        and any(column.type is ColumnType.MONEY for column in entity.columns.values())
    )


def group_sql(header: str, raw: RawTable, mapping: TableMapping, alias: str) -> str:
    """SQL of what rows agree in to be one group: the header's cells as keys are read, whatever digits they are in."""
    field = find_column(header, raw.columns, mapping.place).field
    float_ids = any(each.column == header and each.float_ids for each in mapping.all_fields)
    return clean_identifier_sql(f"{alias}.{field}", float_ids=float_ids)


def drop_picked(connection: DuckDBPyConnection) -> None:
    """Leaves none of the tables behind."""
    for table in (PICKED, PICKED_FAULTS, KEPT):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.execute(f"DROP VIEW IF EXISTS {BASE}")


def _count(connection: DuckDBPyConnection, table: str) -> int:
    [[rows]] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(rows)


def _pick_from_base(
    connection: DuckDBPyConnection,
    raw: RawTable,
    mapping: TableMapping,
    settings: ImportSettings,
    headers: Mapping[str, str],
    computed: Mapping[str, Expression],
    where: Expression | None,
    groups: list[str],
    row: RowCurrency | None,
) -> list[str]:
    """The tables to drop when the rows have been picked."""
    import duckdb

    reads = {read.name: read for found in (*computed.values(), where) if found for read in found.reads}
    wanted = dict.fromkeys(read.name for found in computed.values() for read in found.reads)
    try:
        tables = lay_base(connection, raw, reads.values(), row, settings)
        _keep(connection, where, groups, wanted)
        _lay_faults(connection, list(reads.values()))
        values = {each.target: _value_sql(each, headers, computed) for each in mapping.all_fields if each.value is None}
        blank = _fault_mixed(connection, mapping, values, computed, settings) if groups else []
        _pick(connection, values, computed, blank, bool(groups))
    except duckdb.Error as error:
        written = {"where": where} if where is not None else {}
        raise explain_fault(connection, error, BASE, {**written, **computed}) from error
    return tables


def _value_sql(field: Field, headers: Mapping[str, str], computed: Mapping[str, Expression]) -> str:
    return computed[field.target].sql if field.target in computed else quote_name(headers[field.target])


def _keep(connection: DuckDBPyConnection, where: Expression | None, groups: list[str], wanted: Iterable[str]) -> None:
    condition = "true"
    reasons = [quote_name("!" + name) for name in wanted]
    if where is not None:
        # A row whose filter cannot be read is not left out silently: it is set aside further on.
        unread = [quote_name("!" + read.name) for read in where.reads]
        condition = " OR ".join([f"coalesce({where.sql}, false)", *(f"{reason} IS NOT NULL" for reason in unread)])
        reasons += [reason for reason in unread if reason not in reasons]
    bad = " OR ".join(f"{reason} IS NOT NULL" for reason in reasons) or "false"
    group = f"row({', '.join(groups)})" if groups else "b._row"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {KEPT} AS SELECT b.*, {group} AS _group, ({bad}) AS {FIRST_FAULT}"
        f" FROM {BASE} AS b WHERE {condition}"
    )


def _lay_faults(connection: DuckDBPyConnection, reads: list[ReadColumn]) -> None:
    """The cells that SQL could not read."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {PICKED_FAULTS}"
        " (_line BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
    )
    for read in reads:
        reason = quote_name("!" + read.name)
        connection.execute(
            f"INSERT INTO {PICKED_FAULTS} SELECT _row, ?, {quote_name(read.column.field)}, {reason} FROM {KEPT}"
            f" WHERE {FIRST_FAULT} AND {reason} IS NOT NULL",
            [read.column.name],
        )


def _fault_mixed(
    connection: DuckDBPyConnection,
    mapping: TableMapping,
    values: Mapping[str, str],
    computed: Mapping[str, Expression],
    settings: ImportSettings,
) -> list[str]:
    """The spellings of no currency, where the currency of a group's amounts is that of its lines."""
    entity = settings.catalogue.entities.get(mapping.entity)
    is_by_line = _CURRENCY in values and not (_CURRENCY in computed and computed[_CURRENCY].aggregates)
    has_money = entity is not None and any(
        entity.columns[target].type is ColumnType.MONEY for target in values if target in entity.columns
    )
    if not is_by_line or not has_money:
        return []
    return fault_currencies(connection, KEPT, PICKED_FAULTS, values[_CURRENCY], settings.currency)


def _pick(
    connection: DuckDBPyConnection,
    values: Mapping[str, str],
    computed: Mapping[str, Expression],
    blank: list[str],
    grouped: bool,
) -> None:
    selected = [f"min(_row) AS _row, bool_or({FIRST_FAULT}) AS {FIRST_FAULT}" if grouped else f"_row, {FIRST_FAULT}"]
    for target, sql in values.items():
        value = sql
        if grouped and not (target in computed and computed[target].aggregates):
            # The first filled value by row: some exports write an order's total on its first line only.
            value = f"arg_min({sql}, _row)"
            if target == _CURRENCY and blank:
                value += f" FILTER (WHERE {sql} NOT IN ({', '.join(quote(text) for text in blank)}))"
        selected.append(f"{value} AS {quote_name('f:' + target)}")
    tail = " GROUP BY _group" if grouped else ""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {PICKED} AS SELECT {', '.join(selected)} FROM {KEPT}{tail}")
