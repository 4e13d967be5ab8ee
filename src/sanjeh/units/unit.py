"""A unit says what a number counts: money, days, hours or minutes in some powers, or nothing (a plain number).

Number, percentage, ratio and score are one dimension, none, with a declared display. Hours, minutes and days are kept
apart: Sanjeh never turns one into another behind a formula's back. Money carries no currency; that is the workspace's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sanjeh.errors import DefinitionError, Issue, suggest

BASES = ("money", "days", "hours", "minutes")
DISPLAYS = ("number", "percentage", "ratio", "score")
DERIVED = "derived"


class UnitMismatch(DefinitionError):
    """Two units of different dimensions were added, subtracted or declared equal; code ``unit_mismatch``."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The power of each base, and how a dimensionless value is shown.

    ``display`` is number, percentage, ratio or score for a dimensionless unit, and "derived" for any other. ``*``,
    ``/`` and ``**`` combine units; ``+`` and ``-`` give the unit of a sum and raise UnitMismatch between dimensions.

    >>> print(parse_unit("money") / parse_unit("days"))
    money/days
    >>> print(parse_unit("percentage") + parse_unit("ratio"))
    number
    """

    money: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0
    display: str = "number"

    def __post_init__(self) -> None:
        choices = DISPLAYS if self.is_dimensionless else (DERIVED,)
        if self.display not in choices:
            raise DefinitionError(Issue("unknown_unit", {"unit": self.display}))

    @property
    def powers(self) -> tuple[int, ...]:
        """The powers of money, days, hours and minutes, in this order."""
        return self.money, self.days, self.hours, self.minutes

    @property
    def is_dimensionless(self) -> bool:
        """Whether every power is zero."""
        return not any(self.powers)

    @property
    def kind(self) -> str:
        """The declared display of a dimensionless unit, else the unit as text (``parse_unit`` reads it back).

        >>> parse_unit("score").kind, parse_unit("1/days").kind
        ('score', '1/days')
        """
        if self.is_dimensionless:
            return self.display
        parts = list(zip(BASES, self.powers, strict=True))
        above = "*".join(_power(base, power) for base, power in parts if power > 0) or "1"
        return above + "".join("/" + _power(base, -power) for base, power in parts if power < 0)

    def __str__(self) -> str:
        return self.kind

    def __mul__(self, other: Unit) -> Unit:
        return _unit([a + b for a, b in zip(self.powers, other.powers, strict=True)], _product_display(self, other))

    def __truediv__(self, other: Unit) -> Unit:
        display = self.display if other.display == "number" else "ratio"
        return _unit([a - b for a, b in zip(self.powers, other.powers, strict=True)], display)

    def __pow__(self, power: int) -> Unit:
        return _unit([base * power for base in self.powers], self.display)

    def __add__(self, other: Unit) -> Unit:
        if not same_dimension(self, other):
            raise UnitMismatch(Issue("unit_mismatch", {"left": self.kind, "right": other.kind}))
        return self if self.display == other.display else Unit()

    __sub__ = __add__


def same_dimension(left: Unit, right: Unit) -> bool:
    """Whether values of the two units may be added and compared.

    >>> same_dimension(parse_unit("score"), parse_unit("number"))
    True
    >>> same_dimension(parse_unit("hours"), parse_unit("days"))
    False
    """
    return left.powers == right.powers


_FACTOR = re.compile(r"([a-z]+|1)(?:(?:\^|\*\*)(-?\d))?")
_NAMES = {base: {base: 1} for base in BASES} | {name: {} for name in (*DISPLAYS, "count", "1")}


def parse_unit(text: str) -> Unit:
    """The unit that ``text`` names: a base, a display, "count" (a number), or such joined by ``*``, ``/`` and ``^``.

    Raises DefinitionError ``unknown_unit``.

    >>> parse_unit("money/days")
    Unit(money=1, days=-1, hours=0, minutes=0, display='derived')
    >>> parse_unit("percentage").display, parse_unit("count").display
    ('percentage', 'number')
    """
    # An odd piece is a separator; "**" is a power, not two products.
    pieces = re.split(r"\s*(/|(?<!\*)\*(?!\*))\s*", text.strip())
    powers = dict.fromkeys(BASES, 0)
    for place in range(0, len(pieces), 2):
        match = _FACTOR.fullmatch(pieces[place])
        if match is None or match[1] not in _NAMES:
            known = suggest(pieces[place], (*BASES, *DISPLAYS))
            raise DefinitionError(Issue("unknown_unit", {"unit": text}, suggestion=known))
        sign = -1 if place and pieces[place - 1] == "/" else 1
        for base, power in _NAMES[match[1]].items():
            powers[base] += sign * power * int(match[2] or 1)
    return _unit(list(powers.values()), text.strip() if text.strip() in DISPLAYS else "number")


def _unit(powers: list[int], display: str) -> Unit:
    money, days, hours, minutes = powers
    if any(powers):
        return Unit(money, days, hours, minutes, DERIVED)
    return Unit(display=display if display in DISPLAYS else "number")


def _product_display(left: Unit, right: Unit) -> str:
    """A number leaves the other factor's display as it is; two other displays make a plain number."""
    if left.display == "number":
        return right.display
    return left.display if right.display in ("number", left.display) else "number"


def _power(base: str, power: int) -> str:
    return base if power == 1 else f"{base}^{power}"
