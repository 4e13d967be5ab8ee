"""A conversion choice is the conversion a column's reading calls for under a type, with what must be asked before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sanjeh.connectors.cleaning.column_reading import ColumnReading, issues_as
from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.date import DateStyle
from sanjeh.connectors.cleaning.number import NumberStyle, parse_number
from sanjeh.definitions.entity import ColumnType
from sanjeh.errors import Datum, Issue, Severity

_PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ConversionChoice:
    """A conversion with its issues; while one of these asks, the conversion is only the first of the readings."""

    conversion: Conversion
    issues: tuple[Issue, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody must answer before the conversion may be used."""
        return any(issue.severity is Severity.ERROR for issue in self.issues)


def choose_conversion(
    reading: ColumnReading, kind: ColumnType, *, currency: str | None = None, zone: str = "UTC"
) -> ConversionChoice:
    """The conversion of a read column to ``kind``, into amounts of ``currency`` and local times of ``zone``.

    >>> from sanjeh.connectors.cleaning.column_reading import read_column
    >>> reading = read_column({"۱۲٫۵": 1, "۸": 1}, "فروش (میلیون ریال)")
    >>> choose_conversion(reading, ColumnType.MONEY, currency="IRR").conversion.scale
    Decimal('1000000')
    """
    issues = issues_as(reading, kind)
    match kind:
        case ColumnType.KEY:
            return ConversionChoice(Conversion(kind, float_ids=reading.identifier.float_ids), issues)
        case ColumnType.DATE | ColumnType.TIME:
            return ConversionChoice(Conversion(kind, date=reading.date.likely or DateStyle(), zone=zone), issues)
        case ColumnType.MONEY:
            mark = reading.currency
            conversion = Conversion(
                kind,
                number=reading.number.likely or NumberStyle(),
                currency=currency or (mark.code if mark else None),
                source_currency=mark.code if mark and currency and mark.code != currency else None,
                scale=reading.header_mark.scale if reading.header_mark else Decimal(1),
            )
            return ConversionChoice(conversion, issues)
        case ColumnType.NUMBER | ColumnType.INTEGER:
            return _number(reading, kind, currency, issues)
        case _:
            return ConversionChoice(Conversion(kind), issues)


def _number(
    reading: ColumnReading, kind: ColumnType, currency: str | None, issues: tuple[Issue, ...]
) -> ConversionChoice:
    style = reading.number.likely or NumberStyle()
    scale = Decimal(1)
    if reading.percent and not reading.number.percent:
        numbers = [parse_number(text, style) for text in reading.filled]
        largest = max((abs(number.value) for number in numbers if not isinstance(number, str)), default=Decimal(0))
        # 0.2 under "%" may be a fifth or a five-hundredth; above 1 it is hardly a fraction.
        if largest > 1:
            scale = _PERCENT
        else:
            data: dict[str, Datum] = {"column": reading.header, "largest": f"{largest:f}"}
            issues = (*issues, Issue("percent_or_fraction", data, severity=Severity.WARNING))
    return ConversionChoice(Conversion(kind, number=style, currency=currency, scale=scale), issues)
