"""The app gathers the commands and turns every known error into a sentence and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from sanjeh import __version__
from sanjeh.cli.help import Spoken, render_help, usage_line
from sanjeh.cli.language import spoken_language
from sanjeh.cli.stream import prepare_streams
from sanjeh.cli.usage import UsageError, usage_issue
from sanjeh.errors import CancelledError, DataError, Datum, Issue, QuestionError, SanjehError, suggest
from sanjeh.part import load_part

# Set in the environment, it lets an error that nobody foresaw end in its traceback.
DEBUG = "SANJEH_DEBUG"
SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the part and function that run it."""

    part: str
    function: str


COMMANDS = {
    "new": Command("workspaces", "new"),
    "demo": Command("workspaces", "demo"),
    "import": Command("data", "import_"),
    "sources": Command("data", "sources"),
    "quarantine": Command("data", "quarantine"),
    "kpis": Command("catalogue", "kpis"),
    "show": Command("catalogue", "show"),
    "compute": Command("catalogue", "compute"),
    "rows": Command("catalogue", "rows"),
    "explain": Command("catalogue", "explain"),
    "rollups": Command("rolling", "rollups"),
    "check": Command("definitions", "check"),
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
        single.command(cmd_name, cls=Spoken)(getattr(load_part(command.part), command.function))
        return typer.main.get_command(single)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name; an unknown one is told with the nearest known."""
        name = next(iter(args), "")
        if name not in COMMANDS and not name.startswith("-"):
            raise QuestionError(Issue("usage_unknown_command", {"name": name}, suggestion=suggest(name, COMMANDS)))
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The list of commands with their lines, importing none."""
        formatter.write(render_help(ctx, COMMANDS) + "\n")


app = typer.Typer(
    name="sanjeh",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings=SETTINGS,
)


def _tell_version(is_asked: bool) -> None:
    if is_asked:
        sys.stdout.write(f"sanjeh {__version__}\n")
        raise typer.Exit


@app.callback()
def start(
    ctx: typer.Context,
    language: Annotated[str | None, typer.Option("--language", metavar="en|fa")] = None,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_tell_version)] = False,
) -> None:
    """Sanjeh: from a company's rows to every KPI they support, in Persian and English."""
    if language:
        ctx.default_map = {name: {"language": language} for name in COMMANDS}


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
        code = app(prog_name=app.info.name, standalone_mode=False)
    except UsageError as error:
        return _tell_usage(error)
    except typer.Abort:
        return 130
    except SystemExit as done:
        # Typer and Rich turn a closed pipe into an exit of their own.
        if isinstance(done.__context__, BrokenPipeError):
            return _closed(done.__context__)
        return done.code if isinstance(done.code, int) else 1
    except CancelledError as error:
        _say(error.issues)
        return 130
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
    return code if isinstance(code, int) else 0


def _tell_usage(error: Any) -> int:
    """Say what is wrong with the command line and how the command is written; all of its help where nothing was."""
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(error.message.rstrip() + "\n")
        return 2
    _say([usage_issue(error, sys.argv[1:])])
    if error.ctx is not None:
        for line in usage_line(error.ctx, spoken_language(sys.argv[1:])).split("\n"):
            load_part("output").say(line)
    return 2


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
    load_part("output").say_issues(issues, spoken_language(sys.argv[1:]))
