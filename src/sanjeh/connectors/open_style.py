"""An open style is what a mapping does not say of a column: its cells then decide how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import Conversion, ConversionChoice, choose_conversion, profile_column, quote_name
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.definitions import ColumnType

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
    """The conversion of ``field`` in ``table`` to ``kind`` that its own cells call for."""
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
    return choose_conversion(profile.reading, kind, currency=currency, zone=settings.zone)
