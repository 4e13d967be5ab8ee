"""A date spelling is how a date is written, before the column decides what its parts mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import time
from typing import Literal

from sanjeh.connectors.cleaning.clock_time import ClockTime, split_time
from sanjeh.connectors.cleaning.month_name import CalendarName, Month, is_filler, month_named, without_weekday
from sanjeh.connectors.cleaning.text import clean_text, fold_digits

Form = Literal[
    "year_first",  # 1403/05/14, 20240804: year, month, day
    "year_last",  # 8/4/2024: two numbers whose order the column decides, year
    "short",  # 03/05/14: three numbers of at most two digits
    "month",  # 1403/05, 5/1403: year, month
    "named",  # 14 مرداد 1403: day, year
    "named_short",  # 4-Aug-24: day, two-digit year
    "named_month",  # Jan 2024: year
    "named_open",  # Oct-11: a day, or a two-digit year
    "number",  # 45508: an Excel serial, a year or an epoch, if the column says so
]

JALALI_YEARS = range(1200, 1601)
GREGORIAN_YEARS = range(1700, 2301)

_LONGEST = 80
_SEP = r"[ ]?[/\-._ ؍⁄][ ]?"
_THREE = re.compile(rf"(\d{{1,4}})({_SEP})(\d{{1,2}}){_SEP}(\d{{1,4}})")
_TWO = re.compile(r"(\d{1,4})[/\-](\d{1,4})")
_NUMBER = re.compile(r"\d{4,13}(?:\.\d{1,12})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T_]?(\d{2})(\d{2})(\d{2})?)?")
_COMPACT_MONTH = re.compile(r"(\d{4})(\d{2})")
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_ZERO_DATE = re.compile(r"0{1,4}([/\-.])0{1,2}\1(?:0{1,4})")


@dataclass(frozen=True, slots=True)
class Spelling:
    """The parts of a written date: numbers in the order of its form, a named month, a clock time."""

    form: Form
    numbers: tuple[int, ...]
    month: Month | None = None
    clock: ClockTime | None = None
    weekday: bool = False
    compact: bool = False
    number: str = ""


def calendar_of(year: int) -> CalendarName | None:
    """The calendar a four-digit year belongs to (1200 to 1600 Jalali, 1700 to 2300 Gregorian), or None.

    >>> calendar_of(1403), calendar_of(2026), calendar_of(9999)
    ('jalali', 'gregorian', None)
    """
    if year in JALALI_YEARS:
        return "jalali"
    return "gregorian" if year in GREGORIAN_YEARS else None


def read_spelling(text: str) -> Spelling | None:
    """How ``text`` spells a date, or None when it is no spelling of one.

    >>> read_spelling("۱۴۰۳/۰۵/۱۴").numbers
    (1403, 5, 14)
    """
    if len(text) > _LONGEST:
        return None
    plain = fold_digits(clean_text(text)).strip("'\"")
    parted = split_time(plain)
    if parted is None:
        return None
    rest, clock = parted
    spelling = _read_day(rest)
    if spelling is None or clock is None:
        return spelling
    # A bare number beside a clock time is no date, and a compact date has its time once.
    return None if spelling.form == "number" or spelling.clock else replace(spelling, clock=clock)


def is_zero_date(text: str) -> bool:
    """Whether ``text`` is the all-zero date by which some databases write "no date".

    >>> is_zero_date("0000-00-00 00:00:00")
    True
    """
    return bool(_ZERO_DATE.fullmatch(fold_digits(clean_text(text)).split(" ")[0]))


def _read_day(text: str) -> Spelling | None:
    if any(letter.isalpha() for letter in text):
        rest, weekday = without_weekday(text)
        rest = rest.strip(" ،,-")
        if weekday and not any(letter.isalpha() for letter in rest):
            spelling = _read_digits(rest)
            return replace(spelling, weekday=True) if spelling else None
        if "T" in rest and (spelling := _read_compact(rest)):
            return spelling
        return _read_named(rest, weekday)
    return _read_digits(text)


def _read_digits(text: str) -> Spelling | None:
    if found := _THREE.fullmatch(text):
        return _three(found)
    if found := _TWO.fullmatch(text):
        return _two(found[1], found[2])
    if spelling := _read_compact(text):
        return spelling
    if (found := _COMPACT_MONTH.fullmatch(text)) and _is_month(int(found[1]), int(found[2])):
        return Spelling("month", (int(found[1]), int(found[2])), compact=True, number=text)
    return Spelling("number", (), number=text) if _NUMBER.fullmatch(text) else None


def _three(found: re.Match[str]) -> Spelling | None:
    first, middle, last = found[1], found[3], found[4]
    numbers = (int(first), int(middle), int(last))
    if len(first) == 4 and len(last) <= 2:
        return Spelling("year_first", numbers)
    if len(first) <= 2 and len(last) == 4:
        return Spelling("year_last", numbers)
    if len(first) <= 2 and len(last) <= 2:
        return Spelling("short", numbers)
    return None


def _two(first: str, last: str) -> Spelling | None:
    year, month = (first, last) if len(first) == 4 else (last, first)
    if len(year) != 4 or len(month) > 2 or not _is_month(int(year), int(month)):
        return None
    return Spelling("month", (int(year), int(month)))


def _is_month(year: int, month: int) -> bool:
    return calendar_of(year) is not None and 1 <= month <= 12


def _read_compact(text: str) -> Spelling | None:
    found = _COMPACT.fullmatch(text)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not _is_month(year, month) or not 1 <= day <= 31:
        return None
    clock = None
    if found[4]:
        hour, minute, second = int(found[4]), int(found[5]), int(found[6] or 0)
        if hour > 23 or minute > 59 or second > 59:
            return None
        clock = ClockTime(time(hour, minute, second))
    return Spelling("year_first", (year, month, day), clock=clock, compact=True, number=text)


def _read_named(text: str, weekday: bool) -> Spelling | None:
    months: list[Month] = []
    digits: list[str] = []
    for token in _TOKEN.findall(text):
        if token.isdecimal():
            digits.append(token)
        elif month := month_named(token):
            months.append(month)
        elif not is_filler(token):
            return None
    if len(months) != 1 or not 1 <= len(digits) <= 2 or any(len(number) not in (1, 2, 4) for number in digits):
        return None
    return _named(months[0], digits, weekday)


def _named(month: Month, digits: list[str], weekday: bool) -> Spelling | None:
    numbers = [int(number) for number in digits]
    years = [len(number) == 4 for number in digits]
    if len(numbers) == 1:
        return Spelling("named_month" if years[0] else "named_open", (numbers[0],), month, weekday=weekday)
    if all(years):
        return None
    if any(years):
        day, year = (numbers[1], numbers[0]) if years[0] else (numbers[0], numbers[1])
        return Spelling("named", (day, year), month, weekday=weekday)
    # «14 مرداد 03», "Aug 4 24": the year is written last, unless the first number can be no day.
    day, year = (numbers[1], numbers[0]) if numbers[0] > 31 else (numbers[0], numbers[1])
    return Spelling("named_short", (day, year), month, weekday=weekday)
