"""Picked rows are a file's rows after the mapping's filter, grouping and SQL: a raw value per field, not yet typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import Conversion, ConvertedColumn, build_converted, currency_in_header, quote_name
from sanjeh.connectors.cleaning.identifier import clean_identifier_sql
from sanjeh.connectors.currency_column import lay_currencies, lay_marks
from sanjeh.connectors.expression import HELPERS, Expression, Helper, build_expression, find_column
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.open_style import choose_open
from sanjeh.connectors.reading import RawTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Tables of one import; they are dropped before the next table is worked on.
PICKED, HELPER_FAULTS, _BASE, _KEPT = "picked_rows", "picked_faults", "picked_base", "picked_kept"
FIRST_FAULT = "_bad"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Picked:
    """The relation with the picked rows, and what became of the others.

    ``_row`` of ``table`` is the row in the source (of a group: its first). ``columns`` gives the name of the column
    that holds each field's raw value, by target; constants have none. ``_bad`` marks rows that a helper could not read;
    their faults are in ``HELPER_FAULTS``. ``filtered`` rows did not fulfil the filter, ``folded`` ones went into their
    group's first row. ``scaled`` are the targets whose helpers took the unit of the field into account already.
    """

    table: str
    columns: dict[str, str]
    rows: int
    filtered: int = 0
    folded: int = 0
    has_faults: bool = False
    scaled: frozenset[str] = frozenset()


def pick_rows(connection: DuckDBPyConnection, raw: RawTable, mapping: TableMapping, settings: ImportSettings) -> Picked:
    """The rows of ``raw`` that ``mapping`` wants, one for each row of the entity.

    Raises DefinitionError ``bad_sql``, ``unknown_name`` where the mapping's SQL or headers cannot be used.
    """
    headers = {
        each.target: find_column(each.column, raw.columns, each.place).field
        for each in mapping.all_fields
        if each.column is not None
    }
    if not (mapping.where or mapping.group or any(each.sql for each in mapping.all_fields)):
        return Picked(raw.table, headers, raw.rows)
    where = build_expression(mapping.where, raw.columns, mapping.place) if mapping.where else None
    computed = {
        each.target: build_expression(each.sql, raw.columns, each.place, currency=each.currency)
        for each in mapping.all_fields
        if each.sql
    }
    helpers = {helper.name: helper for found in (*computed.values(), where) if found for helper in found.helpers}
    wanted = {helper.name for found in computed.values() for helper in found.helpers}
    groups = [group_sql(name, raw, mapping, "b") for name in mapping.group]
    scaled = frozenset(
        each.target for each in mapping.all_fields if each.sql and _scaled(computed[each.target], each.unit)
    )
    units = {helper.name for target in scaled for helper in computed[target].helpers}
    row = mapping.field_of("currency")
    currency = headers[row.target] if row is not None and row.column is not None else None
    converted = _lay_base(connection, raw, list(helpers.values()), units, currency, settings)
    _keep(connection, where, groups, [name for name in helpers if name in wanted])
    _pick(connection, mapping.all_fields, headers, computed, bool(groups))
    for each in converted:
        each.drop(connection)
    kept, rows = _count(connection, _KEPT), _count(connection, PICKED)
    faults = _lay_faults(connection, list(helpers.values()), bool(groups))
    columns = {each.target: f"f:{each.target}" for each in mapping.all_fields if each.value is None}
    return Picked(PICKED, columns, rows, raw.rows - kept, kept - rows, faults > 0, scaled)


def group_sql(header: str, raw: RawTable, mapping: TableMapping, alias: str) -> str:
    """SQL of what rows agree in to be one group: the header's cells as keys are read, whatever digits they are in."""
    field = find_column(header, raw.columns, mapping.place).field
    float_ids = any(each.column == header and each.float_ids for each in mapping.all_fields)
    return clean_identifier_sql(f"{alias}.{field}", float_ids=float_ids)


def _scaled(found: Expression, unit: Decimal) -> bool:
    """Whether a header that the expression reads says the unit: cells without their own take it."""
    return unit != 1 and any(_header_scale(helper) == unit for helper in found.helpers)


def _header_scale(helper: Helper) -> Decimal:
    mark = currency_in_header(helper.column.name) if helper.function == "number" else None
    return mark.scale if mark is not None else Decimal(1)


def drop_picked(connection: DuckDBPyConnection) -> None:
    """Leaves none of the tables behind."""
    for table in (PICKED, HELPER_FAULTS, _KEPT):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.execute(f"DROP VIEW IF EXISTS {_BASE}")


def _count(connection: DuckDBPyConnection, table: str) -> int:
    [[rows]] = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(rows)


