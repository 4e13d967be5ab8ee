"""A boolean cell says yes or no in one of the usual pairs of words, figures or ticks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sanjeh.connectors.cleaning.text import ZWNJ, clean_text, fold_digits, is_blank

BooleanReason = Literal["cell_not_boolean"]

_PAIRS = (
    ("true", "false"), ("t", "f"), ("yes", "no"), ("y", "n"), ("1", "0"), ("on", "off"), ("1.0", "0.0"),
    ("active", "inactive"), ("enabled", "disabled"), ("checked", "unchecked"),
    ("بله", "خیر"), ("آری", "نه"), ("بلی", "خیر"), ("دارد", "ندارد"), ("درست", "نادرست"), ("صحیح", "غلط"),
    ("فعال", "غیرفعال"), ("هست", "نیست"), ("است", "نیست"), ("شده", "نشده"), ("روشن", "خاموش"),
    ("✓", "✗"), ("✔", "✘"), ("✔", "✖"), ("☑", "☐"), ("✅", "❌"), ("√", "×"),
)  # fmt: skip
_MEANING = {yes: True for yes, _ in _PAIRS} | {no: False for _, no in _PAIRS}


@dataclass(frozen=True, slots=True)
class BooleanDecision:
    """How many of ``total`` distinct non-blank values say yes or no, and whether all of these are only 0 and 1."""

    understood: int
    total: int
    numeric: bool


def _key(text: str) -> str:
    return fold_digits(clean_text(text)).replace(ZWNJ, "").replace("\ufe0f", "").replace(" ", "").casefold()


def parse_boolean(text: str) -> bool | BooleanReason:
    """Whether ``text`` says yes (true) or no (false), or the reason why it says neither.

    >>> parse_boolean("بله"), parse_boolean("غیر فعال"), parse_boolean("maybe")
    (True, False, 'cell_not_boolean')
    """
    return _MEANING.get(_key(text), "cell_not_boolean")


def decide_boolean(values: Iterable[str]) -> BooleanDecision:
    """How far ``values`` (the distinct cells of one column) are yes and no.

    >>> decide_boolean(["Yes", "No", ""]).understood
    2
    """
    texts = [text for text in values if parse_boolean(text) in (True, False) or not is_blank(text, typed=True)]
    known = [_key(text) for text in texts if _key(text) in _MEANING]
    numeric = bool(known) and all(key in ("0", "1", "0.0", "1.0") for key in known)
    return BooleanDecision(len(known), len(texts), numeric)
