"""A direction mark is an invisible character that tells which way a run of text goes.

Rules found by trying: in Persian a minus is held left of its digits by a left-to-right mark before it, a percent sign
left of them by a right-to-left mark. Everything else that must keep its own order (a formula, a code, an address) is
isolated.
"""

from __future__ import annotations

import re
import unicodedata

from sanjeh.present.digit import PERSIAN

LRM, RLM = "\u200e", "\u200f"
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"

_OPEN = {"ltr": LRI, "rtl": RLI, "auto": FSI}
_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def isolate(text: str, direction: str = "ltr") -> str:
    """``text`` as a run of its own that neither changes nor is changed by what stands around it.

    ``direction`` is "ltr" (a formula, a number in a Latin form), "rtl" (a Persian value in a left-to-right line) or
    "auto".

    >>> ascii(isolate("a / b"))
    "'\\\\u2066a / b\\\\u2069'"
    """
    return f"{_OPEN[direction]}{text}{PDI}" if text else ""


def bare(text: str) -> str:
    """``text`` without direction marks, for searching, comparing and measuring.

    >>> bare(isolate("a / b"))
    'a / b'
    """
    return _MARKS.sub("", text)


def text_direction(text: str) -> str:
    """ "rtl" when ``text`` holds a Persian letter or digit, else "ltr"; a Latin word at its start does not count.

    >>> text_direction("CTR کمپین"), text_direction("CTR"), text_direction("۱۲٫۴")
    ('rtl', 'ltr', 'rtl')
    """
    is_persian = any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") or sign in PERSIAN for sign in bare(text))
    return "rtl" if is_persian else "ltr"
