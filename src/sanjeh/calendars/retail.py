"""A retail calendar has years of 52 or 53 whole weeks, cut into quarters of 13 weeks: 4-4-5, 4-5-4 or 5-4-4.

The year ends on the day before the week start that is last in the end month, or nearest to that month's end. A 53rd
week belongs to the twelfth month. The year is named by the year of the reckoning that holds most of it: one that ends
in months 1 to 5 by the year it starts in, else by the year it ends in (US retail 2024 ran from 4 February 2024).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sanjeh.calendars.calendar import Calendar
from sanjeh.errors import DefinitionError, Issue

PATTERNS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}


class YearEnd(StrEnum):
    """Which week closes the year: the last to end inside the end month, or the one that ends nearest its last day."""

    LAST = "last"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetailCalendar(Calendar):
    """Years of whole weeks in the ``pattern``, ended by ``year_end`` of ``end_month``; see ``make_calendar``."""

    end_month: int = 1
    year_end: YearEnd = YearEnd.NEAREST
    pattern: str = "4-4-5"

    def __post_init__(self) -> None:
        Calendar.__post_init__(self)
        if self.pattern not in PATTERNS:
            raise DefinitionError(Issue("bad_calendar_setting", {"setting": "pattern", "value": self.pattern}))
        if not 1 <= self.end_month <= 12:
            raise DefinitionError(Issue("bad_calendar_setting", {"setting": "end_month", "value": self.end_month}))

    def _weeks_before(self) -> tuple[int, ...]:
        first, second, _ = PATTERNS[self.pattern]
        return tuple(quarter * 13 + weeks for quarter in range(4) for weeks in (0, first, first + second))

    def _year_start_number(self, year: int) -> int:
        end_year = year if self.end_month <= 5 else year - 1
        month_end = self.reckoning.month_start(end_year * 12 + self.end_month) - 1
        latest = month_end + (3 if self.year_end is YearEnd.NEAREST else 0)
        # The start of the week that follows the last whole week not after ``latest``.
        return (latest - self.week_start) // 7 * 7 + 1 + self.week_start

    def _year(self, day: date) -> int:
        year = self.reckoning.fields(day)[0] + 1
        while self._year_start_number(year) > day.toordinal():
            year -= 1
        return year

    def _month_start(self, month: int) -> int:
        year, index = divmod(month, 12)
        return self._year_start_number(year) + 7 * self._weeks_before()[index]

    def _month_number(self, day: date) -> int:
        year = self._year(day)
        week = (day.toordinal() - self._year_start_number(year)) // 7
        return year * 12 + bisect_right(self._weeks_before(), week) - 1

    def _label_marks(self) -> tuple[str, str]:
        return "R", "P"

    def _year_ago_day(self, day: date, years: int) -> date:
        # Whole weeks keep the weekday, which is what a retail year is for.
        return day - timedelta(weeks=52 * years)
