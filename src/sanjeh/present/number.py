"""A shown number is a value with its unit in a language's digits and signs, or the reason why there is none.

Rounding is half away from zero on the decimal digits that Python prints, so that 0.285 is 28.5 %. A value that is not
zero is never shown as zero: where the usual decimals would do that, two significant figures are shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from sanjeh.present.bidi import LRM
from sanjeh.present.digit import to_persian
from sanjeh.present.word import find_word, form, reason_word, word
from sanjeh.units import TOMAN, find_currency

MINUS = "\u2212"
_SCALES = (12, 9, 6, 3)
_LEAST_SCALED = Decimal(10_000)
_DURATIONS = ("days", "hours", "minutes", "weeks", "months", "years")
# Currencies whose English name stands after the amount; others go by a sign or code before it.
_NAMED_AFTER = ("IRR", "IRT", "IRX")
# Enough digits for any float written out in full.
_WIDE = Context(prec=400)


@dataclass(frozen=True, slots=True)
class _Style:
    """How the digits of one call are written."""

    language: str
    persian: bool
    compact: bool
    decimals: int | None
    signed: bool
    short: bool


def format_value(
    value: float | None,
    reason: str | None,
    unit: str,
    language: str,
    *,
    currency: str = "",
    compact: bool = False,
    digits: str | None = None,
    decimals: int | None = None,
    signed: bool = False,
    short: bool = False,
) -> str:
    """The value with its unit as ``language`` ("en" or "fa") writes it, or the reason code in words.

    ``unit`` is a unit's kind ("money", "percentage" for a fraction, "ratio", "days", "1/days", ...), ``currency`` a
    code. ``compact`` writes thousands, millions and billions as words; ``digits`` is "persian" or "latin" (default:
    the language's); ``decimals`` fixes their number; ``signed`` writes a plus too; ``short`` is for a table's cell.

    >>> format_value(12_400_000, None, "money", "fa", currency="IRT", compact=True)
    '۱۲٫۴ میلیون تومان'
    >>> format_value(0.124, None, "percentage", "en"), format_value(3.2, None, "ratio", "en")
    ('12.4%', '3.2×')
    >>> format_value(None, "no_data", "money", "fa")
    'داده نیست'
    """
    if reason or value is None or not math.isfinite(value):
        missing = "no_data" if value is None else "undefined"
        return reason_word(reason or missing, language, short=short)
    persian = (digits or ("persian" if language == "fa" else "latin")) == "persian"
    style = _Style(language, persian, compact, decimals, signed, short)
    return _with_unit(Decimal(repr(float(value))), unit, currency, style)


def format_change(
    change: float,
    unit: str,
    language: str,
    *,
    currency: str = "",
    compact: bool = False,
    digits: str | None = None,
    decimals: int | None = None,
    short: bool = False,
) -> str:
    """The difference of two values of ``unit`` with its sign; of two percentages in percentage points.

    >>> format_change(0.024, "percentage", "en"), format_change(-3, "score", "en")
    ('+2.4 percentage points', '−3')
    """
    if unit != "percentage":
        return format_value(
            change,
            None,
            unit,
            language,
            currency=currency,
            compact=compact,
            digits=digits,
            decimals=decimals,
            signed=True,
            short=short,
        )
    points = Decimal(repr(float(change))) * 100
    places = _places(points, decimals, 1)
    shown = format_value(float(points), None, "number", language, digits=digits, decimals=places, signed=True)
    return form("number.points_short" if short else "number.points", language, number=shown)


def unit_name(unit: str, language: str, *, currency: str = "") -> str:
    """The unit's name for a heading: the currency's where money has one, "per" for a quotient.

    >>> unit_name("money/days", "en", currency="IRT"), unit_name("percentage", "fa")
    ('toman per day', 'درصد')
    """
    if unit == "money" and currency:
        return find_currency(currency).name(language)
    above, _, below = unit.partition("/")
    if not below:
        return word("unit", unit, language)
    head = word("unit", "number", language) if above == "1" else unit_name(above, language, currency=currency)
    return form("unit.per", language, above=head, below=word("unit_one", below, language))


def _with_unit(value: Decimal, unit: str, currency: str, style: _Style) -> str:
    language = style.language
    match unit:
        case "money":
            return _money(value, currency, style)
        case "percentage":
            written = form("number.percentage", language, number=_fixed(value * 100, 1, style))
            return written if style.persian else written.replace("٪", "%")
        case "ratio":
            return form("number.ratio", language, number=_plain(value, style))
        case _ if unit in _DURATIONS:
            shown = _plain(value, style)
            table = "unit_short" if style.short else "unit_one" if value == 1 else "unit"
            return form("number.counted", language, number=shown, unit=word(table, unit, language))
        case _:
            return _quotient(value, unit, currency, style)


def _quotient(value: Decimal, unit: str, currency: str, style: _Style) -> str:
    above, _, below = unit.partition("/")
    if not below or find_word("unit_one", below, style.language) is None:
        return _plain(value, style)
    shown = _plain(value, style) if above == "1" else _with_unit(value, above, currency, style)
    return form("unit.per", style.language, above=shown, below=word("unit_one", below, style.language))


def _money(value: Decimal, currency: str, style: _Style) -> str:
    usual = find_currency(currency).decimals if currency else 2
    scale = _scale(value) if style.compact else 0
    hemmat = scale == 12 and currency == TOMAN and style.language == "fa"
    if scale:
        shown = _scaled(value, scale, word("scale", "hemmat", "fa") if hemmat else "", style)
    elif currency or style.decimals is not None:
        shown = _fixed(value, usual, style)
    else:
        shown = _plain(value, style)
    # «همت» already says toman.
    if not currency or hemmat:
        return shown
    return _with_currency(shown, currency, style.language)


def _with_currency(shown: str, currency: str, language: str) -> str:
    if language == "fa" or currency in _NAMED_AFTER:
        return form("money.after", language, number=shown, currency=find_currency(currency).name(language))
    sign = find_word("currency_sign", currency, language) or f"{currency}\u00a0"
    lead = shown[0] if shown[0] in (MINUS, "+") else ""
    return lead + form("money.before", language, number=shown.removeprefix(lead), currency=sign)


def _fixed(value: Decimal, usual: int, style: _Style) -> str:
    """A number with its usual decimals, more where they would show a zero that is none."""
    places = _places(value, style.decimals, usual)
    return _digits(value, places, style, trim=style.decimals is None and places > usual)


def _plain(value: Decimal, style: _Style) -> str:
    """A number without a fixed number of decimals: as many as tell something, no zeros at the end."""
    scale = _scale(value) if style.compact else 0
    if scale:
        return _scaled(value, scale, "", style)
    if style.decimals is not None:
        return _digits(value, style.decimals, style)
    places = _places(value, None, 1 if abs(value) >= 10 else 2)
    return _digits(value, places, style, trim=True)


def _scale(value: Decimal) -> int:
    """The power of ten whose word the number is written with, 0 for none; 999,999 is a million once it is rounded."""
    size = abs(value)
    if size < _LEAST_SCALED:
        return 0
    return next(power for power in _SCALES if _round(size / Decimal(10) ** power, 1) >= 1)


def _scaled(value: Decimal, scale: int, name: str, style: _Style) -> str:
    number = value / Decimal(10) ** scale
    places = 1 if style.decimals is None else style.decimals
    shown = _digits(number, places, style, trim=style.decimals is None)
    return form("number.scaled", style.language, number=shown, scale=name or word("scale", str(scale), style.language))


def _places(value: Decimal, asked: int | None, usual: int) -> int:
    """The decimals to show: those asked for, else the usual ones, else enough for two significant figures."""
    if asked is not None:
        return asked
    if value == 0 or abs(value) >= Decimal(1).scaleb(-usual):
        return usual
    # A whole currency (toman) has no decimals either way, but a fraction of it must not read as zero.
    return min(12, 1 - value.adjusted())


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def _digits(value: Decimal, places: int, style: _Style, *, trim: bool = False) -> str:
    rounded = _round(value, places)
    text = f"{abs(rounded):,f}"
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = MINUS if rounded < 0 else "+" if style.signed and rounded > 0 else ""
    if style.persian:
        text = to_persian(text.replace(",", "٬").replace(".", "٫"))
    # The mark keeps the sign left of the digits in a right-to-left line.
    return (LRM + sign if sign and style.language == "fa" else sign) + text
