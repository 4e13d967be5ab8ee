"""An event tag marks a span that makes periods unlike: Ramadan, Muharram, Nowruz. Comparisons and forecasts ask for it.

Those after the Hijri calendar move by some eleven days a year and come from the tabular calendar: they may differ by a
day or two from the sighting that a country follows. A workspace may write its own events beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sanjeh.calendars.hijri import hijri_month_start, hijri_year_near
from sanjeh.calendars.jalali import date_from_jalali
from sanjeh.calendars.span import Span
from sanjeh.errors import DefinitionError, Issue, suggest


@dataclass(frozen=True, slots=True)
class EventRule:
    """When an event comes: the reckoning's month, its first day there, and its days (0: to the month's end)."""

    reckoning: str
    month: int
    day: int
    days: int


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One coming of an event: its tag and its span; ``is_estimate`` when the span may be a day or two off."""

    tag: str
    span: Span
    is_estimate: bool = False


EVENT_RULES = {
    "nowruz": EventRule("jalali", 1, 1, 13),
    "yalda": EventRule("jalali", 9, 30, 1),
    "ramadan": EventRule("hijri", 9, 1, 0),
    "eid_al_fitr": EventRule("hijri", 10, 1, 2),
    "eid_al_adha": EventRule("hijri", 12, 10, 1),
    "muharram": EventRule("hijri", 1, 1, 0),
    "ashura": EventRule("hijri", 1, 9, 2),
    "arbaeen": EventRule("hijri", 2, 20, 1),
}


def event_spans(tag: str, gregorian_year: int) -> tuple[Span, ...]:
    """The spans of the event ``tag`` that start in a Gregorian year: one, for a Hijri event at times two or none.

    Raises DefinitionError ``unknown_event``.

    >>> event_spans("ramadan", 2024)
    (Span(start=datetime.date(2024, 3, 11), end=datetime.date(2024, 4, 10)),)
    >>> len(event_spans("ramadan", 2030))
    2
    """
    if tag not in EVENT_RULES:
        raise DefinitionError(Issue("unknown_event", {"event": tag}, suggestion=suggest(tag, EVENT_RULES)))
    rule = EVENT_RULES[tag]
    if rule.reckoning == "hijri":
        year = hijri_year_near(gregorian_year)
        spans = [_hijri_span(rule, year + step) for step in range(3)]
    else:
        spans = [_jalali_span(rule, gregorian_year - 622), _jalali_span(rule, gregorian_year - 621)]
    return tuple(span for span in spans if span.start.year == gregorian_year)


def events_in(span: Span, tags: Sequence[str] = tuple(EVENT_RULES)) -> tuple[CalendarEvent, ...]:
    """The events of these tags that share a day with ``span``, by start.

    >>> from datetime import date
    >>> [event.tag for event in events_in(Span(date(2024, 3, 1), date(2024, 4, 1)))]
    ['ramadan', 'nowruz']
    """
    found = [
        CalendarEvent(tag, coming, EVENT_RULES[tag].reckoning == "hijri")
        for tag in tags
        for year in range(span.start.year - 1, span.end.year + 1)
        for coming in event_spans(tag, year)
        if coming.overlaps(span)
    ]
    return tuple(sorted(found, key=lambda event: (event.span, event.tag)))


def _hijri_span(rule: EventRule, year: int) -> Span:
    month_start = hijri_month_start(year, rule.month)
    start = month_start + timedelta(days=rule.day - 1)
    end = start + timedelta(days=rule.days) if rule.days else hijri_month_start(year, rule.month + 1)
    return Span(start, end)


def _jalali_span(rule: EventRule, year: int) -> Span:
    start = date_from_jalali(year, rule.month, rule.day)
    return Span(start, start + timedelta(days=rule.days))
