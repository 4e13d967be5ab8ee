"""A said style is what one run said of cells that may be read in several ways: it is kept in the mapping it served."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sanjeh.connectors.asking import said_style
from sanjeh.connectors.cleaning import ColumnProfile, DateStyle, NumberStyle, profile_column, quote_name
from sanjeh.connectors.cleaning.number import DecimalMark, parse_number
from sanjeh.connectors.expression import READERS, build_expression, find_column
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, SourceMapping, TableMapping
from sanjeh.connectors.picked import find_headers, said_styles
from sanjeh.connectors.propose_field import pin_date
from sanjeh.connectors.reading import RawColumn, RawTable
from sanjeh.connectors.typed_field import CURRENCY, column_of, decimal_mark
from sanjeh.definitions import ColumnType, Entity
from sanjeh.errors import Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DATES = (ColumnType.DATE, ColumnType.TIME)
_NUMBERS = (ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.MONEY)


def pin_said(
    connection: DuckDBPyConnection, raw: RawTable, mapping: SourceMapping, settings: ImportSettings
) -> SourceMapping:
    """The mapping with the date order and decimal mark of ``settings`` in each field that ``raw`` leaves open for them.

    It is ``mapping`` itself where the run said nothing, or nothing was open. What a filter alone reads has no field.
    """
    if settings.dates is None and settings.decimal is None:
        return mapping
    tables = tuple(_pin_table(connection, raw, mapping, table, settings) for table in mapping.tables)
    return mapping if tables == mapping.tables else replace(mapping, tables=tables)


def _pin_table(
    connection: DuckDBPyConnection,
    raw: RawTable,
    mapping: SourceMapping,
    table: TableMapping,
    settings: ImportSettings,
) -> TableMapping:
    entity = settings.catalogue.entities.get(table.entity)
    if entity is None:
        return table
    said = said_styles(raw, table, find_headers(raw, table), decimal_mark(mapping.read.decimal))

    def pin(field: Field) -> Field:
        reads = _reads(raw, field, entity)
        dates = [column for column, kind in reads if kind in _DATES and said[column.field].date is None]
        numbers = [column for column, kind in reads if kind in _NUMBERS and said[column.field].decimal is None]
        if settings.dates is not None and dates:
            field = _pin_dates(field, [_profile(connection, raw, each, settings) for each in dates], settings)
        if settings.decimal is not None and numbers:
            profiles = [_profile(connection, raw, each, settings) for each in numbers]
            pinned, kind = _pin_decimal(field, profiles, settings.decimal), column_of(entity, field.target).type
            if pinned != field and kind is ColumnType.MONEY and field.column is not None:
                pinned = _pin_header(field, pinned, profiles[0], by_row=table.field_of(CURRENCY) is not None)
            field = pinned
        return field

    return replace(table, fields=tuple(map(pin, table.fields)), dimensions=tuple(map(pin, table.dimensions)))


def _reads(raw: RawTable, field: Field, entity: Entity) -> list[tuple[RawColumn, ColumnType]]:
    """The columns that a field reads as dates or numbers, each with the type it is read as."""
    if field.column is not None:
        return [(find_column(field.column, raw.columns, field.place), column_of(entity, field.target).type)]
    found = build_expression(field.sql, raw.columns, field.place).reads if field.sql else ()
    return [(read.column, READERS[read.function]) for read in found]


def _profile(
    connection: DuckDBPyConnection, raw: RawTable, column: RawColumn, settings: ImportSettings
) -> ColumnProfile:
    return profile_column(
        connection,
        quote_name(raw.table),
        column.field,
        column.name,
        prefer_calendar=settings.calendar,
        this_year=settings.now.year,
    )


def _pin_dates(field: Field, profiles: list[ColumnProfile], settings: ImportSettings) -> Field:
    decisions = [profile.reading.date for profile in profiles]
    said = [said_style(each.choices, settings) for each in decisions if each.style is None]
    # SQL over headers that are written in several ways has no one style to keep.
    styles = {_written(style) for style in (*said, *(each.style for each in decisions)) if style is not None}
    found = [style for style in said if style is not None]
    return pin_date(field, found[0]) if found and len(styles) == 1 else field


def _written(style: DateStyle) -> tuple[object, ...]:
    return (style.calendar, style.order, style.two_digit_year, style.bare, style.year)


def _pin_decimal(field: Field, profiles: list[ColumnProfile], mark: DecimalMark) -> Field:
    decisions = [profile.reading.number for profile in profiles]
    sure = {each.style.decimal for each in decisions if each.sure and each.style is not None}
    decided = any(_decides(profile, mark) for profile in profiles)
    return replace(field, decimal=mark) if decided and sure <= {mark} else field


def _pin_header(field: Field, pinned: Field, profile: ColumnProfile, *, by_row: bool) -> Field:
    """The pinned field with what its column says of the currency and the unit, which only an open field asks it for.

    It is ``field`` where the column says that unsurely.
    """
    mark = profile.reading.currency if not by_row else profile.reading.header_mark
    if mark is None:
        return pinned
    if mark.is_guess and field.currency is None:
        return field
    header = profile.reading.header_mark
    unit = header.scale if header is not None and field.unit == 1 else field.unit
    return replace(pinned, currency=field.currency or mark.code, unit=unit)


def _decides(profile: ColumnProfile, mark: DecimalMark) -> bool:
    """Whether what was said made a difference: bare integers are the same under any mark."""
    number = profile.reading.number
    if number.sure or any(issue.severity is Severity.ERROR for issue in number.issues):
        return not number.sure
    style = number.likely or NumberStyle()
    return any(parse_number(text, style) != parse_number(text, NumberStyle(mark)) for text in profile.reading.filled)
