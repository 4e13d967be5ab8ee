"""Typed text is how a number, date, time or truth value of a typed source is written as raw text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

# Beyond this a plain spelling would be hundreds of zeros long; no business figure is meant.
_LONGEST_EXPONENT = 400


def plain_number(text: str) -> str:
    """The number without exponent and without zeros after its last decimal; anything else unchanged.

    >>> plain_number("1e+20"), plain_number("-2.5e-7"), plain_number("12.50"), plain_number("5.0"), plain_number("nan")
    ('100000000000000000000', '-0.00000025', '12.5', '5', 'nan')
    """
    if "e" in text or "E" in text:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        if not number.is_finite() or abs(number.adjusted()) > _LONGEST_EXPONENT:
            return text
        text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed_text(value: object) -> str:
    """The value as raw text: numbers plain, dates ISO, times with a blank between, booleans true or false, None empty.

    >>> typed_text(5.0), typed_text(0.1), typed_text(dt.date(2024, 3, 25)), typed_text(True), typed_text(None)
    ('5', '0.1', '2024-03-25', 'true', '')
    >>> typed_text(dt.datetime(2024, 3, 25, 10, 20))
    '2024-03-25 10:20:00'
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return plain_number(repr(value))
        case Decimal():
            return plain_number(str(value))
        case dt.datetime():
            return _moment_text(value)
        case dt.timedelta():
            return _duration_text(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
    return str(value)


def _moment_text(value: dt.datetime) -> str:
    # A spreadsheet keeps moments as binary fractions of a day, good to about a millisecond: 10:19:59.999999 is 10:20.
    rounded = value.replace(microsecond=0)
    thousandths = round(value.microsecond / 1000)
    if thousandths == 1000:
        if rounded >= dt.datetime.max.replace(microsecond=0, tzinfo=rounded.tzinfo):
            return rounded.isoformat(" ", "seconds")
        return (rounded + dt.timedelta(seconds=1)).isoformat(" ", "seconds")
    rounded = rounded.replace(microsecond=thousandths * 1000)
    return rounded.isoformat(" ", "milliseconds" if thousandths else "seconds")


def _duration_text(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


_HINT_OF_TYPE: dict[type, str] = {
    bool: "boolean",
    int: "number",
    float: "number",
    Decimal: "number",
    dt.date: "date",
    dt.datetime: "time",
    dt.time: "time",
    str: "text",
    bytes: "text",
    dt.timedelta: "text",
}


def hint_of(value: object) -> str | None:
    """The hint that one value gives, or None for an empty one.

    >>> hint_of(1.5), hint_of(dt.date(2024, 3, 25)), hint_of("")
    ('number', 'date', None)
    """
    return None if value is None or value == "" else _HINT_OF_TYPE.get(type(value), "text")


def join_hints(hints: set[str | None]) -> str | None:
    """The one hint that all values seen in a column agree on, or None; dates among times count as times.

    >>> join_hints({"number", None}), join_hints({"date", "time"}), join_hints({"text", "number"})
    ('number', 'time', None)
    """
    given = hints - {None}
    if given == {"date", "time"}:
        return "time"
    return given.pop() if len(given) == 1 else None