def _lay_base(
    connection: DuckDBPyConnection,
    raw: RawTable,
    helpers: list[Helper],
    units: set[str],
    currency: str | None,
    settings: ImportSettings,
) -> list[ConvertedColumn]:
    """A view of the raw rows with what the helpers read beside them; returns what to drop afterwards."""
    table = quote_name(raw.table)
    found = []
    selected = ["t.*"]
    for helper in helpers:
        kind = HELPERS[helper.function]
        column = helper.column
        choice = choose_open(connection, raw.table, column.field, column.name, kind, settings.currency, settings)
        conversion = choice.conversion
        if helper.currency:
            # The field itself says what the amounts are in, and the field's conversion takes them on from there.
            scale = _header_scale(helper) if helper.name in units else Decimal(1)
            conversion = replace(conversion, currency=helper.currency, source_currency=None, scale=scale)
        of_row = currency if helper.function == "number" and helper.currency is None else None
        if of_row is not None and currency_in_header(column.name) is None:
            conversion = replace(conversion, source_currency=None)
        converted = build_converted(connection, table, helper.column.field, conversion, helper.name)
        if of_row is not None:
            converted, laid = _by_row(connection, table, converted, conversion, of_row, settings)
            found += laid
        selected.append(f"{converted.expression} AS {quote_name(helper.name)}")
        selected.append(f"{converted.reason} AS {quote_name('!' + helper.name)}")
        found.append(converted)
    joins = " ".join(each.join for each in found)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {_BASE} AS SELECT {', '.join(selected)} FROM {table} AS t {joins}")
    return found


def _by_row(
    connection: DuckDBPyConnection,
    table: str,
    converted: ConvertedColumn,
    conversion: Conversion,
    currency: str,
    settings: ImportSettings,
) -> tuple[ConvertedColumn, list[ConvertedColumn]]:
    """The column whose amounts with a currency of their own are in that of their row, and what it is joined to."""
    number, raw = next(_numbers), quote_name(converted.field)
    marks, rates = f"helper_marks_{number}", f"helper_rates_{number}"
    if not lay_marks(connection, marks, table, raw, conversion.number):
        return converted, []
    lay_currencies(connection, rates, table, quote_name(currency), settings.currency)
    both = f"{marks}.raw IS NOT NULL AND {rates}.codes IS NOT NULL"
    # The factor of the row is applied to what the expression makes of its amounts.
    value = f"CAST({marks}.value * ({rates}.constant / {rates}.factor) AS {converted.sql_type})"
    agree = f"CASE WHEN NOT list_has_any({marks}.codes, {rates}.codes) THEN 'cell_currency_conflict' END"
    by_row = replace(
        converted,
        expression=f"CASE WHEN {both} THEN {value} ELSE {converted.expression} END",
        reason=f"CASE WHEN {both} THEN {agree} ELSE {converted.reason} END",
    )
    laid = [
        replace(converted, expression="NULL", mapping=name, join=f"LEFT JOIN {name} ON {name}.raw = t.{column}")
        for name, column in ((marks, raw), (rates, quote_name(currency)))
    ]
    return by_row, laid


def _keep(connection: DuckDBPyConnection, where: Expression | None, groups: list[str], wanted: Iterable[str]) -> None:
    condition = "true"
    reasons = [quote_name("!" + name) for name in wanted]
    if where is not None:
        # A row whose filter cannot be read is not left out silently: it is set aside further on.
        unread = [quote_name("!" + helper.name) for helper in where.helpers]
        condition = " OR ".join([f"coalesce({where.sql}, false)", *(f"{reason} IS NOT NULL" for reason in unread)])
        reasons += [reason for reason in unread if reason not in reasons]
    bad = " OR ".join(f"{reason} IS NOT NULL" for reason in reasons) or "false"
    group = f"row({', '.join(groups)})" if groups else "b._row"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_KEPT} AS SELECT b.*, {group} AS _group, ({bad}) AS {FIRST_FAULT}"
        f" FROM {_BASE} AS b WHERE {condition}"
    )


def _pick(
    connection: DuckDBPyConnection,
    fields: tuple[Field, ...],
    headers: dict[str, str],
    computed: dict[str, Expression],
    grouped: bool,
) -> None:
    selected = [f"min(_row) AS _row, bool_or({FIRST_FAULT}) AS {FIRST_FAULT}" if grouped else f"_row, {FIRST_FAULT}"]
    for each in fields:
        if each.value is not None:
            continue
        found = computed.get(each.target)
        sql = found.sql if found else quote_name(headers[each.target])
        if grouped and not (found and found.aggregates):
            # The first filled value by row: some exports write an order's total on its first line only.
            sql = f"arg_min({sql}, _row)"
        selected.append(f"{sql} AS {quote_name('f:' + each.target)}")
    tail = " GROUP BY _group" if grouped else ""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {PICKED} AS SELECT {', '.join(selected)} FROM {_KEPT}{tail}")


def _lay_faults(connection: DuckDBPyConnection, helpers: list[Helper], grouped: bool) -> int:
    """The faults the helpers found: of a group those of its first bad row, since a group is set aside as one row."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {HELPER_FAULTS}"
        " (_line BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
    )
    only = " QUALIFY _row = min(_row) OVER (PARTITION BY _group)" if grouped else ""
    for helper in helpers:
        reason = quote_name("!" + helper.name)
        connection.execute(
            f"INSERT INTO {HELPER_FAULTS} SELECT _row, ?, {quote_name(helper.column.field)}, {reason} FROM"
            f" (SELECT * FROM {_KEPT} WHERE {FIRST_FAULT}{only}) WHERE {reason} IS NOT NULL",
            [helper.column.name],
        )
    return _count(connection, HELPER_FAULTS)
