"""A written day is a text such as 1403-05-14 or ۱۴۰۳/۰۵/۱۴; its year says which reckoning it is written in."""

from __future__ import annotations

import re
from datetime import date

from sanjeh.calendars.gregorian import GregorianReckoning
from sanjeh.calendars.jalali import date_from_jalali
from sanjeh.errors import DataError, Issue

# No company has rows of the Gregorian years 1200 to 1600, so a year in this range is a Jalali one in every calendar.
JALALI_YEARS = range(1200, 1601)

_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


def parse_written_day(text: str, calendar: str) -> date:
    """The date that ``text`` (year, month, day) writes, in Jalali when its year is 1200 to 1600, else Gregorian.

    Digits may be Persian, the separator ``-``, ``/`` or ``.``. Raises DataError ``bad_date``, which names ``calendar``.

    >>> parse_written_day("1403-04-31", "jalali"), parse_written_day("۱۴۰۳/۱/۱", "jalali")
    (datetime.date(2024, 7, 21), datetime.date(2024, 3, 20))
    >>> parse_written_day("2024-03-20", "jalali")
    datetime.date(2024, 3, 20)
    """
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise DataError(Issue("bad_date", {"text": text, "calendar": calendar}))
    year, month, day = (int(part) for part in match.groups())
    if year in JALALI_YEARS:
        return date_from_jalali(year, month, day)
    if year < JALALI_YEARS.stop:
        raise DataError(Issue("bad_date", {"text": text, "calendar": calendar}))
    return GregorianReckoning().day_of(year, month, day)
