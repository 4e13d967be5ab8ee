"""Applying a mapping turns a raw table into typed rows of an entity, and into faults of the rows that it is not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import NumberStyle, compute_medians, currency_in_header, quote_name, unit_jump
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.currency_column import lay_marks
from sanjeh.connectors.expression import find_column
from sanjeh.connectors.group_fault import fault_whole_groups
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, SourceMapping, TableMapping
from sanjeh.connectors.picked import FIRST_FAULT, KEPT, PICKED_FAULTS, Picked, drop_picked, pick_rows
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.row_key import STATED, key_columns, row_key_sql
from sanjeh.connectors.total_row import drop_totals, lay_totals, part_totals
from sanjeh.connectors.typed_field import (
    CURRENCY,
    TypedField,
    amount_sql,
    build_typed,
    decimal_mark,
    decimal_of,
    foreign_currency,
    header_currency,
)
from sanjeh.definitions import Column, ColumnType, Entity
from sanjeh.errors import Datum, DefinitionError, Issue, Severity, suggest
from sanjeh.units import parse_unit

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROWS_FOR_A_MEDIAN = 5
_UNKNOWN_SHOWN = 5
_MARKED = "stated_marks"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
# What the warehouse puts beside columns.
_TAKEN = ("__code", "__day")


@dataclass(frozen=True, slots=True)
class AppliedTable:
    """Typed rows on their way to the warehouse.

    ``table`` has the entity's columns, ``_row_key``, ``_file`` and ``_line``; ``faults`` has ``_file``, ``_line``,
    ``column_name``, ``value``, ``reason``. read = rows of ``table`` + ``quarantined`` + ``filtered`` + ``folded``.
    """

    entity: Entity
    mapping: TableMapping
    table: str
    faults: str
    read: int
    filtered: int
    folded: int
    quarantined: int
    issues: tuple[Issue, ...]

    @property
    def staged(self) -> int:
        """The rows that an entity's row was to be made of, good or bad."""
        return self.read - self.filtered - self.folded


def apply_mapping(
    connection: DuckDBPyConnection,
    raw: RawTable,
    mapping: SourceMapping,
    number: int,
    settings: ImportSettings,
    name: str = "typed",
) -> AppliedTable:
    """The rows of ``raw`` as the mapping's table ``number`` (from 0) wants them, in the table ``name``.

    Records that the reading set aside are faults of the first table. Raises DefinitionError where the mapping does not
    fit the file or the catalogue.
    """
    table = mapping.tables[number]
    entity = find_entity(table, settings)
    fields = [header_currency(decimal_of(each, mapping.read.decimal), entity) for each in table.all_fields]
    check_targets(table, entity)
    whole = raw
    try:
        raw, totals = part_totals(connection, whole, table, entity)
        picked = pick_rows(connection, raw, table, settings, decimal_mark(mapping.read.decimal))
        typed = [build_typed(connection, picked, field, entity, settings) for field in fields]
        typed += _stated_currency(connection, picked, typed, entity, settings)
        faults = f"{name}_faults"
        _type_rows(connection, picked, typed, entity, table, name)
        _lay_faults(connection, picked, typed, name, faults)
        folded = picked.folded - _lay_lines(connection, raw, table, faults) if table.group else 0
        lay_totals(connection, totals, faults)
        _drop_faulty(connection, name, faults, raw if number == 0 else None)
        quarantined = _count(connection, f"SELECT count(*) FROM (SELECT DISTINCT _line FROM {faults})")
        issues = [issue for each in typed for issue in each.issues]
        issues += [issue for each in typed if (issue := _unknown_words(each))]
        issues += _jumps(connection, name, typed, entity)
        issues += _assumed_currency(connection, picked, typed, name, entity, settings)
        for each in typed:
            for temporary in each.tables:
                connection.execute(f"DROP TABLE IF EXISTS {temporary}")
    finally:
        drop_picked(connection)
        drop_totals(connection)
    read = whole.rows + (len(raw.bad_rows) if number == 0 else 0)
    return AppliedTable(entity, table, name, faults, read, picked.filtered, folded, quarantined, tuple(issues))


def drop_applied(connection: DuckDBPyConnection, applied: AppliedTable) -> None:
    """Leaves none of the tables behind."""
    for table in (applied.table, applied.faults):
        connection.execute(f"DROP TABLE IF EXISTS {quote_name(table)}")


def find_entity(table: TableMapping, settings: ImportSettings) -> Entity:
    """The entity that the table is of; raises DefinitionError ``unknown_name``."""
    entities = settings.catalogue.entities
    if table.entity not in entities:
        data = {"kind": "entity", "name": table.entity}
        raise DefinitionError(Issue("unknown_name", data, table.place, suggestion=suggest(table.entity, entities)))
    return entities[table.entity]


