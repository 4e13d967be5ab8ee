"""The Jalali reckoning: years from Nowruz to Nowruz, six months of 31 days, five of 30, Esfand of 29 or 30.

Leap years follow the 33-year cycle, eight in each: a year is leap when it leaves one of eight remainders by 33. It
agrees with Iran's official calendar as published for 1306 to 1400 and with the break table of K. Borkowski ("The
Persian calendar for 3000 years", Earth, Moon, and Planets 74, 1996) from 1178 to 1633. Beyond, the cycle is
interrupted: those years are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanjeh.calendars.reckoning import bad_date
from sanjeh.errors import DataError, Issue

FIRST_YEAR = 1178
LAST_YEAR = 1633
LEAP_REMAINDERS = (1, 5, 9, 13, 17, 22, 26, 30)
DAYS_BEFORE_MONTH = (0, 31, 62, 93, 124, 155, 186, 216, 246, 276, 306, 336)

_CYCLE_YEARS = 33
_CYCLE_DAYS = 33 * 365 + len(LEAP_REMAINDERS)
# Day number of 1 Farvardin 1386 (21 March 2007), the first year of a cycle: 1386 = 42 * 33.
_CYCLE_START = date(2007, 3, 21).toordinal() - 42 * _CYCLE_DAYS


def _cycle_table() -> tuple[int, ...]:
    starts = [0]
    for remainder in range(_CYCLE_YEARS):
        starts.append(starts[-1] + 365 + (remainder in LEAP_REMAINDERS))
    return tuple(starts)


_DAYS_BEFORE_YEAR = _cycle_table()


def is_leap_year(year: int) -> bool:
    """Whether Esfand of the Jalali ``year`` has 30 days.

    >>> [year for year in range(1400, 1410) if is_leap_year(year)]
    [1403, 1408]
    """
    return year % _CYCLE_YEARS in LEAP_REMAINDERS


def days_in_month(year: int, month: int) -> int:
    """The number of days of a Jalali month (month 1 to 12).

    >>> days_in_month(1403, 4), days_in_month(1403, 12), days_in_month(1404, 12)
    (31, 30, 29)
    """
    if month <= 6:
        return 31
    return 30 if month < 12 or is_leap_year(year) else 29


def year_start_number(year: int) -> int:
    """The day number (``date.toordinal()``) of 1 Farvardin; raises DataError ``date_out_of_range``.

    >>> date.fromordinal(year_start_number(1403))
    datetime.date(2024, 3, 20)
    """
    # One year more than the last: the end of the last year is a day that is asked for.
    if not FIRST_YEAR <= year <= LAST_YEAR + 1:
        raise DataError(Issue("date_out_of_range", {"day": year}))
    cycle, index = divmod(year, _CYCLE_YEARS)
    return _CYCLE_START + cycle * _CYCLE_DAYS + _DAYS_BEFORE_YEAR[index]


FIRST_DAY = year_start_number(FIRST_YEAR)
END_DAY = year_start_number(LAST_YEAR + 1)


def jalali_from_date(day: date) -> tuple[int, int, int]:
    """Jalali year, month and day of ``day``; raises DataError ``date_out_of_range`` outside 1178 to 1633.

    >>> jalali_from_date(date(2025, 3, 20))
    (1403, 12, 30)
    """
    number = day.toordinal()
    if not FIRST_DAY <= number < END_DAY:
        raise DataError(Issue("date_out_of_range", {"day": str(day)}))
    cycle, left = divmod(number - _CYCLE_START, _CYCLE_DAYS)
    index = left // 366
    if left >= _DAYS_BEFORE_YEAR[index + 1]:
        index += 1
    left -= _DAYS_BEFORE_YEAR[index]
    month = left // 31 if left < 186 else (left - 186) // 30 + 6
    return cycle * _CYCLE_YEARS + index, month + 1, left - DAYS_BEFORE_MONTH[month] + 1


def date_from_jalali(year: int, month: int, day: int) -> date:
    """The date of a Jalali day; raises DataError ``bad_date`` when that month has no such day.

    >>> date_from_jalali(1403, 4, 31)
    datetime.date(2024, 7, 21)
    """
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)):
        raise bad_date(year, month, day, "jalali")
    return date.fromordinal(year_start_number(year) + DAYS_BEFORE_MONTH[month - 1] + day - 1)


@dataclass(frozen=True, slots=True)
class JalaliReckoning:
    """Dates as the Jalali calendar writes them.

    >>> JalaliReckoning().fields(date(2024, 3, 20))
    (1403, 1, 1)
    """

    code: str = "jalali"

    def fields(self, day: date) -> tuple[int, int, int]:
        """Year, month and day of the month."""
        return jalali_from_date(day)

    def day_of(self, year: int, month: int, day: int) -> date:
        """The date; raises DataError ``bad_date`` when there is no such day."""
        return date_from_jalali(year, month, day)

    def month_start(self, month: int) -> int:
        """The day number of the first day of month number ``month`` (``year * 12 + month - 1``)."""
        year, index = divmod(month, 12)
        return year_start_number(year) + DAYS_BEFORE_MONTH[index]
