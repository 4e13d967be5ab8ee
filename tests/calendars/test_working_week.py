from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import Span, WorkingWeek, holiday_dates
from sanjeh.errors import DefinitionError

FRIDAY_16, MONDAY_16 = datetime(2024, 3, 8, 16), datetime(2024, 3, 11, 16)
MONDAY_TO_FRIDAY = WorkingWeek(days=frozenset(range(5)))
INSTANTS = st.datetimes(datetime(2024, 3, 1), datetime(2024, 4, 30))


def test_p37_friday_afternoon_to_monday_afternoon_is_eight_working_hours() -> None:
    assert MONDAY_TO_FRIDAY.minutes_between(FRIDAY_16, MONDAY_16) == 8 * 60


def test_p38_the_same_stamps_are_23_hours_of_the_iranian_week() -> None:
    assert WorkingWeek().minutes_between(FRIDAY_16, MONDAY_16) == (8 + 8 + 7) * 60


def test_a_holiday_takes_its_day_away() -> None:
    week = WorkingWeek(holidays=frozenset({date(2024, 3, 10)}))
    assert week.minutes_between(FRIDAY_16, MONDAY_16) == (8 + 7) * 60


def test_thursday_is_an_option() -> None:
    thursday = date(2024, 3, 7)
    assert WorkingWeek().day_minutes(thursday) == 0
    assert WorkingWeek(days=frozenset({5, 6, 0, 1, 2, 3}), closes=time(13)).day_minutes(thursday) == 240


@given(INSTANTS, INSTANTS)
def test_the_table_gives_the_same_minutes_as_the_walk(start: datetime, end: datetime) -> None:
    week = WorkingWeek(holidays=frozenset({date(2024, 3, 20), date(2024, 4, 1)}))
    rows = {row.day: row for row in week.table(Span(date(2024, 3, 1), date(2024, 5, 1)))}

    def worked(instant: datetime) -> float:
        row = rows[instant.date()]
        minute = (instant - datetime.combine(instant.date(), time())) / timedelta(minutes=1)
        return row.before + min(max(minute - week.opening_minute, 0.0), row.minutes)

    assert week.minutes_between(start, end) == pytest.approx(worked(end) - worked(start), abs=1e-6)


@given(INSTANTS, INSTANTS, INSTANTS)
def test_working_minutes_add_up_and_change_sign_with_direction(a: datetime, b: datetime, c: datetime) -> None:
    week = WorkingWeek()
    assert week.minutes_between(a, b) + week.minutes_between(b, c) == pytest.approx(
        week.minutes_between(a, c), abs=1e-6
    )
    assert week.minutes_between(a, b) == -week.minutes_between(b, a)


@pytest.mark.parametrize("settings", [{"opens": time(18)}, {"days": frozenset()}, {"days": frozenset({8})}])
def test_a_week_without_work_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(DefinitionError) as caught:
        WorkingWeek(**settings)  # type: ignore[arg-type]
    assert caught.value.code == "bad_working_week"


def test_public_holidays_of_iran_hold_nowruz_and_those_of_no_country_are_refused() -> None:
    assert {date(2024, 3, 20), date(2025, 3, 21)} <= holiday_dates("ir", [2024, 2025])
    with pytest.raises(DefinitionError) as caught:
        holiday_dates("QQ", [2024])
    assert caught.value.code == "unknown_country"
