"""A date style is what the whole column says its dates mean: calendar, order of the parts, century, bare numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from sanjeh.calendars import date_from_jalali
from sanjeh.connectors.cleaning.date_spelling import Spelling, calendar_of, read_spelling
from sanjeh.connectors.cleaning.month_name import CalendarName
from sanjeh.errors import DataError, Issue, SanjehError

Order = Literal["ymd", "dmy", "mdy"]
Bare = Literal["none", "excel_serial", "year", "epoch_seconds", "epoch_millis"]
DateReason = Literal["cell_not_a_date", "cell_date_out_of_range", "cell_date_ambiguous"]

FIRST_YEAR, LAST_YEAR = 1900, 2200
# Day 20000 is in 1954 and day 80000 in 2119: below and above, a number in a column of dates is something else.
EXCEL_SERIALS = range(20_000, 80_001)
# Day 0 of Excel's count as it stands after its 29 February 1900, a day that never was.
_EXCEL_ZERO = datetime(1899, 12, 30)
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How the dates of a column are read.

    ``calendar`` reads two-digit years; a four-digit year says its own calendar, value by value. ``order`` reads the
    values whose year is not first; "ymd" there means that none were seen, and one that could be two days is refused.
    ``bare`` says what a lone number is; ``year`` is the year of dates that write none. ``pattern`` is for people.
    """

    calendar: CalendarName = "gregorian"
    order: Order = "ymd"
    two_digit_year: bool = False
    bare: Bare = "none"
    has_time: bool = False
    year: int | None = None
    pattern: str = ""

    def __post_init__(self) -> None:
        allowed = (
            ("calendar", self.calendar, get_args(CalendarName)),
            ("order", self.order, get_args(Order)),
            ("bare", self.bare, get_args(Bare)),
        )
        wrong = [
            Issue("bad_conversion", {"field": name, "value": str(value), "choices": ", ".join(choices)})
            for name, value, choices in allowed
            if value not in choices
        ]
        if self.year is not None and calendar_of(self.year) is None:
            wrong.append(
                Issue("bad_conversion", {"field": "year", "value": self.year, "choices": "1200-1600, 1700-2300"})
            )
        if wrong:
            raise DataError(wrong)

    @property
    def excel_serial(self) -> bool:
        """Whether lone numbers are days counted by Excel."""
        return self.bare == "excel_serial"


def parse_date(
    text: str, style: DateStyle, *, zone: str = "UTC", source_zone: str | None = None
) -> datetime | DateReason:
    """The local time (naive) that ``text`` means in a column of ``style``, or the reason why it means none.

    A value with an offset is converted to ``zone`` (an IANA name); one without is taken as it stands, or, with
    ``source_zone``, as a clock reading there. A day without a clock time is its midnight and is never shifted.

    >>> parse_date("۱۴ مرداد ۱۴۰۳", DateStyle("jalali"))
    datetime.datetime(2024, 8, 4, 0, 0)
    >>> parse_date("8/4/2024", DateStyle(order="ymd"))
    'cell_date_ambiguous'
    """
    spelling = read_spelling(text)
    if spelling is None:
        return "cell_not_a_date"
    return date_of_spelling(spelling, style, zone=zone, source_zone=source_zone)


def date_of_spelling(
    spelling: Spelling, style: DateStyle, *, zone: str = "UTC", source_zone: str | None = None
) -> datetime | DateReason:
    """The local time that ``spelling`` means in a column of ``style``, or the reason why it means none."""
    if spelling.form == "number":
        return _bare(spelling.number, style, zone)
    day = _day_of(spelling, style)
    if not isinstance(day, date):
        return day
    clock = spelling.clock
    if clock is None:
        return datetime(day.year, day.month, day.day)
    local = datetime.combine(day, clock.time) + timedelta(days=int(clock.next_day))
    return _to_zone(local, clock.offset, zone, source_zone)


def _to_zone(local: datetime, offset: timedelta | None, zone: str, source_zone: str | None) -> datetime:
    if offset is not None:
        return local.replace(tzinfo=timezone(offset)).astimezone(time_zone(zone)).replace(tzinfo=None)
    if source_zone is None or source_zone == zone:
        return local
    return local.replace(tzinfo=time_zone(source_zone)).astimezone(time_zone(zone)).replace(tzinfo=None)


@lru_cache(maxsize=64)
def time_zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; raises DataError ``unknown_time_zone``."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise DataError(Issue("unknown_time_zone", {"name": name})) from error


