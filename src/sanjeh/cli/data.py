"""Commands about data: import, sources, quarantine."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import Annotated

import typer

from sanjeh.cli.options import AsFormat, Where
from sanjeh.cli.output import Format, say, say_issues, show_table, write_text
from sanjeh.cli.place import open_here
from sanjeh.cli.progress import watch
from sanjeh.connectors import ImportReport, Question
from sanjeh.errors import Issue, QuestionError
from sanjeh.present import (
    Cell,
    Column,
    ColumnKind,
    Table,
    issue_sentence,
    make_table,
    message,
    render_csv,
    to_persian,
)
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
    ask = partial(_ask, language=language) if sys.stdin.isatty() and not yes else None
    with watch(language) as progress:
        report = space.import_files(
            list(paths), as_entity=as_entity, fields=_fields(maps or []), ask=ask, progress=progress
        )
    if form is Format.JSON:
        write_text(json.dumps(report_record(report), ensure_ascii=False, default=str), None)
    else:
        _show_report(report, language)
    failed = say_issues(report.issues, language)
    if form is Format.TABLE and (report.total("loaded") or report.total("replaced")):
        _show_advice(space, language)
    if failed or report.total("quarantined") or not report.is_complete:
        raise typer.Exit(1)


def _fields(maps: list[str]) -> dict[str, str]:
    """The header and field of each COLUMN=FIELD."""
    fields = {}
    for item in maps:
        header, equals, field = item.rpartition("=")
        if not equals or not header.strip() or not field.strip():
            raise QuestionError(Issue("bad_map", {"text": item}))
        fields[header.strip()] = field.strip()
    return fields


def _ask(question: Question, language: str) -> str | None:
    """Put one of the import's questions to the person at the keyboard; an empty answer takes the default, if any."""
    say(issue_sentence(question.issue, language))
    for number, choice in enumerate(question.choices, start=1):
        example = f"  ({choice.example})" if choice.example else ""
        mark = " *" if choice.value == question.default else ""
        say(f"  {number}. {choice.value}{example}{mark}")
    sys.stderr.write("> ")
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    if answer.isdigit() and 1 <= int(answer) <= len(question.choices):
        answer = question.choices[int(answer) - 1].value
    return answer or question.default


def report_record(report: ImportReport) -> dict[str, object]:
    """The report as plain data for JSON."""
    names = ("read", "loaded", "replaced", "duplicate", "superseded", "filtered", "folded", "quarantined")
    files = [
        {
            "file": file.file,
            "part": file.part,
            "outcome": file.outcome.value,
            "mapping": file.mapping,
            "is_new": file.is_new,
            "issues": [{"code": issue.code, "text": str(issue)} for issue in file.issues],
            "tables": [
                {"entity": table.entity, **{name: getattr(table, name) for name in names}} for table in file.tables
            ],
        }
        for file in report.files
    ]
    return {"version": report.version, "holds": report.holds, "files": files} | {
        name: report.total(name) for name in names
    }


def _number(value: int, language: str) -> Cell:
    text = f"{value:,}"
    return Cell(to_persian(text.replace(",", "٬")) if language == "fa" else text, float(value))


COUNTS = ("read", "loaded", "replaced", "duplicate", "filtered", "quarantined")


def _show_report(report: ImportReport, language: str) -> None:
    heads = [Column(message(f"cli.import.{name}", language)) for name in ("file", "entity")]
    heads += [Column(message(f"cli.import.{name}", language), ColumnKind.NUMBER) for name in COUNTS]
    rows = []
    for file in report.files:
        for table in file.tables:
            left_out = table.filtered + table.folded
            numbers = (
                table.read,
                table.loaded,
                table.replaced,
                table.duplicate + table.superseded,
                left_out,
                table.quarantined,
            )
            rows.append((Cell(file.label), Cell(table.entity), *(_number(count, language) for count in numbers)))
        if not file.tables:
            rows.append((Cell(file.label), Cell(file.outcome.value), *(Cell("") for _ in COUNTS)))
    if rows:
        show_table(Table(tuple(heads), tuple(rows)), language)


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
    names = ("when", "source", "entity", "file", "read", "loaded", "replaced", "duplicate", "quarantined")
    records = [
        {
            "when": f"{record.when:%Y-%m-%d %H:%M}",
            "source": record.source,
            "entity": record.entity,
            "file": ", ".join(file.name for file in record.files),
            "read": record.read,
            "loaded": record.loaded,
            "replaced": record.replaced,
            "duplicate": record.duplicate + record.superseded,
            "quarantined": record.quarantined,
        }
        for record in space.imports()
    ]
    if form is Format.JSON:
        write_text(json.dumps(records, ensure_ascii=False), None)
        return
    heads = [Column(message(f"cli.import.{name}", language)) for name in names]
    rows = [
        [_number(record[name], language) if isinstance(record[name], int) else str(record[name]) for name in names]  # type: ignore[arg-type]
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
    found = space.quarantine(most)
    names = ("file", "row", "column", "value", "reason")
    if form is Format.JSON:
        records = [dict(zip(names, (i.file, i.line, i.column, i.value, i.reason), strict=True)) for i in found]
        write_text(json.dumps(records, ensure_ascii=False), None)
        return
    heads = [Column(message(f"cli.quarantine.{name}", language)) for name in names]
    cells = [[i.file, str(i.line), i.column, i.value, issue_sentence(i.issue(), language)] for i in found]
    table = make_table(heads, cells)
    if form is Format.CSV:
        write_text(render_csv(table), None)
    elif found:
        show_table(table, language)
    else:
        say(message("cli.quarantine.none", language))
