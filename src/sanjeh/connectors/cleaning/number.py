"""A number cell is digits with marks, a sign, perhaps a percent sign, a multiplier («میلیون», k) and a currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import lru_cache
from math import prod
from typing import Literal, get_args

from sanjeh.connectors.cleaning.text import ZWNJ, clean_text, fold_digits
from sanjeh.errors import DataError, Issue, SanjehError
from sanjeh.units import CurrencyMark, parse_currency

NumberReason = Literal["cell_not_a_number", "cell_number_ambiguous"]
DecimalMark = Literal[".", ",", "/"]

_LONGEST = 80
# Decimal's default context rounds at 28 digits, even on a change of sign; cells are at most 80 characters long.
EXACT = Context(prec=200)
# Marks that mean one thing wherever they stand: the decimal one becomes a sign that no cell holds.
_POINT = "\u2396"
_UNAMBIGUOUS = str.maketrans(
    {
        "٬": "'",
        "’": "'",
        "‘": "'",
        "`": "'",
        "_": "'",
        "٫": _POINT,
        "،": ",",
        "−": "-",
        "–": "-",
        "—": "-",
        "﹣": "-",
        "－": "-",
        "＋": "+",
    }
)
_CORE = re.compile(rf"\d[\d.,'{_POINT}/ ]*|[.{_POINT}]\d+")
_EXPONENT = re.compile(r"(\d)[eE]([+-]?\d{1,3})(?![\w.])")
_PARENTHESES = re.compile(r"\(\s*([^()]+?)\s*\)")
# "500.-", "500,--", «۵۰۰/-»: a stroke in the place of an empty fraction is no sign.
_EMPTY_FRACTION = re.compile(r"(\d[\d.,' ]*)([.,/])[-=]{1,2}(?!\s*[\d.,])")
_GROUPS = re.compile(r"\d{1,3}(?:[' ]\d{3})+")
_MULTIPLIERS = {
    "k": 10**3, "هزار": 10**3, "thousand": 10**3, "thousands": 10**3,
    "m": 10**6, "mn": 10**6, "mm": 10**6, "میلیون": 10**6, "million": 10**6, "millions": 10**6, "mio": 10**6,
    "b": 10**9, "bn": 10**9, "میلیارد": 10**9, "billion": 10**9, "billions": 10**9,
    "trillion": 10**12, "تریلیون": 10**12,
}  # fmt: skip
_LETTERS = frozenset(["k", "m", "mn", "mm", "b", "bn"])
_PERCENT_WORDS = frozenset(["%", "٪", "﹪", "％", "درصد", "percent", "pct"])
_WORD = re.compile(rf"[%٪﹪％]|[^\W\d_]+|[^\s\w{ZWNJ}%٪﹪％]+")


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """Which mark parts the decimals of a column; the other marks may only part groups of three digits."""

    decimal: DecimalMark = "."

    def __post_init__(self) -> None:
        if self.decimal not in get_args(DecimalMark):
            choices = " ".join(get_args(DecimalMark))
            raise DataError(
                Issue("bad_conversion", {"field": "decimal", "value": str(self.decimal), "choices": choices})
            )


@dataclass(frozen=True, slots=True)
class NumberSpelling:
    """The parts of a written number: its digits with marks, and what stands around them.

    ``letters`` says that the multiplier is a letter or two (k, m), which is a unit as well outside amounts.
    """

    core: str
    negative: bool = False
    percent: bool = False
    multiplier: int = 1
    exponent: int = 0
    currency: CurrencyMark | None = None
    letters: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written (12 for "12%", with ``percent``); multiplier words and exponents are in the value.

    ``ambiguous`` says that the marks of this cell alone allow another reading, so that only its column can tell.
    """

    value: Decimal
    percent: bool = False
    currency: CurrencyMark | None = None
    ambiguous: bool = False


def parse_number(text: str, style: NumberStyle | None = None) -> Number | NumberReason:
    """The number that ``text`` writes in a column of ``style`` (default: by itself alone), or the reason why none.

    >>> parse_number("۱۲٬۵۰۰").value, parse_number("(1,234.50)").value, parse_number("1.234,5", NumberStyle(",")).value
    (Decimal('12500'), Decimal('-1234.50'), Decimal('1234.5'))
    >>> parse_number("1.234").ambiguous, parse_number("12 apples")
    (True, 'cell_not_a_number')
    """
    spelling = read_number(text)
    return "cell_not_a_number" if spelling is None else number_of_spelling(spelling, style)


def number_of_spelling(spelling: NumberSpelling, style: NumberStyle | None = None) -> Number | NumberReason:
    """The number that ``spelling`` writes in a column of ``style``, or the reason why it is none."""
    core, ambiguous = spelling.core, False
    if style is None:
        hint = decimal_hint(core)
        style, ambiguous = NumberStyle(hint.mark), hint.open
    plain = plain_digits(core, style.decimal)
    if plain is None:
        # Readable under another mark than the column's: a slip, not nonsense.
        other = any(plain_digits(core, mark) is not None for mark in get_args(DecimalMark))
        return "cell_number_ambiguous" if other else "cell_not_a_number"
    value = EXACT.multiply(Decimal(plain).scaleb(spelling.exponent, EXACT), Decimal(spelling.multiplier))
    return Number(value.copy_negate() if spelling.negative else value, spelling.percent, spelling.currency, ambiguous)


