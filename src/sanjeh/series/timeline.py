"""A slot is the span at which one point of a series is taken; a timeline moves slots through a calendar.

Every shift goes through period ordinals, so that a Jalali month's predecessor is the Jalali month before, and an open
period's predecessor is cut to the same number of days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sanjeh.calendars import Calendar, Grain, Period, Span, periods_per_year

BEGINNING = date(1, 1, 1)
# The day of a week that lies in the year that holds at least four of its days.
_HALF_WEEK = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one value is taken.

    ``first`` and ``last`` are the periods it covers when it lies on a calendar (None for a free span); ``elapsed`` is
    the
    number of days elapsed when the slot is, or is compared with, an open period; ``name`` is a campaign's name.
    """

    span: Span
    first: Period | None = None
    last: Period | None = None
    elapsed: int | None = None
    name: str | None = None

    @property
    def start(self) -> date:
        """The first day."""
        return self.span.start

    @property
    def end(self) -> date:
        """The day after the last day that counts."""
        return self.span.end

    @property
    def days(self) -> int:
        """The number of days that count."""
        return self.span.days

    @property
    def grain(self) -> Grain | None:
        """The grain of the calendar period(s), or None for a free span."""
        return self.first.grain if self.first else None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A calendar and the instant of knowledge: the day after the last day that the data can speak of."""

    calendar: Calendar
    as_of_end: date

    def at(self, period: Period) -> Slot:
        """The slot of ``period``, cut at the instant of knowledge when it is still open."""
        elapsed = (self.as_of_end - period.start).days
        if 0 < elapsed < period.days:
            return Slot(Span(period.start, self.as_of_end), period, period, elapsed)
        return Slot(Span(period.start, period.end), period, period)

    def free(self, span: Span, name: str | None = None) -> Slot:
        """A slot that lies on no calendar period (a campaign's window)."""
        return self._cut(Slot(span, name=name))

    def shift(self, slot: Slot, n: int) -> Slot:
        """The slot ``n`` periods later (earlier when negative), cut to the same elapsed days."""
        if slot.last is None:
            return self._cut(replace(slot, span=slot.span.shifted(n * slot.span.days)))
        first = self.calendar.shift(slot.first, n) if slot.first else None
        return self._aligned(slot, first, self.calendar.shift(slot.last, n))

    def year_ago(self, slot: Slot) -> Slot:
        """The same period of the year before, cut to the same elapsed days; a free span's days by their dates."""
        if slot.last is None:
            start = slot.start if slot.start == BEGINNING else self._day_ago(slot.start)
            return self._cut(replace(slot, span=Span(start, max(self._day_ago(slot.end), start + timedelta(1)))))
        first = self.calendar.year_ago(slot.first) if slot.first else None
        return self._aligned(slot, first, self.calendar.year_ago(slot.last))

    def rolling(self, slot: Slot, n: int) -> Slot:
        """The slot widened to the ``n`` periods that end with it."""
        if slot.start == BEGINNING:
            return slot
        if slot.first is None:
            return self._cut(replace(slot, span=Span(slot.start - timedelta((n - 1) * slot.days), slot.end)))
        first = self.calendar.shift(slot.first, -(n - 1))
        return self._cut(replace(slot, span=Span(first.start, slot.end), first=first))

    def to_date(self, slot: Slot) -> Slot:
        """Everything up to the slot's end; it stays known by its last period, so that its end can be moved."""
        return self._cut(replace(slot, span=Span(BEGINNING, slot.end), first=None))

    def year_to_date(self, slot: Slot) -> Slot:
        """From the start of the calendar's year to the slot's end; a week's year is the one that holds most of it."""
        if slot.last is None:
            day = slot.end - timedelta(1)
        else:
            day = slot.last.start + timedelta(_HALF_WEEK if slot.last.grain is Grain.WEEK else 0)
        start = self.calendar.year_start(day)
        # A week cut before its year begins has nothing of it but itself.
        start = start if start < slot.end else slot.start
        return self._cut(replace(slot, span=Span(start, slot.end), first=None, last=None))

    def lagged(self, slot: Slot, days: int) -> Slot:
        """The span moved ``days`` earlier, the same at every grain."""
        step = timedelta(days)
        start = slot.start if slot.start == BEGINNING else slot.start - step
        return self._cut(replace(slot, span=Span(start, slot.end - step), first=None, last=None))

    def each_day(self, slot: Slot) -> tuple[Slot, ...]:
        """One slot a day."""
        days = (slot.start + timedelta(n) for n in range(slot.days))
        return tuple(self.at(self.calendar.period_of(Grain.DAY, day)) for day in days)

    def periods_per_year(self, slot: Slot) -> int | None:
        """How many periods of the slot's grain make a year; None for a free span."""
        return periods_per_year(slot.grain) if slot.grain else None

    def _aligned(self, slot: Slot, first: Period | None, last: Period) -> Slot:
        start, end = first.start if first else slot.start, last.end
        if slot.elapsed is not None:
            end = max(min(last.start + timedelta(slot.elapsed), last.end), start + timedelta(1))
        return self._cut(replace(slot, span=Span(start, end), first=first, last=last))

    def _cut(self, slot: Slot) -> Slot:
        """The slot without the days that are not known yet; one that has not begun stays as it is."""
        if not slot.start < self.as_of_end < slot.end:
            return slot
        elapsed = (self.as_of_end - (slot.last.start if slot.last else slot.start)).days
        return replace(slot, span=Span(slot.start, self.as_of_end), elapsed=elapsed)

    def _day_ago(self, day: date) -> date:
        return self.calendar.year_ago(self.calendar.period_of(Grain.DAY, day)).start
