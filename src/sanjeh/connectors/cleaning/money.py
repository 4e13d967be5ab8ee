"""An amount's factor is what a written number is multiplied by to become an amount in the currency of the column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from math import prod

from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.number import NumberSpelling
from sanjeh.connectors.cleaning.text import fold_digits, words
from sanjeh.errors import Issue, SanjehError
from sanjeh.units import CurrencyMark, convert_constant, load_currencies, parse_currency

_PERCENT = Decimal("0.01")
# The currencies that write the sign or word which the table takes for the first of them, as far as files have them.
_SHARING = {
    code: frozenset((code, *others.split()))
    for code, others in {
        "USD": "CAD AUD NZD SGD HKD TWD MXN ARS CLP COP JMD BSD BBD BZD TTD FJD NAD LRD BND GYD SRD",
        "GBP": "EGP SYP LBP SDG GIP FKP SHP SSP",
        "AED": "MAD",
        "TRY": "SYP LBP",
        "JPY": "CNY",
        "IQD": "KWD BHD JOD DZD TND LYD RSD MKD",
        "SAR": "QAR OMR YER IRR",
        "INR": "PKR LKR NPR MUR SCR IDR MVR",
        "AZN": "TMT",
        "CHF": "XAF XOF XPF CDF RWF BIF DJF GNF KMF",
    }.items()
}
# Header words before a currency that is written in its own words: «مبلغ (میلیون ریال)», "Amount in USD".
_LONGEST_MARK = 4
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_SEPARATORS = str.maketrans(dict.fromkeys("_()[]-/:،,\u200c'’", " "))
_SCALE_WORDS = {
    **dict.fromkeys(("هزار", "thousand", "thousands", "000", "000s"), Decimal(10**3)),
    **dict.fromkeys(("میلیون", "million", "millions"), Decimal(10**6)),
    **dict.fromkeys(("میلیارد", "بیلیون", "billion", "billions"), Decimal(10**9)),
    **dict.fromkeys(("تریلیون", "trillion", "trillions"), Decimal(10**12)),
}
_ADJECTIVES = {"تومانی": "تومان", "ریالی": "ریال", "دلاری": "دلار"}
# Codes and names that are words of every day: «Deals won», "try amount".
_ENGLISH = frozenset(
    (
        "won",
        "try",
        "gel",
        "all",
        "top",
        "cup",
        "mad",
        "mop",
        "bob",
        "pen",
        "cop",
        "sos",
        "lira",
        "pound",
        "pounds",
        "franc",
    )
)


def bare_factor(conversion: Conversion) -> Decimal | None:
    """The factor of a cell that is digits alone; None when the two currencies have no constant between them.

    >>> from sanjeh.definitions.entity import ColumnType
    >>> bare_factor(Conversion(ColumnType.MONEY, currency="IRR", source_currency="IRT", scale=Decimal(1000)))
    Decimal('10000')
    """
    source = conversion.source_currency or conversion.currency
    currency = _between(source, conversion.currency) if source else Decimal(1)
    return None if currency is None else currency * conversion.scale


def amount_factor(spelling: NumberSpelling, conversion: Conversion) -> Decimal | None:
    """The factor of one cell, its own mark before the column's; None when it is money of another kind."""
    if spelling.percent:
        return _PERCENT
    if spelling.currency is None:
        bare = bare_factor(conversion)
        # A cell that writes «میلیون» itself does not take the million of the header as well.
        return bare / conversion.scale if bare is not None and spelling.multiplier > 1 else bare
    return mark_factor(spelling.currency, conversion)


def mark_factor(mark: CurrencyMark, conversion: Conversion) -> Decimal | None:
    """The factor of a cell with its own currency ``mark``; None when it is money of another kind."""
    source = conversion.source_currency or conversion.currency
    # A sign that several currencies share is that of the column, when the column's currency is one of them.
    code = source if source in codes_of(mark) else mark.code
    between = _between(code, conversion.currency)
    return None if between is None else between * mark.scale


def codes_of(mark: CurrencyMark) -> frozenset[str]:
    """The currencies that a mark may mean: one, or all that share its sign.

    >>> from sanjeh.units import parse_currency
    >>> "CAD" in codes_of(parse_currency("$")), "IRT" in codes_of(parse_currency("$"))
    (True, False)
    """
    return _SHARING.get(mark.code, frozenset({mark.code})) if mark.is_guess else frozenset({mark.code})


