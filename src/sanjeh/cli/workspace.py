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
from sanjeh.demo import write_demo
from sanjeh.present import message
from sanjeh.settings import Settings
from sanjeh.workspace import create_workspace


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR")],
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
    spoken = language or user_language()
    persian = spoken == "fa" or calendar == "jalali"
    settings = Settings(
        name=name or directory.resolve().name,
        language=spoken,
        calendar=calendar or ("jalali" if persian else "gregorian"),
        currency=currency or ("IRT" if persian else "USD"),
        time_zone=time_zone or ("Asia/Tehran" if persian else "UTC"),
        fiscal_base="jalali" if persian else "gregorian",
        week_start="saturday" if persian else "monday",
        weekend=("thursday", "friday") if persian else ("saturday", "sunday"),
    )
    create_workspace(directory, settings)
    say(message("cli.made", spoken, folder=str(directory)))
    say(message("cli.next_import", spoken, folder=str(directory)))


def demo(
    directory: Annotated[Path, typer.Argument(metavar="DIR")] = Path("demo-company"),
    language: Language = None,
) -> None:
    """Build a made-up company: write three years of its export files and import them as you would your own."""
    spoken = language or user_language()
    settings = Settings(
        name="سنجه‌نمون" if spoken == "fa" else "Sanjeh demo",
        language=spoken,
        calendar="jalali",
        currency="IRT",
        time_zone="Asia/Tehran",
    )
    space = create_workspace(directory, settings)
    files = write_demo(directory / "exports")
    say(message("cli.demo_written", spoken, files=len(files.files), folder=str(directory / "exports")))
    with watch() as progress:
        report = space.import_files([directory / "exports"], progress=progress)
    say(message("cli.demo_imported", spoken, rows=report.total("loaded"), quarantined=report.total("quarantined")))
    print_boards(space.compute(), space)
    say(message("cli.demo_next", spoken, folder=str(directory)))
    if say_issues([issue for issue in report.issues if issue.severity == "error"], spoken):
        raise typer.Exit(1)