def check_targets(table: TableMapping, entity: Entity) -> None:
    """Raises DefinitionError where a field is no column of the entity, or a required column is not mapped."""
    known = [*entity.columns, *entity.derived]
    issues = [
        Issue("unknown_name", {"kind": "column", "name": f"{entity.id}.{each.target}"}, each.place,
              suggestion=suggest(each.target, known))
        for each in table.fields
        if each.target not in known
    ]  # fmt: skip
    issues += [
        Issue("bad_name", {"name": each.target}, each.place)
        for each in table.dimensions
        if not _NAME.fullmatch(each.target) or each.target.endswith(_TAKEN)
    ]
    mapped = {each.target for each in table.all_fields}
    issues += [
        Issue("required_column_missing", {"column": name, "entity": entity.id}, table.place)
        for name in entity.required
        if name not in mapped
    ]
    if issues:
        raise DefinitionError(issues)


def _stated_currency(
    connection: DuckDBPyConnection,
    picked: Picked,
    typed: Sequence[TypedField],
    entity: Entity,
    settings: ImportSettings,
) -> list[TypedField]:
    """A column that names the currency of amounts that stay in a foreign one, where the file has none."""
    if CURRENCY not in entity.columns or any(each.field.target == CURRENCY for each in typed):
        return []
    money = [each.field for each in typed if each.column.type is ColumnType.MONEY]
    code = foreign_currency(money, entity, settings)
    if code is None:
        return []
    return [TypedField(Field(CURRENCY, value=code), entity.columns[CURRENCY], quote(code))]


def _type_rows(
    connection: DuckDBPyConnection,
    picked: Picked,
    typed: Sequence[TypedField],
    entity: Entity,
    mapping: TableMapping,
    name: str,
) -> None:
    currency = next((each for each in typed if each.rates is not None), None)
    amounts = [amount_sql(each, currency) for each in typed]
    values = [f"{value} AS {quote_name(each.field.target)}" for each, (value, _) in zip(typed, amounts, strict=True)]
    reasons = [f"{reason} AS {quote_name(f'!{number}')}" for number, (_, reason) in enumerate(amounts)]
    joins = " ".join(join for each in typed for join in each.joins)
    bad = f"p.{FIRST_FAULT}" if picked.has_faults else "false"
    inner = (
        f"SELECT p._row AS _line, {bad} AS {FIRST_FAULT}, {', '.join((*values, *reasons))}"
        f" FROM {quote_name(picked.table)} AS p {joins}"
    )
    final = [_reason(number, each, entity) for number, each in enumerate(typed)]
    listed = ", ".join(f"{sql} AS _reason_{number}" for number, sql in enumerate(final))
    columns = ", ".join(quote_name(each.field.target) for each in typed)
    mapped = {each.field.target: each.column for each in typed}
    flag = " OR ".join([FIRST_FAULT, *(f"_reason_{number} IS NOT NULL" for number in range(len(typed)))])
    keys = key_columns(entity, mapping)
    connection.execute(
        f"CREATE OR REPLACE TABLE {quote_name(name)} AS SELECT {columns}, _line, 0 AS _file,"
        f" {row_key_sql(entity, keys, mapped, flag)} AS _row_key, ({flag}) AS {FIRST_FAULT},"
        f" {', '.join(f'_reason_{number}' for number in range(len(typed)))}"
        f" FROM (SELECT *, {listed} FROM ({inner}))"
    )


def _reason(number: int, typed: TypedField, entity: Entity) -> str:
    """Why a row's value in this column sets the row aside, as SQL; NULL where it does not."""
    column, value = typed.column, quote_name(typed.field.target)
    parts = [f"WHEN {quote_name(f'!{number}')} IS NOT NULL THEN {quote_name(f'!{number}')}"]
    if column.required:
        parts.append(f"WHEN {value} IS NULL THEN 'missing_value'")
    for bound, sign in ((column.minimum, "<"), (column.maximum, ">")):
        if bound is not None:
            parts.append(f"WHEN {value} {sign} {bound!r} THEN 'out_of_range'")
    return f"CASE {' '.join(parts)} END"


def _lay_faults(
    connection: DuckDBPyConnection, picked: Picked, typed: Sequence[TypedField], name: str, faults: str
) -> None:
    """One fault for each cell that is the reason why its row is set aside."""
    connection.execute(
        f"CREATE OR REPLACE TABLE {quote_name(faults)}"
        " (_file INTEGER, _line BIGINT, column_name VARCHAR, value VARCHAR, reason VARCHAR)"
    )
    for number, each in enumerate(typed):
        value = f"CAST(p.{quote_name(each.raw)} AS VARCHAR)" if each.raw else "NULL"
        reason = _said_reason(f"t._reason_{number}", value)
        connection.execute(
            f"INSERT INTO {quote_name(faults)} SELECT 0, t._line, ?, left({value}, 500), {reason}"
            f" FROM {quote_name(name)} AS t JOIN {quote_name(picked.table)} AS p ON p._row = t._line"
            f" WHERE t._reason_{number} IS NOT NULL" + (f" AND NOT p.{FIRST_FAULT}" if picked.has_faults else ""),
            [each.field.origin],
        )
    if picked.has_faults:
        connection.execute(
            f"INSERT INTO {quote_name(faults)} SELECT DISTINCT 0, _line, column_name, value, reason"
            f" FROM {PICKED_FAULTS}"
        )


