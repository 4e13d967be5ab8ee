"""Ingesting brings files into a workspace and lists what came in: imports, and the rows set aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sanjeh.connectors import ImportReport, ImportSettings, Proposal, Question, import_sources
from sanjeh.connectors.reading import Source
from sanjeh.definitions import Catalogue
from sanjeh.engines import load_engine
from sanjeh.errors import Issue
from sanjeh.settings import FILE, Settings
from sanjeh.stored_money import check_money, keep_money
from sanjeh.warehouse import ImportRecord, Snapshot, prune

Ask = Callable[[Question], str | None]
Confirm = Callable[[Source, Proposal], bool]
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A cell that could not be understood: where it stands, what it says, and why its row was set aside."""

    import_id: int
    file: str
    line: int
    column: str
    value: str
    reason: str

    def issue(self) -> Issue:
        """The reason, to be read in either language."""
        return Issue(self.reason, {"value": self.value, "column": self.column, "row": self.line, "file": self.file})


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
) -> ImportReport:
    """What became of the files in ``paths``, all in one new version of the data; old versions are pruned.

    Raises WorkspaceError ``currency_changed`` or ``zone_changed`` where rows were stored under other settings.
    """
    warehouse = folder / "warehouse"
    check_money(warehouse, settings.currency, settings.time_zone)
    calendar: Literal["jalali", "gregorian"] = "gregorian" if _is_gregorian(settings) else "jalali"
    wanted = ImportSettings(
        warehouse=warehouse,
        sources=folder / "sources",
        catalogue=catalogue,
        now=now,
        calendar=calendar,
        currency=settings.currency,
        zone=settings.time_zone,
    )
    outside = [part for path in paths for part in without_workspace(path, folder)]
    report = import_sources(
        wanted, outside, as_entity=as_entity, fields=fields, ask=ask, confirm=confirm, progress=progress
    )
    if report.total("loaded"):
        keep_money(warehouse, settings.currency, settings.time_zone)
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


def current_imports(records: Sequence[ImportRecord]) -> tuple[ImportRecord, ...]:
    """The imports that still count, newest first: of a file's several imports the last, and none that was undone.

    A row that was set aside leaves the quarantine when its file is imported again, mended.
    """
    newest: dict[tuple[str, tuple[str, ...]], ImportRecord] = {}
    for record in sorted(records, key=lambda record: -record.id):
        newest.setdefault((record.entity, tuple(file.name for file in record.files)), record)
    return tuple(record for record in newest.values() if record.removed is None)


def list_set_aside(snapshot: Snapshot, records: Sequence[ImportRecord], most: int) -> tuple[SetAside, ...]:
    """The newest rows still set aside, at most ``most``."""
    faults = load_engine("faults")
    found: list[SetAside] = []
    for record in current_imports(records):
        if record.faults is None or len(found) >= most:
            continue
        for file, line, column, value, reason in faults.read_faults(record.faults, most - len(found)):
            stored = snapshot.find_file(file) if file is not None else None
            found.append(
                SetAside(record.id, stored.name if stored else "", line or 0, column or "", value or "", reason)
            )
    return tuple(found)
