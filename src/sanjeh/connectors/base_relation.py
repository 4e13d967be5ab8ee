"""A base relation is a file's raw rows with what a mapping's SQL reads of their cells beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import (
    Conversion,
    ConvertedColumn,
    NumberStyle,
    build_converted,
    currency_in_header,
    quote_name,
)
from sanjeh.connectors.currency_column import lay_currencies, lay_marks
from sanjeh.connectors.expression import READERS, Expression, ReadColumn
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.open_style import choose_open
from sanjeh.connectors.reading import RawTable
from sanjeh.errors import DefinitionError, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# The view of one import; it is dropped before the next table is worked on.
BASE = "picked_base"
_numbers = count(1)


def lay_base(
    connection: DuckDBPyConnection,
    raw: RawTable,
    reads: Iterable[ReadColumn],
    units: set[str],
    currency: str | None,
    settings: ImportSettings,
) -> list[ConvertedColumn]:
    """What to drop after the view ``BASE`` of the raw rows with the ``reads`` beside them (value, and "!" reason).

    ``units`` names the reads that take the unit of their header; ``currency`` is the column of the rows' currency.
    Raises DefinitionError ``ambiguous_decimal`` and the like where neither the mapping nor the cells say how to read.
    """
    table = quote_name(raw.table)
    found = []
    selected = ["t.*"]
    for read in reads:
        conversion = _conversion(connection, raw, read, units, settings)
        of_row = currency if read.function == "number" and read.currency is None else None
        if of_row is not None and currency_in_header(read.column.name) is None:
            conversion = replace(conversion, source_currency=None)
        converted = build_converted(connection, table, read.column.field, conversion, read.name)
        if of_row is not None:
            converted, laid = _by_row(connection, table, converted, conversion, of_row, settings)
            found += laid
        selected.append(f"{converted.expression} AS {quote_name(read.name)}")
        selected.append(f"{converted.reason} AS {quote_name('!' + read.name)}")
        found.append(converted)
    joins = " ".join(each.join for each in found)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {BASE} AS SELECT {', '.join(selected)} FROM {table} AS t {joins}")
    return found


def _conversion(
    connection: DuckDBPyConnection, raw: RawTable, read: ReadColumn, units: set[str], settings: ImportSettings
) -> Conversion:
    kind, column = READERS[read.function], read.column
    choice = choose_open(connection, raw.table, column.field, column.name, kind, settings.currency, settings)
    conversion = choice.conversion
    if read.decimal is not None:
        conversion = replace(conversion, number=NumberStyle(read.decimal))
    else:
        asking = [each for each in choice.issues if each.severity is Severity.ERROR]
        # What the cells say of the currency is settled by the field, or row by row.
        if open_ := [each for each in asking if not each.code.startswith("currency_")]:
            raise DefinitionError([replace(each, place=read.place) for each in open_])
    if read.currency:
        # The field itself says what the amounts are in, and the field's conversion takes them on from there.
        scale = _header_scale(read) if read.name in units else Decimal(1)
        conversion = replace(conversion, currency=read.currency, source_currency=None, scale=scale)
    return conversion


def takes_unit(found: Expression, unit: Decimal) -> bool:
    """Whether a header that the expression reads says the unit: cells without their own take it."""
    return unit != 1 and any(_header_scale(read) == unit for read in found.reads)


def _header_scale(read: ReadColumn) -> Decimal:
    mark = currency_in_header(read.column.name) if read.function == "number" else None
    return mark.scale if mark is not None else Decimal(1)


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
    marks, rates = f"read_marks_{number}", f"read_rates_{number}"
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
