"""An arrival is what an import brought, told to a person: counts, the mapping made, rows set aside, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sanjeh.cli.lack import what_name
from sanjeh.cli.output import say, say_issues, show_table, told
from sanjeh.connectors import Field, ImportReport, Outcome, SourceMapping, TableReport, load_mapping
from sanjeh.connectors.total_row import EMPTY_ROWS, TOTAL
from sanjeh.definitions import ColumnType
from sanjeh.errors import Datum
from sanjeh.present import Cell, Column, ColumnKind, Table, make_table, message, to_persian, word
from sanjeh.units import find_currency
from sanjeh.workspace import Workspace

COUNTS = ("read", "loaded", "replaced", "duplicate", "superseded", "filtered", "quarantined")
# More new mappings than these are named together; each would be a screen of its own.
_MAPPINGS_SHOWN = 2
_FAULTS_SHOWN = 3
_FILES_NAMED = 3
# Counts that have a column only when they are not zero everywhere.
_RARE = ("replaced", "superseded", "filtered")


def number_cell(value: int, language: str) -> Cell:
    """A count in the digits of ``language``."""
    text = f"{value:,}"
    return Cell(to_persian(text.replace(",", "٬")) if language == "fa" else text, float(value))


def show_report(report: ImportReport, space: Workspace) -> bool:
    """Tell all of ``report``; whether an issue in it is an error."""
    language = space.settings.language
    _show_counts(report, space, language)
    is_shown = _show_mappings(report, space, language)
    # The table of a new mapping has said already which columns are not used.
    failed = say_issues([i for i in report.issues if not (is_shown and i.code == "headers_unused")], language)
    if any(file.outcome is Outcome.SKIPPED for file in report.files):
        say(message("cli.name_entity", language))
    _say_faults(report, language)
    if report.total("loaded") or report.total("replaced"):
        _say_advice(space, language)
    return failed


def _show_counts(report: ImportReport, space: Workspace, language: str) -> None:
    shown = [name for name in COUNTS if name not in _RARE or sum(map(_counts, report.tables), Counter())[name]]
    heads = [Column(message(f"cli.import.{name}", language)) for name in ("file", "entity")]
    heads += [Column(message(f"cli.import.{name}", language), ColumnKind.NUMBER) for name in shown]
    rows = []
    for file in report.files:
        for table in file.tables:
            counts = (number_cell(_counts(table)[name], language) for name in shown)
            rows.append((Cell(file.label), Cell(space.catalogue.entities[table.entity].title.get(language)), *counts))
        if not file.tables:
            rows.append(
                (Cell(file.label), Cell(word("cli.outcome", file.outcome, language)), *(Cell("") for _ in shown))
            )
    if rows:
        show_table(Table(tuple(heads), tuple(rows)), language)


def _counts(table: TableReport) -> Counter[str]:
    """The counts as a person is told them: rows that the mapping leaves out or folds into others are one."""
    return Counter(
        read=table.read,
        loaded=table.loaded,
        replaced=table.replaced,
        duplicate=table.duplicate,
        superseded=table.superseded,
        filtered=table.filtered + table.folded,
        quarantined=table.quarantined,
    )


def _show_mappings(report: ImportReport, space: Workspace, language: str) -> bool:
    """The mappings made now: which column became what, and the file in which a person corrects it; whether any is
    shown.
    """
    new = list(dict.fromkeys(file.mapping for file in report.files if file.is_new and file.mapping))
    if len(new) > _MAPPINGS_SHOWN:
        say(message("cli.mapping.many", language, count=len(new), folder=str(space.folder / "sources")))
        return False
    for name in new:
        path = space.folder / "sources" / f"{name}.yaml"
        mapping = load_mapping(path)
        files = dict.fromkeys(file.label for file in report.files if file.is_new and file.mapping == name)
        show_table(mapping_table(mapping, space, language, _listed(files, _FILES_NAMED, language)), language)
        say(message("cli.mapping.file", language, file=str(path)))
        if any(table.ignore for table in mapping.tables):
            say(message("cli.mapping.dimensions", language))
    return bool(new)


def mapping_table(mapping: SourceMapping, space: Workspace, language: str, file: str) -> Table:
    """Which column of ``file`` becomes what, how it is read, and which columns are not used."""
    names = ("column", "field", "read_as")
    heads = [message(f"cli.mapping.{name}", language) for name in names]
    rows: list[list[str]] = []
    for table in mapping.tables:
        entity = space.catalogue.entities[table.entity]
        for field in table.all_fields:
            column = entity.columns.get(field.target)
            target = f"{entity.id}.{field.target}" if len(mapping.tables) > 1 else field.target
            title = f"{column.title.get(language)} ({target})" if column else target
            kind = column.type if column else ColumnType.TEXT
            origin = field.column or field.sql or field.value or ""
            rows.append([origin, title, _read_as(field, kind, space, language)])
        rows += [[header, message("cli.mapping.unused", language), ""] for header in table.ignore]
    held = word("list", "comma", language).join(
        space.catalogue.entities[table.entity].title.get(language) for table in mapping.tables
    )
    return make_table(heads, rows, message("cli.mapping.title", language, source=file, entity=held))


def _read_as(field: Field, kind: ColumnType, space: Workspace, language: str) -> str:
    """The choices that make a number or day wrong when they are wrong: the currency and unit, the calendar."""
    if kind is ColumnType.MONEY:
        currency = find_currency(field.currency or space.settings.currency).name(language)
        return currency if field.unit == 1 else f"{field.unit:,f} {currency}"
    if kind in (ColumnType.DATE, ColumnType.TIME) and field.calendar:
        order = "" if field.order == "ymd" else f" ({field.order})"
        return word("calendar", field.calendar, language) + order
    return ""


def _say_faults(report: ImportReport, language: str) -> None:
    """How many rows were set aside, and the first of them with their reasons; totals and empty rows in a line each."""
    _say_empty(report, language)
    count = report.total("refused")
    if not count:
        return
    say(message("cli.set_aside", language, count=count))
    faults = [fault for table in report.tables for fault in table.faults if fault.reason not in EMPTY_ROWS]
    rows = {(fault.file, fault.row): fault for fault in reversed(faults)}
    for fault in list(reversed(rows.values()))[:_FAULTS_SHOWN]:
        what = told(fault.issue(), language)
        say("  " + message("cli.set_aside_row", language, file=fault.file, row=fault.row, what=what))


def _say_empty(report: ImportReport, language: str) -> None:
    """How many rows were left out because they add up others or are empty, with the first total."""
    if count := report.total("totals"):
        first = next((fault for table in report.tables for fault in table.faults if fault.reason == TOTAL), None)
        data: dict[str, Datum] = {"file": first.file, "row": first.row, "value": first.value or ""} if first else {}
        say(message("cli.totals" if first else "cli.totals_bare", language, count=count, **data))
    if count := report.total("blanks"):
        say(message("cli.blanks", language, count=count))


def _say_advice(space: Workspace, language: str) -> None:
    """The first hour: what the data answers now, and the few additions that would answer most."""
    advice = space.advise()
    titles = {name: kpi.title.get(language) for name, kpi in space.catalogue.kpis.items()}
    total = len(titles)
    say("")
    if not advice.computable:
        say(message("cli.advice.none", language, total=total))
    elif len(advice.computable) == total:
        say(message("cli.advice.all", language, total=total))
    else:
        now = message("cli.advice.now", language, count=len(advice.computable), total=total)
        say(f"{now} {_listed((titles[name] for name in advice.computable), 6, language)}")
    if advice.additions:
        say(message("cli.advice.more", language))
    for addition in advice.additions:
        kind = "field" if addition.is_field else "file"
        data: dict[str, Datum] = {"what": what_name(space, addition.what, language), "count": len(addition.brings)}
        names = _listed((titles[name] for name in addition.brings), 3, language)
        say("  - " + message(f"cli.advice.{kind}", language, names=names, **data))
        if addition.columns:
            columns = space.catalogue.entities[addition.what].columns
            needed = word("list", "comma", language).join(
                columns[name].title.get(language) for name in addition.columns
            )
            say("    " + message("cli.advice.columns", language, columns=needed))
    say(message("cli.advice.next", language))


def _listed(names: Iterable[str], most: int, language: str) -> str:
    shown = list(names)
    comma = word("list", "comma", language)
    return comma.join([*shown[:most], "…"] if len(shown) > most else shown)
