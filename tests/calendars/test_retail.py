from datetime import date

import pytest

from sanjeh.calendars import Grain, make_calendar

US_RETAIL = make_calendar("retail", week_start=6)


@pytest.mark.parametrize(
    ("year", "start", "weeks"),
    # First days as the US National Retail Federation publishes them.
    [
        (2012, date(2012, 1, 29), 53),
        (2017, date(2017, 1, 29), 53),
        (2022, date(2022, 1, 30), 52),
        (2023, date(2023, 1, 29), 53),
        (2024, date(2024, 2, 4), 52),
        (2025, date(2025, 2, 2), 52),
    ],
)
def test_years_start_as_published_for_us_retail(year: int, start: date, weeks: int) -> None:
    period = US_RETAIL.parse_period(f"R{year}")
    assert (period.start, period.days) == (start, weeks * 7)


def test_months_have_four_four_and_five_weeks() -> None:
    months = US_RETAIL.periods(Grain.MONTH, US_RETAIL.parse_period("R2024").span)
    assert [month.days // 7 for month in months] == [4, 4, 5] * 4
    assert [month.label for month in months][:2] == ["R2024-P01", "R2024-P02"]


def test_the_53rd_week_belongs_to_the_twelfth_month() -> None:
    months = US_RETAIL.periods(Grain.MONTH, US_RETAIL.parse_period("R2023").span)
    assert [month.days // 7 for month in months] == [4, 4, 5] * 3 + [4, 4, 6]
    assert US_RETAIL.parse_period("R2023-W53").end == US_RETAIL.parse_period("R2024-W01").start


@pytest.mark.parametrize(("pattern", "weeks"), [("4-5-4", [4, 5, 4]), ("5-4-4", [5, 4, 4])])
def test_other_patterns_cut_the_same_quarters(pattern: str, weeks: list[int]) -> None:
    calendar = make_calendar("retail", week_start=6, retail_pattern=pattern)
    quarter = calendar.parse_period("R2024-Q2")
    assert [month.days // 7 for month in calendar.periods(Grain.MONTH, quarter.span)] == weeks
    assert quarter.span == US_RETAIL.parse_period("R2024-Q2").span


def test_the_last_saturday_of_september_closes_the_year() -> None:
    calendar = make_calendar("retail", week_start=6, retail_end_month=9, retail_year_end="last")
    year = calendar.parse_period("R2024")
    assert (year.start, year.end) == (date(2023, 10, 1), date(2024, 9, 29))


def test_a_retail_day_a_year_ago_is_the_same_weekday() -> None:
    day = US_RETAIL.parse_period("2024-11-29")
    assert US_RETAIL.year_ago(day).start == date(2023, 12, 1)
