"""A question of the board: twelve KPIs over 24 months of one calendar, overall or by channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

KPIS = {
    "revenue": "revenue",
    "orders": "successful_orders",
    "average_order_value": "average_order_value",
    "new_customers": "new_customers",
    "active_customers": "active_buyers",
    "arpu": "arpu.arppu",
    "cac": "cac",
    "lead_conversion": "lead_conversion_rate",
    "gross_margin": "gross_margin",
    "sessions": "website_visitors.sessions",
    "conversion_rate": "conversion_rate",
    "repeat_purchase_rate": "repeat_purchase_rate",
}
"""The board's name of each KPI and Sanjeh's; ``active_buyers`` and ``gross_margin`` are of ``definitions.yaml``."""

Cell = tuple[str, str | None, str]
"""A KPI's name, a channel (None: overall) and the first day of a month."""
Cells = dict[Cell, float | None]


@dataclass(frozen=True, slots=True)
class Months:
    """24 whole months: the starts of all of them and the end of the last, and the labels of the first and the last."""

    calendar: str
    starts: tuple[date, ...]
    since: str
    until: str

    def __post_init__(self) -> None:
        if len(self.starts) != 25:
            raise ValueError(f"24 months have 25 bounds, not {len(self.starts)}")


def _jalali() -> tuple[date, ...]:
    # Written down here, not asked of Sanjeh: 1402 has 365 days and 1403 366.
    lengths = [31] * 6 + [30] * 5 + [29] + [31] * 6 + [30] * 6
    return tuple(date(2023, 3, 21) + timedelta(days) for days in accumulate(lengths, initial=0))


def _gregorian() -> tuple[date, ...]:
    return tuple(date(2023 + month // 12, month % 12 + 1, 1) for month in range(3, 28))


MONTHS = {
    "gregorian": Months("gregorian", _gregorian(), "2023-04", "2025-03"),
    "jalali": Months("jalali", _jalali(), "1402-01", "1403-12"),
}


def differences(ours: Cells, theirs: Cells, *, tolerance: float = 1e-9, kpis: Sequence[str] = tuple(KPIS)) -> list[str]:
    """What differs between two answers, one sentence a cell; a cell that one side lacks differs too."""
    found = []
    for cell in sorted({*ours, *theirs}, key=str):
        if cell[0] not in kpis:
            continue
        one, other = ours.get(cell), theirs.get(cell)
        if one is None and other is None and cell in ours and cell in theirs:
            continue
        if one is None or other is None or abs(one - other) > tolerance * max(1.0, abs(one), abs(other)):
            found.append(f"{cell}: {one} and {other}")
    return found
