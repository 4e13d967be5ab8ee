"""Commands about data: import, sources, quarantine."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from sanjeh.cli.arrival import mapping_table, number_cell, show_report
from sanjeh.cli.asked import check_count
from sanjeh.cli.lack import say_nothing_imported, what_name
from sanjeh.cli.options import AsListing, AsReport, Language, Where
from sanjeh.cli.output import Listing, Report, say, show_table, told, write_text
from sanjeh.cli.place import open_here
from sanjeh.cli.progress import watch
from sanjeh.connectors import ImportReport, Proposal, Question
from sanjeh.connectors.reading import Source
from sanjeh.errors import Datum, Issue, QuestionError, suggest
from sanjeh.present import Column, ColumnKind, format_day, make_table, message, render_csv, to_persian
from sanjeh.workspace import Workspace


class Dates(StrEnum):
    """The order in which the parts of an ambiguous date stand."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class Decimals(StrEnum):
    """The mark that parts the decimals."""

    POINT = "."
    COMMA = ","


class Repeated(StrEnum):
    """What rows are that repeat the key of another row with other content."""

    SUM = "sum"
    FIRST = "first"
    LAST = "last"


def import_(
    paths: Annotated[list[str], typer.Argument(metavar="FILE")],
    as_entity: Annotated[str | None, typer.Option("--as", metavar="ENTITY")] = None,
    maps: Annotated[list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
    dates: Annotated[Dates | None, typer.Option("--dates", metavar="|".join(Dates))] = None,
    decimal: Annotated[Decimals | None, typer.Option("--decimal", metavar="|".join(Decimals))] = None,
    repeated: Annotated[Repeated | None, typer.Option("--repeated", metavar="|".join(Repeated))] = None,
    language: Language = None,
    workspace: Where = None,
    form: AsReport = Report.TABLE,
) -> None:
    """Import files: what was understood is kept as a mapping under sources/, so that next month needs one command."""
    fields = _fields(maps or [])
    check_extra(paths)
    space = open_here(workspace, language)
    spoken = space.settings.language
    entities = space.catalogue.entities
    if as_entity is not None and as_entity not in entities:
        data: dict[str, Datum] = {"kind": "entity", "name": as_entity}
        raise QuestionError(Issue("unknown_name", data, suggestion=suggest(as_entity, entities)))
    is_asked = sys.stdin.isatty() and not yes
    with watch(is_shown=not is_asked) as progress:
        report = space.import_files(
            list(paths),
            as_entity=as_entity,
            fields=fields,
            ask=partial(_ask, language=spoken) if is_asked else None,
            confirm=partial(_confirm, space) if is_asked else None,
            progress=progress,
            dates=dates.value if dates else None,
            decimal=decimal.value if decimal else None,
            repeated=repeated.value if repeated else None,
        )
    if form is Report.JSON:
        write_text(json.dumps(report_record(report, spoken), ensure_ascii=False, default=str), None)
        failed = bool(report.errors)
    else:
        failed = show_report(report, space)
    if failed or report.total("refused") or not report.is_complete:
        raise typer.Exit(1)


def check_extra(paths: Sequence[str]) -> None:
    """Refuse the address of a database for which the package that speaks to it is not installed, naming the extra."""
    is_asked = any(path.lower().startswith(("postgresql:", "postgres:")) for path in paths)
    if is_asked and importlib.util.find_spec("psycopg") is None:
        raise QuestionError(Issue("missing_extra", {"package": "psycopg", "extra": "postgres"}))


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
    say(told(question.issue, language))
    for number, choice in enumerate(question.choices, start=1):
        example = f"  ({choice.example})" if choice.example else ""
        mark = " *" if choice.value == question.default else ""
        say(f"  {number}. {choice.value}{example}{mark}")
    sys.stderr.write("> ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        return None
    answer = line.strip()
    if answer.isdigit() and 1 <= int(answer) <= len(question.choices):
        answer = question.choices[int(answer) - 1].value
    return answer or question.default


def _confirm(space: Workspace, source: Source, proposal: Proposal) -> bool:
    """Show a new mapping and ask whether it is taken."""
    language = space.settings.language
    if proposal.mapping is not None:
        show_table(mapping_table(proposal.mapping, space, language, source.file), language)
    say(message("cli.confirm", language, file=source.file))
    sys.stderr.write("> ")
    sys.stderr.flush()
    # The end of the input is nobody's consent; an empty line is.
    return sys.stdin.readline().casefold() in ("\n", "y\n", "yes\n", "بله\n", "آره\n")


def report_record(report: ImportReport, language: str) -> dict[str, object]:
    """The report as plain data for JSON."""
    names = (
        "read",
        "loaded",
        "replaced",
        "duplicate",
        "superseded",
        "filtered",
        "folded",
        "quarantined",
        "totals",
        "blanks",
    )
    files = [
        {
            "file": file.file,
            "part": file.part,
            "outcome": file.outcome.value,
            "mapping": file.mapping,
            "is_new": file.is_new,
            "issues": [_issue_record(issue, language) for issue in file.issues],
            "tables": [
                {
                    "entity": table.entity,
                    **{name: getattr(table, name) for name in names},
                    "issues": [_issue_record(issue, language) for issue in table.issues],
                }
                for table in file.tables
            ],
        }
        for file in report.files
    ]
    return {"version": report.version, "holds": report.holds, "files": files} | {
        name: report.total(name) for name in names
    }


def _issue_record(issue: Issue, language: str) -> dict[str, str]:
    return {"code": issue.code, "severity": issue.severity.value, "text": told(issue, language)}


def sources(
    undo: Annotated[int | None, typer.Option("--undo", metavar="N")] = None,
    form: AsListing = Listing.TABLE,
    language: Language = None,
    workspace: Where = None,
) -> None:
    """List the imports so far: files, entities and counts."""
    space = open_here(workspace, language)
    spoken = space.settings.language
    if undo is not None:
        say(message("cli.undone", spoken, number=undo, rows=space.undo(undo)))
    names = ("number", "when", "source", "entity", "file", "read", "loaded", "replaced", "duplicate", "quarantined")
    records = [
        {
            "number": record.id,
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
    if form is Listing.JSON:
        write_text(json.dumps(records, ensure_ascii=False), None)
        return
    numbers = [name for name in names if records and isinstance(records[0][name], int)]
    heads = [
        Column(message(f"cli.import.{name}", spoken), ColumnKind.NUMBER if name in numbers else ColumnKind.TEXT)
        for name in names
    ]
    if form is Listing.TABLE:
        for record, done in zip(records, space.imports(), strict=True):
            record |= {"when": _moment(done.when, space), "entity": what_name(space, done.entity, spoken)}
    rows = [
        [number_cell(cell, spoken) if isinstance(cell, int) else str(cell) for cell in record.values()]
        for record in records
    ]
    table = make_table(heads, rows)
    if form is Listing.CSV:
        write_text(render_csv(table), None)
    elif records:
        show_table(table, spoken)
    else:
        say_nothing_imported(space)


def _moment(when: datetime, space: Workspace) -> str:
    """A moment for a person: the day of the company's calendar, and the time."""
    language = space.settings.language
    clock = f"{when:%H:%M}"
    day = format_day(when.date(), language, calendar=space.calendar(), short=True)
    return f"{day} {to_persian(clock) if language == 'fa' else clock}"


def quarantine(
    form: AsListing = Listing.TABLE,
    most: Annotated[int, typer.Option("--most", metavar="N")] = 200,
    language: Language = None,
    workspace: Where = None,
) -> None:
    """List the rows that could not be understood: file, row, column, value and reason."""
    check_count("--most", most)
    space = open_here(workspace, language)
    spoken = space.settings.language
    found = space.quarantine(most)
    names = ("file", "row", "column", "value", "reason")
    if form is Listing.JSON:
        records = [dict(zip(names, (i.file, i.line, i.column, i.value, i.reason), strict=True)) for i in found]
        write_text(json.dumps(records, ensure_ascii=False), None)
        return
    kinds = {"row": ColumnKind.NUMBER}
    heads = [Column(message(f"cli.quarantine.{name}", spoken), kinds.get(name, ColumnKind.TEXT)) for name in names]
    cells = [(i.file, number_cell(i.line, spoken), i.column, i.value, told(i.issue(), spoken)) for i in found]
    table = make_table(heads, cells)
    if form is Listing.CSV:
        write_text(render_csv(table), None)
    elif found:
        show_table(table, spoken)
    elif space.imports():
        say(message("cli.quarantine.none", spoken))
    else:
        say_nothing_imported(space)
