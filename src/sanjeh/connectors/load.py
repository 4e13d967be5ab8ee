"""Loading files is importing them: each is recognised, read, typed and written, and all together become one version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.apply import AppliedTable, apply_mapping, drop_applied
from sanjeh.connectors.cleaning import match_key, quote_name
from sanjeh.connectors.file_style import settle_style
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.known_mapping import KnownMappings, load_mappings, missing_headers, new_headers
from sanjeh.connectors.load_note import is_other_file, note_load
from sanjeh.connectors.mapping import SourceMapping
from sanjeh.connectors.mapping_file import save_mapping
from sanjeh.connectors.propose import Proposal
from sanjeh.connectors.question import Question
from sanjeh.connectors.reading import RawTable, ReadOptions, Source, find_sources, read, source_of_address
from sanjeh.connectors.recognise import Recognised, recognise
from sanjeh.connectors.report import Fault, FileReport, ImportReport, Outcome, TableReport
from sanjeh.connectors.staging_area import open_staging
from sanjeh.connectors.stored_jump import check_stored_jump
from sanjeh.connectors.vocabulary import Vocabulary, build_vocabulary
from sanjeh.errors import DataError, Datum, DefinitionError, Issue, QuestionError, SanjehError, Severity, suggest
from sanjeh.warehouse import SourceFile, SourceRecord, Writer

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Ask = Callable[[Question], str | None]
# What is shown before a new mapping is used; False leaves the file out.
Confirm = Callable[[Source, Proposal], bool]
# The file's label, rows done, rows in all where known.
Progress = Callable[[str, int, int | None], None]
_RAW = "raw_rows"
_FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Import:
    """What one run of an import carries from file to file."""

    settings: ImportSettings
    connection: DuckDBPyConnection
    writer: Writer
    vocabulary: Vocabulary
    as_entity: str | None
    fields: Mapping[str, str]
    ask: Ask | None
    confirm: Confirm | None
    progress: Progress | None
    is_alone: bool


def import_sources(
    settings: ImportSettings,
    paths: Sequence[Path | str],
    *,
    as_entity: str | None = None,
    fields: Mapping[str, str] | None = None,
    maps: Sequence[Path] = (),
    options: ReadOptions | None = None,
    ask: Ask | None = None,
    confirm: Confirm | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """What became of the files, folders and database addresses in ``paths``, now all in one version of the warehouse.

    A file that a mapping in ``settings.sources`` (or ``maps``) takes is read by it; any other is recognised, and its
    mapping kept. A file that fails leaves the others importable; nothing of it is written.

    Args:
        settings: where rows go, and the company's calendar, currency and zone.
        paths: files, folders, or addresses such as postgresql://host/base?table=orders.
        as_entity: the entity that every file holds; found out when None.
        fields: what headers stand for (header to column), where names and values do not say.
        maps: mapping files that go before those of the sources folder.
        options: how files without a mapping are read; found out when None.
        ask: answers a question, or None to leave the file out; without it defaults are taken, and a file that a
            question without default stands before is left out.
        confirm: whether a new mapping is used; yes when None.
        progress: told the file, the rows done, and the rows in all.

    Raises:
        QuestionError: ``unknown_name`` for an entity that is none.
        DefinitionError: a mapping in ``maps`` that cannot be read.
        WorkspaceError: ``warehouse_locked`` and what else the warehouse refuses.
    """
    if as_entity is not None and as_entity not in settings.catalogue.entities:
        raise QuestionError(Issue("unknown_name", {"kind": "entity", "name": as_entity}))
    known = load_mappings(settings.sources, maps)
    if own := [issue for issue in known.issues if issue.place and Path(issue.place.file) in list(maps)]:
        raise DefinitionError(own)
    sources, reports = _find(paths, options)
    reports += [_failed_mapping(issue) for issue in known.issues]
    with open_staging(settings.memory, settings.warehouse) as connection, Writer(settings.warehouse) as writer:
        vocabulary = build_vocabulary(settings.catalogue)
        run = _Import(
            settings, connection, writer, vocabulary, as_entity, fields or {}, ask, confirm, progress, len(sources) == 1
        )
        for source in sources:
            report, mapping = _import_source(run, source, known)
            reports.append(report)
            if mapping is not None:
                others = (each for each in known.mappings if each.source != mapping.source)
                known = replace(known, mappings=(*others, mapping))
        version = writer.commit()
    return ImportReport(tuple(reports), version)


def _find(paths: Sequence[Path | str], options: ReadOptions | None) -> tuple[list[Source], list[FileReport]]:
    sources: list[Source] = []
    reports: list[FileReport] = []
    for path in paths:
        try:
            if isinstance(path, str) and "://" in path:
                sources.append(source_of_address(path))
            else:
                sources.extend(find_sources(Path(path), options))
        except DataError as error:
            name = "" if isinstance(path, str) and "://" in path else Path(path).name
            reports.append(FileReport(name, None, Outcome.FAILED, issues=error.issues))
    return sources, reports


def _failed_mapping(issue: Issue) -> FileReport:
    file = Path(issue.place.file).name if issue.place else ""
    return FileReport(file, None, Outcome.FAILED, issues=(issue,))


def _import_source(run: _Import, source: Source, known: KnownMappings) -> tuple[FileReport, SourceMapping | None]:
    """The report on one source, and its mapping when that is new."""
    import duckdb

    report = FileReport(source.file, source.part, Outcome.FAILED)
    takers = known.find(source)
    if takers:
        source = replace(source, options=_merged(takers[0].read, source.options))
    try:
        raw = read(source, run.connection, _RAW, progress=_progress(run, source))
    except SanjehError as error:
        return replace(report, issues=error.issues), None
    try:
        found = _choose(run, raw, takers, known)
        report = replace(report, rows=raw.rows + len(raw.bad_rows), issues=(*raw.issues, *found.issues))
        if found.mapping is None:
            return replace(report, outcome=Outcome.SKIPPED), None
        settled, notes = settle_style(run.connection, raw, found.mapping, run.settings, run.ask, is_new=found.is_new)
        report = replace(report, issues=(*report.issues, *notes))
        tables = _load_tables(run, raw, settled)
    except SanjehError as error:
        return replace(report, issues=(*report.issues, *error.issues)), None
    except duckdb.Error as error:
        # Memory or disk that was not enough, or SQL of a mapping that fails on a value: the other files go on.
        data: dict[str, Datum] = {"file": source.file, "reason": str(error).splitlines()[0][:300]}
        return replace(report, issues=(*report.issues, Issue("import_refused", data, source.place))), None
    finally:
        run.connection.execute(f"DROP TABLE IF EXISTS {_RAW}")
    is_new = found.is_new and _is_understood(tables)
    if is_new:
        _keep_mapping(run, found.mapping, takers)
    done = replace(report, outcome=Outcome.IMPORTED, mapping=found.mapping.source, is_new=is_new, tables=tuple(tables))
    return done, found.mapping if is_new else None


def _keep_mapping(run: _Import, mapping: SourceMapping, takers: Sequence[SourceMapping]) -> None:
    """Writes a new mapping into the sources folder, or over the file of the one whose place it takes."""
    before = next((each for each in takers if each.source == mapping.source), None)
    place = Path(before.place.file) if before is not None and before.place is not None else None
    # A mapping that was read from a text has a place as well, which is no file.
    save_mapping(mapping, run.settings.sources, place if place is not None and place.is_file() else None)


def _is_understood(tables: Sequence[TableReport]) -> bool:
    """Whether any row became a row of an entity, or there was none to become one.

    Where nothing was understood, next month's file would be read by the same mapping without a question.
    """
    return not any(table.quarantined for table in tables) or any(
        table.loaded or table.replaced or table.duplicate for table in tables
    )


def _merged(first: ReadOptions, second: ReadOptions) -> ReadOptions:
    """The options of the mapping; where it says nothing, those of the command."""
    default = ReadOptions()
    names = ("delimiter", "encoding", "header", "skip", "quote", "decimal")
    given = {name: getattr(first, name) for name in names if getattr(first, name) != getattr(default, name)}
    return replace(second, **given)


def _progress(run: _Import, source: Source) -> Callable[[int, int | None], None] | None:
    told = run.progress
    if told is None:
        return None
    label = f"{source.file}[{source.part}]" if source.part else source.file
    return lambda done, total: told(label, done, total)


def _choose(run: _Import, raw: RawTable, takers: Sequence[SourceMapping], known: KnownMappings) -> Recognised:
    """The known mapping whose headers the file has, or what the file is recognised as."""
    headers = [column.name for column in raw.columns]
    unknown = _unknown_headers(run, headers)
    missing: tuple[Issue, ...] = ()
    said = run.as_entity is not None or bool(run.fields)
    fitting = [mapping for mapping in takers if not said or _says(mapping, run)]
    for mapping in fitting:
        lost = missing_headers(mapping, headers)
        if not lost:
            return Recognised(mapping, new_headers(mapping, headers))
        missing = missing or lost
    if not said and any(not _is_plain(mapping) for mapping in takers):
        # Somebody wrote this mapping by hand for these files; a guess in its place would count otherwise.
        return Recognised(None, missing)
    notes = tuple(replace(issue, severity=Severity.WARNING) for issue in missing)
    found = recognise(
        run.connection, raw, run.vocabulary, run.settings, known,
        as_entity=run.as_entity, fields=run.fields, ask=run.ask, confirm=run.confirm,
        replaces=next((mapping.source for mapping in takers if said and _is_plain(mapping)), None),
    )  # fmt: skip
    return replace(found, issues=(*unknown, *notes, *found.issues))


def _unknown_headers(run: _Import, headers: Sequence[str]) -> tuple[Issue, ...]:
    """Warnings of headers that the caller names and the file does not have; of a file that stands alone, an error.

    Raises QuestionError ``unknown_name``.
    """
    known = {match_key(header) for header in headers}
    issues = tuple(
        Issue("unknown_name", {"kind": "header", "name": name}, suggestion=suggest(name, headers))
        for name in run.fields
        if match_key(name) not in known
    )
    if issues and run.is_alone:
        raise QuestionError(issues)
    return tuple(replace(issue, severity=Severity.WARNING) for issue in issues)


def _says(mapping: SourceMapping, run: _Import) -> bool:
    """Whether the mapping says what the caller says: the entity, and the columns of the headers named."""
    entities = {table.entity for table in mapping.tables}
    pairs = {(each.column, each.target) for table in mapping.tables for each in table.all_fields}
    return run.as_entity in (None, *entities) and pairs.issuperset(run.fields.items())


def _is_plain(mapping: SourceMapping) -> bool:
    """Whether the mapping says no more than which header is which column, as a new proposal would."""
    [*tables] = mapping.tables
    return len(tables) == 1 and not (
        tables[0].where
        or tables[0].group
        or any(each.sql is not None or each.value is not None for each in tables[0].all_fields)
    )


def _load_tables(run: _Import, raw: RawTable, mapping: SourceMapping) -> list[TableReport]:
    """The reports on the tables of one file; all are typed before the first is written, since typing is what fails."""
    applied: list[AppliedTable] = []
    try:
        for number, _ in enumerate(mapping.tables):
            name = f"typed_{number}"
            applied.append(apply_mapping(run.connection, raw, mapping, number, run.settings, name))
        return [_write(run, raw, mapping, each) for each in applied]
    finally:
        for each in applied:
            drop_applied(run.connection, each)


def _write(run: _Import, raw: RawTable, mapping: SourceMapping, applied: AppliedTable) -> TableReport:
    connection, source = run.connection, raw.source
    label = f"{source.file}[{source.part}]" if source.part else source.file
    jumps = check_stored_jump(connection, run.settings.warehouse, applied, label)
    record = SourceRecord(
        source=mapping.source,
        files=(SourceFile(label, raw.fingerprint),),
        when=run.settings.now,
        read=applied.staged,
        covers_from=applied.mapping.covers_from,
        covers_to=applied.mapping.covers_to,
    )
    is_other = is_other_file(run.settings.warehouse, applied, record.files[0])
    counted = run.writer.load(connection, applied.entity, applied.table, record)
    quarantined = run.writer.quarantine(connection, applied.faults, counted.import_id)
    rows = connection.execute(
        f"SELECT _line, column_name, value, reason FROM {quote_name(applied.faults)}"
        f" ORDER BY _line, column_name LIMIT {_FAULTS_SHOWN}"
    ).fetchall()
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
        import_id=counted.import_id,
        faults=tuple(Fault(label, *row) for row in rows),
        issues=(*applied.issues, *jumps, *note_load(connection, applied, counted, is_other=is_other)),
    )
