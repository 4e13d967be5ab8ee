"""Commands about data: import, sources, quarantine."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from sanjeh.cli.options import AsFormat, Where
from sanjeh.cli.output import Format, say, say_issues, show_table, write_text
from sanjeh.cli.place import open_here
from sanjeh.cli.progress import watch
from sanjeh.present import Cell, Column, ColumnKind, Table, make_table, message, render_csv, to_persian
from sanjeh.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command("import")(import_)
    app.command("sources")(sources)
    app.command("quarantine")(quarantine)


def import_(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, or a postgresql:// address with ?table=NAME.")],
    as_entity: Annotated[str | None, typer.Option("--as", help="What the file holds: orders, leads, ...")] = None,
    maps: Annotated[list[str] | None, typer.Option("--map", help="COLUMN=FIELD: where a column belongs.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take the best proposal without asking.")] = False,
    workspace: Where = None,
    form: AsFormat = Format.TABLE,
) -> None:
    """Import files: what was understood is kept as a mapping under sources/, so that next month needs one command."""
    space = open_here(workspace)
    language = space.settings.language
    interactive = sys.stdin.isatty() and not yes
    with watch(language) as progress:
        report = space.import_files(
            list(paths),
            as_entity=as_entity,
            maps=tuple(maps or ()),
            assume_yes=yes or not interactive,
            ask=_ask if interactive else None,
            progress=progress,
        )
    if form is Format.JSON:
        write_text(json.dumps(report.records(), ensure_ascii=False, default=str), None)
    else:
        _show_report(report, language)
    failed = say_issues(report.issues, language)
    if report.loaded or report.replaced:
        _show_advice(space, language)
    if failed or report.quarantined:
        raise typer.Exit(1)


def _ask(question: object) -> str | None:
    """Put one of the import's questions to the person at the keyboard; an empty answer leaves it open."""
    sys.stderr.write(f"{question}\n> ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() or None


def _number(value: int, language: str) -> Cell:
    text = f"{value:,}"
    return Cell(to_persian(text.replace(",", "٬")) if language == "fa" else text, float(value))


def _show_report(report: object, language: str) -> None:
    heads = [
        *(Column(message(f"cli.import.{name}", language)) for name in ("file", "entity")),
        *(
            Column(message(f"cli.import.{name}", language), ColumnKind.NUMBER)
            for name in ("read", "loaded", "replaced", "duplicate", "filtered", "quarantined")
        ),
    ]
    rows = [
        [
            Cell(line.file),
            Cell(line.entity),
            *(
                _number(count, language)
                for count in (line.read, line.loaded, line.replaced, line.duplicate, line.filtered, line.quarantined)
            ),
        ]
        for line in report.lines  # type: ignore[attr-defined]
    ]
    if rows:
        show_table(Table(tuple(heads), tuple(tuple(row) for row in rows)), language)


def _show_advice(space: Workspace, language: str) -> None:
    """The first hour: what the data answers now, and the few additions that would answer most."""
    advice = space.advise()
    total = len(space.catalogue.kpis)
    say(message("cli.advice.now", language, count=len(advice.computable), total=total))
    for addition in advice.additions:
        kind = "field" if addition.is_field else "file"
        names = "، " if language == "fa" else ", "
        brings = names.join(space.catalogue.kpis[name].title.get(language) for name in addition.brings[:4])
        what = what_name(space, addition.what, language)
        say("  " + message(f"cli.advice.{kind}", language, what=what, count=len(addition.brings), names=brings))
    say(message("cli.advice.next", language))


def what_name(space: Workspace, what: str, language: str) -> str:
    """An entity or field with its title: "orders.customer_id (Customer id)"."""
    entity, _, field = what.partition(".")
    definition = space.catalogue.entities.get(entity)
    if definition is None:
        return what
    if not field:
        return f"{definition.title.get(language)} ({what})"
    column = definition.columns.get(field)
    return f"{column.title.get(language)} ({what})" if column else what


def sources(workspace: Where = None, form: AsFormat = Format.TABLE) -> None:
    """List the imports so far: files, entities and counts."""
    space = open_here(workspace)
    language = space.settings.language
    records = space.imports()
    if form is Format.JSON:
        write_text(json.dumps([record.as_dict() for record in records], ensure_ascii=False, default=str), None)
        return
    names = ("when", "source", "entity", "file", "read", "loaded", "duplicate", "quarantined")
    heads = [Column(message(f"cli.import.{name}", language)) for name in names]
    rows = [
        [
            f"{record.when:%Y-%m-%d %H:%M}",
            record.source,
            record.entity,
            record.files,
            *(f"{count:,}" for count in (record.read, record.loaded, record.duplicate, record.quarantined)),
        ]
        for record in records
    ]
    table = make_table(heads, rows)
    write_text(render_csv(table), None) if form is Format.CSV else show_table(table, language)


def quarantine(
    workspace: Where = None,
    form: AsFormat = Format.TABLE,
    most: Annotated[int, typer.Option("--most", help="How many rows to show.")] = 200,
) -> None:
    """List the rows that could not be understood: file, row, column, value and reason."""
    space = open_here(workspace)
    language = space.settings.language
    rows = space.quarantine(most)
    if form is Format.JSON:
        write_text(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, default=str), None)
        return
    heads = [Column(message(f"cli.quarantine.{name}", language)) for name in ("file", "row", "column", "value", "reason")]
    cells = [[row.file, str(row.line), row.column, row.value, row.sentence(language)] for row in rows]
    table = make_table(heads, cells)
    if form is Format.CSV:
        write_text(render_csv(table), None)
    elif rows:
        show_table(table, language)
    else:
        say(message("cli.quarantine.none", language))


