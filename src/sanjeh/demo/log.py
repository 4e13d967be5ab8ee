"""A log is an export whose rows are each of one day, as counters and price lists keep them: a day and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import day_text

# The day's number, and the other cells in the order of their headers.
Entry = tuple[int, Sequence[CellValue]]


def make_log(
    entity: str,
    file: str,
    headers: dict[str, str],
    entries: Iterable[Entry],
    *,
    format: Format = Format.CSV,  # noqa: A002
    sheet: str = "",
) -> Table:
    """A table with a row for each of ``entries``, its day written under the header that stands for ``date``.

    The entries are drawn one by one in their order, so that a random stream gives the same ones each time.

    >>> make_log("exchange_rates", "r.csv", {"کد ارز": "currency", "تاریخ": "date"}, [(31, ["USD"])]).rows
    [['USD', '1401/02/01']]
    """
    at = list(headers.values()).index("date")
    rows = ([*cells[:at], day_text(day), *cells[at:]] for day, cells in entries)
    return make_table(entity, file, headers, rows, format=format, sheet=sheet)
