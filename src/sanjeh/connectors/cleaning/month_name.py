"""A month name is a month written as a word, in Persian or English, of the Jalali or the Gregorian calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sanjeh.connectors.cleaning.text import ZWNJ, match_key

CalendarName = Literal["jalali", "gregorian"]


@dataclass(frozen=True, slots=True)
class Month:
    """A month by number (1 to 12) in its calendar."""

    calendar: CalendarName
    number: int


_JALALI = (
    "فروردین farvardin",
    "اردیبهشت ordibehesht",
    "خرداد khordad",
    "تیر tir",
    "مرداد امرداد mordad",
    "شهریور shahrivar",
    "مهر mehr",
    "آبان aban",
    "آذر azar",
    "دی dey",
    "بهمن bahman",
    "اسفند esfand",
)
_GREGORIAN = (
    "january jan ژانویه جنوری",
    "february feb فوریه فبروری",
    "march mar مارس مارچ",
    "april apr آوریل اپریل",
    "may مه می",
    "june jun ژوئن جون",
    "july jul ژوئیه جولای ژولای",
    "august aug اوت آگوست آگست",
    "september sep sept سپتامبر",
    "october oct اکتبر",
    "november nov نوامبر",
    "december dec دسامبر",
)
_WEEKDAYS = (
    "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun"
    " shanbeh yekshanbeh doshanbeh seshanbeh chaharshanbeh panjshanbeh jomeh"
)
# Words that stand in a written date and carry nothing.
_FILLERS = "ماه سال روز مورخ مورخه تاریخ of the st nd rd th at ساعت و"

_TABLES: tuple[tuple[CalendarName, tuple[str, ...]], ...] = (("jalali", _JALALI), ("gregorian", _GREGORIAN))
_MONTHS = {
    match_key(name): Month(calendar, number)
    for calendar, table in _TABLES
    for number, names in enumerate(table, start=1)
    for name in names.split()
}
_IGNORED = frozenset(match_key(word) for word in _FILLERS.split())
_WEEKDAY_KEYS = frozenset(_WEEKDAYS.split())
_PERSIAN_WEEKDAY = re.compile(f"(?:یک|دو|سه|چهار|پنج)?[ {ZWNJ}]?شنبه|جمعه|آدینه")


def month_named(word: str) -> Month | None:
    """The month that ``word`` names, or None.

    >>> month_named("مرداد"), month_named("Sept")
    (Month(calendar='jalali', number=5), Month(calendar='gregorian', number=9))
    """
    return _MONTHS.get(match_key(word))


def is_filler(word: str) -> bool:
    """Whether ``word`` may stand in a written date without meaning anything («ماه», "of")."""
    return match_key(word) in _IGNORED


def without_weekday(text: str) -> tuple[str, bool]:
    """``text`` without the name of a weekday, and whether there was one.

    >>> without_weekday("پنج‌شنبه ۱۴ مرداد"), without_weekday("Sat-Oct-11")
    ((' ۱۴ مرداد', True), ('-Oct-11', True))
    """
    rest, found = _PERSIAN_WEEKDAY.subn("", text)
    if found:
        return rest, True
    for word in re.findall(r"[A-Za-z]+", text):
        if word.casefold() in _WEEKDAY_KEYS:
            return text.replace(word, "", 1), True
    return text, False
