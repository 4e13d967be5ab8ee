"""A shown period is a period, span or day as people write it: «مرداد ۱۴۰۳», Q1 2024, 1–14 August 2024.

The calendar gives its own labels (1403-05), which files and commands use; what is written here is only for reading.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from sanjeh.calendars import Calendar, Grain, Period, Span, month_name, weekday_name
from sanjeh.present.digit import to_persian
from sanjeh.present.word import form, word
from sanjeh.series import BEGINNING, Slot

_LABEL = re.compile(r"(?P<mark>FY|R)?(?P<year>\d{4})(?:-(?:Q|W|M|P)?(?P<number>\d{1,2}))?")
_YEAR_KIND = {"FY": "fiscal_year", "R": "retail_year"}
# Only English Gregorian months are cut: Jalali names in Latin letters have no short forms that people know.
_SHORT_LENGTH = 3


def format_period(
    period: Period, language: str, *, calendar: Calendar, short: bool = False, digits: str | None = None
) -> str:
    """The period in ``language`` ("en" or "fa"); ``short`` for the head of a table's column.

    >>> from sanjeh.calendars import make_calendar
    >>> jalali = make_calendar("jalali")
    >>> format_period(jalali.parse_period("1403-05"), "fa", calendar=jalali)
    'مرداد ۱۴۰۳'
    >>> format_period(jalali.parse_period("1403-Q1"), "fa", calendar=jalali, short=True)
    'بهار ۰۳'
    """
    text = _period(period, language, calendar, short)
    return _in_digits(text, language, digits)


def format_day(
    day: date,
    language: str,
    *,
    calendar: Calendar,
    short: bool = False,
    weekday: bool = False,
    digits: str | None = None,
) -> str:
    """The day as the calendar's reckoning counts it, with its weekday when asked.

    >>> from sanjeh.calendars import make_calendar
    >>> format_day(date(2024, 8, 4), "fa", calendar=make_calendar("jalali"), weekday=True)
    'یکشنبه ۱۴ مرداد ۱۴۰۳'
    """
    text = _day(day, language, calendar, short)
    if weekday:
        text = form("period.weekday", language, weekday=weekday_name(day.weekday(), language), day=text)
    return _in_digits(text, language, digits)


def format_span(
    span: Span, language: str, *, calendar: Calendar, short: bool = False, digits: str | None = None
) -> str:
    """The first and last day of a span, with what both share written once.

    >>> from sanjeh.calendars import make_calendar
    >>> format_span(Span(date(2024, 8, 1), date(2024, 8, 15)), "en", calendar=make_calendar("gregorian"))
    '1–14 August 2024'
    """
    return _in_digits(_span(span, language, calendar, short), language, digits)


def format_slot(
    slot: Slot, language: str, *, calendar: Calendar, short: bool = False, digits: str | None = None
) -> str:
    """What a slot covers: its campaign's name, its period or periods, or its days; an open one says up to which day."""
    if slot.name is not None:
        return slot.name
    if slot.first is None or slot.last is None:
        return format_span(slot.span, language, calendar=calendar, short=short, digits=digits)
    text = _period(slot.last, language, calendar, short)
    if slot.first != slot.last:
        text = form("period.range", language, start=_period(slot.first, language, calendar, short), end=text)
    if slot.elapsed is not None and not short:
        text = form("period.open", language, period=text, end=_day(_last_day(slot.span), language, calendar, short))
    return _in_digits(text, language, digits)


def _in_digits(text: str, language: str, digits: str | None) -> str:
    persian = (digits or ("persian" if language == "fa" else "latin")) == "persian"
    return to_persian(text) if persian else text


def _last_day(span: Span) -> date:
    return span.end - timedelta(days=1)


def _named_month(calendar: Calendar, day: date, language: str, short: bool) -> str:
    name = month_name(calendar.reckoning.code, calendar.fields(day)[1], language)
    cut = short and language == "en" and calendar.reckoning.code == "gregorian"
    return name[:_SHORT_LENGTH] if cut else name


def _year_digits(year: int, language: str, short: bool) -> str:
    """Two digits in a short Persian form, as people write «مرداد ۰۳»; four in English, where 24 would be a day."""
    return f"{year % 100:02d}" if short and language == "fa" else str(year)


def _day(day: date, language: str, calendar: Calendar, short: bool) -> str:
    year, month, number = calendar.fields(day)
    return form(
        "period.day_short" if short else "period.day",
        language,
        day=str(number),
        month=_named_month(calendar, day, language, short),
        year=str(year),
        day_number=f"{number:02d}",
        month_number=f"{month:02d}",
    )


def _period(period: Period, language: str, calendar: Calendar, short: bool) -> str:
    if period.grain is Grain.DAY:
        return _day(period.start, language, calendar, short)
    if period.grain is Grain.MONTH and calendar.code != "retail":
        # A fiscal month is a whole month of the reckoning, and people call it by that name.
        year = _year_digits(calendar.fields(period.start)[0], language, short)
        month = _named_month(calendar, period.start, language, short)
        return form("period.month_short" if short else "period.month", language, month=month, year=year)
    return _numbered(period, language, calendar, short)


def _numbered(period: Period, language: str, calendar: Calendar, short: bool) -> str:
    match = _LABEL.fullmatch(period.label)
    if match is None:
        return period.label
    tail = "_short" if short else ""
    kind = _YEAR_KIND.get(match["mark"] or "", "year")
    digits = _year_digits(int(match["year"]), language, short and period.grain is not Grain.YEAR)
    if period.grain is Grain.YEAR or match["mark"] or (language == "fa" and period.grain is Grain.WEEK and not short):
        year = form(f"period.{kind}{tail}", language, year=digits)
    else:
        year = digits
    if period.grain is Grain.YEAR:
        return year
    number = str(int(match["number"]))
    if calendar.code == "jalali" and language == "fa" and period.grain is Grain.QUARTER and short:
        return form("period.season_short", language, season=word("season", number, language), year=year)
    name = "retail_month" if period.grain is Grain.MONTH else str(period.grain)
    ordinal = word("ordinal", number, language)
    return form(f"period.{name}{tail}", language, number=number, ordinal=ordinal, year=year)


def _span(span: Span, language: str, calendar: Calendar, short: bool) -> str:
    last = _last_day(span)
    end = _day(last, language, calendar, short)
    if span.start == BEGINNING:
        return form("period.until", language, end=end)
    if span.start == last:
        return end
    first_year, first_month, first_number = calendar.fields(span.start)
    year, month, number = calendar.fields(last)
    if first_year != year or (short and language == "fa"):
        return form("period.range", language, start=_day(span.start, language, calendar, short), end=end)
    name = "period.days_of_month" if first_month == month else "period.days_of_year"
    return form(
        name,
        language,
        first=str(first_number),
        last=str(number),
        month=_named_month(calendar, last, language, short),
        first_month=_named_month(calendar, span.start, language, short),
        last_month=_named_month(calendar, last, language, short),
        year=str(year),
    )
