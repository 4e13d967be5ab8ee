import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import Calendar, Grain, Period, Span, is_open, make_calendar
from sanjeh.errors import DefinitionError, SanjehError

CALENDARS = (
    make_calendar("gregorian"),
    make_calendar("gregorian", week_start=0),
    make_calendar("jalali"),
    make_calendar("fiscal", fiscal_start_month=7),
    make_calendar("fiscal", fiscal_start_month=4, fiscal_base="gregorian", fiscal_named_by="ends"),
    make_calendar("retail", week_start=6),
    make_calendar("retail", retail_year_end="last", retail_end_month=9, retail_pattern="4-5-4", week_start=6),
    make_calendar("retail", retail_base="jalali", retail_end_month=12, retail_pattern="5-4-4"),
)
ANY_CALENDAR = st.sampled_from(CALENDARS)
ANY_GRAIN = st.sampled_from(list(Grain))
ANY_DAY = st.dates(date(1850, 1, 1), date(2200, 1, 1))
JALALI = make_calendar("jalali")
GREGORIAN = make_calendar("gregorian")


def code_of(action: object, *arguments: object) -> str:
    assert callable(action)
    with pytest.raises(SanjehError) as caught:
        action(*arguments)
    return caught.value.code


@given(ANY_CALENDAR, ANY_GRAIN, ANY_DAY)
def test_periods_tile_the_line(calendar: Calendar, grain: Grain, day: date) -> None:
    period = calendar.period_of(grain, day)
    following = calendar.shift(period, 1)
    assert period.span.contains(day)
    assert following.start == period.end
    assert following.ordinal == period.ordinal + 1
    assert calendar.period_of(grain, period.start) == period
    assert calendar.period_of(grain, period.end - timedelta(days=1)) == period


@given(ANY_CALENDAR, ANY_GRAIN, ANY_DAY)
def test_a_label_is_read_back_as_its_period(calendar: Calendar, grain: Grain, day: date) -> None:
    period = calendar.period_of(grain, day)
    assert calendar.parse_period(period.label) == period
    assert calendar.parse_period(period.label.lower().replace("-", "/")) == period


@given(ANY_CALENDAR, ANY_GRAIN, ANY_DAY, st.integers(1, 800))
def test_the_periods_of_a_span_are_all_that_overlap_it(calendar: Calendar, grain: Grain, day: date, days: int) -> None:
    span = Span(day, day + timedelta(days=days))
    periods = calendar.periods(grain, span)
    assert all(period.span.overlaps(span) for period in periods)
    assert periods[0].start <= span.start < periods[0].end
    assert periods[-1].start < span.end <= periods[-1].end
    assert [period.ordinal for period in periods] == list(range(periods[0].ordinal, periods[-1].ordinal + 1))


@given(ANY_CALENDAR, ANY_DAY)
def test_months_make_quarters_and_quarters_make_years(calendar: Calendar, day: date) -> None:
    year = calendar.period_of(Grain.YEAR, day)
    for grain, count in ((Grain.QUARTER, 4), (Grain.MONTH, 12)):
        parts = calendar.periods(grain, year.span)
        assert (len(parts), parts[0].start, parts[-1].end) == (count, year.start, year.end)
    assert calendar.year_start(day) == year.start


@given(ANY_CALENDAR, ANY_DAY, st.integers(1, 5))
def test_a_year_ago_is_twelve_months_four_quarters_or_one_year_back(calendar: Calendar, day: date, years: int) -> None:
    for grain, step in ((Grain.MONTH, 12), (Grain.QUARTER, 4), (Grain.YEAR, 1), (Grain.WEEK, 52)):
        period = calendar.period_of(grain, day)
        assert calendar.year_ago(period, years).ordinal == period.ordinal - step * years


@given(ANY_CALENDAR, ANY_GRAIN, ANY_DAY, st.integers(1, 400))
def test_the_part_to_date_never_leaves_its_period(calendar: Calendar, grain: Grain, day: date, later: int) -> None:
    period = calendar.period_of(grain, day)
    as_of_end = day + timedelta(days=later)
    part = calendar.to_date_span(period, as_of_end)
    earlier = calendar.year_ago(period)
    share = calendar.same_share(period, earlier, as_of_end)
    assert (part.start, part.end) == (period.start, min(period.end, as_of_end))
    assert (share.start, share.end <= earlier.end) == (earlier.start, True)
    assert share.days == (min(part.days, earlier.days) if is_open(period, as_of_end) else earlier.days)


