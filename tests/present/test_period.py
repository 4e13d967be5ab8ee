from datetime import date

import pytest

from sanjeh.calendars import Span, make_calendar
from sanjeh.present.period import format_day, format_period, format_slot, format_span
from sanjeh.series import BEGINNING, Slot, Timeline

CALENDARS = {
    "jalali": make_calendar("jalali"),
    "gregorian": make_calendar("gregorian", week_start=0),
    "fiscal": make_calendar("fiscal", fiscal_start_month=7),
    "retail": make_calendar("retail", week_start=6),
}
JALALI, GREGORIAN = CALENDARS["jalali"], CALENDARS["gregorian"]

WRITTEN = [
    ("jalali", "1403-05", "Mordad 1403", "Mordad 1403", "مرداد ۱۴۰۳", "مرداد ۰۳"),
    ("jalali", "1403-Q1", "Q1 1403", "Q1 1403", "سه‌ماههٔ اول ۱۴۰۳", "بهار ۰۳"),
    ("jalali", "1403-W12", "Week 12 of 1403", "W12 1403", "هفتهٔ ۱۲ سال ۱۴۰۳", "هفتهٔ ۱۲، ۰۳"),
    ("jalali", "1403", "1403", "1403", "سال ۱۴۰۳", "۱۴۰۳"),
    ("jalali", "1403-05-14", "14 Mordad 1403", "14 Mordad 1403", "۱۴ مرداد ۱۴۰۳", "۱۴۰۳/۰۵/۱۴"),
    ("gregorian", "2024-08", "August 2024", "Aug 2024", "اوت ۲۰۲۴", "اوت ۲۴"),
    ("gregorian", "2024-Q1", "Q1 2024", "Q1 2024", "سه‌ماههٔ اول ۲۰۲۴", "سه‌ماههٔ ۱، ۲۴"),
    ("gregorian", "2024-08-14", "14 August 2024", "14 Aug 2024", "۱۴ اوت ۲۰۲۴", "۲۰۲۴/۰۸/۱۴"),
    ("gregorian", "2024", "2024", "2024", "سال ۲۰۲۴", "۲۰۲۴"),
    ("fiscal", "FY1403-M07", "Farvardin 1404", "Farvardin 1404", "فروردین ۱۴۰۴", "فروردین ۰۴"),
    ("fiscal", "FY1403-Q4", "Q4 FY1403", "Q4 FY1403", "سه‌ماههٔ چهارم سال مالی ۱۴۰۳", "سه‌ماههٔ ۴، مالی ۰۳"),
    ("fiscal", "FY1403", "FY1403", "FY1403", "سال مالی ۱۴۰۳", "مالی ۱۴۰۳"),
    (
        "retail",
        "R2024-P03",
        "Period 3 of retail year 2024",
        "P3 R2024",
        "دورهٔ ۳ سال خرده‌فروشی ۲۰۲۴",
        "دورهٔ ۳، خرده‌فروشی ۲۴",
    ),
    ("retail", "R2024", "retail year 2024", "R2024", "سال خرده‌فروشی ۲۰۲۴", "خرده‌فروشی ۲۰۲۴"),
]


@pytest.mark.parametrize(("code", "label", "english", "english_short", "persian", "persian_short"), WRITTEN)
def test_a_period_is_written_long_and_short_in_both_languages(
    code: str, label: str, english: str, english_short: str, persian: str, persian_short: str
) -> None:
    calendar = CALENDARS[code]
    period = calendar.parse_period(label)
    assert format_period(period, "en", calendar=calendar) == english
    assert format_period(period, "en", calendar=calendar, short=True) == english_short
    assert format_period(period, "fa", calendar=calendar) == persian
    assert format_period(period, "fa", calendar=calendar, short=True) == persian_short


SPANS = [
    (date(2024, 8, 1), date(2024, 8, 15), "1–14 August 2024", "۱ تا ۱۴ اوت ۲۰۲۴"),
    (date(2024, 7, 28), date(2024, 8, 4), "28 July – 3 August 2024", "۲۸ ژوئیه تا ۳ اوت ۲۰۲۴"),
    (date(2023, 12, 30), date(2024, 1, 2), "30 December 2023 – 1 January 2024", "۳۰ دسامبر ۲۰۲۳ تا ۱ ژانویه ۲۰۲۴"),
    (date(2024, 8, 1), date(2024, 8, 2), "1 August 2024", "۱ اوت ۲۰۲۴"),
    (BEGINNING, date(2024, 8, 2), "up to 1 August 2024", "تا ۱ اوت ۲۰۲۴"),
]


@pytest.mark.parametrize(("start", "end", "english", "persian"), SPANS)
def test_a_span_names_its_first_and_last_day(start: date, end: date, english: str, persian: str) -> None:
    assert format_span(Span(start, end), "en", calendar=GREGORIAN) == english
    assert format_span(Span(start, end), "fa", calendar=GREGORIAN) == persian


def test_everything_up_to_a_jalali_day_needs_no_jalali_beginning() -> None:
    assert format_span(Span(BEGINNING, date(2024, 8, 5)), "fa", calendar=JALALI) == "تا ۱۴ مرداد ۱۴۰۳"


def test_digits_are_a_setting_apart_from_the_language() -> None:
    period = JALALI.parse_period("1403-05")
    assert format_period(period, "fa", calendar=JALALI, digits="latin") == "مرداد 1403"
    assert format_period(period, "en", calendar=JALALI, digits="persian") == "Mordad ۱۴۰۳"


def test_a_day_may_have_its_weekday() -> None:
    assert format_day(date(2024, 8, 4), "en", calendar=GREGORIAN, weekday=True) == "Sunday 4 August 2024"


def test_an_open_slot_says_up_to_which_day_it_goes() -> None:
    slot = Timeline(JALALI, date(2024, 8, 5)).at(JALALI.parse_period("1403-05"))
    assert format_slot(slot, "fa", calendar=JALALI) == "مرداد ۱۴۰۳ (تا ۱۴ مرداد ۱۴۰۳)"
    assert format_slot(slot, "en", calendar=JALALI, short=True) == "Mordad 1403"


def test_a_slot_of_several_periods_or_a_campaign_names_them() -> None:
    timeline = Timeline(GREGORIAN, date(2030, 1, 1))
    slot = timeline.rolling(timeline.at(GREGORIAN.parse_period("2024-03")), 3)
    assert format_slot(slot, "en", calendar=GREGORIAN) == "January 2024 – March 2024"
    assert format_slot(Slot(slot.span, name="نوروز"), "fa", calendar=GREGORIAN) == "نوروز"
