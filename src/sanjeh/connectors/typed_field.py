"""A typed field is SQL for one column of an entity: its value in the column's type, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
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
from sanjeh.connectors.cleaning.money import bare_factor, currency_in_header, names_percent, scale_in_header
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.cleaning.typed_twin import find_twin
from sanjeh.connectors.currency_column import lay_currencies, lay_marks
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field
from sanjeh.connectors.open_style import choose_open
from sanjeh.connectors.picked import Picked
from sanjeh.connectors.status_word import read_status
from sanjeh.definitions import Column, ColumnType, Entity
from sanjeh.errors import Datum, DefinitionError, Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CURRENCY = "currency"
_WORDS = (ColumnType.TEXT, ColumnType.KEY)
_DISTINCT_WORDS = 100_000
_STATUS = "status"
_CONFLICT = "cell_currency_conflict"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class TypedField:
    """SQL over the picked rows under the alias ``p``: value, reason (NULL where it is understood), joins.

    ``tables`` are temporary tables to drop afterwards; ``unknown`` counts rows by values that the column does not know.
    ``rates`` is the table of the factors that amounts of the row are multiplied by (of the currency's column only);
    ``marks`` is the table of the amounts that name a currency themselves.
    """

    field: Field
    column: Column
    expression: str
    reason: str = "NULL::VARCHAR"
    raw: str | None = None
    joins: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    unknown: tuple[tuple[str, int], ...] = ()
    rates: str | None = None
    marks: str | None = None
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
        field = replace(field, unit=Decimal(1)) if field.target in picked.scaled else field
        return _computed(field, column, raw, sql_type, _stored_currency(field, entity, settings), settings)
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
    by_row = column.type is ColumnType.MONEY and CURRENCY in picked.columns and CURRENCY in entity.columns
    # A number of a typed source names no currency.
    if by_row and find_twin(connection, quote_name(picked.table), raw) is None:
        typed = _mark(connection, picked, typed, conversion)
    return _translate(connection, picked, typed) if column.type in _WORDS else typed


def _mark(connection: DuckDBPyConnection, picked: Picked, typed: TypedField, conversion: Conversion) -> TypedField:
    """The field with the table of the amounts that name a currency beside that of their row."""
    table, raw = f"marks_{next(_numbers)}", quote_name(typed.raw or "")
    if not lay_marks(connection, table, quote_name(picked.table), raw, conversion.number):
        return typed
    join = f"LEFT JOIN {table} ON {table}.raw = p.{raw}"
    return replace(typed, joins=(*typed.joins, join), tables=(*typed.tables, table), marks=table)


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
    is_percent = column.type is ColumnType.NUMBER and field.unit == 1 and names_percent(field.column or "")
    if column.type is ColumnType.NUMBER and field.currency not in (None, currency):
        # A stated number of money is in the company's currency, like all that it stands beside.
        pinned = replace(pinned, source_currency=field.currency)
    if not field.is_open(column.type):
        if not is_percent:
            return pinned, _unsaid_scale(field, column)
        said = choose_open(connection, picked.table, raw, field.origin, column.type, currency, settings)
        shown = tuple(issue for issue in said.issues if issue.code == "percent_or_fraction")
        return replace(pinned, scale=said.conversion.scale), shown
    choice = choose_open(connection, picked.table, raw, field.origin, column.type, currency, settings)
    # What the mapping says of the currency goes before what the column says.
    issues = [issue for issue in choice.issues if not (field.currency and issue.code.startswith("currency_"))]
    if open_ := [issue for issue in issues if issue.severity is Severity.ERROR and issue.code[:9] != "currency_"]:
        raise DefinitionError([replace(issue, place=field.place) for issue in open_])
    found = replace(choice.conversion, source_zone=pinned.source_zone)
    if field.currency or CURRENCY in picked.columns:
        # The marks of some cells say nothing of the others, where the row or the mapping names their currency.
        found = replace(found, source_currency=pinned.source_currency)
    if field.unit != 1:
        found = replace(found, scale=field.unit)
    unsaid = _unsaid_scale(field, column) if found.scale == 1 else ()
    return found, (*(issue for issue in issues if issue.severity is not Severity.ERROR), *unsaid)


def _unsaid_scale(field: Field, column: Column) -> tuple[Issue, ...]:
    """A warning where the header has a scale word and the mapping says of no unit."""
    scale = scale_in_header(field.column or "")
    if column.type is not ColumnType.MONEY or field.unit != 1 or scale == 1:
        return ()
    data: dict[str, Datum] = {"column": field.origin, "unit": f"{scale:f}"}
    return (Issue("header_scale_unused", data, field.place, Severity.WARNING),)


def _stored_currency(field: Field, entity: Entity, settings: ImportSettings) -> str:
    """The currency that the amounts of a field end in: the company's, where a constant leads to it."""
    if field.currency is None or CURRENCY not in entity.columns:
        return settings.currency
    probe = Conversion(ColumnType.MONEY, currency=settings.currency, source_currency=field.currency)
    return settings.currency if bare_factor(probe) is not None else field.currency


def foreign_currency(fields: list[Field], entity: Entity, settings: ImportSettings) -> str | None:
    """The currency to state beside amounts that no constant leads to the company's one; None when there are none.

    Raises DefinitionError ``money_currencies_differ`` where the amounts of one row would be in several currencies,
    since it has room for one.
    """
    stored = {field.origin: _stored_currency(field, entity, settings) for field in fields if field.value is None}
    codes = sorted({*stored.values()})
    if len(codes) > 1:
        data: dict[str, Datum] = {"headers": ", ".join(stored), "currencies": ", ".join(codes)}
        raise DefinitionError(Issue("money_currencies_differ", data, fields[0].place))
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


def _computed(
    field: Field, column: Column, raw: str, sql_type: str, currency: str, settings: ImportSettings
) -> TypedField:
    """What the mapping's SQL computed is typed already; it is only brought into the column's own type."""
    value = f"p.{quote_name(raw)}"
    wanted = SQL_TYPES[column.type]
    if column.type is ColumnType.MONEY or (column.type is ColumnType.NUMBER and field.currency is not None):
        # A stated number of money ends in the company's currency like an amount.
        conversion = field.conversion(ColumnType.MONEY, currency=currency, zone=settings.zone)
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
        rates=table,
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
    meanings = {text: meaning for text, _, _ in found if (meaning := _meaning(text, column, spellings)) is not None}
    known = list(meanings.items())
    unknown: dict[str, int] = {}
    for text, cleaned, rows in found:
        if column.values and cleaned is not None and text not in meanings:
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


def _meaning(text: str, column: Column, spellings: Mapping[str, str]) -> str | None:
    """The value that a spelling stands for; of an order's status also what the words in it surely say."""
    meaning = spellings.get(match_key(text))
    if meaning is not None or column.name != _STATUS:
        return meaning
    hinted = read_status(text)
    return hinted if hinted in column.values else None


def _spellings(column: Column, own: Mapping[str, str]) -> dict[str, str]:
    """Each spelling, folded, with the value it stands for; the mapping's own go before the entity's."""
    known = {match_key(value): value for value in (*column.values, *column.value_synonyms)}
    for value, spelled in column.value_synonyms.items():
        for word in spelled:
            known.setdefault(match_key(word), value)
    known.update({match_key(spelled): value for spelled, value in own.items()})
    known.pop("", None)
    return known


def amount_sql(typed: TypedField, currency: TypedField | None) -> tuple[str, str]:
    """The value and the reason of a field, an amount being held against the currency of its row.

    An amount without a currency takes the factor of its row. One that names its currency, or whose header does, must
    name that of the row.
    """
    if currency is None or currency.rates is None or typed.column.type is not ColumnType.MONEY:
        return typed.expression, typed.reason
    rates, marks, money = currency.rates, typed.marks, SQL_TYPES[ColumnType.MONEY]
    value, reason = typed.expression, typed.reason
    if typed.field.currency is None:
        value = f"CAST(({value}) * coalesce({rates}.factor, 1) AS {money})"
    else:
        differs = f"NOT list_contains({rates}.codes, {quote(typed.field.currency)})"
        reason = f"CASE WHEN ({value}) IS NOT NULL AND {differs} THEN '{_CONFLICT}' ELSE {reason} END"
    if marks is None:
        return value, reason
    both = f"{marks}.raw IS NOT NULL AND {rates}.codes IS NOT NULL"
    agree = f"CASE WHEN NOT list_has_any({marks}.codes, {rates}.codes) THEN '{_CONFLICT}' END"
    return (
        f"CASE WHEN {both} THEN CAST({marks}.value * {rates}.constant AS {money}) ELSE {value} END",
        f"CASE WHEN {both} THEN {agree} ELSE {reason} END",
    )


def decimal_mark(mark: str | None) -> DecimalMark | None:
    """The file's decimal mark where it is one."""
    known: dict[str, DecimalMark] = {".": ".", ",": ",", "/": "/"}
    return known.get(mark) if mark is not None else None


def decimal_of(field: Field, mark: str | None) -> Field:
    """The field with the file's decimal mark, where it says none of its own."""
    return field if field.decimal is not None else replace(field, decimal=decimal_mark(mark))


def header_currency(field: Field, entity: Entity) -> Field:
    """The field with the currency that its header names, where the mapping leaves how it is read to the column."""
    is_money = column_of(entity, field.target).type is ColumnType.MONEY
    if not is_money or field.column is None or field.currency is not None or not field.is_open(ColumnType.MONEY):
        return field
    mark = currency_in_header(field.column)
    return field if mark is None or mark.is_guess else replace(field, currency=mark.code)
