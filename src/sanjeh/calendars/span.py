"""A span is a half-open run of days ``[start, end)`` that holds at least one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sanjeh.errors import Issue, QuestionError


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from ``start`` up to, and without, ``end``; raises QuestionError ``empty_span`` when there are none.

    >>> Span(date(2024, 3, 20), date(2024, 3, 22)).days
    2
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise QuestionError(Issue("empty_span", {"start": str(self.start), "end": str(self.end)}))

    @property
    def days(self) -> int:
        """The number of days in the span, at least 1."""
        return (self.end - self.start).days

    def contains(self, day: date) -> bool:
        """Whether ``day`` is one of the span's days.

        >>> Span(date(2024, 3, 20), date(2024, 3, 22)).contains(date(2024, 3, 22))
        False
        """
        return self.start <= day < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a day.

        >>> Span(date(2024, 3, 1), date(2024, 3, 5)).overlaps(Span(date(2024, 3, 5), date(2024, 3, 9)))
        False
        """
        return self.start < other.end and other.start < self.end

    def shifted(self, days: int) -> Span:
        """The equally long span ``days`` later (earlier when negative).

        >>> Span(date(2024, 3, 20), date(2024, 3, 22)).shifted(-1).start
        datetime.date(2024, 3, 19)
        """
        step = timedelta(days=days)
        return Span(self.start + step, self.end + step)
