from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import Grain, jalali_from_date, make_calendar
from sanjeh.calendars.vector import from_jalali, period_ordinals, to_jalali
from sanjeh.errors import DataError

ALL_DAYS = np.arange("1821-03-21", "2222-03-21", dtype="datetime64[D]")


def test_every_day_of_1200_to_1600_is_the_same_as_the_scalar_one() -> None:
    year, month, day = to_jalali(ALL_DAYS)
    assert (int(year[0]), int(year[-1])) == (1200, 1600)
    scalars = [jalali_from_date(item) for item in ALL_DAYS.tolist()]
    assert list(zip(year.tolist(), month.tolist(), day.tolist(), strict=True)) == scalars


def test_every_day_of_1200_to_1600_round_trips() -> None:
    assert (from_jalali(*to_jalali(ALL_DAYS)) == ALL_DAYS).all()


def test_shapes_are_kept_and_scalars_broadcast() -> None:
    grid = np.array([["2024-03-20", "2024-03-21"], ["2024-04-20", "2025-03-20"]], dtype="datetime64[D]")
    assert [part.tolist() for part in to_jalali(grid)] == [
        [[1403, 1403], [1403, 1403]],
        [[1, 1], [2, 12]],
        [[1, 2], [1, 30]],
    ]
    assert from_jalali(1403, [1, 2], 1).tolist() == [date(2024, 3, 20), date(2024, 4, 20)]
    assert [part.tolist() for part in to_jalali(np.array([], dtype="datetime64[D]"))] == [[], [], []]


@pytest.mark.parametrize("text", ["NaT", "1500-01-01", "2900-01-01"])
def test_a_day_outside_the_table_is_refused(text: str) -> None:
    with pytest.raises(DataError) as caught:
        to_jalali(np.array(["2024-03-20", text], dtype="datetime64[D]"))
    assert (caught.value.code, caught.value.issues[0].data["day"]) == ("date_out_of_range", text)


@pytest.mark.parametrize("wrong", [(1404, 12, 30), (1403, 13, 1), (1403, 1, 32), (1, 1, 1)])
def test_the_first_wrong_jalali_day_is_named(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(DataError) as caught:
        from_jalali([1403, wrong[0]], [1, wrong[1]], [1, wrong[2]])
    assert caught.value.issues[0].data["text"] == "{:04d}-{:02d}-{:02d}".format(*wrong)


@given(st.lists(st.dates(date(1990, 1, 1), date(2040, 1, 1)), min_size=1, max_size=5), st.sampled_from(list(Grain)))
def test_ordinals_of_a_column_are_those_of_its_days(days: list[date], grain: Grain) -> None:
    calendar = make_calendar("jalali")
    column = np.array(days, dtype="datetime64[D]")
    expected = [calendar.ordinal_of(grain, day) for day in days]
    assert period_ordinals(calendar, grain, column).tolist() == expected
