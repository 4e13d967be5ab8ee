"""A period is one span of a calendar's grain, with its place on the line (ordinal) and its label.

``as_of_end`` is everywhere the exclusive instant of knowledge: the day after the last known day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sanjeh.calendars.grain import Grain
from sanjeh.calendars.span import Span


@dataclass(frozen=True, slots=True)
class Period:
    """One period, made only by a Calendar; neighbours have ordinals that differ by one.

    >>> period = Period("gregorian", Grain.MONTH, 24290, Span(date(2024, 3, 1), date(2024, 4, 1)), "2024-03")
    >>> period.days, period.end
    (31, datetime.date(2024, 4, 1))
    """

    calendar: str
    grain: Grain
    ordinal: int
    span: Span
    label: str

    @property
    def start(self) -> date:
        """The first day."""
        return self.span.start

    @property
    def end(self) -> date:
        """The day after the last day."""
        return self.span.end

    @property
    def days(self) -> int:
        """The number of days."""
        return self.span.days

    def __str__(self) -> str:
        return self.label


def has_started(period: Period, as_of_end: date) -> bool:
    """Whether at least one day of ``period`` is known.

    >>> march = Period("gregorian", Grain.MONTH, 24290, Span(date(2024, 3, 1), date(2024, 4, 1)), "2024-03")
    >>> has_started(march, date(2024, 3, 1)), has_started(march, date(2024, 3, 2))
    (False, True)
    """
    return as_of_end > period.start


def is_open(period: Period, as_of_end: date) -> bool:
    """Whether ``period`` has started and some of its days are still to come.

    >>> march = Period("gregorian", Grain.MONTH, 24290, Span(date(2024, 3, 1), date(2024, 4, 1)), "2024-03")
    >>> is_open(march, date(2024, 3, 15)), is_open(march, date(2024, 4, 1)), is_open(march, date(2024, 3, 1))
    (True, False, False)
    """
    return period.start < as_of_end < period.end


def is_ripe(period: Period, as_of_end: date, days: int) -> bool:
    """Whether a window of ``days`` after the period's end is known in whole; until then a cohort is provisional.

    >>> march = Period("gregorian", Grain.MONTH, 24290, Span(date(2024, 3, 1), date(2024, 4, 1)), "2024-03")
    >>> is_ripe(march, date(2024, 4, 30), 30), is_ripe(march, date(2024, 5, 1), 30)
    (False, True)
    """
    return as_of_end >= period.end + timedelta(days=days)


def elapsed_days(period: Period, as_of_end: date) -> int:
    """How many days of ``period`` are known: 0 before it starts, all of them once it is over.

    >>> march = Period("gregorian", Grain.MONTH, 24290, Span(date(2024, 3, 1), date(2024, 4, 1)), "2024-03")
    >>> elapsed_days(march, date(2024, 3, 15))
    14
    """
    return max(0, (min(period.end, as_of_end) - period.start).days)
