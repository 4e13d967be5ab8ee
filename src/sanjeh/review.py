"""Review finds what a workspace says wrongly: settings, definitions, formulas, SQL, examples, mappings, and doubtful
data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sanjeh.connectors import load_mapping
from sanjeh.definitions import Catalogue, read_catalogue
from sanjeh.engines import load_engine
from sanjeh.errors import Issue, SanjehError, Severity
from sanjeh.example import run_examples
from sanjeh.formula import check_formulas
from sanjeh.settings import FILE, check_parameters, load_settings
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
    if not _has_errors(issues):
        issues += check_formulas(catalogue)
    if not _has_errors(issues):
        issues += _own_issues(catalogue)
    if not _has_errors(issues):
        issues += _data_issues(open_workspace(folder))
    return issues


def _has_errors(issues: list[Issue]) -> bool:
    return any(issue.severity is Severity.ERROR for issue in issues)


def _mapping_issues(folder: Path) -> Iterator[Issue]:
    for path in sorted((folder / "sources").glob("*.yaml")):
        try:
            load_mapping(path)
        except SanjehError as error:
            yield from error.issues


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


def _data_issues(workspace: Workspace) -> Iterator[Issue]:
    """What the data shows that may make numbers wrong."""
    ground = workspace.ground()
    set_aside = sum(record.quarantined for record in workspace.imports())
    if set_aside:
        yield Issue("rows_set_aside", {"count": set_aside}, severity=Severity.WARNING)
    yield from load_engine("quality").find_doubts(ground.engine.connection, ground.engine.relations)
    yield from workspace.compute(last=12).difference_issues
