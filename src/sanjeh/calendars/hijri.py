"""The tabular Hijri reckoning: months of 30 and 29 days in turn, eleven leap years in thirty.

It is arithmetic, not sighting of the moon: the official date in a country may be a day or two away. Good enough to tag
periods that hold Ramadan, not to fix a holiday. Source: the civil epoch and leap rule in N. Dershowitz and E. Reingold,
"Calendrical Calculations".
"""

from __future__ import annotations

from datetime import date

from sanjeh.calendars.reckoning import day_at

# Day number of 1 Muharram 1: Friday 16 July 622, Julian.
_EPOCH = 227015


def hijri_month_start(year: int, month: int) -> date:
    """The date of the first day of a Hijri month (month 1 to 13, 13 being the next year's first).

    >>> hijri_month_start(1445, 9)
    datetime.date(2024, 3, 11)
    """
    if month == 13:
        return hijri_month_start(year + 1, 1)
    before_year = 354 * (year - 1) + (3 + 11 * year) // 30
    before_month = 29 * (month - 1) + month // 2
    return day_at(_EPOCH + before_year + before_month)


def hijri_year_near(gregorian_year: int) -> int:
    """The Hijri year that is running on 1 January of a Gregorian year.

    >>> hijri_year_near(2024)
    1445
    """
    new_year = date(gregorian_year, 1, 1)
    year = (new_year.toordinal() - _EPOCH) * 30 // 10631 + 1
    while hijri_month_start(year + 1, 1) <= new_year:
        year += 1
    while hijri_month_start(year, 1) > new_year:
        year -= 1
    return year