def _said_reason(reason: str, value: str) -> str:
    """SQL of the reason, where what a cell has for "no value" (0000/00/00, NaN, -) is not to be called empty."""
    return f"CASE WHEN {reason} = 'missing_value' AND trim({value}) <> '' THEN 'value_says_none' ELSE {reason} END"


def _lay_lines(connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, faults: str) -> int:
    """How many lines beside the first of their group are set aside, which would else be counted as folded into it."""
    field = find_column(table.group[0], raw.columns, table.place).field
    fault_whole_groups(connection, KEPT, faults, ", ".join(table.group), quote_name(field))
    bad = f"SELECT _line FROM {quote_name(faults)}"
    return _count(connection, f"SELECT count(*) - count(DISTINCT _group) FROM {KEPT} WHERE _row IN ({bad})")


def _drop_faulty(connection: DuckDBPyConnection, name: str, faults: str, raw: RawTable | None) -> None:
    """Leaves only good rows in the typed table; the records that the reading set aside become faults as well."""
    connection.execute(f"DELETE FROM {quote_name(name)} WHERE {FIRST_FAULT}")
    bad_rows = raw.bad_rows if raw is not None else ()
    if bad_rows:
        connection.execute(
            f"INSERT INTO {quote_name(faults)} SELECT 0, unnest(?::BIGINT[]), '', unnest(?::VARCHAR[]),"
            " unnest(?::VARCHAR[])",
            [[bad.row for bad in bad_rows], [bad.text for bad in bad_rows], [bad.code for bad in bad_rows]],
        )


def _count(connection: DuckDBPyConnection, query: str) -> int:
    [[rows]] = connection.execute(query).fetchall()
    return int(rows)


def _unknown_words(typed: TypedField) -> Issue | None:
    """A warning that names the values which the entity does not know; they are kept as they are."""
    if not typed.unknown:
        return None
    shown = ", ".join(value for value, _ in typed.unknown[:_UNKNOWN_SHOWN])
    data: dict[str, Datum] = {
        "column": typed.field.origin,
        "count": len(typed.unknown),
        "rows": sum(rows for _, rows in typed.unknown),
        "values": shown,
        "known": ", ".join(typed.column.values),
    }
    return Issue("unknown_values", data, typed.field.place, Severity.WARNING)


def _jumps(connection: DuckDBPyConnection, name: str, typed: Sequence[TypedField], entity: Entity) -> list[Issue]:
    """Warnings where a month's typical amount is about ten times the one before: rials and tomans mixed."""
    mapped: dict[str, Column] = {each.field.target: each.column for each in typed}
    time = next((time for time in entity.times if time in mapped), None)
    if time is None:
        return []
    label = f"strftime({quote_name(time)}, '%Y-%m')"
    enough = f"QUALIFY count(*) OVER (PARTITION BY {label}) >= {_ROWS_FOR_A_MEDIAN}"
    found = []
    for target, column in mapped.items():
        if column.type is ColumnType.MONEY:
            relation = f"(SELECT {quote_name(target)}, {quote_name(time)} FROM {quote_name(name)} {enough})"
            issue = unit_jump(compute_medians(connection, relation, quote_name(target), label), column=target)
            found += [issue] if issue else []
    return found


def _assumed_currency(
    connection: DuckDBPyConnection,
    picked: Picked,
    typed: Sequence[TypedField],
    name: str,
    entity: Entity,
    settings: ImportSettings,
) -> list[Issue]:
    """A warning where stated numbers are money, and neither the mapping nor the file says in which currency."""
    value = next((each for each in typed if each.field.target == "value" and each.raw), None)
    about = next((each.field.target for each in typed if each.field.target in ("kpi", "measure")), None)
    if entity.id not in STATED or value is None or about is None or value.field.currency:
        return []
    if currency_in_header(value.field.origin) is not None:
        return []
    found = connection.execute(f"SELECT DISTINCT {quote_name(about)} FROM {quote_name(name)}").fetchall()
    if not any(_is_money(text, settings) for (text,) in found):
        return []
    style = NumberStyle(value.field.decimal or ".")
    if lay_marks(connection, _MARKED, quote_name(picked.table), quote_name(value.raw or ""), style):
        connection.execute(f"DROP TABLE {_MARKED}")
        return []
    data: dict[str, Datum] = {"column": value.field.origin, "answer": settings.currency}
    return [Issue("assumed_currency", data, value.field.place, Severity.WARNING)]


def _is_money(text: str | None, settings: ImportSettings) -> bool:
    catalogue, known = settings.catalogue, (text or "").partition(".")[0]
    said = catalogue.measures.get(known) or catalogue.kpis.get(known)
    return said is not None and parse_unit(said.unit).money != 0
