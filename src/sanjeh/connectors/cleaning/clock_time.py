"""A clock time is the part of a cell after (or before) the day: hour, minute, second, half of the day, zone offset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta

from sanjeh.connectors.cleaning.text import ZWNJ

_HALF = (
    r"a\.?m\.?|p\.?m\.?|ق\.? ?ظ\.?|ب\.? ?ظ\.?|صبح|بامداد|نیمه ?شب|عصر|شب|ظهر"
    r"|(?:قبل|پیش|بعد|پس)[ \u200c]?از[ \u200c]?ظهر"
)
_TIME = re.compile(
    r"(?:(?<=\d)T|(?<![\d:.+\-])|(?<=\d)-(?=\d\d:))"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    rf" ?(?P<half>{_HALF})?"
    r" ?(?P<zone>z|utc|gmt)?(?P<offset>[+\-]\d{2}(?::?\d{2})?)?(?: (?:utc|gmt))?(?![\d:])",
    re.IGNORECASE,
)
_LEADING_HALF = re.compile(r"(?:ساعت )?(?P<half>صبح|عصر|شب|ظهر|AM|PM) (?=\d{1,2}:)", re.IGNORECASE)

_MORNING = frozenset(["am", "قظ", "صبح", "بامداد", "قبلازظهر", "پیشازظهر"])
_NOON = "ظهر"
_FARTHEST_ZONE = timedelta(hours=14)
_NIGHT = frozenset(["شب", "نیمهشب"])


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day, its offset from UTC when the cell states one, and whether it is 24:00."""

    time: time
    offset: timedelta | None = None
    next_day: bool = False


def split_time(text: str) -> tuple[str, ClockTime | None] | None:
    """The text without its time of day, and that time; None when what looks like a time is not one (25:10).

    ``text`` is cleaned text with ASCII digits.

    >>> split_time("1403/05/14 09:30")
    ('1403/05/14', ClockTime(time=datetime.time(9, 30), offset=None, next_day=False))
    """
    if ":" not in text:
        return text, None
    half = ""
    if lead := _LEADING_HALF.search(text):
        half, text = lead["half"], text[: lead.start()] + text[lead.end() :]
    found = _TIME.search(text)
    if not found:
        return None
    clock = _clock(found, found["half"] or half)
    if clock is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}".replace("ساعت", " ")
    return rest.strip(" ,،-T؛"), clock


def _clock(found: re.Match[str], half: str) -> ClockTime | None:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    turned = _turn(hour, re.sub(f"[ .{ZWNJ}]", "", half).casefold())
    if turned is None or minute > 59 or second > 60:
        return None
    offset = _offset(found["zone"], found["offset"])
    if offset is not None and abs(offset) > _FARTHEST_ZONE:
        return None
    if turned == 24:
        return ClockTime(time(0), offset, next_day=True) if minute == second == micro == 0 else None
    # A leap second has no place in any of our stores; the last microsecond of the minute keeps the order.
    if second == 60:
        second, micro = 59, 999_999
    return ClockTime(time(turned, minute, second, micro), offset)


def _turn(hour: int, half: str) -> int | None:
    """The hour of 0 to 24 meant by ``hour`` in that half of the day; None when there is none."""
    if not half:
        return hour if hour <= 24 else None
    if hour > 23:
        return None
    if hour > 12:
        return None if half in _MORNING else hour
    if half in _MORNING:
        return hour % 12
    if half in _NIGHT:
        # People say «۱ شب» for one after midnight and «۹ شب» for nine in the evening.
        return hour % 12 if hour == 12 or hour < 6 else hour + 12
    if half == _NOON:
        return hour if hour >= 10 else hour + 12
    return hour % 12 + 12


def _offset(zone: str | None, offset: str | None) -> timedelta | None:
    if offset:
        hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
        size = timedelta(hours=hours, minutes=minutes)
        return -size if offset[0] == "-" else size
    return timedelta(0) if zone else None
