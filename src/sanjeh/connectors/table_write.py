"""A table write brings the typed rows of one file to the warehouse's writer and reports what became of each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sanjeh.connectors.apply import AppliedTable, apply_mapping, drop_applied
from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.known_file import drop_corrected, find_known, note_known, note_repeated
from sanjeh.connectors.load_note import is_other_file, note_load
from sanjeh.connectors.mapping import SourceMapping
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.report import Fault, TableReport
from sanjeh.connectors.stored_jump import check_stored_jump
from sanjeh.connectors.total_row import BLANK, EMPTY_ROWS, TOTAL
from sanjeh.errors import Issue
from sanjeh.warehouse import LoadCount, SourceFile, SourceRecord, Writer, open_snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Writes the tables of file after file in one run; ``seen`` are the contents that the run has brought already."""

    connection: DuckDBPyConnection
    writer: Writer
    settings: ImportSettings
    seen: dict[tuple[str, str | None, str, int], str] = field(default_factory=dict)

    def load(self, raw: RawTable, mapping: SourceMapping) -> list[TableReport]:
        """The reports on one file's tables; where one of them fails, nothing of the file is written.

        All are typed before the first is written, since typing is what fails.
        """
        import duckdb

        applied: list[AppliedTable] = []
        seen = dict(self.seen)
        try:
            for number, _ in enumerate(mapping.tables):
                name = f"typed_{number}"
                applied.append(apply_mapping(self.connection, raw, mapping, number, self.settings, name))
            with self.writer.together():
                return [self._write(raw, mapping, number, each) for number, each in enumerate(applied)]
        except BaseException:
            self.seen.clear()
            self.seen.update(seen)
            raise
        finally:
            with suppress(duckdb.Error):
                for each in applied:
                    drop_applied(self.connection, each)

    def _write(self, raw: RawTable, mapping: SourceMapping, number: int, applied: AppliedTable) -> TableReport:
        source = raw.source
        label = f"{source.file}[{source.part}]" if source.part else source.file
        content = (raw.fingerprint, source.part, applied.entity.id, number)
        if content in self.seen:
            good = applied.staged - applied.quarantined
            counted, quarantined = LoadCount(0, good, 0), applied.quarantined
            return self._report(applied, label, counted, quarantined, None, note_repeated(label, self.seen[content]))
        if raw.fingerprint:
            self.seen[content] = label
        return self._write_new(raw, mapping, applied, label)

    def _write_new(self, raw: RawTable, mapping: SourceMapping, applied: AppliedTable, label: str) -> TableReport:
        connection, warehouse = self.connection, self.settings.warehouse
        snapshot, file = open_snapshot(warehouse), SourceFile(label, raw.fingerprint)
        issues = check_stored_jump(connection, warehouse, applied, label)
        known = find_known(snapshot, applied.entity.id, file, raw.source.part)
        kept = drop_corrected(connection, snapshot, applied, known) if known is not None else 0
        record = SourceRecord(
            source=mapping.source,
            files=(file,),
            when=self.settings.now,
            read=applied.staged - kept,
            covers_from=applied.mapping.covers_from,
            covers_to=applied.mapping.covers_to,
        )
        is_other = is_other_file(warehouse, applied, file)
        counted = self.writer.load(connection, applied.entity, applied.table, record)
        quarantined = self.writer.quarantine(connection, applied.faults, counted.import_id)
        issues += note_load(connection, applied, counted, label, is_other=is_other)
        issues += note_known(label, known, counted, kept) if known is not None else ()
        # A row that a later file has corrected is known already.
        told = LoadCount(counted.loaded, counted.duplicate + kept, counted.replaced, counted.superseded)
        return self._report(applied, label, told, quarantined, counted.import_id, issues)

    def _report(
        self,
        applied: AppliedTable,
        label: str,
        counted: LoadCount,
        quarantined: int,
        import_id: int | None,
        issues: tuple[Issue, ...],
    ) -> TableReport:
        rows = self.connection.execute(
            f"SELECT _line, column_name, value, reason FROM {quote_name(applied.faults)}"
            f" ORDER BY reason IN {EMPTY_ROWS}, _line, column_name LIMIT {_FAULTS_SHOWN}"
        ).fetchall()
        totals, blanks = (self._count_faults(applied, reason) for reason in (TOTAL, BLANK))
        return TableReport(
            entity=applied.entity.id,
            read=applied.read,
            loaded=counted.loaded,
            replaced=counted.replaced,
            duplicate=counted.duplicate,
            superseded=counted.superseded,
            quarantined=quarantined,
            filtered=applied.filtered,
            folded=applied.folded,
            totals=totals,
            blanks=blanks,
            import_id=import_id,
            faults=tuple(Fault(label, *row) for row in rows),
            issues=(*applied.issues, *issues),
        )

    def _count_faults(self, applied: AppliedTable, reason: str) -> int:
        counted = f"SELECT count(DISTINCT _line) FROM {quote_name(applied.faults)} WHERE reason = ?"
        [[rows]] = self.connection.execute(counted, [reason]).fetchall()
        return int(rows)
