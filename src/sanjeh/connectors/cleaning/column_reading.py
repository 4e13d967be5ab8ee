"""A column reading weighs what a column's values and header say, and ranks the types the column could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanjeh.connectors.cleaning.boolean import BooleanDecision, decide_boolean
from sanjeh.connectors.cleaning.date import parse_date
from sanjeh.connectors.cleaning.date_decision import DateDecision, decide_date_style
from sanjeh.connectors.cleaning.date_spelling import read_spelling
from sanjeh.connectors.cleaning.identifier import IdentifierDecision, decide_identifier
from sanjeh.connectors.cleaning.money import check_currency, currency_in_header, names_percent
from sanjeh.connectors.cleaning.month_name import CalendarName
from sanjeh.connectors.cleaning.number import parse_number
from sanjeh.connectors.cleaning.number_decision import NumberDecision, decide_number_style
from sanjeh.connectors.cleaning.text import clean_text, is_blank, words
from sanjeh.definitions.entity import ColumnType
from sanjeh.errors import Issue, Severity
from sanjeh.units import CurrencyMark

_DATES = "date dates time datetime timestamp day month period تاریخ زمان روز ماه دوره مورخ"
_YEARS = "year سال"
_MONEYS = (
    "amount price revenue sales cost spend spent budget fee tax profit payment balance income cogs gmv mrr arr salary"
    " مبلغ قیمت بها درامد فروش هزینه بودجه مالیات سود پرداختی مانده ارزش حقوق دریافتی"
)
_KEYS = (
    "id ids code key no number num sku barcode phone mobile tel zip postal postcode uuid guid ref reference"
    " کد شناسه شماره تلفن موبایل همراه بارکد پستی ملی"
)
_FLAGS = "is has was flag are ایا"
# Before reading a whole column as dates or numbers, a few of its values are asked whether that makes sense at all.
_PROBE = 400
_SENSIBLE = 0.3
_SHOWN = 0.5


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """A type a column could be, and the share (0 to 1) of its distinct filled values that it understands."""

    type: ColumnType
    share: float


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What each kind of reading found in the ``filled`` values (text and count), and the types, best first."""

    filled: Mapping[str, int]
    number: NumberDecision
    date: DateDecision
    boolean: BooleanDecision
    identifier: IdentifierDecision
    currency: CurrencyMark | None
    percent: bool
    types: tuple[TypeGuess, ...]
    minimum: str | None = None
    maximum: str | None = None
    header: str = ""
    header_mark: CurrencyMark | None = None

    @property
    def best(self) -> ColumnType:
        """The type the column most probably is."""
        return self.types[0].type


@dataclass(frozen=True, slots=True)
class _Header:
    """What the header's words say about the column."""

    date: bool
    year: bool
    money: bool
    key: bool
    flag: bool


def read_column(
    values: Mapping[str, int],
    header: str,
    *,
    prefer: CalendarName = "jalali",
    unique: bool = False,
    this_year: int | None = None,
) -> ColumnReading:
    """The reading of a column's distinct ``values`` (text: count of rows) under its ``header``.

    ``unique`` says that no filled value comes twice; ``this_year`` (Gregorian) bounds two-digit years.

    >>> reading = read_column({"۱۲٬۰۰۰": 2, "-": 1, "۸٬۵۰۰": 1}, "مبلغ (ریال)")
    >>> reading.types[0], reading.currency.code
    (TypeGuess(type=<ColumnType.MONEY: 'money'>, share=1.0), 'IRR')
    """
    filled = {text: rows for text, rows in values.items() if not is_blank(text)}
    said = _read_header(header)
    number = _number(filled, header)
    date = _date(filled, header, prefer, said, this_year)
    boolean = decide_boolean(list(filled)[:_PROBE])
    identifier = decide_identifier(filled)
    mark = currency_in_header(header) if number.understood else None
    currency = mark or (number.currencies[0] if number.currencies else None)
    percent = bool(number.percent) or (bool(number.understood) and names_percent(header))
    types = _rank(said, number, date, boolean, identifier, filled, currency is not None, percent, unique)
    best = types[0].type
    minimum, maximum = _range(filled, best, number, date)
    return ColumnReading(
        filled=filled,
        number=number,
        date=date,
        boolean=boolean,
        identifier=identifier,
        currency=currency,
        percent=percent,
        types=types,
        minimum=minimum,
        maximum=maximum,
        header=header,
        header_mark=mark,
    )


def _read_header(header: str) -> _Header:
    found = words(header)
    known = set(found)
    return _Header(
        date=not known.isdisjoint(_DATES.split()) or found[-1:] == ("at",),
        year=not known.isdisjoint(_YEARS.split()),
        money=not known.isdisjoint(_MONEYS.split()),
        key=not known.isdisjoint(_KEYS.split()),
        flag=not known.isdisjoint(_FLAGS.split()),
    )


def _number(filled: Mapping[str, int], header: str) -> NumberDecision:
    probe = decide_number_style(list(filled)[:_PROBE], column=header)
    sensible = len(filled) > _PROBE and probe.understood >= _SENSIBLE * probe.total
    return decide_number_style(filled, column=header) if sensible else probe