def read_number(text: str) -> NumberSpelling | None:
    """The parts of the number ``text`` writes, or None when it is not one number with known words around it."""
    if len(text) > _LONGEST:
        return None
    plain = fold_digits(clean_text(text)).translate(_UNAMBIGUOUS).strip("' ")
    plain = _EMPTY_FRACTION.sub(_without_stroke, plain)
    negative = False
    if (found := _PARENTHESES.search(plain)) and any(letter.isdecimal() for letter in found[1]):
        negative, plain = True, f"{plain[: found.start()]} {found[1]} {plain[found.end() :]}"
    exponent = 0
    if found := _EXPONENT.search(plain):
        exponent = int(found[2])
        plain = plain[: found.end(1)] + plain[found.end() :]
    cores = _CORE.findall(plain)
    if len(cores) != 1:
        return None
    before, _, after = plain.partition(cores[0])
    signs = _sign(before, after)
    if signs is None or (negative and signs[0]):
        return None
    return _with_words(cores[0].strip(), negative or signs[0], exponent, f"{signs[1]} {signs[2]}")


def _without_stroke(found: re.Match[str]) -> str:
    """The number with noughts for the stroke, so that its mark still tells of the column, or without either."""
    core, mark = found.groups()
    return f"{core}{mark}00" if mark != "/" and mark not in core else core


def _sign(before: str, after: str) -> tuple[bool, str, str] | None:
    """Whether a sign beside the number is a minus, and the text before and after it without the sign."""
    before, after = before.strip(), after.strip()
    found = [text for text in (before, after) if "-" in text or "+" in text]
    if not found:
        return False, before, after
    if len(found) > 1 or found[0].count("-") + found[0].count("+") > 1:
        return None
    # The sign stands at either end, or beside the number: -$5, $-5, 5-, -5; in Persian typing also «۵-تومان».
    side = found[0]
    if not (side.startswith(("-", "+")) or side.endswith(("-", "+"))):
        return None
    negative = "-" in side
    # «100+» says "more than", which is no number.
    if not negative and side is after:
        return None
    return negative, before.replace("-", "").replace("+", ""), after.replace("-", "").replace("+", "")


def _with_words(core: str, negative: bool, exponent: int, around: str) -> NumberSpelling | None:
    if not around.strip():
        return NumberSpelling(core, negative, exponent=exponent)
    keys = [word.casefold() for word in _WORD.findall(around)]
    multiplier = prod(_MULTIPLIERS.get(key, 1) for key in keys)
    percent = any(key in _PERCENT_WORDS for key in keys)
    rest = _WORD.sub(_without_known, around).strip(f" {ZWNJ}")
    currency = _currency(rest) if rest else None
    if (rest and currency is None) or (percent and (currency or multiplier > 1)) or multiplier > 10**15:
        return None
    letters = currency is None and not _LETTERS.isdisjoint(keys)
    return NumberSpelling(core, negative, percent, multiplier, exponent, currency, letters)


def _without_known(word: re.Match[str]) -> str:
    key = word[0].casefold()
    return " " if key in _PERCENT_WORDS or key in _MULTIPLIERS or key == "و" else word[0]


@lru_cache(maxsize=4096)
def _currency(words: str) -> CurrencyMark | None:
    try:
        return parse_currency(words)
    except SanjehError:
        return None


@dataclass(frozen=True, slots=True)
class DecimalHint:
    """What one number says about the decimal mark: ``mark`` reads it, ``sure``: no other does, ``open``: two do."""

    mark: DecimalMark = "."
    sure: bool = False
    open: bool = False


def decimal_hint(core: str) -> DecimalHint:
    """What the digits and marks ``core`` say about the decimal mark of their column.

    >>> decimal_hint("1.234,5"), decimal_hint("1.234")
    (DecimalHint(mark=',', sure=True, open=False), DecimalHint(mark='.', sure=False, open=True))
    """
    dots, commas = core.count("."), core.count(",")
    if "/" in core:
        return DecimalHint("/", sure=True)
    if dots and commas:
        return DecimalHint("." if core.rfind(".") > core.rfind(",") else ",", sure=True)
    if not dots and not commas:
        return DecimalHint()
    mark: DecimalMark = "." if dots else ","
    other: DecimalMark = "," if dots else "."
    if dots + commas > 1:
        return DecimalHint(other, sure=plain_digits(core, other) is not None)
    whole, _, fraction = core.partition(mark)
    grouped = len(fraction) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0" and _POINT not in core
    if not grouped:
        return DecimalHint(mark, sure=plain_digits(core, mark) is not None)
    # A comma before three digits is read as thousands, a dot is left open: 1,234 is common in both worlds only as such.
    return DecimalHint(".", open=mark == ".")


def plain_digits(core: str, decimal: DecimalMark) -> str | None:
    """``core`` in plain digits with a point, when ``decimal`` parts its decimals and every group has three digits.

    >>> plain_digits("1,234.5", "."), plain_digits("1,23", "."), plain_digits("12/5", "/")
    ('1234.5', None, '12.5')
    """
    if core.isdecimal():
        return core
    point = _POINT if _POINT in core else decimal
    whole, mark, fraction = core.rpartition(point)
    if not mark:
        whole, fraction = core, ""
    if fraction and not fraction.isdecimal():
        return None
    grouping = {letter for letter in whole if not letter.isdecimal()}
    if point in grouping or "/" in grouping or len(grouping) > 1:
        return None
    if grouping:
        head, *groups = whole.split(grouping.pop())
        if not 1 <= len(head) <= 3 or any(len(group) != 3 for group in groups):
            return None
        whole = "".join((head, *groups))
    return f"{whole or 0}.{fraction}" if fraction else whole or None
