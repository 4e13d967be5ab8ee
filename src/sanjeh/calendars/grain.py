"""A grain is the length of a period: day, week, month, quarter or year."""

from __future__ import annotations

from enum import StrEnum


class Grain(StrEnum):
    """The five lengths a calendar cuts time into, short to long.

    >>> Grain("month")
    <Grain.MONTH: 'month'>
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_PERIODS_PER_YEAR = {Grain.DAY: 365, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 1}


def periods_per_year(grain: Grain) -> int:
    """How many whole periods of ``grain`` a year is counted as (365, 52, 12, 4 or 1).

    >>> periods_per_year(Grain.QUARTER)
    4
    """
    return _PERIODS_PER_YEAR[grain]
