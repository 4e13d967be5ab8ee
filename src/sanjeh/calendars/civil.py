"""A civil calendar has the months of its reckoning: the plain Gregorian or Jalali year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sanjeh.calendars.calendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class CivilCalendar(Calendar):
    """Months, quarters and years as everyone writes them; get one from ``make_calendar``."""

    def _month_start(self, month: int) -> int:
        return self.reckoning.month_start(month)

    def _month_number(self, day: date) -> int:
        year, month, _ = self.reckoning.fields(day)
        return year * 12 + month - 1