def _day_of(spelling: Spelling, style: DateStyle) -> date | DateReason:
    match spelling.form:
        case "year_first":
            year, month, day = spelling.numbers
            return _day(year, month, day)
        case "year_last":
            return _year_last(spelling, style)
        case "short":
            return _short(spelling, style)
        case "month":
            return _day(*spelling.numbers, 1)
        case _:
            return _named(spelling, style)


def _year_last(spelling: Spelling, style: DateStyle) -> date | DateReason:
    first, second, year = spelling.numbers
    # Jalali dates that end with the year are written day first; month first is an American habit.
    order = style.order
    if calendar_of(year) == "jalali" and (order == "ymd" or style.calendar != "jalali"):
        order = "dmy"
    if order == "ymd":
        if first <= 12 and second <= 12 and first != second:
            return "cell_date_ambiguous"
        order = "mdy" if second > 12 else "dmy"
    return _day(year, first, second) if order == "mdy" else _day(year, second, first)


def _short(spelling: Spelling, style: DateStyle) -> date | DateReason:
    if not style.two_digit_year:
        return "cell_not_a_date"
    year, month, day = ordered(spelling.numbers, style.order)
    return _day(full_year(year, style.calendar), month, day)


def ordered(numbers: tuple[int, ...], order: Order) -> tuple[int, int, int]:
    """Year, month and day of three ``numbers`` written in ``order``."""
    first, second, third = numbers
    match order:
        case "ymd":
            return first, second, third
        case "dmy":
            return third, second, first
        case "mdy":
            return third, first, second


def full_year(year: int, calendar: CalendarName) -> int:
    """The year meant by two digits: 1350 to 1449 in the Jalali calendar, 1970 to 2069 in the Gregorian.

    >>> full_year(99, "jalali"), full_year(3, "jalali"), full_year(24, "gregorian")
    (1399, 1403, 2024)
    """
    if calendar == "jalali":
        return year + (1300 if year >= 50 else 1400)
    return year + (1900 if year >= 70 else 2000)


def _named(spelling: Spelling, style: DateStyle) -> date | DateReason:
    month = spelling.month
    if month is None:
        return "cell_not_a_date"
    day, year = 1, 0
    match spelling.form, spelling.numbers:
        case "named", (day, year):
            pass
        case "named_short", (day, short):
            year = full_year(short, month.calendar)
        case "named_month", (year,):
            pass
        case _, (day,) if style.year is not None:
            year = style.year
        case _, (short,) if style.two_digit_year:
            day, year = 1, full_year(short, month.calendar)
        case _:
            return "cell_date_ambiguous"
    calendar = calendar_of(year)
    if calendar is not None and calendar != month.calendar:
        return "cell_not_a_date"
    return _day(year, month.number, day)


@lru_cache(maxsize=100_000)
def _day(year: int, month: int, day: int) -> date | DateReason:
    calendar = calendar_of(year)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return "cell_not_a_date"
    if calendar is None:
        return "cell_date_out_of_range"
    try:
        found = date_from_jalali(year, month, day) if calendar == "jalali" else date(year, month, day)
    except (SanjehError, ValueError):
        return "cell_not_a_date"
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else "cell_date_out_of_range"


def _bare(number: str, style: DateStyle, zone: str) -> datetime | DateReason:
    value = Decimal(number)
    match style.bare:
        case "excel_serial":
            if int(value) not in EXCEL_SERIALS:
                return "cell_date_out_of_range"
            # Excel keeps the time as a fraction of a day; a millisecond is finer than its doubles can tell.
            return _EXCEL_ZERO + timedelta(milliseconds=int((value * 86_400_000).to_integral_value()))
        case "year":
            found = _day(int(value), 1, 1) if value == int(value) else "cell_not_a_date"
            return (
                datetime(found.year, 1, 1).replace(month=found.month, day=found.day)
                if isinstance(found, date)
                else found
            )
        case "epoch_seconds" | "epoch_millis":
            seconds = value if style.bare == "epoch_seconds" else value / 1000
            if seconds > 7_258_118_400:
                return "cell_date_out_of_range"
            moment = _EPOCH + timedelta(microseconds=int(seconds * 1_000_000))
            return moment.replace(tzinfo=UTC).astimezone(time_zone(zone)).replace(tzinfo=None)
        case _:
            return "cell_not_a_date"
