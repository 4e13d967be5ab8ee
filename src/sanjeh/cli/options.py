"""The options that several commands share, with one wording."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sanjeh.cli.output import Format, Listing, Report

Where = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="The workspace's folder (default: here or above).")
]
Language = Annotated[str | None, typer.Option("--language", help="en or fa (default: the workspace's).")]
AsListing = Annotated[Listing, typer.Option("--format", help="How the list is written.")]
AsReport = Annotated[Report, typer.Option("--format", help="How the report is written.")]
AsFormat = Annotated[Format | None, typer.Option("--format", help="How the answer is written.")]
Into = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file; its ending chooses the format.")]
Condition = Annotated[
    str | None, typer.Option("--where", help="Only rows like: region == 'Tehran' and channel in ('web', 'app').")
]
CalendarCode = Annotated[str | None, typer.Option("--calendar", help="gregorian, jalali, fiscal or retail.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="The last day to be known (default: the data's last day).")]
