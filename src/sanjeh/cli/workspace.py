"""Commands that make a workspace: new and demo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanjeh.cli.catalogue import print_boards
from sanjeh.cli.language import user_language
from sanjeh.cli.options import Language
from sanjeh.cli.output import say, say_issues
from sanjeh.cli.progress import watch
from sanjeh.cli.split import split
from sanjeh.demo import write_demo
from sanjeh.errors import Issue, QuestionError
from sanjeh.present import message
from sanjeh.settings import Settings
from sanjeh.workspace import create_workspace


def new(
    directory: Annotated[str, typer.Argument(metavar="DIR")],
    calendar: Annotated[str, typer.Option("--calendar", metavar="CALENDAR")] = "",
    currency: Annotated[str, typer.Option("--currency", metavar="CURRENCY")] = "",
    language: Language = None,
    time_zone: Annotated[str, typer.Option("--time-zone", metavar="ZONE")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME")] = "",
) -> None:
    """Make a new workspace.

    The calendar and currency default to those of the language: jalali and IRT for Persian, gregorian and USD for
    English.
    """
    folder, spoken = _folder(directory), language or user_language()
    persian = spoken == "fa" or calendar == "jalali"
    settings = Settings(
        name=name or folder.resolve().name,
        language=spoken,
        calendar=calendar or ("jalali" if persian else "gregorian"),
        currency=currency or ("IRT" if persian else "USD"),
        time_zone=time_zone or ("Asia/Tehran" if persian else "UTC"),
        fiscal_base="jalali" if persian else "gregorian",
        week_start="saturday" if persian else "monday",
        weekend=("thursday", "friday") if persian else ("saturday", "sunday"),
    )
    create_workspace(folder, settings)
    say(message("cli.made", spoken, folder=str(folder)))
    say(message("cli.next_import", spoken, folder=str(folder)))


def _folder(given: str) -> Path:
    """The folder to make a workspace in; the one at hand by its name, as a sentence may not end in "..".

    Raises QuestionError (``no_folder_named``): an empty text would be the folder at hand, which nobody named.
    """
    if not given.strip():
        raise QuestionError(Issue("no_folder_named"))
    folder = Path(given)
    return folder if folder.name not in ("", "..") else folder.resolve()


def demo(
    directory: Annotated[str, typer.Argument(metavar="DIR")] = "demo-company",
    language: Language = None,
) -> None:
    """Build a made-up company: write three years of its export files and import them as you would your own."""
    folder, spoken = _folder(directory), language or user_language()
    settings = Settings(
        name="سنجه‌نمون" if spoken == "fa" else "Sanjeh demo",
        language=spoken,
        calendar="jalali",
        currency="IRT",
        time_zone="Asia/Tehran",
    )
    space = create_workspace(folder, settings)
    files = write_demo(folder / "exports")
    say(message("cli.demo_written", spoken, files=len(files.files), folder=str(folder / "exports")))
    with watch() as progress:
        report = space.import_files([folder / "exports"], progress=progress)
    say(message("cli.demo_imported", spoken, rows=report.total("loaded"), quarantined=report.total("quarantined")))
    print_boards(split(space.compute(), space, is_whole=True), space)
    say(message("cli.demo_next", spoken, folder=str(folder)))
    if say_issues([issue for issue in report.issues if issue.severity == "error"], spoken):
        raise typer.Exit(1)
