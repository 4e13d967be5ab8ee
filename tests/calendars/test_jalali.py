import csv
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import date_from_jalali, jalali_from_date
from sanjeh.calendars.jalali import days_in_month, is_leap_year
from sanjeh.errors import DataError, SanjehError

DAYS = st.dates(date(1821, 3, 21), date(2222, 3, 20))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_official_pair_of_dates_agrees(shared: Path) -> None:
    pairs = [row for row in rows(shared / "data/iran_reference/jalali_pairs.csv") if row["check"] == "ok"]
    assert len(pairs) > 5000
    for row in pairs:
        year, month, day = (int(part) for part in row["jalali"].split("-"))
        gregorian = date.fromisoformat(row["gregorian"])
        assert jalali_from_date(gregorian) == (year, month, day)
        assert date_from_jalali(year, month, day) == gregorian


def test_every_reference_year_has_its_length_and_nowruz(shared: Path) -> None:
    years = rows(shared / "data/iran_reference/jalali_years.csv")
    assert len(years) == 201
    for row in years:
        year = int(row["jalali_year"])
        nowruz = date_from_jalali(year, 1, 1)
        assert nowruz.isoformat() == row["nowruz_gregorian"]
        assert (date_from_jalali(year + 1, 1, 1) - nowruz).days == int(row["days"])


def test_every_month_of_1200_to_1600_starts_and_ends_as_jdatetime_says() -> None:
    for year in range(1200, 1601):
        assert is_leap_year(year) == jdatetime.date(year, 1, 1).isleap()
        for month in range(1, 13):
            for day in (1, days_in_month(year, month)):
                gregorian = jdatetime.date(year, month, day).togregorian()
                assert date_from_jalali(year, month, day) == gregorian
                assert jalali_from_date(gregorian) == (year, month, day)


@given(DAYS)
def test_a_day_round_trips_and_agrees_with_jdatetime(day: date) -> None:
    fields = jalali_from_date(day)
    other = jdatetime.date.fromgregorian(date=day)
    assert date_from_jalali(*fields) == day
    assert fields == (other.year, other.month, other.day)


def test_days_follow_one_another_without_a_gap_over_a_whole_cycle() -> None:
    day = date_from_jalali(1386, 1, 1)
    expected = [(y, m, d) for y in range(1386, 1420) for m in range(1, 13) for d in range(1, days_in_month(y, m) + 1)]
    assert [jalali_from_date(day + timedelta(days=n)) for n in range(len(expected))] == expected


@pytest.mark.parametrize(
    "fields", [(1404, 12, 30), (1403, 7, 31), (1403, 13, 1), (1403, 0, 1), (1403, 1, 0), (99, 1, 1)]
)
def test_a_day_that_does_not_exist_is_refused(fields: tuple[int, int, int]) -> None:
    with pytest.raises(DataError) as caught:
        date_from_jalali(*fields)
    assert caught.value.code == "bad_date"


def test_years_beyond_the_rule_are_refused_not_guessed() -> None:
    with pytest.raises(SanjehError) as caught:
        jalali_from_date(date(1500, 1, 1))
    assert caught.value.code == "date_out_of_range"


def test_the_package_does_not_load_numpy() -> None:
    code = "import sys, sanjeh.calendars, sanjeh.units; sys.exit('numpy' in sys.modules or 'holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
