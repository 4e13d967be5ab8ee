"""The command about roll-ups: what is kept beside the rows, so that questions need not read them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from sanjeh.cli.arrival import number_cell
from sanjeh.cli.lack import say_nothing_imported, what_name
from sanjeh.cli.options import AsListing, Language, Where
from sanjeh.cli.output import Listing, say, show_table, write_text
from sanjeh.cli.place import open_here
from sanjeh.present import Cell, Column, ColumnKind, make_table, message, render_csv
from sanjeh.rolled import Built, KeptCube
from sanjeh.workspace import Workspace

_NUMBERS = ("sums", "sets", "firsts", "megabytes")


def rollups(
    kpis: Annotated[list[str] | None, typer.Argument(metavar="KPI")] = None,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="DIMENSION")] = None,
    build: Annotated[bool, typer.Option("--build")] = False,
    drop: Annotated[bool, typer.Option("--drop")] = False,
    form: AsListing = Listing.TABLE,
    language: Language = None,
    workspace: Where = None,
) -> None:
    """List what is kept by day beside the rows, so that questions need not read them; build or drop it."""
    space = open_here(workspace, language)
    spoken = space.settings.language
    if space.is_empty:
        say_nothing_imported(space)
        return
    if drop:
        space.drop_rollups()
    elif build or kpis or by:
        _tell(space.roll_up(*(kpis or ()), by=tuple(by or ())), space)
    kept = space.rollups()
    if form is Listing.JSON:
        write_text(json.dumps([asdict(item) for item in kept], ensure_ascii=False), None)
    elif form is Listing.CSV or kept:
        _show(kept, space, form)
    else:
        say(message("cli.rollups.none", spoken))


def _tell(built: Built, space: Workspace) -> None:
    spoken = space.settings.language
    say(message("cli.rollups.built", spoken, files=built.files, megabytes=-(-built.size // 1_000_000)))
    if built.left_out:
        say(message("cli.rollups.left_out", spoken, count=len(built.left_out)))


def _show(kept: tuple[KeptCube, ...], space: Workspace, form: Listing) -> None:
    spoken = space.settings.language
    names = ("entity", "time", "by", *_NUMBERS, "state")
    heads = [
        Column(message(f"cli.rollups.{name}", spoken), ColumnKind.NUMBER if name in _NUMBERS else ColumnKind.TEXT)
        for name in names
    ]
    rows: list[list[Cell | str]] = []
    for item in kept:
        state = "refused" if item.is_refused else "fresh" if item.is_fresh else "old"
        sizes = [number_cell(number, spoken) for number in (item.sums, item.sets, item.firsts)]
        entity = what_name(space, item.entity, spoken) if form is Listing.TABLE else item.entity
        said = message(f"cli.rollups.state_{state}", spoken) if form is Listing.TABLE else state
        sizes.append(number_cell(-(-item.size // 1_000_000), spoken))
        rows.append([entity, item.time, " × ".join(item.by), *sizes, said])
    table = make_table(heads, rows)
    if form is Listing.CSV:
        write_text(render_csv(table), None)
    else:
        show_table(table, spoken)
