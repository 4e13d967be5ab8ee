"""The options that several commands share; what help says of them is in the messages, as ``help.option.NAME``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanjeh.cli.output import Format, Listing, Report

Where = Annotated[Path | None, typer.Option("--workspace", "-w", metavar="DIR")]
Language = Annotated[str | None, typer.Option("--language", metavar="en|fa")]
AsListing = Annotated[Listing, typer.Option("--format", metavar="|".join(Listing))]
AsReport = Annotated[Report, typer.Option("--format", metavar="|".join(Report))]
AsFormat = Annotated[Format | None, typer.Option("--format", metavar="|".join(Format))]
Into = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")]
Condition = Annotated[str | None, typer.Option("--where", metavar="CONDITION")]
CalendarCode = Annotated[str | None, typer.Option("--calendar", metavar="CALENDAR")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DAY")]
