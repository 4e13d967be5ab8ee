"""The command that checks everything a workspace says: check."""

from __future__ import annotations

import json

import typer

from sanjeh.cli.language import spoken_language
from sanjeh.cli.options import AsReport, Language, Where
from sanjeh.cli.output import Report, say, say_issues, told, write_text
from sanjeh.cli.place import checked_language, find_folder
from sanjeh.errors import Severity, WorkspaceError
from sanjeh.present import message
from sanjeh.review import check_workspace


def check(form: AsReport = Report.TABLE, language: Language = None, workspace: Where = None) -> None:
    """Check definitions, mappings, examples and the quality of the data; every issue with its place and a hint."""
    folder = find_folder(workspace)
    spoken = checked_language(language) or spoken_language([f"--workspace={folder}"])
    issues = check_workspace(folder)
    if any(issue.code == "not_a_workspace" for issue in issues):
        raise WorkspaceError(issues)
    if form is Report.JSON:
        records = [
            {
                "code": issue.code,
                "severity": issue.severity.value,
                "place": str(issue.place) if issue.place else None,
                "text": told(issue, spoken),
                "data": dict(issue.data),
            }
            for issue in issues
        ]
        write_text(json.dumps(records, ensure_ascii=False), None)
    else:
        say_issues(issues, spoken)
        errors = sum(1 for issue in issues if issue.severity is Severity.ERROR)
        code = "cli.check.done" if issues else "cli.check.none"
        say(message(code, spoken, issues=len(issues), errors=errors))
    if any(issue.severity is Severity.ERROR for issue in issues):
        raise typer.Exit(1)
