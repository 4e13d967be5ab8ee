"""Ingesting brings files into a workspace and lists what came in: imports, and the rows set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from sanjeh.connectors import ImportReport, ImportSettings, Proposal, Question, import_sources
from sanjeh.connectors.cleaning.date import Order
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.connectors.import_settings import MEMORY, RepeatedAnswer
from sanjeh.connectors.reading import Source
from sanjeh.definitions import Catalogue
from sanjeh.settings import FILE, Settings
from sanjeh.stored_money import check_money, keep_money
from sanjeh.warehouse import Snapshot, prune

Ask = Callable[[Question], str | None]
Confirm = Callable[[Source, Proposal], bool]
Progress = Callable[[str, int, int | None], None]


def ingest(
    folder: Path,
    settings: Settings,
    catalogue: Catalogue,
    paths: Sequence[Path | str],
    *,
    now: datetime,
    as_entity: str | None = None,
    fields: Mapping[str, str] | None = None,
    ask: Ask | None = None,
    confirm: Confirm | None = None,
    progress: Progress | None = None,
    dates: Order | None = None,
    decimal: DecimalMark | None = None,
    repeated: RepeatedAnswer | None = None,
    prepare: Callable[[Snapshot], None] | None = None,
) -> ImportReport:
    """What became of the files in ``paths``, all in one new version of the data; old versions are pruned.

    ``dates`` ("dmy", "mdy", "ymd") and ``decimal`` (".", ",") answer for this run what dates and numbers leave open,
    ``repeated`` ("sum", "first", "last") what rows are that repeat a key. ``prepare`` sees the new version before it is
    the current one.
    Raises WorkspaceError ``currency_changed`` or ``zone_changed`` where rows were stored under other settings.
    """
    warehouse = folder / "warehouse"
    check_money(warehouse, settings.currency, settings.time_zone)
    keep_money(warehouse, settings.currency, settings.time_zone)
    calendar: Literal["jalali", "gregorian"] = "gregorian" if _is_gregorian(settings) else "jalali"
    wanted = ImportSettings(
        warehouse=warehouse,
        sources=folder / "sources",
        catalogue=catalogue,
        now=now,
        calendar=calendar,
        currency=settings.currency,
        zone=settings.time_zone,
        dates=dates,
        decimal=decimal,
        repeated=repeated,
        prepare=prepare,
        memory=settings.engine.megabytes or MEMORY,
        threads=settings.engine.threads,
        spill=settings.engine.folder_in(folder),
    )
    outside = [part for path in paths for part in without_workspace(path, folder)]
    report = import_sources(
        wanted, outside, as_entity=as_entity, fields=fields, ask=ask, confirm=confirm, progress=progress
    )
    prune(warehouse, now=now)
    return report


OWN = frozenset({"warehouse", "sources", "kpis", "goals", FILE})


def without_workspace(path: Path | str, folder: Path) -> list[Path | str]:
    """``path``, or where it is the workspace itself, what lies in it beside its own files: exports kept there."""
    place = Path(path)
    if (isinstance(path, str) and "://" in path) or not place.is_dir() or place.resolve() != folder.resolve():
        return [path]
    others = (item for item in place.iterdir() if item.name not in OWN and not item.name.startswith("."))
    return sorted(item for item in others if item.is_file() or any(item.iterdir()))


def _is_gregorian(settings: Settings) -> bool:
    if settings.calendar == "fiscal":
        return settings.fiscal_base == "gregorian"
    return settings.calendar in ("gregorian", "retail")
