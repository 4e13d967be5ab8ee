"""The Gregorian reckoning: Python's own dates, years 1 to 9999."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanjeh.calendars.reckoning import bad_date
from sanjeh.errors import DataError, Issue


@dataclass(frozen=True, slots=True)
class GregorianReckoning:
    """Dates as the Gregorian calendar writes them.

    >>> GregorianReckoning().fields(date(2024, 3, 20))
    (2024, 3, 20)
    """

    code: str = "gregorian"

    def fields(self, day: date) -> tuple[int, int, int]:
        """Year, month and day of the month."""
        return day.year, day.month, day.day

    def day_of(self, year: int, month: int, day: int) -> date:
        """The date; raises DataError ``bad_date`` when there is no such day.

        >>> GregorianReckoning().day_of(2024, 2, 29)
        datetime.date(2024, 2, 29)
        """
        try:
            return date(year, month, day)
        except (ValueError, OverflowError):
            raise bad_date(year, month, day, self.code) from None

    def month_start(self, month: int) -> int:
        """The day number of the first day of month number ``month`` (``year * 12 + month - 1``).

        >>> GregorianReckoning().month_start(2024 * 12 + 2) == date(2024, 3, 1).toordinal()
        True
        """
        year, index = divmod(month, 12)
        if not 1 <= year <= 9999:
            raise DataError(Issue("date_out_of_range", {"day": f"{year}-{index + 1:02d}"}))
        return date(year, index + 1, 1).toordinal()
