"""A calendar cuts time into periods: it is the only maker of periods, and knows how they follow one another.

Quarters are three of its months and years twelve, so a calendar is told by where its months begin. Weeks begin on the
week start; a week belongs to the year that holds at least four of its days (with Monday as start this is ISO 8601).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from sanjeh.calendars.grain import Grain
from sanjeh.calendars.period import Period, elapsed_days
from sanjeh.calendars.reckoning import Reckoning, day_at
from sanjeh.calendars.span import Span
from sanjeh.calendars.written_day import JALALI_YEARS, parse_written_day
from sanjeh.errors import DefinitionError, Issue, QuestionError, SanjehError

_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(ABC):
    """Periods of five grains over one reckoning; get one from ``make_calendar``.

    ``week_start`` is a Python weekday (Monday 0), ``weekend`` the weekdays without work.
    """

    code: str
    reckoning: Reckoning
    week_start: int
    weekend: tuple[int, ...]

    def __post_init__(self) -> None:
        for name, weekday in (("week_start", self.week_start), *(("weekend", day) for day in self.weekend)):
            if weekday not in range(7):
                raise DefinitionError(Issue("bad_calendar_setting", {"setting": name, "value": weekday}))

    # What each kind of calendar decides.

    @abstractmethod
    def _month_start(self, month: int) -> int:
        """The day number of the first day of this calendar's month number ``month``."""

    @abstractmethod
    def _month_number(self, day: date) -> int:
        """The number of this calendar's month that holds ``day``."""

    def _label_marks(self) -> tuple[str, str]:
        """What stands before the year and before the month's number in a label."""
        return "", ""

    def _year_ago_day(self, day: date, years: int) -> date:
        year, month, number = self.reckoning.fields(day)
        month_number = (year - years) * 12 + month - 1
        start = self.reckoning.month_start(month_number)
        length = self.reckoning.month_start(month_number + 1) - start
        return day_at(start + min(number, length) - 1)

    # Periods.

    def period_at(self, grain: Grain, ordinal: int) -> Period:
        """The period of ``grain`` with this place on the line; raises DataError ``date_out_of_range``."""
        start = self._start_number(grain, ordinal)
        span = Span(day_at(start), day_at(self._start_number(grain, ordinal + 1)))
        return Period(self.code, grain, ordinal, span, self._label(grain, ordinal, span.start))

    def period_of(self, grain: Grain, day: date) -> Period:
        """The period of ``grain`` that holds ``day``."""
        return self.period_at(grain, self.ordinal_of(grain, day))

    def ordinal_of(self, grain: Grain, day: date) -> int:
        """The ordinal of the period of ``grain`` that holds ``day``."""
        match grain:
            case Grain.DAY:
                return day.toordinal()
            case Grain.WEEK:
                return (day.toordinal() - 1 - self.week_start) // 7
            case _:
                return self._month_number(day) // _MONTHS[grain]

    def periods(self, grain: Grain, span: Span) -> tuple[Period, ...]:
        """All periods of ``grain`` that share a day with ``span``, in order."""
        first = self.ordinal_of(grain, span.start)
        last = self.ordinal_of(grain, day_at(span.end.toordinal() - 1))
        return tuple(self.period_at(grain, ordinal) for ordinal in range(first, last + 1))

    def shift(self, period: Period, n: int) -> Period:
        """The period ``n`` places later (earlier when negative); raises QuestionError ``calendar_mismatch``."""
        self._check_own(period)
        return self.period_at(period.grain, period.ordinal + n)

    def year_ago(self, period: Period, years: int = 1) -> Period:
        """The same period ``years`` years earlier.

        Months, quarters and years by their number; a week by 52 weeks a year, so that no two weeks share one; a day by
        its month and day, the last day of the month when that month is shorter (30 Esfand becomes 29 Esfand).
        """
        self._check_own(period)
        match period.grain:
            case Grain.DAY:
                return self.period_of(Grain.DAY, self._year_ago_day(period.start, years))
            case Grain.WEEK:
                return self.shift(period, -52 * years)
            case grain:
                return self.shift(period, -12 // _MONTHS[grain] * years)

    # Spans of open periods.

    def to_date_span(self, period: Period, as_of_end: date) -> Span:
        """The days of ``period`` before ``as_of_end``; raises QuestionError ``period_not_started`` when none."""
        if as_of_end <= period.start:
            raise QuestionError(Issue("period_not_started", {"period": period.label, "as_of_end": str(as_of_end)}))
        return Span(period.start, min(period.end, as_of_end))

    def same_share(self, period: Period, of: Period, as_of_end: date) -> Span:
        """The first days of the earlier period ``of``, as many as ``period`` has before ``as_of_end``.

        The whole of ``of`` when ``period`` is over. Raises QuestionError ``period_not_started``.
        """
        if as_of_end >= period.end:
            return of.span
        self.to_date_span(period, as_of_end)
        return Span(of.start, min(of.end, day_at(of.start.toordinal() + elapsed_days(period, as_of_end))))

    # Days and labels.

    def fields(self, day: date) -> tuple[int, int, int]:
        """Year, month and day as the calendar's dates are written (a fiscal or retail one writes its base's dates)."""
        return self.reckoning.fields(day)

    def day_label(self, day: date) -> str:
        """The day as this calendar writes it, such as 1403-05-14."""
        year, month, number = self.reckoning.fields(day)
        return f"{year:04d}-{month:02d}-{number:02d}"

    def year_start(self, day: date) -> date:
        """The first day of this calendar's year that holds ``day``."""
        return day_at(self._start_number(Grain.YEAR, self.ordinal_of(Grain.YEAR, day)))

    def is_weekend(self, day: date) -> bool:
        """Whether ``day`` is one of the week-end days."""
        return day.weekday() in self.weekend

    def parse_day(self, text: str) -> date:
        """The date that ``text`` writes: Jalali when its year is 1200 to 1600, else Gregorian.

        Raises DataError ``bad_date``.
        """
        return parse_written_day(text, self.reckoning.code)

    def parse_period(self, label: str) -> Period:
        """The period with this label, the grain told by its shape; raises QuestionError ``bad_period``.

        Persian digits, small letters, ``/`` for ``-`` and numbers without leading zeros are understood.
        """
        text = label.strip().upper().replace("/", "-")
        try:
            if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
                return self.period_of(Grain.DAY, self.parse_day(text))
            grain, year, number = self._parse_label(text)
            period = self.period_at(grain, self._numbered(grain, year, number))
        except SanjehError:
            raise self._bad_period(label) from None
        # A thirteenth month or a 53rd week that the year does not have would be the next year's first.
        if self._own_year(grain, period.ordinal, period.start) != year:
            raise self._bad_period(label)
        return period

    # Own arithmetic.

    def _start_number(self, grain: Grain, ordinal: int) -> int:
        match grain:
            case Grain.DAY:
                return ordinal
            case Grain.WEEK:
                return ordinal * 7 + 1 + self.week_start
            case _:
                return self._month_start(ordinal * _MONTHS[grain])

    def _own_year(self, grain: Grain, ordinal: int, start: date) -> int:
        if grain is Grain.WEEK:
            return self._month_number(day_at(start.toordinal() + 3)) // 12
        return ordinal * _MONTHS[grain] // 12

    def _first_week(self, year: int) -> int:
        return self.ordinal_of(Grain.WEEK, day_at(self._month_start(year * 12) + 3))

    def _numbered(self, grain: Grain, year: int, number: int) -> int:
        if grain is Grain.WEEK:
            return self._first_week(year) + number - 1
        return year * 12 // _MONTHS[grain] + number - 1

    def _label(self, grain: Grain, ordinal: int, start: date) -> str:
        if grain is Grain.DAY:
            return self.day_label(start)
        before_year, before_month = self._label_marks()
        year = self._own_year(grain, ordinal, start)
        head = f"{before_year}{year:04d}"
        number = ordinal - self._numbered(grain, year, 1) + 1
        match grain:
            case Grain.WEEK:
                return f"{head}-W{number:02d}"
            case Grain.MONTH:
                return f"{head}-{before_month}{number:02d}"
            case Grain.QUARTER:
                return f"{head}-Q{number}"
            case _:
                return head

    def _parse_label(self, text: str) -> tuple[Grain, int, int]:
        before_year, before_month = self._label_marks()
        match = re.fullmatch(rf"{before_year}(\d{{4}})(?:-(Q|W|{before_month})(\d{{1,2}}))?", text)
        if match is None or (self.reckoning.code == "gregorian" and int(match[1]) in JALALI_YEARS):
            raise self._bad_period(text)
        grains = {None: Grain.YEAR, "Q": Grain.QUARTER, "W": Grain.WEEK, before_month: Grain.MONTH}
        number = 1 if match[3] is None else int(match[3])
        return grains[match[2]], int(match[1]), number

    def _bad_period(self, label: str) -> QuestionError:
        return QuestionError(Issue("bad_period", {"label": label, "calendar": self.code}))

    def _check_own(self, period: Period) -> None:
        if period.calendar != self.code:
            data = {"period": period.label, "calendar": period.calendar, "other": self.code}
            raise QuestionError(Issue("calendar_mismatch", data))