@pytest.mark.parametrize(
    ("calendar", "label", "start", "end"),
    [
        (JALALI, "1403", date(2024, 3, 20), date(2025, 3, 21)),
        (JALALI, "1403-Q1", date(2024, 3, 20), date(2024, 6, 21)),
        (JALALI, "1403-05", date(2024, 7, 22), date(2024, 8, 22)),
        (JALALI, "1403-05-14", date(2024, 8, 4), date(2024, 8, 5)),
        # 1 Farvardin 1403 was a Wednesday: three days of its week (Saturday to Friday) are of 1403, four of 1402, so
        # week 1 begins on the Saturday after.
        (JALALI, "1403-W01", date(2024, 3, 23), date(2024, 3, 30)),
        (GREGORIAN, "2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        (GREGORIAN, "2024-Q4", date(2024, 10, 1), date(2025, 1, 1)),
        (make_calendar("fiscal", fiscal_start_month=7), "FY1403-M01", date(2024, 9, 22), date(2024, 10, 22)),
        (make_calendar("fiscal", fiscal_start_month=7), "FY1403-Q2", date(2024, 12, 21), date(2025, 3, 21)),
        (
            make_calendar("fiscal", fiscal_start_month=4, fiscal_base="gregorian", fiscal_named_by="ends"),
            "FY2025",
            date(2024, 4, 1),
            date(2025, 4, 1),
        ),
        (make_calendar("fiscal", fiscal_named_by="ends"), "FY1403", date(2024, 3, 20), date(2025, 3, 21)),
    ],
)
def test_a_label_means_these_days(calendar: Calendar, label: str, start: date, end: date) -> None:
    period = calendar.parse_period(label)
    assert (period.start, period.end, period.label) == (start, end, label)


@given(ANY_DAY)
def test_weeks_from_monday_are_those_of_iso_8601(day: date) -> None:
    week = make_calendar("gregorian", week_start=0).period_of(Grain.WEEK, day)
    year, number, _ = day.isocalendar()
    assert week.label == f"{year}-W{number:02d}"


@pytest.mark.parametrize(
    "label",
    [
        "",
        "1403-13",
        "1403-00",
        "1403-Q5",
        "1403-W54",
        "1403-W00",
        "1403-02-32",
        "403",
        "1403-M05",
        "FY1403",
        "2024-05",
        "تیر",
    ],
)
def test_a_label_of_no_period_is_refused(label: str) -> None:
    assert code_of(JALALI.parse_period, label) == "bad_period"


def test_a_jalali_year_is_no_period_of_the_gregorian_calendar() -> None:
    assert code_of(GREGORIAN.parse_period, "1403-05") == "bad_period"


def test_labels_are_read_with_persian_digits_and_without_leading_zeros() -> None:
    assert JALALI.parse_period("۱۴۰۳/۵").label == "1403-05"
    assert JALALI.parse_period(" ۱۴۰۳-q۱ ").label == "1403-Q1"


def test_a_day_is_jalali_or_gregorian_by_its_year() -> None:
    for calendar in (JALALI, GREGORIAN):
        assert calendar.parse_day("1403-04-31") == date(2024, 7, 21)
        assert calendar.parse_day("2024-07-21") == date(2024, 7, 21)


@pytest.mark.parametrize("text", ["1404-12-30", "1403-07-31", "2023-02-29", "99-05-14", "0099-05-14", "14030514", ""])
def test_a_text_that_is_no_day_is_refused(text: str) -> None:
    assert code_of(JALALI.parse_day, text) == "bad_date"


def test_the_day_a_year_ago_is_clipped_to_the_month() -> None:
    leap_day = JALALI.parse_period("1403-12-30")
    assert JALALI.year_ago(leap_day).label == "1402-12-29"
    assert JALALI.year_ago(leap_day, 4).label == "1399-12-30"
    assert GREGORIAN.year_ago(GREGORIAN.parse_period("2024-02-29")).label == "2023-02-28"


def test_an_open_month_is_compared_with_as_many_days_of_the_earlier_one() -> None:
    tir, tir_before = JALALI.parse_period("1403-04"), JALALI.parse_period("1402-04")
    as_of_end = date(2024, 7, 1)  # 11 Tir: ten days are known
    assert JALALI.to_date_span(tir, as_of_end).days == 10
    assert JALALI.same_share(tir, tir_before, as_of_end) == Span(date(2023, 6, 22), date(2023, 7, 2))
    assert JALALI.same_share(tir, tir_before, date(2024, 7, 22)) == tir_before.span


def test_a_period_that_has_not_started_has_no_part_to_date() -> None:
    tir = JALALI.parse_period("1403-04")
    assert code_of(JALALI.to_date_span, tir, tir.start) == "period_not_started"
    assert code_of(JALALI.same_share, tir, JALALI.parse_period("1402-04"), tir.start) == "period_not_started"


def test_a_period_of_another_calendar_is_not_shifted() -> None:
    march: Period = GREGORIAN.parse_period("2024-03")
    assert code_of(JALALI.shift, march, 1) == "calendar_mismatch"
    assert code_of(JALALI.year_ago, march) == "calendar_mismatch"


@pytest.mark.parametrize(
    "settings",
    [
        {"week_start": 7},
        {"weekend": (9,)},
        {"code": "fiscal", "fiscal_start_month": 13},
        {"code": "fiscal", "fiscal_base": "lunar"},
        {"code": "fiscal", "fiscal_named_by": "luck"},
        {"code": "retail", "retail_pattern": "5-5-3"},
        {"code": "retail", "retail_end_month": 0},
        {"code": "retail", "retail_year_end": "first"},
    ],
)
def test_a_setting_that_no_calendar_has_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(DefinitionError) as caught:
        make_calendar(**{"code": "gregorian", **settings})  # type: ignore[arg-type]
    assert caught.value.code == "bad_calendar_setting"


def test_an_unknown_calendar_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(DefinitionError) as caught:
        make_calendar("jalaly")
    assert caught.value.issues[0].suggestion == "jalali"


def test_the_week_end_is_a_setting() -> None:
    friday = date(2024, 3, 22)
    assert JALALI.is_weekend(friday)
    assert not make_calendar("gregorian", weekend=(5, 6)).is_weekend(friday)


def test_every_reference_pair_is_read_even_where_the_source_wrote_a_gregorian_date(shared: Path) -> None:
    with (shared / "data/iran_reference/jalali_pairs.csv").open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    assert sum(pair["jalali"].startswith("2") for pair in pairs) == 3
    assert [JALALI.parse_day(pair["jalali"]).isoformat() for pair in pairs] == [pair["gregorian"] for pair in pairs]
