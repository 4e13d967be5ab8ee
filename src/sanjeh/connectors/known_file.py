"""A known file is one whose content was imported before: importing it again must not undo what came since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.connectors.apply import AppliedTable
from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.reading import Source
from sanjeh.connectors.reading.byte_stream import fingerprint_file
from sanjeh.errors import Datum, Issue, SanjehError, Severity
from sanjeh.warehouse import LoadCount, Snapshot, SourceFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class KnownFile:
    """The first import of a content, and the ids of all stored files that had it."""

    import_id: int
    files: tuple[int, ...]


def find_known(snapshot: Snapshot, entity: str, file: SourceFile, part: str | None) -> KnownFile | None:
    """The earlier imports of this content (of a workbook: of the same sheet) into ``entity``, under whatever name."""
    sheet = f"[{part}]" if part else ""
    found = [
        (record.id, stored.id)
        for record in snapshot.sources
        if record.entity == entity
        for stored in record.files
        if stored.fingerprint == file.fingerprint and file.fingerprint and stored.name.endswith(sheet)
    ]
    return KnownFile(min(found)[0], tuple(sorted(id_ for _, id_ in found))) if found else None


def drop_corrected(connection: DuckDBPyConnection, snapshot: Snapshot, applied: AppliedTable, known: KnownFile) -> int:
    """How many typed rows were taken out again, since a file that came after this content has their row.

    What the content itself brought may change with the mapping; what a later file said of a row stands.
    """
    stored = snapshot.entities.get(applied.entity.id)
    if stored is None or not stored.segments:
        return 0
    own = ", ".join(str(number) for number in known.files)
    [[rows]] = connection.execute(
        f"DELETE FROM {quote_name(applied.table)} WHERE _row_key IN (SELECT _row_key FROM"
        f" {snapshot.relation_sql(applied.entity.id)} WHERE _file > {known.files[0]} AND _file NOT IN ({own}))"
    ).fetchall()
    return int(rows)


def note_known(file: str, known: KnownFile, counted: LoadCount, kept: int) -> tuple[Issue, ...]:
    """A note that the file was imported before, where it changed nothing or later files stand against it."""
    if kept:
        data: dict[str, Datum] = {"file": file, "number": known.import_id, "rows": kept}
        return (Issue("file_known_corrected", data, severity=Severity.NOTE),)
    if counted.loaded or counted.replaced:
        return ()
    return (Issue("file_known", {"file": file}, severity=Severity.NOTE),)


def known_first(sources: Sequence[Source], snapshot: Snapshot) -> list[int]:
    """The places of ``sources`` as they are read: first what was imported before, so that it overwrites nothing new."""
    fingerprints = {file.fingerprint for record in snapshot.sources for file in record.files}
    known: dict[str, bool] = {}
    if len(sources) > 1 and fingerprints:
        for source in sources:
            if source.path not in known:
                known[source.path] = _fingerprint(source) in fingerprints
    return sorted(range(len(sources)), key=lambda place: not known.get(sources[place].path, False))


def _fingerprint(source: Source) -> str:
    if source.kind == "postgres":
        return ""
    try:
        return fingerprint_file(source)
    except SanjehError:
        return ""


def note_repeated(file: str, before: str) -> tuple[Issue, ...]:
    """A note that the file is another of the same run once more."""
    return (Issue("file_repeated", {"file": file, "before": before}, severity=Severity.NOTE),)
