"""A typed field is SQL for one column of an entity: its value in the column's type, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import (
    SQL_TYPES,
    Conversion,
    build_converted,
    match_key,
    quote_name,
    read_cell,
)
from sanjeh.connectors.cleaning.money import bare_factor
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.currency_column import lay_currencies
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field
from sanjeh.connectors.open_style import choose_open
from sanjeh.connectors.picked import Picked
from sanjeh.definitions import Column, ColumnType, Entity
from sanjeh.errors import DefinitionError, Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CURRENCY = "currency"
_WORDS = (ColumnType.TEXT, ColumnType.KEY)
_DISTINCT_WORDS = 100_000
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class TypedField:
    """SQL over the picked rows under the alias ``p``: value, reason (NULL where it is understood), joins.

    ``tables`` are temporary tables to drop afterwards; ``unknown`` counts rows by values that the column does not know.
    ``factor`` is SQL that amounts of the row are multiplied by (of the currency's column only).
    """

    field: Field
    column: Column
    expression: str
    reason: str = "NULL::VARCHAR"
    raw: str | None = None
    joins: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()
    factor: str | None = None
    issues: tuple[Issue, ...] = ()


def build_typed(
    connection: DuckDBPyConnection, picked: Picked, field: Field, entity: Entity, settings: ImportSettings
) -> TypedField:
    """The typed field of ``field``, whose raw values are in ``picked``.

    Raises DefinitionError ``ambiguous_date_order`` and the like when the mapping leaves open what the column does too.
    """
    column = column_of(entity, field.target)
    if field.value is not None:
        return _constant(field, column, settings)
    raw = picked.columns[field.target]
    sql_type = _type_of(connection, picked.table, raw)
    if sql_type != "VARCHAR":
        return _computed(field, column, raw, sql_type, settings)
    if field.target == CURRENCY and CURRENCY in entity.columns and has_money(entity):
        return _currency(connection, picked, field, column, raw, settings)
    conversion, issues = _conversion(connection, picked, field, column, raw, entity, settings)
    converted = build_converted(connection, quote_name(picked.table), raw, conversion, field.target, alias="p")
    typed = TypedField(
        field=field,
        column=column,
        expression=converted.expression,
        reason=converted.reason,
        raw=raw,
        joins=(converted.join,) if converted.join else (),
        tables=(converted.mapping,) if converted.mapping else (),
        issues=issues,
    )
    return _translate(connection, picked, typed) if column.type in _WORDS else typed


def has_money(entity: Entity) -> bool:
    """Whether rows of the entity hold amounts."""
    return any(column.type is ColumnType.MONEY for column in entity.columns.values())


def column_of(entity: Entity, target: str) -> Column:
    """The entity's column called ``target``; one that it does not know is a dimension of the company's own."""
    if target in entity.columns:
        return entity.columns[target]
    if target in entity.derived:
        return Column(target, entity.derived[target].type)
    return Column(target, ColumnType.TEXT)


def _type_of(connection: DuckDBPyConnection, table: str, column: str) -> str:
    described = connection.execute(f"DESCRIBE SELECT {quote_name(column)} FROM {quote_name(table)}").fetchall()
    return str(described[0][1])


def _conversion(
    connection: DuckDBPyConnection,
    picked: Picked,
    field: Field,
    column: Column,
    raw: str,
    entity: Entity,
    settings: ImportSettings,
) -> tuple[Conversion, tuple[Issue, ...]]:
    currency = _stored_currency(field, entity, settings)
    pinned = field.conversion(column.type, currency=currency, zone=settings.zone)
    if field.values and column.type not in (*_WORDS, ColumnType.BOOLEAN):
        raise DefinitionError(Issue("values_of_words_only", {"field": field.target}, field.place))
    if not field.is_open(column.type):
        return pinned, ()
    choice = choose_open(connection, picked.table, raw, field.origin, column.type, currency, settings)
    # What the mapping says of the currency goes before what the column says.
    issues = [issue for issue in choice.issues if not (field.currency and issue.code.startswith("currency_"))]
    if open_ := [issue for issue in issues if issue.severity is Severity.ERROR and issue.code[:9] != "currency_"]:
        raise DefinitionError([replace(issue, place=field.place) for issue in open_])
    found = replace(choice.conversion, source_zone=pinned.source_zone)
    if field.currency:
        found = replace(found, source_currency=pinned.source_currency)
    if field.unit != 1:
        found = replace(found, scale=field.unit)
    return found, tuple(issue for issue in issues if issue.severity is not Severity.ERROR)


def _stored_currency(field: Field, entity: Entity, settings: ImportSettings) -> str:
    """The currency that the amounts of a field end in: the company's, where a constant leads to it."""
    if field.currency is None or CURRENCY not in entity.columns:
        return settings.currency
    probe = Conversion(ColumnType.MONEY, currency=settings.currency, source_currency=field.currency)
    return settings.currency if bare_factor(probe) is not None else field.currency


def foreign_currency(fields: list[Field], entity: Entity, settings: ImportSettings) -> str | None:
    """The currency to state beside amounts that no constant leads to the company's one; None when there are none."""
    codes = [_stored_currency(field, entity, settings) for field in fields if field.currency]
    return next((code for code in codes if code != settings.currency), None)


def _constant(field: Field, column: Column, settings: ImportSettings) -> TypedField:
    conversion = field.conversion(column.type, currency=settings.currency, zone=settings.zone)
    cell = read_cell(conversion)(field.value or "")
    if cell.reason is not None:
        raise DefinitionError(Issue(cell.reason, {"value": field.value or ""}, field.place))
    value = "NULL" if cell.value is None else quote(cell.value)
    return TypedField(field, column, f"CAST({value} AS {SQL_TYPES[column.type]})")


_REASONS = {
    ColumnType.DATE: "cell_not_a_date",
    ColumnType.TIME: "cell_not_a_date",
    ColumnType.BOOLEAN: "cell_not_boolean",
    ColumnType.INTEGER: "cell_not_whole",
}


def _computed(field: Field, column: Column, raw: str, sql_type: str, settings: ImportSettings) -> TypedField:
    """What the mapping's SQL computed is typed already; it is only brought into the column's own type."""
    value = f"p.{quote_name(raw)}"
    wanted = SQL_TYPES[column.type]
    if column.type is ColumnType.MONEY:
        conversion = field.conversion(column.type, currency=settings.currency, zone=settings.zone)
        factor = bare_factor(conversion)
        if factor is None:
            raise DefinitionError(Issue("cell_other_currency", {"value": field.currency or ""}, field.place))
        value = f"TRY_CAST({value} AS {wanted})" + (f" * {factor:f}" if factor != 1 else "")
    elif field.unit != 1 and column.type in (ColumnType.NUMBER, ColumnType.INTEGER):
        value = f"{value} * {field.unit:f}"
    if column.type is ColumnType.INTEGER and sql_type != "BIGINT":
        value = f"CASE WHEN {value} = round({value}) THEN {value} END"
    typed = f"TRY_CAST({value} AS {wanted})"
    reason = _REASONS.get(column.type, "cell_not_a_number")
    failed = f"CASE WHEN p.{quote_name(raw)} IS NOT NULL AND {typed} IS NULL THEN '{reason}' END"
    return TypedField(field, column, typed, failed, raw)


def _currency(
    connection: DuckDBPyConnection,
    picked: Picked,
    field: Field,
    column: Column,
    raw: str,
    settings: ImportSettings,
) -> TypedField:
    table = f"currencies_{next(_numbers)}"
    lay_currencies(connection, table, quote_name(picked.table), quote_name(raw), settings.currency)
    return TypedField(
        field=field,
        column=column,
        expression=f"{table}.code",
        reason=f"{table}.reason",
        raw=raw,
        joins=(f"LEFT JOIN {table} ON {table}.raw = p.{quote_name(raw)}",),
        tables=(table,),
        factor=f"{table}.factor",
    )


def _translate(connection: DuckDBPyConnection, picked: Picked, typed: TypedField) -> TypedField:
    """The field with the spellings of its values folded onto the values that the entity, or the mapping, knows."""
    column, raw = typed.column, typed.raw
    spellings = _spellings(column, typed.field.values)
    if not spellings or raw is None:
        return typed
    found = connection.execute(
        f"SELECT p.{quote_name(raw)}, any_value({typed.expression}), count(*) FROM {quote_name(picked.table)} AS p"
        f" WHERE p.{quote_name(raw)} IS NOT NULL GROUP BY 1 ORDER BY 3 DESC LIMIT {_DISTINCT_WORDS}"
    ).fetchall()
    known = [(text, spellings[match_key(text)]) for text, _, _ in found if match_key(text) in spellings]
    unknown: dict[str, int] = {}
    for text, cleaned, rows in found:
        if column.values and cleaned is not None and match_key(text) not in spellings:
            unknown[cleaned] = unknown.get(cleaned, 0) + rows
    table = f"words_{next(_numbers)}"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest(?::VARCHAR[]) AS raw, unnest(?::VARCHAR[]) AS value",
        [[text for text, _ in known], [value for _, value in known]],
    )
    return replace(
        typed,
        expression=f"coalesce({table}.value, {typed.expression})",
        joins=(*typed.joins, f"LEFT JOIN {table} ON {table}.raw = p.{quote_name(raw)}"),
        tables=(*typed.tables, table),
        unknown=tuple(unknown.items()),
    )


def _spellings(column: Column, own: Mapping[str, str]) -> dict[str, str]:
    """Each spelling, folded, with the value it stands for; the mapping's own go before the entity's."""
    known = {match_key(value): value for value in (*column.values, *column.value_synonyms)}
    for value, spelled in column.value_synonyms.items():
        for word in spelled:
            known.setdefault(match_key(word), value)
    known.update({match_key(spelled): value for spelled, value in own.items()})
    known.pop("", None)
    return known


def factor_sql(typed: TypedField, currency: TypedField | None) -> str:
    """The value of a field; an amount times the factor of its row's currency."""
    takes = typed.column.type is ColumnType.MONEY and typed.field.currency is None
    if currency is None or currency.factor is None or not takes:
        return typed.expression
    return f"CAST(({typed.expression}) * coalesce({currency.factor}, 1) AS {SQL_TYPES[ColumnType.MONEY]})"


def decimal_of(field: Field, mark: str | None) -> Field:
    """The field with the file's decimal mark, where it says none of its own."""
    known: dict[str, DecimalMark] = {".": ".", ",": ",", "/": "/"}
    return field if field.decimal is not None or mark not in known else replace(field, decimal=known[mark])
