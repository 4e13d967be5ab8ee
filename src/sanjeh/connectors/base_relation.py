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
from sanjeh.connectors.cleaning.typed_twin import find_twin
from sanjeh.connectors.currency_column import lay_marks
from sanjeh.connectors.expression import READERS, Expression, ReadColumn
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.open_style import choose_open
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.row_currency import RowCurrency, RowRates, bring_to_row, lay_rates
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
    row: RowCurrency | None,
    settings: ImportSettings,
) -> list[str]:
    """The tables to drop after the view ``BASE`` of the raw rows with the ``reads`` beside them (value, "!" reason).

    ``row`` is the rows' currency, in which numbers are read that the mapping says no currency of.
    Raises DefinitionError ``ambiguous_decimal`` and the like where neither the mapping nor the cells say how to read.
    """
    conversions = [(read, _conversion(connection, raw, read, settings)) for read in reads]
    own = {read.name: _own_currency(connection, raw, read, each) for read, each in conversions} if row else {}
    rates = _rates(connection, raw, row, settings) if row is not None and any(map(any, own.values())) else None
    tables = [*rates.tables] if rates is not None else []
    selected, joins = ["t.*"], [rates.join] if rates is not None else []
    for read, conversion in conversions:
        by_row = row is not None and _is_by_row(read)
        code, marks = own.get(read.name, (None, None))
        converted, laid = _convert(connection, raw, read, conversion, rates, by_row, code, marks)
        selected.append(f"{converted.expression} AS {quote_name(read.name)}")
        selected.append(f"{converted.reason} AS {quote_name('!' + read.name)}")
        joins += [each.join for each in laid]
        tables += [each.mapping for each in laid if each.mapping]
        if marks is not None:
            joins.append(f"LEFT JOIN {marks} ON {marks}.raw = t.{quote_name(read.column.field)}")
            tables.append(marks)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {BASE} AS SELECT {', '.join(selected)} FROM {quote_name(raw.table)} AS t"
        f" {' '.join(joins)}"
    )
    return tables


def _convert(
    connection: DuckDBPyConnection,
    raw: RawTable,
    read: ReadColumn,
    conversion: Conversion,
    rates: RowRates | None,
    by_row: bool,
    code: str | None,
    marks: str | None,
) -> tuple[ConvertedColumn, list[ConvertedColumn]]:
    """The column of one read, and the columns that it is made of."""
    table, field = quote_name(raw.table), read.column.field
    as_written = replace(conversion, source_currency=None) if by_row else conversion
    written = build_converted(connection, table, field, as_written, read.name)
    if rates is None or (code is None and marks is None):
        return written, [written]
    if code is None:
        return bring_to_row(written, written, None, marks, rates.table), [written]
    converted = build_converted(connection, table, field, conversion, read.name)
    return bring_to_row(converted, written, code, marks, rates.table), [written, converted]


def _conversion(
    connection: DuckDBPyConnection, raw: RawTable, read: ReadColumn, settings: ImportSettings
) -> Conversion:
    kind, column, style = READERS[read.function], read.column, read.style
    if style.date is not None:
        return Conversion(kind, date=style.date, zone=settings.zone, source_zone=style.zone)
    choice = choose_open(connection, raw.table, column.field, column.name, kind, settings.currency, settings)
    conversion = replace(choice.conversion, source_zone=style.zone)
    if style.decimal is not None:
        conversion = replace(conversion, number=NumberStyle(style.decimal))
    else:
        asking = [each for each in choice.issues if each.severity is Severity.ERROR]
        # What the cells say of the currency is settled by the field, or row by row.
        if open_ := [each for each in asking if not each.code.startswith("currency_")]:
            raise DefinitionError([replace(each, place=read.place) for each in open_])
    if style.own_unit:
        conversion = replace(conversion, scale=Decimal(1))
    if style.currency:
        # The field itself says what the amounts are in, and the field's conversion takes them on from there.
        conversion = replace(conversion, currency=style.currency, source_currency=None)
    return conversion


def takes_unit(found: Expression, unit: Decimal) -> bool:
    """Whether a header that the expression reads says the unit: cells without their own take it."""
    return unit != 1 and any(_header_scale(read) == unit for read in found.reads)


def _header_scale(read: ReadColumn) -> Decimal:
    mark = currency_in_header(read.column.name) if read.function == "number" else None
    return mark.scale if mark is not None else Decimal(1)


def _is_by_row(read: ReadColumn) -> bool:
    """Whether the currency of the row is that of the cells that name none."""
    return read.function == "number" and read.style.currency is None


def _own_currency(
    connection: DuckDBPyConnection, raw: RawTable, read: ReadColumn, conversion: Conversion
) -> tuple[str | None, str | None]:
    """The currency that the read's header surely names, and the table of the cells that name one themselves."""
    if not _is_by_row(read):
        return None, None
    mark = currency_in_header(read.column.name)
    code = mark.code if mark is not None and not mark.is_guess else None
    table, field = quote_name(raw.table), read.column.field
    # A number of a typed source names no currency.
    if find_twin(connection, table, field) is not None:
        return code, None
    marks = f"read_marks_{next(_numbers)}"
    return code, marks if lay_marks(connection, marks, table, quote_name(field), conversion.number) else None


def _rates(connection: DuckDBPyConnection, raw: RawTable, row: RowCurrency, settings: ImportSettings) -> RowRates:
    if row.is_plain:
        return lay_rates(connection, quote_name(raw.table), row, settings.currency)
    laid = lay_base(connection, raw, row.reads, None, settings)
    rates = lay_rates(connection, BASE, row, settings.currency)
    for table in laid:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    return rates
