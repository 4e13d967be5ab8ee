"""The timeline: slots move by their calendar's ordinals, and an open one's kin are cut to the same days."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import Grain, Span, make_calendar
from sanjeh.series import BEGINNING, Timeline

GREGORIAN, JALALI = make_calendar("gregorian"), make_calendar("jalali")
LATE = date(2030, 1, 1)


def test_a_closed_slot_is_its_whole_period_and_an_open_one_ends_at_what_is_known() -> None:
    """As of 10 March, ten days of March have elapsed; February is whole and April has not begun."""
    timeline = Timeline(GREGORIAN, date(2024, 3, 11))
    february, march, april = (timeline.at(GREGORIAN.parse_period(f"2024-0{n}")) for n in (2, 3, 4))
    assert (february.days, february.elapsed) == (29, None)
    assert (march.days, march.elapsed, march.end) == (10, 10, date(2024, 3, 11))
    assert (april.days, april.elapsed) == (30, None)


def test_the_kin_of_an_open_slot_have_as_many_days_and_never_more_than_they_have() -> None:
    """Thirty days of March against all 29 of February, and against thirty of last March."""
    timeline = Timeline(GREGORIAN, date(2024, 3, 31))
    march = timeline.at(GREGORIAN.parse_period("2024-03"))
    assert timeline.shift(march, -1).span == Span(date(2024, 2, 1), date(2024, 3, 1))
    assert timeline.shift(march, -2).span == Span(date(2024, 1, 1), date(2024, 1, 31))
    assert timeline.year_ago(march).span == Span(date(2023, 3, 1), date(2023, 3, 31))


def test_a_month_of_last_year_is_the_calendars_own() -> None:
    """Esfand 1403 had 30 days, Esfand 1402 had 29."""
    esfand = Timeline(JALALI, LATE).at(JALALI.parse_period("1403-12"))
    before = Timeline(JALALI, LATE).year_ago(esfand)
    assert (esfand.days, before.days) == (30, 29)
    assert before.span == Span(date(2024, 2, 20), date(2024, 3, 20))


def test_spans_that_grow_end_where_the_slot_ends() -> None:
    """Rolling begins two periods earlier, to date at the beginning, the year at Nowruz."""
    timeline = Timeline(JALALI, LATE)
    khordad = timeline.at(JALALI.parse_period("1403-03"))
    assert timeline.rolling(khordad, 2).span == Span(date(2024, 4, 20), khordad.end)
    assert timeline.to_date(khordad).span == Span(BEGINNING, khordad.end)
    assert timeline.year_to_date(khordad).span == Span(date(2024, 3, 20), khordad.end)
    assert timeline.lagged(khordad, 30).span == khordad.span.shifted(-30)


def test_a_free_slot_moves_by_its_own_length() -> None:
    """A campaign of ten days is compared with the ten days before it."""
    timeline = Timeline(GREGORIAN, LATE)
    slot = timeline.free(Span(date(2024, 3, 11), date(2024, 3, 21)), "spring")
    assert timeline.shift(slot, -1).span == Span(date(2024, 3, 1), date(2024, 3, 11))
    assert timeline.rolling(slot, 2).span == Span(date(2024, 3, 1), date(2024, 3, 21))
    assert (slot.name, timeline.periods_per_year(slot)) == ("spring", None)


def test_every_day_of_a_slot_is_a_slot_and_an_open_one_has_the_elapsed_ones() -> None:
    """Ten days of an open March."""
    timeline = Timeline(GREGORIAN, date(2024, 3, 11))
    days = timeline.each_day(timeline.at(GREGORIAN.parse_period("2024-03")))
    assert [day.start.day for day in days] == list(range(1, 11))
    assert all(day.days == 1 and day.elapsed is None for day in days)


@given(
    st.sampled_from([GREGORIAN, JALALI]),
    st.sampled_from([Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR]),
    st.dates(date(2000, 1, 1), date(2024, 1, 1)),
    st.integers(1, 13),
)
def test_there_and_back_is_where_one_was_and_neighbours_touch(
    calendar: object, grain: Grain, day: date, n: int
) -> None:
    """Shifting by n and by minus n is nothing; rolling n periods is the n slots side by side."""
    timeline = Timeline(calendar, LATE)  # type: ignore[arg-type]
    slot = timeline.at(timeline.calendar.period_of(grain, day))
    assert timeline.shift(timeline.shift(slot, -n), n) == slot
    parts = [timeline.shift(slot, -k) for k in range(n)][::-1]
    assert all(left.end == right.start for left, right in pairwise(parts))
    assert timeline.rolling(slot, n).span == Span(parts[0].start, slot.end)
