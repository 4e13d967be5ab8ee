"""Rows set aside are those that an import could not understand; they stay in quarantine until their file is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjeh.engines import load_engine
from sanjeh.errors import Issue
from sanjeh.warehouse import ImportRecord, Snapshot


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
