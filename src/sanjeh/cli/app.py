"""The app gathers the commands and turns every known error into a sentence and an exit code."""

from __future__ import annotations

import errno
import os
import sys

import typer

from sanjeh.cli import catalogue, data, definitions, workspace
from sanjeh.cli.output import say_issues
from sanjeh.cli.place import spoken_language
from sanjeh.cli.stream import prepare_streams
from sanjeh.errors import DataError, Datum, Issue, SanjehError

# Set in the environment, it lets an error that nobody foresaw end in its traceback.
DEBUG = "SANJEH_DEBUG"

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
        say_issues(error.issues, spoken_language(sys.argv[1:]))
        return 1 if isinstance(error, DataError) else 2
    except OSError as error:
        return _closed(error)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        data: dict[str, Datum] = {"kind": type(error).__name__, "problem": " ".join(str(error).split())[:300]}
        say_issues([Issue("unforeseen", data)], spoken_language(sys.argv[1:]))
        return 1
    return 0


def _closed(error: OSError) -> int:
    """The exit code after a failed read or write: whoever reads us (head, less) may stop, a full disk may not."""
    if error.errno != errno.EPIPE:
        problem = ": ".join(part for part in (error.strerror or str(error), str(error.filename or "")) if part)
        say_issues([Issue("machine_refused", {"problem": problem})], spoken_language(sys.argv[1:]))
    # What is left in the buffer must not fail again when Python closes the stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if error.errno == errno.EPIPE else 1
