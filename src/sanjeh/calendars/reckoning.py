"""A reckoning is how dates are written and months counted: the Gregorian or the Jalali one.

A month's number on the line is ``year * 12 + month - 1``; a day's number is ``date.toordinal()``.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from sanjeh.errors import DataError, Issue


class Reckoning(Protocol):
    """What the calendars need to know of a way to write dates."""

    @property
    def code(self) -> str:
        """ "gregorian" or "jalali"."""

    def fields(self, day: date) -> tuple[int, int, int]:
        """Year, month and day of the month of ``day``."""

    def day_of(self, year: int, month: int, day: int) -> date:
        """The date written so; raises DataError ``bad_date`` when there is no such day."""

    def month_start(self, month: int) -> int:
        """The day number of the first day of the month numbered ``month``."""


def day_at(number: int) -> date:
    """The date with day number ``number``; raises DataError ``date_out_of_range`` beyond the years 1 to 9999.

    >>> day_at(738965)
    datetime.date(2024, 3, 20)
    """
    try:
        return date.fromordinal(number)
    except (ValueError, OverflowError):
        raise DataError(Issue("date_out_of_range", {"day": number})) from None


def bad_date(year: int, month: int, day: int, calendar: str) -> DataError:
    """The error for a day that ``calendar`` does not have."""
    return DataError(Issue("bad_date", {"text": f"{year:04d}-{month:02d}-{day:02d}", "calendar": calendar}))