def _date(
    filled: Mapping[str, int], header: str, prefer: CalendarName, said: _Header, this_year: int | None
) -> DateDecision:
    dated = said.date or said.year
    probe = decide_date_style(list(filled)[:_PROBE], prefer, column=header, dated=dated, this_year=this_year)
    sensible = len(filled) > _PROBE and probe.understood >= _SENSIBLE * probe.total
    if not sensible:
        return probe
    return decide_date_style(filled, prefer, column=header, dated=dated, this_year=this_year)


def _rank(
    said: _Header,
    number: NumberDecision,
    date: DateDecision,
    boolean: BooleanDecision,
    identifier: IdentifierDecision,
    filled: Mapping[str, int],
    currency: bool,
    percent: bool,
    unique: bool,
) -> tuple[TypeGuess, ...]:
    scores = {
        **_number_scores(said, number, currency, percent),
        **_date_scores(said, date, filled),
        **_boolean_scores(said, boolean),
    }
    spaced = any(" " in clean_text(text) for text in list(filled)[:_PROBE])
    key = 0.95 if identifier.leading_zeros or identifier.scientific else 0.9 if said.key else 0.3
    scores[ColumnType.KEY] = (max(key, 0.65) if unique and not spaced and filled else key, 1.0)
    scores[ColumnType.TEXT] = (0.6, 1.0)
    shown = {kind: pair for kind, pair in scores.items() if pair[1] >= _SHOWN}
    ranked = sorted(shown, key=lambda kind: -shown[kind][0])
    return tuple(TypeGuess(kind, round(shown[kind][1], 4)) for kind in ranked)


def _number_scores(
    said: _Header, number: NumberDecision, currency: bool, percent: bool
) -> dict[ColumnType, tuple[float, float]]:
    if not number.total:
        return {}
    share = number.understood / number.total
    whole = number.whole == number.understood and not percent
    base = 0.8 * share * share
    money = (0.93 if currency else 0.85 if said.money and not percent else 0.5) * share * share
    return {
        ColumnType.MONEY: (money, share),
        ColumnType.NUMBER: (base if not whole else base - 0.1, share),
        ColumnType.INTEGER: (base if whole else 0.2, number.whole / number.total),
    }


def _date_scores(said: _Header, date: DateDecision, filled: Mapping[str, int]) -> dict[ColumnType, tuple[float, float]]:
    style = date.likely
    if style is None or not date.total:
        return {}
    share = date.understood / date.total
    # Eight digits, or a lone number, may as well be a quantity or an id: only a header of dates tells.
    spelled = (read_spelling(text) for text in list(filled)[:_PROBE])
    digits = all(spelling is None or spelling.compact or spelling.form == "number" for spelling in spelled)
    base = 0.45 if style.bare == "year" or (digits and not said.date) else 0.96
    score = base * share * share
    times = {ColumnType.TIME: (score, share), ColumnType.DATE: (score - 0.01, share)}
    return times if style.has_time else {ColumnType.DATE: (score, share), ColumnType.TIME: (score - 0.01, share)}


def _boolean_scores(said: _Header, boolean: BooleanDecision) -> dict[ColumnType, tuple[float, float]]:
    if not boolean.total or not boolean.understood:
        return {}
    share = boolean.understood / boolean.total
    base = 0.94 if said.flag or not boolean.numeric else 0.75
    return {ColumnType.BOOLEAN: (base * share * share, share)}


def _range(
    filled: Mapping[str, int], best: ColumnType, number: NumberDecision, date: DateDecision
) -> tuple[str | None, str | None]:
    """The smallest and largest value under the best type, as far as it is one with an order."""
    if best in (ColumnType.DATE, ColumnType.TIME) and (style := date.likely):
        days = [found for text in filled if not isinstance(found := parse_date(text, style), str)]
        if days:
            ends = min(days), max(days)
            low, high = (end.date() if best is ColumnType.DATE else end for end in ends)
            return low.isoformat(), high.isoformat()
    if best in (ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.MONEY):
        found_numbers = [parse_number(text, number.likely) for text in filled]
        amounts = [found.value for found in found_numbers if not isinstance(found, str)]
        if amounts:
            return f"{min(amounts):f}", f"{max(amounts):f}"
    return None, None


def issues_as(reading: ColumnReading, kind: ColumnType) -> tuple[Issue, ...]:
    """What must be asked (severity error) or said before the column is read as ``kind``."""
    number, identifier = reading.number, reading.identifier
    match kind:
        case ColumnType.DATE | ColumnType.TIME:
            return reading.date.issues
        case ColumnType.MONEY:
            unmarked = number.marked < number.understood
            return number.issues + check_currency(reading.header, reading.header_mark, number.currencies, unmarked)
        case ColumnType.NUMBER | ColumnType.INTEGER:
            return number.issues
        case ColumnType.KEY if identifier.scientific:
            data = {"column": reading.header, "value": identifier.scientific}
            return (Issue("scientific_ids", data, severity=Severity.WARNING),)
        case ColumnType.KEY if identifier.float_ids:
            return (Issue("float_ids", {"column": reading.header}, severity=Severity.NOTE),)
        case _:
            return ()