@lru_cache(maxsize=256)
def _between(source: str, target: str | None) -> Decimal | None:
    if target is None or source == target:
        return Decimal(1) if target else None
    # A cell that is written in new rials was written after they began.
    return convert_constant(Decimal(1), source, target, load_currencies().redenomination.starts)


def currency_in_header(header: str) -> CurrencyMark | None:
    """The currency, with its scale, that a column's header names, or None.

    It is a guess where the header names two currencies, or has a letter beside the currency that says nothing sure.

    >>> currency_in_header("مبلغ فروش (میلیون ریال)").scale, currency_in_header("Amount_USD").code
    (Decimal('1000000'), 'USD')
    >>> currency_in_header("amount in thousands of toman").scale, currency_in_header("Deals won") is None
    (Decimal('1000'), True)
    """
    tokens = _tokens(header)
    inside = {token for part in _BRACKETS.findall(header) for token in _tokens(part)}
    rest = [_ADJECTIVES.get(token, token) for token in tokens if token.casefold() not in _SCALE_WORDS]
    marks = _marks([token for token in rest if token.casefold() not in _ENGLISH or token in inside])
    if not marks:
        return None
    sure = [mark for mark in marks if not mark.is_guess]
    best = (sure or marks)[0]
    others = [mark for mark in marks if best.code not in codes_of(mark)]
    # One letter in brackets, as in «(م ریال)», may be a million or nothing.
    letter = any(len(token) == 1 and token.isalpha() for token in rest if token in inside) and best.scale == 1
    return CurrencyMark(best.code, best.scale * scale_in_header(header), best.is_guess or bool(others) or letter)


def scale_in_header(header: str) -> Decimal:
    """What one written unit is by the scale words of a header, with or without a currency beside them.

    >>> scale_in_header("مبلغ (هزار)"), scale_in_header("Revenue (000 IRR)"), scale_in_header("Revenue")
    (Decimal('1000'), Decimal('1000'), Decimal('1'))
    """
    return prod((_SCALE_WORDS.get(token.casefold(), Decimal(1)) for token in _tokens(header)), start=Decimal(1))


def _tokens(header: str) -> list[str]:
    return fold_digits(header).translate(_SEPARATORS).split()


def _marks(tokens: list[str]) -> list[CurrencyMark]:
    """The currencies that the words name, the longest names first; no word is part of two."""
    taken: set[int] = set()
    marks = []
    for size in range(min(_LONGEST_MARK, len(tokens)), 0, -1):
        for start in range(len(tokens) - size, -1, -1):
            places = range(start, start + size)
            if taken.isdisjoint(places) and (mark := _mark(" ".join(tokens[start : start + size]))):
                taken.update(places)
                marks.append(mark)
    return marks


@lru_cache(maxsize=4096)
def _mark(text: str) -> CurrencyMark | None:
    try:
        return parse_currency(text)
    except SanjehError:
        return None


def check_currency(
    column: str, header_mark: CurrencyMark | None, cell_marks: Iterable[CurrencyMark], unmarked: bool
) -> tuple[Issue, ...]:
    """What must be asked about the currency of a money column: there is none, the cells mix several, or it is a guess.

    ``unmarked`` says that some cells have no mark of their own.

    >>> [issue.code for issue in check_currency("amount", None, [], True)]
    ['currency_unknown']
    """
    marks = list(cell_marks)
    if header_mark is None and unmarked and not marks:
        return (Issue("currency_unknown", {"column": column}),)
    codes = sorted({mark.code for mark in marks} | ({header_mark.code} if header_mark else set()))
    if len(codes) > 1 or (marks and unmarked and header_mark is None):
        return (Issue("currency_mixed", {"column": column, "currencies": ", ".join(codes)}),)
    known = header_mark or marks[0]
    if known.is_guess:
        return (Issue("currency_guessed", {"column": column, "currency": known.code}),)
    return ()


def names_percent(header: str) -> bool:
    """Whether a header says that its numbers are percents.

    >>> names_percent("Discount (%)"), names_percent("درصد تخفیف"), names_percent("rate")
    (True, True, False)
    """
    return any(sign in header for sign in "%٪") or not {"percent", "pct", "percentage", "درصد"}.isdisjoint(
        words(header)
    )
