"""Loading files is importing them: each is recognised, read, typed and written, and all together become one version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.file_import import Ask, Confirm, ImportRun, Progress, import_source
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.known_file import known_first
from sanjeh.connectors.known_mapping import KnownMappings, load_mappings
from sanjeh.connectors.mapping import SourceMapping
from sanjeh.connectors.mapping_edit import keep_mapping
from sanjeh.connectors.reading import ReadOptions, Source, find_sources, source_of_address
from sanjeh.connectors.reading.workbook_shelf import WorkbookShelf
from sanjeh.connectors.report import FileReport, ImportReport, Outcome
from sanjeh.connectors.staging_area import open_staging
from sanjeh.connectors.table_write import TableWriter
from sanjeh.connectors.vocabulary import build_vocabulary
from sanjeh.errors import DataError, Datum, DefinitionError, Issue, QuestionError
from sanjeh.warehouse import Writer, open_snapshot
from sanjeh.warehouse.shortage import reason_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
    new: list[tuple[SourceMapping, Path | None]] = []
    with _open_staging(settings) as connection, WorkbookShelf() as shelf:

        def start(writer: Writer) -> ImportRun:
            tables = TableWriter(connection, writer, settings)
            vocabulary = build_vocabulary(settings.catalogue)
            alone = len(sources) == 1
            return ImportRun(
                settings, connection, tables, vocabulary, as_entity, fields or {}, ask, confirm, progress, alone, shelf,
                new=new,
            )  # fmt: skip

        found, version = _import_all(start, settings, sources, known)
    return ImportReport(tuple(_keep_mappings([*reports, *found], new, settings.sources)), version)


def _open_staging(settings: ImportSettings) -> AbstractContextManager[DuckDBPyConnection]:
    return open_staging(settings.memory, settings.warehouse, threads=settings.threads, spill=settings.spill)


def _keep_mappings(
    reports: list[FileReport], new: Sequence[tuple[SourceMapping, Path | None]], folder: Path
) -> list[FileReport]:
    """The reports, once the new mappings are written; where one cannot be, its files say so."""
    for mapping, place in new:
        try:
            keep_mapping(mapping, folder, place)
        except OSError as error:
            data: dict[str, Datum] = {"source": mapping.source, "folder": str(folder), "reason": reason_of(error)}
            issue = Issue("mapping_not_kept", data)
            reports = [
                replace(report, is_new=False, issues=(*report.issues, issue))
                if report.mapping == mapping.source and (report.is_new or place is not None)
                else report
                for report in reports
            ]
    return reports


def _import_all(
    start: Callable[[Writer], ImportRun], settings: ImportSettings, sources: Sequence[Source], known: KnownMappings
) -> tuple[list[FileReport], int]:
    """The reports on ``sources``, in their order, and the version that holds them.

    Where a mapping made of a later file takes one that was left out, nothing is committed and all is done again, so
    that the rows do not depend on which of them came first.
    """
    first: dict[str, FileReport] = {}
    while True:
        with Writer(settings.warehouse) as writer:
            run, before = start(writer), known
            found: dict[int, FileReport] = {}
            for place in known_first(sources, open_snapshot(settings.warehouse)):
                found[place], known = import_source(run, sources[place], known)
            if run.ask is not None or not _takes_more(run, before, known):
                told = [found[place] for place, _ in enumerate(sources)]
                version = writer.commit(settings.prepare)
                return [_as_made(first.get(report.label), report) for report in told], version
        first |= {report.label: report for report in found.values() if report.is_new}


def _takes_more(run: ImportRun, before: KnownMappings, known: KnownMappings) -> bool:
    """Whether a mapping made in this pass takes a file that the same pass left out."""
    made = known.made.keys() - before.made.keys()
    return any(
        mapping.source in made and known.fits(mapping, headers)
        for source, headers in run.left
        for mapping in known.find(source)
    )


def _as_made(first: FileReport | None, report: FileReport) -> FileReport:
    """The report of the last pass, with what was said when the mapping was made in an earlier one."""
    if first is None or report.outcome is not Outcome.IMPORTED:
        return report
    return replace(report, is_new=True, issues=first.issues)


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
