"""The app gathers the commands and turns every known error into a sentence and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import typer

from sanjeh.cli.stream import prepare_streams
from sanjeh.errors import DataError, Datum, Issue, SanjehError
from sanjeh.part import load_part

# Set in the environment, it lets an error that nobody foresaw end in its traceback.
DEBUG = "SANJEH_DEBUG"
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the part and function that run it, and its line in the list of commands."""

    part: str
    function: str
    line: str


COMMANDS = {
    "new": Command("workspaces", "new", "Make a new workspace."),
    "demo": Command("workspaces", "demo", "Build a made-up company and show its KPIs."),
    "import": Command("data", "import_", "Import files; what was understood is kept for next month."),
    "sources": Command("data", "sources", "List the imports so far: files, entities and counts."),
    "quarantine": Command("data", "quarantine", "List the rows that could not be understood, and why."),
    "kpis": Command("catalogue", "kpis", "List the KPIs, and what the data lacks for each."),
    "show": Command("catalogue", "show", "Show one KPI: formula, variants, parameters, pitfalls."),
    "compute": Command("catalogue", "compute", "Compute KPIs over periods."),
    "rows": Command("catalogue", "rows", "Show the rows behind a number."),
    "explain": Command("catalogue", "explain", "Show how a KPI is computed here, down to the SQL."),
    "check": Command("definitions", "check", "Check definitions, mappings, examples and data."),
}


class Commands(typer.core.TyperGroup):
    """The group of commands; only the one that is asked for is imported."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command called ``cmd_name``, imported now, or None."""
        command = COMMANDS.get(cmd_name)
        if command is None:
            return None
        single = typer.Typer(rich_markup_mode=None, add_completion=False, context_settings=SETTINGS)
        single.command(cmd_name)(getattr(load_part(command.part), command.function))
        return typer.main.get_command(single)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The list of commands with their lines, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.line) for name, command in COMMANDS.items()])


app = typer.Typer(
    name="sanjeh",
    cls=Commands,
    help="Sanjeh: from a company's rows to every KPI they support, in Persian and English.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings=SETTINGS,
)


@app.callback()
def start() -> None:
    """Sanjeh: from a company's rows to every KPI they support, in Persian and English."""


def run() -> None:
    """Run the command line: exit code 0 good, 1 problems found, 2 wrong use."""
    prepare_streams()
    code = _attempt()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _closed(error)
    sys.exit(code)


def _attempt() -> int:
    """Run the command and turn whatever ends it into an exit code, never into a traceback."""
    try:
        app(standalone_mode=True)
    except SystemExit as done:
        # Typer and Rich turn a closed pipe into an exit of their own.
        if isinstance(done.__context__, BrokenPipeError):
            return _closed(done.__context__)
        return done.code if isinstance(done.code, int) else 1
    except SanjehError as error:
        _say(error.issues)
        return 1 if isinstance(error, DataError) else 2
    except OSError as error:
        return _closed(error)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        data: dict[str, Datum] = {"kind": type(error).__name__, "problem": " ".join(str(error).split())[:300]}
        _say([Issue("unforeseen", data)])
        return 1
    return 0


def _closed(error: OSError) -> int:
    """The exit code after a failed read or write: whoever reads us (head, less) may stop, a full disk may not."""
    if error.errno != errno.EPIPE:
        problem = ": ".join(part for part in (error.strerror or str(error), str(error.filename or "")) if part)
        _say([Issue("machine_refused", {"problem": problem})])
    # What is left in the buffer must not fail again when Python closes the stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if error.errno == errno.EPIPE else 1


def _say(issues: Iterable[Issue]) -> None:
    """The issues in the language of the workspace at hand, or the machine's."""
    language = load_part("place").spoken_language(sys.argv[1:])
    load_part("output").say_issues(issues, language)
