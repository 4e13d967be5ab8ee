"""An asked time is when a question is about, as people say it: since, until, the last so many periods, one total."""

from __future__ import annotations

from datetime import date, timedelta

from sanjeh.calendars import Calendar, Grain, Period, Span
from sanjeh.compute import TOTAL, Ground
from sanjeh.errors import DataError, Issue, QuestionError, SanjehError, suggest
from sanjeh.horizon import first_day

DEFAULT_LENGTH = {Grain.DAY: 31, Grain.WEEK: 14, Grain.MONTH: 13, Grain.QUARTER: 9, Grain.YEAR: 5}
MOST_PERIODS = 4000
FARTHEST = date(2300, 1, 1)
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 84, Grain.YEAR: 354}


def find_when(
    grain: str, ground: Ground, since: str | date | None, until: str | date | None, last: int | None
) -> tuple[tuple[Period, ...], tuple[Span, ...]]:
    """The periods asked, or the one span that "total" stands for: everything, unless a side is given."""
    if grain != TOTAL:
        try:
            return _periods(_grain(grain), ground, since, until, last), ()
        except DataError as error:
            # A day that no calendar reaches was asked for here, not found in a file.
            raise QuestionError(error.issues) from None
    calendar = ground.timeline.calendar
    end = find_span(calendar, until).end if until is not None else ground.timeline.as_of_end
    first = first_day(ground.catalogue, ground.holdings) or end - timedelta(1)
    start = find_span(calendar, since).start if since is not None else first
    _check_order(calendar, start, end, is_asked=until is not None)
    return (), (Span(start, end),)


def _periods(
    grain: Grain, ground: Ground, since: str | date | None, until: str | date | None, last: int | None
) -> tuple[Period, ...]:
    calendar = ground.timeline.calendar
    end = find_span(calendar, until).end if until is not None else ground.timeline.as_of_end
    if since is not None:
        start = find_span(calendar, since).start
    else:
        count = DEFAULT_LENGTH[grain] if last is None else last
        if count < 1:
            raise QuestionError(Issue("bad_last", {"last": count}))
        if count > MOST_PERIODS:
            raise QuestionError(Issue("too_many_periods", {"limit": MOST_PERIODS}))
        newest = calendar.period_of(grain, end - timedelta(1))
        start = calendar.shift(newest, 1 - count).start
        first = first_day(ground.catalogue, ground.holdings)
        if last is None and first is not None and first < end:
            start = max(start, calendar.period_of(grain, first).start)
    _check_order(calendar, start, end, is_asked=until is not None)
    if (end - start).days / _DAYS[grain] > MOST_PERIODS:
        raise QuestionError(Issue("too_many_periods", {"limit": MOST_PERIODS}))
    return calendar.periods(grain, Span(start, end))


def _check_order(calendar: Calendar, start: date, end: date, *, is_asked: bool) -> None:
    """Refuse a span that ends before it begins; its end was ``is_asked``, or is that of the data."""
    if start >= end:
        since, until = (calendar.period_of(Grain.DAY, day).label for day in (start, end - timedelta(1)))
        if is_asked:
            raise QuestionError(Issue("since_after_until", {"since": since, "until": until}))
        raise QuestionError(Issue("since_after_data", {"since": since, "last": until}))


def _grain(word: str) -> Grain:
    try:
        return Grain(word)
    except ValueError:
        known = [*(grain.value for grain in Grain), TOTAL]
        data = {"kind": "grain", "name": word, "choices": ", ".join(known)}
        raise QuestionError(Issue("unknown_choice", data, suggestion=suggest(word, known))) from None


def find_span(calendar: Calendar, text: str | date) -> Span:
    """The span that a day or a period's label stands for; raises QuestionError (``bad_moment``, ``day_too_far``)."""
    if isinstance(text, date):
        return _one_day(text)
    try:
        span = calendar.parse_period(text).span
    except SanjehError:
        try:
            span = _one_day(calendar.parse_day(text))
        except DataError:
            raise QuestionError(Issue("bad_moment", {"text": text, "calendar": calendar.code})) from None
    if span.end > FARTHEST:
        raise QuestionError(Issue("day_too_far", {"day": str(span.end)}))
    return span


def _one_day(day: date) -> Span:
    if day >= FARTHEST:
        raise QuestionError(Issue("day_too_far", {"day": str(day)}))
    return Span(day, day + timedelta(1))


def find_day(calendar: Calendar, text: str | date) -> date:
    """The last day of what ``text`` stands for; raises as ``find_span`` does."""
    return find_span(calendar, text).end - timedelta(1)
