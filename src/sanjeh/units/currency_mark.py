"""A currency mark is what people write beside or above an amount: «میلیون ریال», $, IRT, thousand tomans."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from sanjeh.errors import DataError, Issue
from sanjeh.units.currency import TOMAN, load_currencies

_THOUSAND, _MILLION, _BILLION, _TRILLION = (Decimal(10**power) for power in (3, 6, 9, 12))
_SCALES = {
    **dict.fromkeys(("هزار", "thousand", "thousands", "k"), _THOUSAND),
    **dict.fromkeys(("میلیون", "million", "millions", "m", "mn", "mio"), _MILLION),
    **dict.fromkeys(("میلیارد", "بیلیون", "billion", "billions", "bn", "b"), _BILLION),
    **dict.fromkeys(("تریلیون", "trillion", "trillions", "tn"), _TRILLION),
}
# «همت» is short for «هزار میلیارد تومان».
_HEMMAT = ("همت", TOMAN, _TRILLION)
_SPELLING = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ۀ": "ه", "\u200c": " ", "ـ": None, "(": " ", ")": " ", "[": " ", "]": " "}
)
_INVISIBLE = re.compile(r"[\u200b\u200d-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u0654]")


@dataclass(frozen=True, slots=True)
class CurrencyMark:
    """A currency's code, how many units one written unit stands for, and whether the code is a guess.

    >>> parse_currency("میلیون ریال")
    CurrencyMark(code='IRR', scale=Decimal('1000000'), is_guess=False)
    """

    code: str
    scale: Decimal = Decimal(1)
    is_guess: bool = False


def parse_currency(text: str) -> CurrencyMark:
    """The currency, and the scale word before or after it, that ``text`` writes in English or Persian.

    Any ISO 4217 code is known, and names and signs of the common currencies; a sign that several share is a guess, and
    said to be one. Arabic and Persian letters, ZWNJ, brackets and capitals make no difference. Raises DataError
    ``unknown_currency``.

    >>> parse_currency("ريال").code, parse_currency("تومان").code, parse_currency("(USD)").code
    ('IRR', 'IRT', 'USD')
    >>> parse_currency("$").is_guess, parse_currency("همت").scale
    (True, Decimal('1000000000000'))
    """
    words = _words(text)
    scale = Decimal(1)
    rest = []
    for word in words:
        if word.lower() in _SCALES:
            scale *= _SCALES[word.lower()]
        else:
            rest.append(word)
    code, is_guess = _currency_of(" ".join(rest), text)
    if rest == [_HEMMAT[0]]:
        scale *= _HEMMAT[2]
    return CurrencyMark(code, scale, is_guess)


def _words(text: str) -> list[str]:
    # NFKC writes the rial sign and wide letters out in plain ones.
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).translate(_SPELLING))
    return "".join(f" {sign} " if unicodedata.category(sign) == "Sc" else sign for sign in plain).split()


def _currency_of(name: str, text: str) -> tuple[str, bool]:
    table = load_currencies()
    for spelling in (name.lower(), name.lower().replace(" ", "")):
        if spelling in table.spellings:
            return table.spellings[spelling]
    if name == _HEMMAT[0]:
        return _HEMMAT[1], False
    # Small letters are not enough for a code without a table of names: "all", "top" and "cup" are words.
    if name in table.iso_codes:
        return name, False
    # No suggestion: this is asked for every odd cell of a file, and a search for near names takes milliseconds.
    raise DataError(Issue("unknown_currency", {"text": text.strip()}))
