"""Review finds what a workspace says wrongly: settings, definitions, formulas, SQL, examples, mappings, and doubtful
data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sanjeh.connectors import load_mapping
from sanjeh.connectors.status_word import hint_status
from sanjeh.definitions import Catalogue, read_catalogue
from sanjeh.engines import load_engine
from sanjeh.errors import Datum, Issue, SanjehError, Severity, near_names, suggest
from sanjeh.example import run_examples
from sanjeh.formula import check_formulas
from sanjeh.plan.choose import names_in
from sanjeh.set_aside import current_imports
from sanjeh.settings import FILE, Settings, check_parameters, load_settings
from sanjeh.table_file import FOLDER as TABLES
from sanjeh.table_file import load_tables
from sanjeh.warehouse import open_snapshot
from sanjeh.workspace import Workspace, cache_folder, open_workspace


def check_workspace(folder: Path) -> list[Issue]:
    """Every issue of the workspace in ``folder``: first what it says, then, where that holds, what its data shows."""
    try:
        settings = load_settings(folder)
    except SanjehError as error:
        return list(error.issues)
    files = tuple(sorted((folder / "kpis").glob("*.yaml")))
    catalogue, issues = read_catalogue(files, cache_folder=cache_folder())
    issues = list(issues)
    issues += check_parameters(settings, catalogue, folder / FILE)
    issues += _mapping_issues(folder)
    issues += _table_issues(folder, settings, catalogue)
    own = _own_dimensions(folder, settings, catalogue)
    if _has_errors(issues):
        issues += _found_beside(issues, catalogue, files, own)
    else:
        issues += [*check_formulas(catalogue, own), *_column_issues(catalogue, files, own)]
        issues += _failing_examples(catalogue) if _has_errors(issues) else ()
    if not _has_errors(issues):
        issues += _own_issues(catalogue)
    if not _has_errors(issues):
        issues += _data_issues(open_workspace(folder))
    return issues


def _found_beside(
    issues: Sequence[Issue], catalogue: Catalogue, files: Sequence[Path], own: Iterable[str]
) -> Iterator[Issue]:
    """What formulas and columns of own definitions say wrongly too, where others cannot be read at all.

    What only follows from a definition that fell away, so that its name is unknown, is left out.
    """
    ours = {str(path) for path in files}
    is_lost = any("yaml" in issue.code or issue.data.get("key") == "id" for issue in issues)
    empty = {kpi.id for kpi in catalogue.kpis.values() if not kpi.formula}
    found: list[Issue] = []
    with suppress(KeyError):  # what was read may name what fell away
        found += check_formulas(catalogue, tuple(own))
    with suppress(KeyError):
        found += _column_issues(catalogue, files, own)
    for issue in found:
        follows = (issue.code == "unknown_term" and is_lost) or issue.data.get("owner") in empty
        if issue.place and issue.place.file in ours and not follows:
            yield issue


def _own_dimensions(folder: Path, settings: Settings, catalogue: Catalogue) -> tuple[str, ...]:
    """The dimensions that mappings added to entities, which conditions may name too."""
    try:
        if settings.warehouse:
            tables = load_tables(folder / TABLES, catalogue).values()
            return tuple(dict.fromkeys(name for table in tables for name in sorted(table.dimensions)))
        own = open_snapshot(folder / "warehouse").own_dimensions
    except SanjehError:
        return ()
    return tuple(dict.fromkeys(name for names in own.values() for name in names))


# Words of a snippet that are no columns.
_WORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "between",
        "like",
        "case",
        "when",
        "then",
        "else",
        "end",
        "true",
        "false",
        "distinct",
        "t",
        "as_of",
    ]
)
_WORDS_IN_SEGMENT = re.compile(r"segment\([^)]*\)|last_before\([^)]*\)")


def _column_issues(catalogue: Catalogue, files: Sequence[Path], own: Iterable[str]) -> Iterator[Issue]:
    """Columns that own measures name and nobody has: with them a measure would be empty, and nothing would say why."""
    for measure in catalogue.measures.values():
        if measure.place is None or Path(measure.place.file) not in files:
            continue
        for binding in measure.bindings:
            entity = catalogue.entities.get(binding.entity)
            if entity is None:
                continue
            text = " , ".join([binding.expression, binding.where or "", binding.until or "", *binding.times])
            known = {*entity.columns, *entity.derived, *entity.relations, *own}
            known |= {join.name for derived in entity.derived.values() for join in derived.joins}
            for name in names_in(_WORDS_IN_SEGMENT.sub("", text)):
                head = name.split(".")[0]
                if head not in known and head.lower() not in _WORDS:
                    near = ", ".join(near_names(head, known) or sorted(known)[:8])
                    data: dict[str, Datum] = {"measure": measure.id, "name": name, "entity": entity.id, "near": near}
                    yield Issue("unknown_column", data, measure.place, suggestion=suggest(head, known))


def _has_errors(issues: list[Issue]) -> bool:
    return any(issue.severity is Severity.ERROR for issue in issues)


def _mapping_issues(folder: Path) -> Iterator[Issue]:
    for path in sorted((folder / "sources").glob("*.yaml")):
        try:
            load_mapping(path)
        except SanjehError as error:
            yield from error.issues


def _table_issues(folder: Path, settings: Settings, catalogue: Catalogue) -> Iterator[Issue]:
    """What is wrong in the files that say where the tables of a database are."""
    if settings.warehouse:
        try:
            load_tables(folder / TABLES, catalogue)
        except SanjehError as error:
            yield from error.issues


def _failing_examples(catalogue: Catalogue) -> Iterator[Issue]:
    """Examples of own KPIs that can be run and do not hold; those that cannot have their fault told already."""
    for kpi in catalogue.kpis.values():
        if kpi.own:
            with suppress(SanjehError):
                yield from [outcome.issue() for outcome in run_examples(kpi, catalogue) if not outcome.holds]


def _own_issues(catalogue: Catalogue) -> Iterator[Issue]:
    """Own KPIs: their examples, and their SQL over a database without rows."""
    yield from load_engine("binding").check_bindings(catalogue)
    for kpi in catalogue.kpis.values():
        if not kpi.own:
            continue
        if not kpi.examples:
            yield Issue("no_example", {"kpi": kpi.id}, kpi.place, Severity.WARNING)
        try:
            yield from (outcome.issue() for outcome in run_examples(kpi, catalogue) if not outcome.holds)
        except SanjehError as error:
            yield from error.issues


# What stands for the status that only the company knows.
_TO_FILL = "STATUS"


def _with_meaning(issue: Issue, catalogue: Catalogue) -> Issue:
    """The issue of an unknown status with what its words hint at, and with the statuses that there are."""
    entity = catalogue.entities.get(str(issue.data.get("entity", "")))
    column = entity.columns.get("status") if entity else None
    values = column.values if column else ()
    hinted = hint_status(str(issue.data.get("status", "")))
    data: dict[str, Datum] = {
        **issue.data,
        "meaning": hinted if hinted in values else _TO_FILL,
        "choices": ", ".join(values),
    }
    return replace(issue, data=data)


def _data_issues(workspace: Workspace) -> Iterator[Issue]:
    """What the data shows that may make numbers wrong."""
    try:
        ground = workspace.ground()
    except SanjehError as error:
        if workspace.in_place is None:
            raise
        yield from error.issues  # the database cannot be reached, or has not what the tables' files say
        return
    imports = workspace.imports() if workspace.in_place is None else ()
    set_aside = sum(record.quarantined for record in current_imports(imports))
    if set_aside:
        yield Issue("rows_set_aside", {"count": set_aside}, severity=Severity.WARNING)
    for issue in load_engine("quality").find_doubts(ground.engine.connection, ground.engine.relations):
        yield _with_meaning(issue, workspace.catalogue) if issue.code == "unknown_status" else issue
    yield from workspace.compute(last=12).difference_issues
