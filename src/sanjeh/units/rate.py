"""An exchange rate says what one unit of a currency was worth, in the workspace's currency, on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sanjeh.errors import DataError, Issue
from sanjeh.units.rial import convert_constant


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """One row: from ``day`` on, one unit of ``currency`` is ``rate`` units of the workspace's currency."""

    currency: str
    day: date
    rate: Decimal

    def __post_init__(self) -> None:
        if not (self.rate.is_finite() and self.rate > 0):
            data = {"currency": self.currency, "day": str(self.day), "rate": str(self.rate)}
            raise DataError(Issue("bad_rate", data))


@dataclass(frozen=True, slots=True)
class RateTable:
    """Dated rates into ``home``, sorted; raises DataError ``conflicting_rates`` for two rates of one day.

    >>> rows = [("USD", date(2024, 3, 20), 600_000), ("USD", date(2024, 4, 1), Decimal("612500"))]
    >>> table = RateTable.from_rows(rows, home="IRR")
    >>> table.rate("USD", date(2024, 3, 31)), table.rate("USD", date(2024, 3, 19)), table.rate("IRT", date(2024, 1, 1))
    (Decimal('600000'), None, Decimal('10'))
    """

    home: str
    rows: tuple[Rate, ...] = ()
    _days: dict[str, list[date]] = field(init=False, repr=False, compare=False, default_factory=dict)
    _rates: dict[str, list[Decimal]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(sorted(set(self.rows))))
        for row in self.rows:
            days = self._days.setdefault(row.currency, [])
            if days and days[-1] == row.day:
                raise DataError(Issue("conflicting_rates", {"currency": row.currency, "day": str(row.day)}))
            days.append(row.day)
            self._rates.setdefault(row.currency, []).append(row.rate)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[str, date, Decimal | int | float]], *, home: str) -> RateTable:
        """The table of rows (currency, day, rate in ``home``)."""
        return cls(home, tuple(Rate(currency, day, Decimal(str(rate))) for currency, day, rate in rows))

    def rate(self, currency: str, day: date) -> Decimal | None:
        """What one unit of ``currency`` is in ``home`` on ``day``: the last rate on or before it, None when none.

        The home currency itself is 1, and the rial family has its constants.
        """
        constant = convert_constant(Decimal(1), currency, self.home, day)
        if constant is not None:
            return constant
        place = bisect_right(self._days.get(currency, []), day)
        return self._rates[currency][place - 1] if place else None

    def convert(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """``amount`` of ``currency`` in ``home`` at the rate of ``day``; None when there is no rate.

        >>> RateTable.from_rows([("USD", date(2024, 3, 20), 600_000)], home="IRR").convert(
        ...     Decimal("1.5"), "USD", date(2024, 3, 21))
        Decimal('900000.0')
        """
        rate = self.rate(currency, day)
        return None if rate is None else amount * rate
