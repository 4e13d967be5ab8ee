"""The app gathers the commands and turns every known error into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from sanjeh.cli import catalogue, data, definitions, workspace
from sanjeh.cli.output import say
from sanjeh.cli.place import find_folder, user_language
from sanjeh.errors import DataError, SanjehError
from sanjeh.present import issue_sentence
from sanjeh.settings import load_settings

app = typer.Typer(
    name="sanjeh",
    help="Sanjeh: from a company's rows to every KPI they support, in Persian and English.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
workspace.add_to(app)
data.add_to(app)
catalogue.add_to(app)
definitions.add_to(app)


def run() -> None:
    """Run the command line: exit code 0 good, 1 problems found, 2 wrong use."""
    try:
        app(standalone_mode=True)
    except SanjehError as error:
        language = _language()
        for issue in error.issues:
            say(f"error: {issue_sentence(issue, language)}")
        sys.exit(1 if isinstance(error, DataError) else 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _language() -> str:
    """The language of the workspace at hand, else that of the machine."""
    arguments = sys.argv
    try:
        given = next((arguments[n + 1] for n, word in enumerate(arguments[:-1]) if word in ("-w", "--workspace")), None)
        folder = find_folder(None if given is None else Path(given))
        return load_settings(folder).language
    except SanjehError:
        return user_language()
