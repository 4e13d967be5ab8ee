"""An identifier is a text that names one thing: order number, customer code, telephone. It is never a quantity."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sanjeh.connectors.cleaning.text import clean_text, clean_text_sql, fold_digits, fold_digits_sql, is_blank

_FLOAT_ID = re.compile(r"(\d+)\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2}")
_LEADING_ZERO = re.compile(r"0\d+")


@dataclass(frozen=True, slots=True)
class IdentifierDecision:
    """What a column of identifiers went through: ids turned to floats (17850.0), or destroyed by a sheet (1.23E+12)."""

    float_ids: bool = False
    scientific: str | None = None
    leading_zeros: bool = False


def decide_identifier(values: Iterable[str]) -> IdentifierDecision:
    """What ``values`` (the distinct cells of one column) say about how its ids were stored.

    >>> decide_identifier(["17850.0", "13047.0"]).float_ids, decide_identifier(["17850.0", "A-1"]).float_ids
    (True, False)
    """
    texts = [fold_digits(clean_text(text)) for text in values if not is_blank(text)]
    floats = [text for text in texts if _FLOAT_ID.fullmatch(text)]
    # One "12.0" among whole numbers comes of a table with gaps, saved again; among other texts it is a name.
    whole = bool(floats) and all(text.isdecimal() or _FLOAT_ID.fullmatch(text) for text in texts)
    return IdentifierDecision(
        float_ids=whole,
        scientific=next((text for text in texts if _SCIENTIFIC.fullmatch(text)), None),
        leading_zeros=any(_LEADING_ZERO.fullmatch(text) for text in texts),
    )


def clean_identifier(text: str, *, float_ids: bool = False) -> str:
    """``text`` trimmed, with 0-9 for digits and its leading zeros; ``float_ids`` (default false): 17850.0 is 17850.

    >>> clean_identifier(" ۰۰۱۲ "), clean_identifier("17850.0", float_ids=True)
    ('0012', '17850')
    """
    plain = fold_digits(clean_text(text))
    found = _FLOAT_ID.fullmatch(plain) if float_ids else None
    return found[1] if found else plain


def clean_identifier_sql(expression: str, *, float_ids: bool = False) -> str:
    """The DuckDB expression that does to ``expression`` what :func:`clean_identifier` does."""
    plain = fold_digits_sql(clean_text_sql(expression))
    return f"regexp_replace({plain}, '^([0-9]+)\\.0+$', '\\1')" if float_ids else plain
