from datetime import date

import pytest

from sanjeh.calendars import Span, event_spans, events_in
from sanjeh.calendars.hijri import hijri_month_start
from sanjeh.errors import DefinitionError


@pytest.mark.parametrize(
    ("year", "announced"),
    # First day of Ramadan as announced in Iran.
    [
        (2021, date(2021, 4, 14)),
        (2022, date(2022, 4, 3)),
        (2023, date(2023, 3, 23)),
        (2024, date(2024, 3, 12)),
        (2025, date(2025, 3, 2)),
    ],
)
def test_ramadan_is_within_two_days_of_the_announced_one(year: int, announced: date) -> None:
    (ramadan,) = event_spans("ramadan", year)
    assert abs((ramadan.start - announced).days) <= 2
    assert ramadan.days == 30


def test_hijri_years_have_354_or_355_days_eleven_long_ones_in_thirty() -> None:
    lengths = [(hijri_month_start(year + 1, 1) - hijri_month_start(year, 1)).days for year in range(1441, 1471)]
    assert (lengths.count(354), lengths.count(355)) == (19, 11)
    assert hijri_month_start(1445, 13) == hijri_month_start(1446, 1)


def test_a_hijri_event_may_come_twice_in_a_gregorian_year() -> None:
    assert [span.start.month for span in event_spans("ramadan", 2030)] == [1, 12]


def test_nowruz_comes_once_every_year_and_is_no_estimate() -> None:
    assert all(len(event_spans("nowruz", year)) == 1 for year in range(1990, 2060))
    assert event_spans("nowruz", 2024) == (Span(date(2024, 3, 20), date(2024, 4, 2)),)
    assert [event.is_estimate for event in events_in(Span(date(2024, 4, 1), date(2024, 4, 2)))] == [True, False]


def test_an_event_that_began_the_year_before_is_still_found() -> None:
    assert [event.tag for event in events_in(Span(date(2031, 1, 1), date(2031, 1, 2)), ["ramadan"])] == ["ramadan"]


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        event_spans("ramadam", 2024)
    assert caught.value.issues[0].suggestion == "ramadan"
