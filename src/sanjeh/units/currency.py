"""A currency is what money is counted in: the rial, the toman, the new rial, or any other by its ISO 4217 code.

The table is ``currencies.toml``. Two codes are ours, since ISO has none: IRT for the toman and IRX for the new rial.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from sanjeh.errors import DefinitionError, Issue, suggest

RIAL = "IRR"
TOMAN = "IRT"
NEW_RIAL = "IRX"
OWN_CODES = frozenset({TOMAN, NEW_RIAL})


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency: its code, its names, and the decimals its amounts are shown with."""

    code: str
    name_en: str
    name_fa: str
    decimals: int

    @property
    def is_iso(self) -> bool:
        """Whether the code is meant as one of ISO 4217, not our own."""
        return self.code not in OWN_CODES

    def name(self, language: str) -> str:
        """The name in "en" or "fa"."""
        return self.name_fa if language == "fa" else self.name_en


@dataclass(frozen=True, slots=True)
class Redenomination:
    """When the new rial begins to count, and for how many years the old one counts beside it."""

    starts: date
    years_of_both: int


@dataclass(frozen=True, slots=True)
class CurrencyTable:
    """The currencies by code, all ISO codes, and the spellings: each with its code and whether others share it."""

    currencies: dict[str, Currency]
    iso_codes: frozenset[str]
    spellings: dict[str, tuple[str, bool]]
    redenomination: Redenomination


def find_currency(code: str) -> Currency:
    """The currency with this code; one that the table does not name goes by its code, with two decimals.

    Raises DefinitionError ``unknown_currency`` when ``code`` is not three capital letters.

    >>> find_currency("IRT").name("fa"), find_currency("XYZ").name("en")
    ('تومان', 'XYZ')
    """
    known = load_currencies().currencies
    if code in known:
        return known[code]
    if len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
        return Currency(code, code, code, 2)
    raise DefinitionError(Issue("unknown_currency", {"text": code}, suggestion=suggest(code.upper(), known)))


@cache
def load_currencies() -> CurrencyTable:
    """The currency table, read once.

    >>> load_currencies().spellings["$"]
    ('USD', True)
    """
    text = (resources.files("sanjeh.units") / "currencies.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    currencies = {}
    spellings = {}
    for code, row in data["currency"].items():
        currencies[code] = Currency(code, row["en"], row["fa"], row["decimals"])
        names = (code.lower(), row["en"].lower(), _bare(row["fa"]))
        spellings.update(dict.fromkeys(names, (code, False)))
        spellings.update(dict.fromkeys(row["written"], (code, False)))
        spellings.update(dict.fromkeys(row.get("guess", ()), (code, True)))
    change = Redenomination(**data["redenomination"])
    return CurrencyTable(currencies, frozenset(data["iso"].split()), spellings, change)


def _bare(name: str) -> str:
    """A Persian name as it is compared: a space for the ZWNJ, no hamza above."""
    return name.replace("\u200c", " ").replace("\u0654", "")
