"""A working week says on which weekdays and between which hours a company works, less its holidays.

Times are naive local times; one span of hours a day, the same on every working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sanjeh.calendars.span import Span
from sanjeh.errors import DefinitionError, Issue

SATURDAY_TO_WEDNESDAY = frozenset({5, 6, 0, 1, 2})


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """One row of the table that lets SQL compute working minutes.

    ``before`` is the working minutes of all earlier days of the table, ``minutes`` those of ``day`` itself. The minutes
    worked up to an instant are ``W(t) = before + min(max(minute of t - opening minute, 0), minutes)``, and the working
    minutes from one instant to another are ``W(end) - W(start)``.
    """

    day: date
    before: float
    minutes: float


@dataclass(frozen=True, slots=True)
class WorkingWeek:
    """Working weekdays (Python's, Monday 0), hours, and the dates that are off.

    Raises DefinitionError ``bad_working_week`` without a weekday or when it closes before it opens.

    >>> WorkingWeek().minutes_between(datetime(2024, 3, 8, 16), datetime(2024, 3, 11, 16)) / 60
    23.0
    """

    days: frozenset[int] = SATURDAY_TO_WEDNESDAY
    opens: time = time(9)
    closes: time = time(17)
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.days or not self.days <= set(range(7)) or self.opens >= self.closes:
            raise DefinitionError(Issue("bad_working_week", {"opens": str(self.opens), "closes": str(self.closes)}))

    @property
    def opening_minute(self) -> float:
        """The minute of the day at which work begins (540 for 09:00)."""
        return _minute(self.opens)

    def day_minutes(self, day: date) -> float:
        """The working minutes of ``day``, 0 when it is off.

        >>> WorkingWeek().day_minutes(date(2024, 3, 9)), WorkingWeek().day_minutes(date(2024, 3, 8))
        (480.0, 0.0)
        """
        if day.weekday() not in self.days or day in self.holidays:
            return 0.0
        return _minute(self.closes) - _minute(self.opens)

    def minutes_between(self, start: datetime, end: datetime) -> float:
        """The working minutes from ``start`` to ``end`` (naive local times); negative when ``end`` is the earlier.

        >>> WorkingWeek().minutes_between(datetime(2024, 3, 9, 16, 30), datetime(2024, 3, 10, 9, 15))
        45.0
        """
        if end < start:
            return -self.minutes_between(end, start)
        days = (end.date() - start.date()).days
        whole = sum(self.day_minutes(start.date() + timedelta(days=n)) for n in range(days))
        return whole + self._worked(end) - self._worked(start)

    def table(self, span: Span) -> tuple[WorkingDay, ...]:
        """One row for each day of ``span``, with the working minutes before it and in it.

        >>> [(row.before, row.minutes) for row in WorkingWeek().table(Span(date(2024, 3, 8), date(2024, 3, 11)))]
        [(0.0, 0.0), (0.0, 480.0), (480.0, 480.0)]
        """
        rows = []
        before = 0.0
        for n in range(span.days):
            day = span.start + timedelta(days=n)
            minutes = self.day_minutes(day)
            rows.append(WorkingDay(day, before, minutes))
            before += minutes
        return tuple(rows)

    def _worked(self, instant: datetime) -> float:
        since_opening = _minute(instant.time()) - self.opening_minute
        return min(max(since_opening, 0.0), self.day_minutes(instant.date()))


def _minute(moment: time) -> float:
    return moment.hour * 60 + moment.minute + (moment.second + moment.microsecond / 1e6) / 60
