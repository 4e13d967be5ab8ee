"""A digit is one of ten signs: Latin (0-9) or Persian (۰-۹); Arabic ones are read, never written."""

from __future__ import annotations

LATIN = "0123456789"
PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
ARABIC = "٠١٢٣٤٥٦٧٨٩"

_TO_PERSIAN = str.maketrans(LATIN + ARABIC, PERSIAN * 2)
_TO_LATIN = str.maketrans(PERSIAN + ARABIC, LATIN * 2)


def to_persian(text: str) -> str:
    """``text`` with every digit Persian; nothing else changes.

    >>> to_persian("Q1 1403")
    'Q۱ ۱۴۰۳'
    """
    return text.translate(_TO_PERSIAN)


def to_latin(text: str) -> str:
    """``text`` with every digit Latin; nothing else changes.

    >>> to_latin("۱۴۰۳/۰۵/۱۴")
    '1403/05/14'
    """
    return text.translate(_TO_LATIN)
