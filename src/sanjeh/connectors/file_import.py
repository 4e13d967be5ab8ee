"""A file import is one source read, recognised, settled, typed and written, with the report on what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import match_key
from sanjeh.connectors.file_style import settle_style
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.known_mapping import KnownMappings, fold_headers, known_headers, missing_headers, new_headers
from sanjeh.connectors.lost_letters import note_lost
from sanjeh.connectors.mapping import SourceMapping
from sanjeh.connectors.propose import Proposal
from sanjeh.connectors.question import Question
from sanjeh.connectors.reading import RawTable, ReadOptions, Source, read
from sanjeh.connectors.reading.staging import drop_staged
from sanjeh.connectors.reading.workbook_shelf import WorkbookShelf
from sanjeh.connectors.recognise import Recognised, recognise
from sanjeh.connectors.repeated_key import fold_repeated
from sanjeh.connectors.report import FileReport, Outcome, TableReport
from sanjeh.connectors.said_style import pin_said
from sanjeh.connectors.table_write import TableWriter
from sanjeh.connectors.vocabulary import Vocabulary
from sanjeh.errors import Datum, Issue, QuestionError, SanjehError, Severity, suggest
from sanjeh.warehouse.shortage import find_shortage

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Ask = Callable[[Question], str | None]
# What is shown before a new mapping is used; False leaves the file out.
Confirm = Callable[[Source, Proposal], bool]
# The file's label, rows done, rows in all where known.
Progress = Callable[[str, int, int | None], None]
_RAW = "raw_rows"


@dataclass(frozen=True, slots=True)
class ImportRun:
    """What one run of an import carries from file to file; ``as_entity`` and ``fields`` are what the caller says."""

    settings: ImportSettings
    connection: DuckDBPyConnection
    tables: TableWriter
    vocabulary: Vocabulary
    as_entity: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    ask: Ask | None = None
    confirm: Confirm | None = None
    progress: Progress | None = None
    is_alone: bool = False
    shelf: WorkbookShelf | None = None
    # The files that were left out, with their headers.
    left: list[tuple[Source, list[str]]] = field(default_factory=list)
    # The new mappings, with the file that each is written over or None: they are kept when their rows are.
    new: list[tuple[SourceMapping, Path | None]] = field(default_factory=list)


def import_source(run: ImportRun, source: Source, known: KnownMappings) -> tuple[FileReport, KnownMappings]:
    """The report on one source, and the known mappings with its own when that is new."""
    import duckdb

    report = FileReport(source.file, source.part, Outcome.FAILED)
    takers = known.find(source)
    if takers:
        source = replace(source, options=_merged(takers[0].read, source.options))
    try:
        raw = read(source, run.connection, _RAW, progress=_progress(run, source), shelf=run.shelf)
    except SanjehError as error:
        return replace(report, issues=error.issues), known
    try:
        headers = [column.name for column in raw.columns]
        lost = note_lost(run.connection, raw)
        found = _choose(run, raw, headers, takers, known)
        report = replace(report, rows=raw.rows + len(raw.bad_rows), issues=(*raw.issues, *lost, *found.issues))
        if found.mapping is None:
            run.left.append((source, headers))
            return replace(report, outcome=Outcome.SKIPPED), known
        settled, notes = settle_style(run.connection, raw, found.mapping, run.settings, run.ask, is_new=found.is_new)
        report = replace(report, issues=(*report.issues, *notes))
        kept = pin_said(run.connection, raw, _latest(run, found), run.settings)
        tables = run.tables.load(raw, settled)
    except SanjehError as error:
        return replace(report, issues=(*report.issues, *error.issues)), known
    except (OSError, duckdb.Error) as error:
        # Memory or disk that was not enough, or SQL of a mapping that fails on a value: the other files go on.
        return replace(report, issues=(*report.issues, _refused(run, source, error))), known
    finally:
        # After a failure to write, the connection may refuse even this.
        with suppress(duckdb.Error):
            drop_staged(run.connection, _RAW)
    is_new = found.is_new and _is_understood(tables)
    if is_new or (kept != found.mapping and _is_understood(tables)):
        run.new.append((kept, _place_of(kept, takers)))
    done = replace(report, outcome=Outcome.IMPORTED, mapping=found.mapping.source, is_new=is_new, tables=tuple(tables))
    return done, known.add(found.mapping, headers) if is_new else known


def _latest(run: ImportRun, found: Recognised) -> SourceMapping:
    """The mapping that was found, with what earlier files of the run have put into a known one."""
    mapping = found.mapping
    assert mapping is not None
    kept = (each for each, _ in reversed(run.new) if each.source == mapping.source)
    return mapping if found.is_new else next(kept, mapping)


def _refused(run: ImportRun, source: Source, error: Exception) -> Issue:
    short = find_shortage(error, run.settings.warehouse)
    if short is not None:
        return replace(short, place=source.place)
    data: dict[str, Datum] = {"file": source.file, "reason": str(error).splitlines()[0][:300]}
    return Issue("import_refused", data, source.place)


def _place_of(mapping: SourceMapping, takers: Sequence[SourceMapping]) -> Path | None:
    """The file of the mapping whose place a new one takes, or None where it takes none's."""
    before = next((each for each in takers if each.source == mapping.source), None)
    place = Path(before.place.file) if before is not None and before.place is not None else None
    # A mapping that was read from a text has a place as well, which is no file.
    return place if place is not None and place.is_file() else None


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


def _progress(run: ImportRun, source: Source) -> Callable[[int, int | None], None] | None:
    told = run.progress
    if told is None:
        return None
    label = f"{source.file}[{source.part}]" if source.part else source.file
    return lambda done, total: told(label, done, total)


def _choose(
    run: ImportRun, raw: RawTable, headers: list[str], takers: Sequence[SourceMapping], known: KnownMappings
) -> Recognised:
    """The known mapping whose headers the file has, or what the file is recognised as."""
    unknown = _unknown_headers(run, headers)
    missing: tuple[Issue, ...] = ()
    said = run.as_entity is not None or bool(run.fields)
    fitting = []
    for mapping in takers:
        if said and not _says(mapping, run):
            continue
        if known.fits(mapping, headers):
            fitting.append(mapping)
        missing = missing or missing_headers(mapping, headers)
    if fitting:
        mapping = _nearest(fitting, headers)
        folded = _folded(mapping, run.settings)
        return Recognised(folded, new_headers(mapping, headers), is_new=folded is not mapping)
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


def _folded(mapping: SourceMapping, settings: ImportSettings) -> SourceMapping:
    """The known mapping with what this run says of repeated keys, where the mapping says nothing of them."""
    table = mapping.tables[0]
    entity = settings.catalogue.entities.get(table.entity)
    if settings.repeated is None or entity is None or table.repeated is not None or not _is_plain(mapping):
        return mapping
    return replace(mapping, tables=(fold_repeated(table, entity, settings.repeated),))


def _unknown_headers(run: ImportRun, headers: Sequence[str]) -> tuple[Issue, ...]:
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


def _says(mapping: SourceMapping, run: ImportRun) -> bool:
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


def _nearest(fitting: Sequence[SourceMapping], headers: Sequence[str]) -> SourceMapping:
    """The first; of mappings that Sanjeh might have made itself, the one that knows most of the file's headers."""
    if not _is_plain(fitting[0]):
        return fitting[0]
    keys = fold_headers(headers)
    return max((each for each in fitting if _is_plain(each)), key=lambda each: len(keys & known_headers(each)))
