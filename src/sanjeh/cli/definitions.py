"""The command that checks everything a workspace says: check."""

from __future__ import annotations

import json

import typer

from sanjeh.cli.options import AsFormat, Where
from sanjeh.cli.output import Format, say, say_issues, write_text
from sanjeh.cli.place import find_folder
from sanjeh.errors import Severity
from sanjeh.present import issue_sentence, message
from sanjeh.review import check_workspace
from sanjeh.settings import load_settings


def add_to(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command("check")(check)


def check(workspace: Where = None, form: AsFormat = Format.TABLE) -> None:
    """Check definitions, mappings, examples and the quality of the data; every issue with its place and a hint."""
    folder = find_folder(workspace)
    language = load_settings(folder).language
    issues = check_workspace(folder)
    if form is Format.JSON:
        records = [
            {
                "code": issue.code,
                "severity": issue.severity.value,
                "place": str(issue.place) if issue.place else None,
                "text": issue_sentence(issue, language),
                "data": dict(issue.data),
            }
            for issue in issues
        ]
        write_text(json.dumps(records, ensure_ascii=False), None)
    else:
        say_issues(issues, language)
        errors = sum(1 for issue in issues if issue.severity is Severity.ERROR)
        say(message("cli.check.done", language, issues=len(issues), errors=errors))
    if any(issue.severity is Severity.ERROR for issue in issues):
        raise typer.Exit(1)
