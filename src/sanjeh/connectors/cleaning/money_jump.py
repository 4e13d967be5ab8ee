"""A money jump is a column's typical amount becoming about ten times as large or small: rials and tomans mixed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from sanjeh.errors import Issue, Severity

if TYPE_CHECKING:
    import duckdb

# About ten, and far from what a busy month or inflation does to a median within one month.
_LEAST, _MOST = Decimal(7), Decimal(14)


def unit_jump(medians: Iterable[tuple[str, Decimal | float]], *, column: str = "") -> Issue | None:
    """A warning when the median amount jumps by about ten between neighbours; None when it does not.

    ``medians`` are pairs (month or file, median of the amounts), in order; zero and negative medians are passed over.

    >>> unit_jump([("2024-01", 120), ("2024-02", 1150)]).code
    'money_jump'
    >>> unit_jump([("2024-01", 120), ("2024-02", 240)]) is None
    True
    """
    known = [(label, Decimal(str(median))) for label, median in medians if median > 0]
    for (before, small), (after, large) in pairwise(known):
        ratio = max(small, large) / min(small, large)
        if _LEAST <= ratio <= _MOST:
            data = {
                "column": column,
                "before": before,
                "after": after,
                "ratio": f"{ratio:.1f}",
                "direction": "up" if large > small else "down",
            }
            return Issue("money_jump", data, severity=Severity.WARNING)
    return None


def compute_medians(
    connection: duckdb.DuckDBPyConnection, table: str, amount: str, label: str
) -> tuple[tuple[str, Decimal], ...]:
    """The median of ``amount`` for each ``label`` of ``table``, in the order of the labels; all three are SQL.

    ``label`` may be ``strftime(ordered_at, '%Y-%m')`` or the file's name.
    """
    rows = connection.execute(
        f"SELECT CAST({label} AS VARCHAR) AS label, CAST(median(abs({amount})) AS DECIMAL(38,9)) FROM {table} "
        f"WHERE {amount} <> 0 AND {label} IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return tuple((str(found), Decimal(median)) for found, median in rows)
