"""Dates and times as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import jalali_from_date
from sanjeh.connectors.cleaning.date import DateStyle, parse_date
from sanjeh.connectors.cleaning.date_spelling import is_zero_date
from sanjeh.errors import SanjehError

JALALI = DateStyle("jalali")
GREGORIAN = DateStyle("gregorian")
DMY, MDY = DateStyle(order="dmy"), DateStyle(order="mdy")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
MONTHS_FA = ["فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"]
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
FOURTH_OF_AUGUST = datetime(2024, 8, 4)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("1403/05/14", JALALI),
        ("1403-5-14", JALALI),
        ("1403.05.14", JALALI),
        ("14030514", JALALI),
        ("۱۴۰۳/۰۵/۱۴", JALALI),
        ("١٤٠٣/٠٥/١٤", JALALI),
        ("\u200f۱۴۰۳/۵/۱۴ ", JALALI),
        ("14/05/1403", JALALI),
        ("03/05/14", DateStyle("jalali", two_digit_year=True)),
        ("14 مرداد 1403", JALALI),
        ("۱۴ مرداد ۱۴۰۳", GREGORIAN),
        ("۱۴ مرداد ماه ۱۴۰۳", JALALI),
        ("۱۴مرداد۱۴۰۳", JALALI),
        ("یکشنبه ۱۴ مرداد ۱۴۰۳", JALALI),
        ("یک‌شنبه، ۱۴ مرداد ۱۴۰۳", JALALI),
        ("۱۴ امرداد ۰۳", JALALI),
        ("14 Mordad 1403", JALALI),
        ("2024-08-04", JALALI),
        ("2024/8/4", GREGORIAN),
        ("20240804", GREGORIAN),
        ("4/8/2024", DMY),
        ("8/4/2024", MDY),
        ("04.08.2024", DMY),
        ("04/08/24", DateStyle(order="dmy", two_digit_year=True)),
        ("Aug 4, 2024", GREGORIAN),
        ("4 Aug 2024", GREGORIAN),
        ("4-Aug-24", GREGORIAN),
        ("August 4th 2024", GREGORIAN),
        ("Sunday, August 4, 2024", GREGORIAN),
        ("2024 Aug 4", GREGORIAN),
        ("۴ اوت ۲۰۲۴", JALALI),
        ("۴ آگوست ۲۰۲۴", GREGORIAN),
        ("Sun-Aug-4", DateStyle(year=2024)),
        ("45508", DateStyle(bare="excel_serial")),
        ("45508.0", DateStyle(bare="excel_serial")),
        ("1722729600", DateStyle(bare="epoch_seconds")),
        ("1722729600000", DateStyle(bare="epoch_millis")),
    ],
)
def test_one_day_in_every_spelling(text: str, style: DateStyle) -> None:
    assert parse_date(text, style) == FOURTH_OF_AUGUST


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jan 2024", datetime(2024, 1, 1)),
        ("2024-02", datetime(2024, 2, 1)),
        ("02/2024", datetime(2024, 2, 1)),
        ("۱۴۰۳/۰۵", datetime(2024, 7, 22)),
        ("140305", datetime(2024, 7, 22)),
        ("مرداد ۱۴۰۳", datetime(2024, 7, 22)),
        ("June 2024", datetime(2024, 6, 1)),
    ],
)
def test_a_month_is_its_first_day(text: str, found: datetime) -> None:
    assert parse_date(text, GREGORIAN) == found


@pytest.mark.parametrize(
    ("clock", "hour", "minute", "second"),
    [
        ("10:30", 10, 30, 0),
        ("9:05", 9, 5, 0),
        ("9:5:7", 9, 5, 7),
        ("۱۰:۳۰:۱۵", 10, 30, 15),
        ("22:30", 22, 30, 0),
        ("10:30 PM", 22, 30, 0),
        ("10:30pm", 22, 30, 0),
        ("12:15 a.m.", 0, 15, 0),
        ("12:15 PM", 12, 15, 0),
        ("۱۰:۳۰ ق.ظ", 10, 30, 0),
        ("۱۰:۳۰ ب.ظ", 22, 30, 0),
        ("۱۰:۳۰ ق.ظ.", 10, 30, 0),
        ("۱۰:۳۰ صبح", 10, 30, 0),
        ("۵:۳۰ عصر", 17, 30, 0),
        ("۵:۳۰ بعد از ظهر", 17, 30, 0),
        ("۱۲:۱۵ ظهر", 12, 15, 0),
        ("۱:۱۵ ظهر", 13, 15, 0),
        ("۹:۰۰ شب", 21, 0, 0),
        ("۱:۰۰ شب", 1, 0, 0),
        ("14:30 عصر", 14, 30, 0),
        ("ساعت ۱۴:۳۰", 14, 30, 0),
    ],
)
def test_the_clock_time_is_read_in_both_languages(clock: str, hour: int, minute: int, second: int) -> None:
    expected = datetime(2024, 8, 4, hour, minute, second)
    assert parse_date(f"۱۴۰۳/۰۵/۱۴ {clock}", JALALI) == expected
    assert parse_date(f"2024-08-04 {clock}", GREGORIAN) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2017-08-01T07:00:40Z", datetime(2017, 8, 1, 11, 30, 40)),
        ("2017-08-01T07:00:40.250Z", datetime(2017, 8, 1, 11, 30, 40, 250000)),
        ("2017-08-01 07:00 UTC", datetime(2017, 8, 1, 11, 30)),
        ("2017-08-01T07:00:40+02:00", datetime(2017, 8, 1, 9, 30, 40)),
        ("2017-08-01T07:00:40-0500", datetime(2017, 8, 1, 16, 30, 40)),
        ("2017-08-01T22:00:00Z", datetime(2017, 8, 2, 2, 30)),
        ("2017-08-01 07:00:40 +0000 UTC", datetime(2017, 8, 1, 11, 30, 40)),
        ("2017-08-01 07:00:40 +02 GMT", datetime(2017, 8, 1, 9, 30, 40)),
        ("2017-08-01T07:00:40", datetime(2017, 8, 1, 7, 0, 40)),
        ("1396/05/10 07:00 +03:30", datetime(2017, 8, 1, 8, 0)),
        ("2024-01-01T00:00:00Z", datetime(2024, 1, 1, 3, 30)),
    ],
)
def test_an_offset_is_turned_to_the_local_time_of_the_workspace(text: str, found: datetime) -> None:
    # Iran kept summer time (+04:30) until 2022, and is at +03:30 since.
    assert parse_date(text, GREGORIAN, zone="Asia/Tehran") == found


def test_a_source_zone_moves_clock_times_but_never_days() -> None:
    moved = parse_date("2024-01-01 22:00", GREGORIAN, zone="Asia/Tehran", source_zone="UTC")
    assert moved == datetime(2024, 1, 2, 1, 30)
    assert parse_date("2024-01-01", GREGORIAN, zone="Asia/Tehran", source_zone="UTC") == datetime(2024, 1, 1)


def test_twenty_four_o_clock_is_the_next_midnight() -> None:
    assert parse_date("2024-12-31 24:00", GREGORIAN) == datetime(2025, 1, 1)


def test_an_excel_serial_carries_its_time() -> None:
    assert parse_date("45508.75", DateStyle(bare="excel_serial")) == datetime(2024, 8, 4, 18)


def test_a_compact_time_is_read() -> None:
    assert parse_date("20240804183005", GREGORIAN) == datetime(2024, 8, 4, 18, 30, 5)


@pytest.mark.parametrize(
    ("text", "style", "reason"),
    [
        ("1404/12/30", JALALI, "cell_not_a_date"),
        ("1402/13/01", JALALI, "cell_not_a_date"),
        ("1403/07/31", JALALI, "cell_not_a_date"),
        ("2023-02-29", GREGORIAN, "cell_not_a_date"),
        ("31/02/2024", DMY, "cell_not_a_date"),
        ("1/13/2024", DMY, "cell_not_a_date"),
        ("13/1/2024", MDY, "cell_not_a_date"),
        ("14 مرداد 2024", JALALI, "cell_not_a_date"),
        ("14 Aug 1403", JALALI, "cell_not_a_date"),
        ("03/05/14", JALALI, "cell_not_a_date"),
        ("45508", GREGORIAN, "cell_not_a_date"),
        ("10:30", GREGORIAN, "cell_not_a_date"),
        ("2024-08-04 25:00", GREGORIAN, "cell_not_a_date"),
        ("2024-08-04 10:70", GREGORIAN, "cell_not_a_date"),
        ("2024-08-04 10:00 +99:00", GREGORIAN, "cell_not_a_date"),
        ("yesterday", GREGORIAN, "cell_not_a_date"),
        ("9999-12-31", GREGORIAN, "cell_date_out_of_range"),
        ("9999/12/31", JALALI, "cell_date_out_of_range"),
        ("1899-12-31", GREGORIAN, "cell_date_out_of_range"),
        ("2201-01-01", GREGORIAN, "cell_date_out_of_range"),
        ("1200/01/01", JALALI, "cell_date_out_of_range"),
        ("7", DateStyle(bare="excel_serial"), "cell_not_a_date"),
        ("99999", DateStyle(bare="excel_serial"), "cell_date_out_of_range"),
        ("8/4/2024", GREGORIAN, "cell_date_ambiguous"),
        ("Oct-11", GREGORIAN, "cell_date_ambiguous"),
    ],
)
def test_what_is_no_day_has_a_reason(text: str, style: DateStyle, reason: str) -> None:
    assert parse_date(text, style) == reason


def test_a_day_that_can_be_only_one_is_read_though_the_column_has_no_order() -> None:
    assert parse_date("25/4/2024", GREGORIAN) == datetime(2024, 4, 25)
    assert parse_date("4/25/2024", GREGORIAN) == datetime(2024, 4, 25)
    assert parse_date("4/4/2024", GREGORIAN) == datetime(2024, 4, 4)


def test_a_gregorian_day_in_a_jalali_column_is_not_the_jalali_year_2026() -> None:
    assert parse_date("2026-07-12", JALALI) == datetime(2026, 7, 12)


def test_the_all_zero_date_is_known() -> None:
    assert is_zero_date("0000-00-00 00:00:00") and is_zero_date("0/0/0000")
    assert not is_zero_date("2000-01-01") and not is_zero_date("0")


@pytest.mark.parametrize("field", [{"calendar": "hijri"}, {"order": "ydm"}, {"bare": "moon"}, {"year": 24}])
def test_a_style_that_cannot_be_is_refused(field: dict[str, object]) -> None:
    with pytest.raises(SanjehError) as caught:
        DateStyle(**field)  # type: ignore[arg-type]
    assert caught.value.code == "bad_conversion"


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(SanjehError) as caught:
        parse_date("2024-01-01T00:00Z", GREGORIAN, zone="Mars/Base")
    assert caught.value.code == "unknown_time_zone"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_a_gregorian_day_reads_back_from_every_spelling(day: date) -> None:
    month = MONTHS_EN[day.month - 1]
    spelled = [
        (f"{day:%Y-%m-%d}", GREGORIAN),
        (f"{day:%Y%m%d}", GREGORIAN),
        (f"{day.year}/{day.month}/{day.day}", JALALI),
        (f"{day.day}/{day.month}/{day.year}", DMY),
        (f"{day.month}/{day.day}/{day.year}", MDY),
        (f"{day:%d.%m.%Y}".translate(PERSIAN), DMY),
        (f"{month} {day.day}, {day.year}", GREGORIAN),
        (f"{day.day} {month[:3]} {day.year}", GREGORIAN),
        (f"{day:%Y-%m-%d}T00:00:00", JALALI),
    ]
    expected = datetime(day.year, day.month, day.day)
    for text, style in spelled:
        assert parse_date(text, style) == expected, text


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31)))
def test_a_jalali_day_reads_back_from_every_spelling(day: date) -> None:
    year, month, number = jalali_from_date(day)
    spelled = [
        (f"{year}/{month:02}/{number:02}", JALALI),
        (f"{year}-{month}-{number}".translate(PERSIAN), GREGORIAN),
        (f"{year}{month:02}{number:02}", JALALI),
        (f"{number:02}/{month:02}/{year}", JALALI),
        (f"{number} {MONTHS_FA[month - 1]} {year}", JALALI),
        (f"{number} {MONTHS_FA[month - 1]} ماه {year}".translate(PERSIAN), JALALI),
    ]
    expected = datetime(day.year, day.month, day.day)
    for text, style in spelled:
        assert parse_date(text, style) == expected, text


@given(st.dates(min_value=date(1981, 3, 21), max_value=date(2040, 3, 19)))
def test_two_digit_years_read_back(day: date) -> None:
    year, month, number = jalali_from_date(day)
    jalali = DateStyle("jalali", two_digit_year=True)
    expected = datetime(day.year, day.month, day.day)
    assert parse_date(f"{year % 100:02}/{month:02}/{number:02}", jalali) == expected
    assert parse_date(f"{day:%d/%m/%y}", DateStyle(order="dmy", two_digit_year=True)) == expected


@given(st.integers(min_value=20_000, max_value=80_000))
def test_an_excel_serial_is_days_since_the_last_of_1899(serial: int) -> None:
    found = parse_date(str(serial), DateStyle(bare="excel_serial"))
    assert found == datetime(1899, 12, 30) + timedelta(days=serial)


@given(st.text(max_size=90))
def test_any_text_is_a_time_or_a_reason(text: str) -> None:
    reasons = ("cell_not_a_date", "cell_date_out_of_range", "cell_date_ambiguous")
    styles = (JALALI, MDY, DateStyle(two_digit_year=True, year=2024), DateStyle(bare="excel_serial"))
    for style in styles:
        found = parse_date(text, style, zone="Asia/Tehran")
        assert isinstance(found, datetime) or found in reasons


@given(
    st.from_regex(r"[0-9۰-۹]{1,4}[-/. ][0-9]{1,4}[-/. ][0-9]{1,4}( [0-9]{1,2}:[0-9]{2}[+-][0-9]{4})?", fullmatch=True)
)
def test_what_looks_like_a_date_is_a_time_within_the_years_or_a_reason(text: str) -> None:
    found = parse_date(text, DateStyle(order="dmy", two_digit_year=True), zone="Asia/Tehran")
    assert isinstance(found, str) or 1899 <= found.year <= 2201


@pytest.mark.parametrize("text", ["1" * 5000, "1/" * 4000, "شنبه" * 2000, " " * 5000 + "x", "12:" * 3000])
def test_long_nonsense_is_no_date(text: str) -> None:
    assert parse_date(text, GREGORIAN) == "cell_not_a_date"
