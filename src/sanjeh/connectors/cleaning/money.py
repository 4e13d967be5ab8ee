"""An amount's factor is what a written number is multiplied by to become an amount in the currency of the column."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.number import NumberSpelling
from sanjeh.connectors.cleaning.text import fold_digits, words
from sanjeh.errors import Issue, SanjehError
from sanjeh.units import CurrencyMark, convert_constant, load_currencies, parse_currency

_PERCENT = Decimal("0.01")
# Header words before a currency that is written in its own words: «مبلغ (میلیون ریال)», "Amount in USD".
_LONGEST_MARK = 4


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
    # A sign that several currencies share is that of the column, when the column has one.
    code = source if mark.is_guess and source else mark.code
    between = _between(code, conversion.currency)
    return None if between is None else between * mark.scale


@lru_cache(maxsize=256)
def _between(source: str, target: str | None) -> Decimal | None:
    if target is None or source == target:
        return Decimal(1) if target else None
    # A cell that is written in new rials was written after they began.
    return convert_constant(Decimal(1), source, target, load_currencies().redenomination.starts)


def currency_in_header(header: str) -> CurrencyMark | None:
    """The currency, with its scale, that a column's header names, or None.

    >>> currency_in_header("مبلغ فروش (میلیون ریال)").scale, currency_in_header("Amount_USD").code
    (Decimal('1000000'), 'USD')
    """
    parts = (
        fold_digits(header).replace("_", " ").replace("(", " ").replace(")", " ").replace("[", " ").replace("]", " ")
    )
    for separator in ("-", "/", ":", "،", ",", "\u200c"):
        parts = parts.replace(separator, " ")
    tokens = parts.split()
    for size in range(min(_LONGEST_MARK, len(tokens)), 0, -1):
        for start in range(len(tokens) - size, -1, -1):
            if mark := _mark(" ".join(tokens[start : start + size])):
                return mark
    return None


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
