"""The timeline is the demo's three Jalali years as numbered days: day 0 is 1401-01-01, minutes count from its start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sanjeh.calendars import date_from_jalali, event_spans, jalali_from_date

FIRST_YEAR = 1401
LAST_YEAR = 1403
START = date_from_jalali(FIRST_YEAR, 1, 1)
# The first day after the last one: what happens from here on is not in the exports.
STOP = date_from_jalali(LAST_YEAR + 1, 1, 1)
DAYS = (STOP - START).days
MINUTES_PER_DAY = 1440
END = DAYS * MINUTES_PER_DAY

_MARGIN = 900


@dataclass(frozen=True, slots=True)
class DemoDay:
    """One day: its Jalali year, month and day, its weekday (Monday 0), and whether Ramadan or Nowruz is on."""

    year: int
    month: int
    day: int
    weekday: int
    is_ramadan: bool
    is_nowruz: bool

    @property
    def text(self) -> str:
        """The day as exports write it, such as ``1403/05/04``."""
        return f"{self.year}/{self.month:02}/{self.day:02}"


@cache
def _days() -> tuple[DemoDay, ...]:
    first = START - timedelta(_MARGIN)
    years = range(first.year, STOP.year + 4)
    tagged = {
        tag: {
            span.start + timedelta(step)
            for year in years
            for span in event_spans(tag, year)
            for step in range((span.end - span.start).days)
        }
        for tag in ("ramadan", "nowruz")
    }
    days = [first + timedelta(step) for step in range(DAYS + 2 * _MARGIN)]
    return tuple(
        DemoDay(*jalali_from_date(day), day.weekday(), day in tagged["ramadan"], day in tagged["nowruz"])
        for day in days
    )


def day_at(index: int) -> DemoDay:
    """The day numbered ``index``, from two years before the timeline to two years after it.

    >>> day_at(0).text, day_at(DAYS - 1).text, day_at(-1).text
    ('1401/01/01', '1403/12/30', '1400/12/29')
    """
    return _days()[index + _MARGIN]


def day_text(index: int) -> str:
    """The day numbered ``index`` as exports write it.

    >>> day_text(31)
    '1401/02/01'
    """
    return day_at(index).text


def time_text(minute: int) -> str:
    """The minute as exports write it.

    >>> time_text(1440 + 75)
    '1401/01/02 01:15'
    """
    index, rest = divmod(minute, MINUTES_PER_DAY)
    return f"{day_at(index).text} {rest // 60:02}:{rest % 60:02}"


def past_time(minute: int | None) -> str:
    """The minute as exports write it, blank when it is none or not yet over at the end of the timeline."""
    return "" if minute is None or minute >= END else time_text(minute)


def past_day(index: int | None) -> str:
    """The day as exports write it, blank when it is none or after the end of the timeline."""
    return "" if index is None or index >= DAYS else day_text(index)


@dataclass(frozen=True, slots=True)
class DemoMonth:
    """One Jalali month of the timeline: its place (0 to 35), year, month, first day and first day after."""

    place: int
    year: int
    month: int
    first: int
    stop: int


@cache
def months() -> tuple[DemoMonth, ...]:
    """The thirty-six months of the timeline.

    >>> [(month.year, month.month, month.stop - month.first) for month in months()][-1]
    (1403, 12, 30)
    """
    firsts = [index for index in range(DAYS) if day_at(index).day == 1]
    return tuple(
        DemoMonth(place, day_at(first).year, day_at(first).month, first, stop)
        for place, (first, stop) in enumerate(zip(firsts, [*firsts[1:], DAYS], strict=True))
    )
