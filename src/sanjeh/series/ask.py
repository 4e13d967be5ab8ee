"""An ask is one thing wanted from the rows: a measure at a mode, under filters, by dimensions, at slots."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sanjeh.series.timeline import Slot


class Mode(StrEnum):
    """Which state of a balance is meant; FLOW for what happens within the span."""

    FLOW = ""
    OPENING = "opening"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Condition:
    """A restriction on one dimension: its value is (or, when ``negated``, is not) among ``values``.

    A flag asked for as true has the values ``("true",)``. An empty member is ``None``.
    """

    dimension: str
    values: tuple[str | None, ...]
    negated: bool = False

    def keeps(self, member: str | None) -> bool:
        """Whether rows of ``member`` pass.

        >>> Condition("channel", ("web", None), negated=True).keeps("shop")
        True
        """
        return (member in self.values) != self.negated

    def __str__(self) -> str:
        if self.values == ("true",) and not self.negated:
            return self.dimension
        if len(self.values) == 1:
            return f"{self.dimension} {'!=' if self.negated else '=='} {self.values[0]!r}"
        return f"{self.dimension} {'not in' if self.negated else 'in'} {self.values!r}"


@dataclass(frozen=True, slots=True)
class Ask:
    """A measure (or target) wanted at ``slots``; the answer is a series of shape (slots, members of ``by``)."""

    measure: str
    mode: Mode
    conditions: tuple[Condition, ...]
    by: tuple[str, ...]
    slots: tuple[Slot, ...]
