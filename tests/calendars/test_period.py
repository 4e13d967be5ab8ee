from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import Grain, Span, elapsed_days, has_started, is_open, is_ripe, make_calendar, periods_per_year
from sanjeh.errors import SanjehError

MORDAD = make_calendar("jalali").parse_period("1403-05")


@pytest.mark.parametrize("end", [date(2024, 3, 20), date(2024, 3, 19)])
def test_a_span_without_days_is_refused(end: date) -> None:
    with pytest.raises(SanjehError) as caught:
        Span(date(2024, 3, 20), end)
    assert caught.value.code == "empty_span"


def test_spans_are_ordered_by_start() -> None:
    early, late = Span(date(2024, 1, 1), date(2024, 3, 1)), Span(date(2024, 2, 1), date(2024, 2, 2))
    assert sorted([late, early]) == [early, late]
    assert early.shifted(31) == Span(date(2024, 2, 1), date(2024, 4, 1))


@given(st.integers(-60, 120))
def test_a_period_is_not_started_or_open_or_over(offset: int) -> None:
    as_of_end = MORDAD.start + timedelta(days=offset)
    over = as_of_end >= MORDAD.end
    assert [not has_started(MORDAD, as_of_end), is_open(MORDAD, as_of_end), over].count(True) == 1
    assert elapsed_days(MORDAD, as_of_end) == min(max(offset, 0), 31)


@given(st.integers(0, 120), st.integers(0, 90))
def test_a_period_is_provisional_until_its_window_is_known(offset: int, days: int) -> None:
    as_of_end = MORDAD.end + timedelta(days=offset)
    assert is_ripe(MORDAD, as_of_end, days) == (offset >= days)


def test_a_year_is_counted_in_each_grain() -> None:
    assert [periods_per_year(grain) for grain in Grain] == [365, 52, 12, 4, 1]
