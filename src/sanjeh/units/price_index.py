"""A price index is the general level of prices over time; dividing by it takes inflation out of an amount.

A row holds from its day, the first of its span, up to the next row. The last row holds as long as the longest span
between rows: later prices are not known, and an old index must not pass for them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from sanjeh.errors import DataError, Issue

_LONE_ROW_DAYS = 31


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """Index values by day, ascending and positive; raises DataError ``bad_price_index`` otherwise.

    ``known_until`` is the first day on which the index is no longer known; None when it has no rows.

    >>> index = PriceIndex.from_rows([(date(2024, 3, 20), 100), (date(2024, 4, 20), 125)])
    >>> index.factor(date(2024, 3, 25), base=date(2024, 4, 25))
    Decimal('1.25')
    """

    days: tuple[date, ...] = ()
    values: tuple[Decimal, ...] = ()
    known_until: date | None = field(init=False, compare=False, default=None)

    def __post_init__(self) -> None:
        for earlier, later in pairwise(self.days):
            if earlier >= later:
                raise DataError(Issue("bad_price_index", {"day": str(later)}))
        for day, value in zip(self.days, self.values, strict=True):
            if not (value.is_finite() and value > 0):
                raise DataError(Issue("bad_price_index", {"day": str(day)}))
        if self.days:
            gaps = [(later - earlier).days for earlier, later in pairwise(self.days)]
            until = self.days[-1] + timedelta(days=max(gaps, default=_LONE_ROW_DAYS))
            object.__setattr__(self, "known_until", until)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, Decimal | int | float]]) -> PriceIndex:
        """The index of rows (first day, value), in any order."""
        ordered = sorted(((day, Decimal(str(value))) for day, value in rows), key=lambda row: row[0])
        return cls(tuple(day for day, _ in ordered), tuple(value for _, value in ordered))

    def at(self, day: date) -> Decimal | None:
        """The index of ``day``, or None when it is not known.

        >>> PriceIndex.from_rows([(date(2024, 3, 20), 100)]).at(date(2024, 3, 19)) is None
        True
        """
        place = bisect_right(self.days, day)
        if place == 0 or self.known_until is None or day >= self.known_until:
            return None
        return self.values[place - 1]

    def factor(self, day: date, base: date) -> Decimal | None:
        """What turns an amount of ``day`` into prices of ``base``: index of base / index of day; None when unknown."""
        here, there = self.at(day), self.at(base)
        return None if here is None or there is None else there / here
