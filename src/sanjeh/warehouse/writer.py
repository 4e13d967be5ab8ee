"""A writer adds rows to the warehouse: everything it is given becomes one new version at commit, or nothing does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from sanjeh.definitions.entity import Entity
from sanjeh.errors import DataError, Issue
from sanjeh.warehouse import sql
from sanjeh.warehouse.arrival import (
    GONE,
    RAW,
    Arrival,
    base_table,
    compare,
    count,
    drop_tables,
    make_raw,
    staged_columns,
)
from sanjeh.warehouse.dictionary import extend_dictionary, folder_name
from sanjeh.warehouse.durable import TEMPORARY, make_name, remove, seal
from sanjeh.warehouse.history import ImportRecord, LoadCount, SourceRecord, StoredFile
from sanjeh.warehouse.layout import Layout, build_layout, must_recode
from sanjeh.warehouse.lock import Lock
from sanjeh.warehouse.manifest import Manifest, check_files, current_version, read_manifest
from sanjeh.warehouse.partition import choose_granularity
from sanjeh.warehouse.rewrite import add_kept_rows, make_changes, make_no_changes, rewrite
from sanjeh.warehouse.segment import PARQUET
from sanjeh.warehouse.shortage import writing
from sanjeh.warehouse.snapshot import Snapshot
from sanjeh.warehouse.stored import Dictionary, Segment, StoredEntity
from sanjeh.warehouse.summary import state_cover, state_observed, summarise
from sanjeh.warehouse.versions import LOCK, clear_leftovers, list_versions, publish

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FAULT_COLUMNS = "_file, _line, column_name, value, reason"


class Writer:
    """The one writer of the warehouse in ``folder``; waits up to ``wait`` seconds for another one to finish.

    Raises WorkspaceError ``warehouse_locked``, ``warehouse_damaged``, ``warehouse_write_failed``; whatever is raised,
    the current version stays whole. Temporary tables it makes in the caller's connection are named ``wh_...`` and
    dropped.
    """

    def __init__(self, folder: Path, *, wait: float = 5.0) -> None:
        self._folder = folder.absolute()
        self._wait = wait
        self._lock = Lock(self._folder / LOCK)
        self._committed = Manifest()
        self._draft = Manifest()
        self._made: set[Path] = set()
        self._failed = False

    def __enter__(self) -> Writer:
        with writing(self._folder):
            for name in ("manifests", "segments", "dictionaries", "faults"):
                (self._folder / name).mkdir(parents=True, exist_ok=True)
            left_by_the_dead = self._lock.take(self._wait)
        try:
            self._committed = self._draft = read_manifest(self._folder, current_version(self._folder))
            check_files(self._committed, self._folder)
            if left_by_the_dead:
                clear_leftovers(self._folder)
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._discard(self._committed)
            if self._failed:
                # Files that were written before a failure, and of which nobody was told.
                clear_leftovers(self._folder)
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def _working(self, connection: DuckDBPyConnection) -> Iterator[None]:
        import duckdb

        try:
            with self.together(), writing(self._folder):
                yield
        except duckdb.ConversionException as error:
            raise DataError(Issue("warehouse_value_unfit", {"reason": str(error).splitlines()[0]})) from error
        finally:
            # After a failure to write, the connection may refuse even this.
            with contextlib.suppress(duckdb.Error):
                drop_tables(connection)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """All that is loaded, set aside and deleted within the block, or where the block fails, nothing of it."""
        before = self._draft
        try:
            yield
        except BaseException:
            self._failed = True
            self._draft = before
            raise

    def load(self, connection: DuckDBPyConnection, entity: Entity, table: str, source: SourceRecord) -> LoadCount:
        """What became of the rows of the staging table ``table``, now part of the coming version.

        Staging columns: those of the entity (any subset), own dimensions under other names, ``_row_key`` (NULL: the
        row is known by its content), ``_file`` (number of the file in ``source.files`` from 0) and ``_line``. A row
        whose key is stored replaces the stored row as a whole; columns that were not brought become NULL in it.
        """
        stored = self._draft.entities.get(entity.id)
        with self._working(connection):
            base = base_table(connection, table)
            staged = staged_columns(connection, base)
            layout = build_layout(entity, staged, stored)
            arrival = compare(connection, base, staged, layout, stored)
            record = self._make_record(entity.id, source, arrival)
            if arrival.loaded or arrival.replaced:
                make_raw(connection, base, staged, layout, record.source_id, record.files[0].id)
                self._take_in(connection, entity.id, layout, arrival, source)
            else:
                self._take_in_nothing(entity.id, layout, source)
        self._draft = replace(self._draft, imports=(*self._draft.imports, record))
        return LoadCount(arrival.loaded, arrival.duplicate, arrival.replaced, arrival.superseded, record.id)

    def _take_in(
        self, connection: DuckDBPyConnection, name: str, layout: Layout, arrival: Arrival, source: SourceRecord
    ) -> None:
        stored = self._draft.entities.get(name)
        before: tuple[Segment, ...] = stored.segments if stored else ()
        rows = sum(segment.rows for segment in before) + arrival.loaded
        granularity = choose_granularity(rows, stored.granularity if stored and before else None)
        if stored and before and (granularity != stored.granularity or must_recode(layout, stored)):
            add_kept_rows(connection, layout, stored)
            before = ()
        dictionaries = self._extend_dictionaries(connection, layout)
        make_changes(connection, layout, granularity, dictionaries)
        folder = self._folder / "segments" / folder_name(name)
        segments = rewrite(connection, folder, layout, granularity, before, arrival.touched)
        self._made |= {segment.path for segment in segments}
        made = state_cover(summarise(name, layout, granularity, segments, source.when), stored, source)
        self._draft = replace(self._draft, dictionaries=dictionaries)
        self._keep(state_observed(connection, made))

    def _take_in_nothing(self, name: str, layout: Layout, source: SourceRecord) -> None:
        stored = self._draft.entities.get(name) or summarise(name, layout, "all", (), source.when)
        self._keep(state_cover(replace(stored, imported_at=source.when), stored, source))

    def _keep(self, entity: StoredEntity) -> None:
        self._draft = replace(self._draft, entities={**self._draft.entities, entity.name: entity})

    def _extend_dictionaries(self, connection: DuckDBPyConnection, layout: Layout) -> dict[str, Dictionary]:
        dictionaries = dict(self._draft.dictionaries)
        for domain in layout.coded:
            folder = self._folder / "dictionaries" / folder_name(domain)
            known = dictionaries.get(domain, Dictionary())
            dictionaries[domain] = extend_dictionary(connection, folder, known, RAW, domain)
            self._made |= set(dictionaries[domain].files)
        return dictionaries

    def _make_record(self, entity: str, source: SourceRecord, arrival: Arrival) -> ImportRecord:
        past = self._draft.imports
        first_file = 1 + max((file.id for record in past for file in record.files), default=0)
        numbers = {record.source: record.source_id for record in past}
        counted = arrival.loaded + arrival.duplicate + arrival.replaced + arrival.superseded
        return ImportRecord(
            id=1 + max((record.id for record in past), default=0),
            when=source.when,
            source=source.source,
            source_id=numbers.get(source.source, 1 + max(numbers.values(), default=0)),
            entity=entity,
            files=tuple(StoredFile(first_file + n, f.name, f.fingerprint) for n, f in enumerate(source.files)),
            read=counted if source.read is None else source.read,
            loaded=arrival.loaded,
            duplicate=arrival.duplicate,
            replaced=arrival.replaced,
            superseded=arrival.superseded,
            read_stated=source.read is not None,
            covers_from=source.covers_from,
            covers_to=source.covers_to,
        )

    def quarantine(self, connection: DuckDBPyConnection, table: str, import_id: int) -> int:
        """How many rows the faults in ``table`` set aside, now recorded with ``import_id`` (of ``LoadCount``).

        Columns of ``table``: ``_file`` and ``_line`` as in staging, ``column_name``, ``value`` (text), ``reason``
        (code); a row with several faults is one row set aside. Call it once for an import. Read them back from
        ``ImportRecord.faults``.
        """
        record = next(each for each in self._draft.imports if each.id == import_id)
        quoted = sql.name(table)
        rows = count(connection, f"SELECT count(*) FROM (SELECT DISTINCT _file, _line FROM {quoted})")
        if not rows:
            return 0
        final = self._folder / "faults" / make_name(str(import_id), ".parquet")
        temporary = final.with_name(final.name + TEMPORARY)
        select = (
            f"SELECT CAST({import_id} AS INTEGER) AS import_id, CAST(_file + {record.files[0].id} AS INTEGER) AS _file,"
            f" CAST(_line AS BIGINT) AS _line, column_name, CAST(value AS VARCHAR) AS value, reason"
            f" FROM (SELECT {_FAULT_COLUMNS} FROM {quoted}) ORDER BY _file, _line, column_name"
        )
        with self._working(connection):
            connection.execute(f"COPY ({select}) TO {sql.path(temporary, reading=False)} ({PARQUET})")
            seal(temporary, final)
        self._made.add(final)
        read = record.read if record.read_stated else record.read + rows
        self._amend(replace(record, faults=final, quarantined=record.quarantined + rows, read=read))
        return rows

    def delete(
        self,
        connection: DuckDBPyConnection,
        entity: str,
        *,
        files: Collection[int] = (),
        source: str | None = None,
    ) -> int:
        """How many rows were taken out: those that came from ``files`` (ids of StoredFile) or from ``source``.

        A row that an import corrected does not come back by deleting the correction; ``restore`` goes back to an older
        version whole. Dictionaries keep their values.
        """
        stored = self._draft.entities.get(entity)
        records = [each for each in self._draft.imports if each.entity == entity]
        numbers = set(files) | {file.id for each in records if each.source == source for file in each.files}
        if stored is None or not stored.segments or not numbers:
            return 0
        with self._working(connection):
            return self._delete(connection, stored, sorted(numbers), records)

    def _delete(
        self, connection: DuckDBPyConnection, stored: StoredEntity, numbers: list[int], records: list[ImportRecord]
    ) -> int:
        listed = ", ".join(str(number) for number in numbers)
        found = f"FROM {sql.read(stored.files, filename=True)} WHERE _file IN ({listed})"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {GONE} AS SELECT _row_key AS k {found}")
        counted = connection.execute(f"SELECT _file, filename, count(*) {found} GROUP BY ALL").fetchall()
        touched = frozenset(str(row[1]).replace("\\", "/").rsplit("/", 1)[-1] for row in counted)
        layout = Layout(tuple(stored.columns.values()), stored.time).widened()
        make_no_changes(connection, layout)
        folder = self._folder / "segments" / folder_name(stored.name)
        segments = rewrite(connection, folder, layout, stored.granularity, stored.segments, touched)
        self._made |= {segment.path for segment in segments}
        made = summarise(stored.name, layout, stored.granularity, segments, stored.imported_at)
        self._keep(state_observed(connection, state_cover(made, stored, None)))
        for record in records:
            here = {file.id for file in record.files}
            if here & set(numbers):
                rows = sum(row[2] for row in counted if row[0] in here)
                self._amend(replace(record, removed=(record.removed or 0) + rows))
        return sum(row[2] for row in counted)

    def commit(self, prepare: Callable[[Snapshot], None] | None = None) -> int:
        """The number of the new version, which is then the current one; the current one's where nothing was changed.

        ``prepare`` sees the version before anybody else does: what is made of it is there from its first moment on.
        Raises DataError ``warehouse_rows_lost`` when an import said how many rows it read and they are not all
        accounted for.
        """
        if self._draft is self._committed:
            return self._committed.version
        self._check_counts()
        with self.together(), writing(self._folder):
            number = 1 + max(list_versions(self._folder), default=0)
            manifest = replace(self._draft, version=number, previous=self._committed.version or None)
            if prepare is not None:
                prepare(Snapshot(self._folder, manifest))
            publish(self._folder, manifest)
        self._discard(manifest)
        self._committed = self._draft = manifest
        return number

    def _check_counts(self) -> None:
        earlier = {record.id for record in self._committed.imports}
        for record in self._draft.imports:
            known = record.loaded + record.duplicate + record.replaced + record.superseded + record.quarantined
            if record.id not in earlier and record.read != known:
                files = ", ".join(file.name for file in record.files)
                raise DataError(Issue("warehouse_rows_lost", {"file": files, "read": record.read, "known": known}))

    def _amend(self, record: ImportRecord) -> None:
        imports = tuple(record if each.id == record.id else each for each in self._draft.imports)
        self._draft = replace(self._draft, imports=imports)

    def _discard(self, kept: Manifest) -> None:
        for path in self._made - kept.files():
            remove(path)
        self._made.clear()
