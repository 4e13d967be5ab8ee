"""An open style is what a mapping does not say of a column: its cells then decide how they are read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sanjeh.connectors.asking import said_style
from sanjeh.connectors.cleaning import (
    ColumnProfile,
    Conversion,
    ConversionChoice,
    NumberStyle,
    choose_conversion,
    profile_column,
    quote_name,
)
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.definitions import ColumnType
from sanjeh.errors import Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def choose_open(
    connection: DuckDBPyConnection,
    table: str,
    field: str,
    header: str,
    kind: ColumnType,
    currency: str,
    settings: ImportSettings,
) -> ConversionChoice:
    """The conversion of ``field`` in ``table`` to ``kind`` that its own cells call for.

    Where they allow several date orders or decimal marks, what the run said of them decides.
    """
    profile = profile_column(
        connection,
        quote_name(table),
        field,
        header,
        prefer_calendar=settings.calendar,
        this_year=settings.now.year,
    )
    if kind is ColumnType.MONEY and not profile.reading.number.understood:
        # A column without a single number says nothing of its currency.
        return ConversionChoice(Conversion(kind, currency=currency, zone=settings.zone))
    choice = choose_conversion(profile.reading, kind, currency=currency, zone=settings.zone)
    return _answer(choice, profile, kind, settings)


def _answer(
    choice: ConversionChoice, profile: ColumnProfile, kind: ColumnType, settings: ImportSettings
) -> ConversionChoice:
    date, number = profile.reading.date, profile.reading.number
    conversion = choice.conversion
    if kind in (ColumnType.DATE, ColumnType.TIME):
        style = said_style(date.choices, settings)
        return choice if style is None else _settled(choice, replace(conversion, date=style), date.issues)
    is_number = kind in (ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.MONEY)
    if not is_number or settings.decimal is None or number.sure:
        return choice
    return _settled(choice, replace(conversion, number=NumberStyle(settings.decimal)), number.issues)


def _settled(choice: ConversionChoice, conversion: Conversion, asked: tuple[Issue, ...]) -> ConversionChoice:
    left = tuple(each for each in choice.issues if each.severity is not Severity.ERROR or each not in asked)
    return ConversionChoice(conversion, left)
