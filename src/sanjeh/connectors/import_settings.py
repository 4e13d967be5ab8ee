"""Import settings are what a company says once about all its files: where they go, its calendar, currency and zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sanjeh.connectors.cleaning.date import Order
from sanjeh.connectors.cleaning.month_name import CalendarName
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.definitions import Catalogue
from sanjeh.warehouse import Snapshot

MEMORY = 800
RepeatedAnswer = Literal["sum", "first", "last"]


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What every import needs to know.

    Args:
        warehouse: the folder of the warehouse.
        sources: the folder of the mapping files.
        catalogue: the entities that rows may become.
        now: the time of the import, for its record.
        calendar: the calendar of two-digit years that fit both; default "jalali".
        currency: the code that amounts are stored in; default "IRR".
        zone: the IANA name of the zone of local times; default "UTC".
        memory: how much of it DuckDB may take, in megabytes; default 800.
        threads: how many DuckDB may use; default 0, as many as the machine has.
        spill: the folder for what exceeds the memory; default: one in the warehouse.
        dates: the order of the dates of this run's files that may be read in several ways; default: asked.
        decimal: the decimal mark of this run's numbers where no value allows just one; default: found out, or asked.
        repeated: what rows are that repeat a key with other content: lines to be summed, one total written again
            ("first"), or corrections ("last"); default: asked.
        prepare: sees the new version before it is the current one; default: nobody does.
    """

    warehouse: Path
    sources: Path
    catalogue: Catalogue
    now: datetime
    calendar: CalendarName = "jalali"
    currency: str = "IRR"
    zone: str = "UTC"
    memory: int = MEMORY
    threads: int = 0
    spill: Path | None = None
    dates: Order | None = None
    decimal: DecimalMark | None = None
    repeated: RepeatedAnswer | None = None
    prepare: Callable[[Snapshot], None] | None = None
