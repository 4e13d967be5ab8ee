"""A partition is the rows of an entity that lie in one segment: all, a year's, a month's, or those without time."""

from __future__ import annotations

from sanjeh.warehouse import sql

ALL_UP_TO = 200_000
YEARS_UP_TO = 1_000_000


def choose_granularity(rows: int, before: str | None) -> str:
    """How finely ``rows`` rows are cut: "all", "year" or "month".

    An entity that shrinks is cut coarser only below half the limit, so that edits around a limit do not rewrite it
    again and again.
    """
    order = ("all", "year", "month")
    wanted = 0 if rows <= ALL_UP_TO else 1 if rows <= YEARS_UP_TO else 2
    if before is None or order.index(before) <= wanted:
        return order[wanted]
    calm = 0 if rows <= ALL_UP_TO // 2 else 1 if rows <= YEARS_UP_TO // 2 else 2
    return order[min(calm, order.index(before))]


def partition_sql(granularity: str, time: str | None) -> str:
    """SQL for a row's partition number: 202403, 2024, 0 for rows without time, 1 when there is one partition only."""
    if granularity == "all":
        return "1"
    if time is None:
        return "0"
    day = f"CAST({sql.name(time)} AS DATE)"
    number = f"year({day})" if granularity == "year" else f"year({day}) * 100 + month({day})"
    return f"coalesce(CAST({number} AS INTEGER), 0)"


def partition_name(granularity: str, number: int) -> str:
    """The name of a partition number.

    >>> partition_name("month", 202403), partition_name("year", 0)
    ('2024-03', 'none')
    """
    if granularity == "all":
        return "all"
    if number == 0:
        return "none"
    return f"{number:04d}" if granularity == "year" else f"{number // 100:04d}-{number % 100:02d}"
