"""The import history is what was imported, what was set aside, and the way back: an import can be undone."""

from __future__ import annotations

from pathlib import Path

from sanjeh.connectors.report import Fault
from sanjeh.errors import Issue, QuestionError
from sanjeh.warehouse import ImportRecord, Snapshot, Writer, open_snapshot


def list_imports(warehouse: Path) -> tuple[ImportRecord, ...]:
    """The imports of the current version, oldest first; one that was undone has ``removed``.

    >>> list_imports(Path("nowhere"))
    ()
    """
    return open_snapshot(warehouse).sources


def list_faults(warehouse: Path, *, import_id: int | None = None, limit: int = 1000) -> tuple[Fault, ...]:
    """The cells that were not understood, of one import or of all, the latest import first, at most ``limit``.

    Raises QuestionError ``import_unknown``.
    """
    import duckdb

    snapshot = open_snapshot(warehouse)
    records = [_find(snapshot, import_id)] if import_id is not None else list(reversed(snapshot.sources))
    found: list[Fault] = []
    with duckdb.connect() as connection:
        for record in records:
            if record.faults is None or len(found) >= limit:
                continue
            names = {file.id: file.name for file in record.files}
            rows = connection.execute(
                "SELECT _file, _line, column_name, value, reason FROM read_parquet(?)"
                " ORDER BY _file, _line, column_name LIMIT ?",
                [str(record.faults), limit - len(found)],
            ).fetchall()
            found += [Fault(names.get(row[0], ""), *row[1:]) for row in rows]
    return tuple(found)


def undo_import(warehouse: Path, import_id: int) -> int:
    """How many rows were taken out: those that the import brought and no later one replaced.

    A row that the import had corrected does not come back; restoring an older version brings it back. Raises
    QuestionError ``import_unknown``, WorkspaceError ``warehouse_locked``.
    """
    import duckdb

    with duckdb.connect() as connection, Writer(warehouse) as writer:
        record = _find(open_snapshot(warehouse), import_id)
        removed = writer.delete(connection, record.entity, files=[file.id for file in record.files])
        writer.commit()
    return removed


def _find(snapshot: Snapshot, import_id: int) -> ImportRecord:
    for record in snapshot.sources:
        if record.id == import_id:
            return record
    raise QuestionError(Issue("import_unknown", {"number": import_id}))
