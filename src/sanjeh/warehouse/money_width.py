"""A money width is how many digits before and after the point a stored money column needs to be exact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from sanjeh.errors import DataError, Issue

SCALES = (0, 2, 4, 6, 9)
WIDEST = "DECIMAL(38,9)"


@dataclass(frozen=True, slots=True)
class MoneyWidth:
    """``digits`` before the point, ``scale`` after it.

    >>> MoneyWidth(12, 2).sql_type, MoneyWidth(17, 2).sql_type
    ('DECIMAL(18,2)', 'DECIMAL(38,2)')
    """

    digits: int = 1
    scale: int = 0

    def __post_init__(self) -> None:
        if self.digits + self.scale > 38:
            raise DataError(Issue("warehouse_money_too_wide", {"digits": self.digits, "scale": self.scale}))

    @property
    def sql_type(self) -> str:
        """The narrowest of DuckDB's fast (18 digits) and wide (38 digits) decimals that holds this width exactly."""
        return f"DECIMAL({18 if self.digits + self.scale <= 18 else 38},{self.scale})"

    def widen(self, other: MoneyWidth) -> MoneyWidth:
        """The width that holds what either holds."""
        return MoneyWidth(max(self.digits, other.digits), max(self.scale, other.scale))


def widest(widths: Iterable[MoneyWidth]) -> MoneyWidth:
    """The width that holds what each of ``widths`` holds; the narrowest one when there are none."""
    return reduce(MoneyWidth.widen, widths, MoneyWidth())


def scale_sql(column: str) -> str:
    """SQL for the smallest scale that holds every value of ``column`` (a quoted name) exactly; NULL without values."""
    steps = " ".join(f"WHEN {column} = round({column}, {scale}) THEN {scale}" for scale in SCALES[:-1])
    return f"max(CASE WHEN {column} IS NULL THEN NULL {steps} ELSE {SCALES[-1]} END)"


def digits_sql(column: str) -> str:
    """SQL for the digits before the point of the largest value of ``column``; NULL without values."""
    return f"length(CAST(trunc(max(abs({column}))) AS DECIMAL(38,0))::VARCHAR)"
