"""Commands that answer: kpis, show, compute, rows, explain."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sanjeh.cli.asked import absent_members, check_condition, check_count, check_readings, of_calendar
from sanjeh.cli.board import build_boards, fit_boards
from sanjeh.cli.explaining import explanation_lines
from sanjeh.cli.lack import say_nothing_imported, what_name
from sanjeh.cli.language import user_language
from sanjeh.cli.legend import legend_lines
from sanjeh.cli.listing import show_listings
from sanjeh.cli.naming import condition_of, dimension_ids, dimension_titles
from sanjeh.cli.options import AsFormat, AsListing, AsOf, CalendarCode, Condition, Into, Language, Where
from sanjeh.cli.output import (
    Format,
    Listing,
    check_output,
    choose_format,
    say,
    say_issues,
    screen_width,
    shape,
    show_table,
    write_frame,
    write_text,
)
from sanjeh.cli.place import checked_language, find_folder, open_here
from sanjeh.cli.progress import follow
from sanjeh.cli.split import split
from sanjeh.compute import Reading, missing_of
from sanjeh.definitions import Catalogue, load_catalogue
from sanjeh.errors import Datum, Issue, QuestionError, WorkspaceError, suggest
from sanjeh.formula import in_words, parameters_in, parameters_of, parse
from sanjeh.frame import Frame, title_of
from sanjeh.present import (
    Column,
    ColumnKind,
    Table,
    alone,
    build_page,
    format_day,
    make_table,
    message,
    render_csv,
    render_lines,
    render_page_text,
    show_parameter,
    word,
)
from sanjeh.workspace import Workspace, cache_folder


def _workspace(given: Path | None, language: str | None) -> Workspace | None:
    """The workspace at hand, or None where there is none and none was named."""
    try:
        find_folder(None)
    except WorkspaceError:
        if given is None:
            return None
    return open_here(given, language)


def kpis(
    pack: Annotated[str | None, typer.Option("--pack", metavar="PACK")] = None,
    computable: Annotated[bool, typer.Option("--computable")] = False,
    perspective: Annotated[str | None, typer.Option("--perspective", metavar="PERSPECTIVE")] = None,
    form: AsListing = Listing.TABLE,
    language: Language = None,
    workspace: Where = None,
) -> None:
    """List the KPIs, what each needs, and whether the data at hand supports it."""
    space = open_here(workspace, language) if computable else _workspace(workspace, language)
    catalogue = space.catalogue if space else load_catalogue(cache_folder=cache_folder())
    spoken = space.settings.language if space else checked_language(language) or user_language()
    _check_known("pack", pack, [name for kpi in catalogue.kpis.values() for name in kpi.packs])
    _check_known("perspective", perspective, [kpi.perspective.value for kpi in catalogue.kpis.values()])
    chosen = (
        kpi.id
        for kpi in catalogue.kpis.values()
        if (pack is None or pack in kpi.packs) and (perspective is None or perspective == kpi.perspective.value)
    )
    records = [_record(name, catalogue, space) for name in chosen]
    records = [record for record in records if not computable or record["computable"]]
    if form is Listing.JSON:
        write_text(json.dumps(records, ensure_ascii=False), None)
    elif form is Listing.CSV:
        write_text(render_csv(_kpi_table(records, catalogue, space, spoken)), None)
    elif records:
        show_table(_kpi_table(records, catalogue, space, spoken, is_short=True), spoken)
    else:
        say(message("cli.nothing_computable", spoken))
        if space and space.is_empty:
            say_nothing_imported(space)


def _check_known(kind: str, name: str | None, known: Iterable[str]) -> None:
    choices = list(dict.fromkeys(known))
    if name is not None and name not in choices:
        data: dict[str, Datum] = {"kind": kind, "name": name, "choices": ", ".join(choices)}
        raise QuestionError(Issue("unknown_choice", data, suggestion=suggest(name, choices)))


def _record(name: str, catalogue: Catalogue, space: Workspace | None) -> dict[str, object]:
    kpi = catalogue.kpis[name]
    ground = space.ground() if space else None
    missing = missing_of(Reading(kpi), ground) if ground else None
    variants = [
        {
            "id": variant.id,
            "name_en": variant.title.get("en"),
            "name_fa": variant.title.get("fa"),
            "unit": variant.unit,
            "direction": variant.direction.value,
            "timing": variant.timing.value,
            "computable": None if ground is None else not missing_of(Reading(kpi, variant), ground),
            "missing": None if ground is None else list(missing_of(Reading(kpi, variant), ground)),
        }
        for variant in kpi.variants.values()
    ]
    return {
        "id": kpi.id,
        "name_en": kpi.title.get("en"),
        "name_fa": kpi.title.get("fa"),
        "names": {"en": kpi.title.get("en"), "fa": kpi.title.get("fa")},
        "unit": kpi.unit,
        "direction": kpi.direction.value,
        "timing": kpi.timing.value,
        "perspective": kpi.perspective.value,
        "periods": list(kpi.periods),
        "packs": list(kpi.packs),
        "list_items": list(kpi.list_items),
        "formula": kpi.formula,
        "variants": variants,
        "own": kpi.own,
        "computable": None if missing is None else not missing,
        "missing": None if missing is None else list(missing),
    }


_SHORT = {"direction": "cli.direction", "timing": "cli.timing", "perspective": "cli.perspective"}


def _kpi_table(
    records: list[dict[str, object]],
    catalogue: Catalogue,
    space: Workspace | None,
    language: str,
    *,
    is_short: bool = False,
) -> Table:
    """The KPIs with what they are, ``is_short`` for a screen, and what each lacks in the workspace."""
    names = ("id", "name", "unit", "direction", "timing", "perspective", *(("missing",) if space else ()))
    # An id that is wrapped cannot be copied, hence a column that stays whole.
    kinds = {"id": ColumnKind.PERIOD} if is_short else {}
    heads = [Column(message(f"cli.kpis.{name}", language), kinds.get(name, ColumnKind.TEXT)) for name in names]
    separator = word("list", "comma", language)
    rows = []
    for record in records:
        kpi = catalogue.kpis[str(record["id"])]
        row = [kpi.id, kpi.title.get(language), word("unit", kpi.unit, language)]
        row += [
            word(_SHORT[kind] if is_short else kind, getattr(kpi, kind).value, language)
            for kind in ("direction", "timing", "perspective")
        ]
        if space:
            missing = record["missing"]
            lacks = [what_name(space, str(item), language) for item in missing] if isinstance(missing, list) else []
            row.append(separator.join(lacks) if lacks else "✓")
        rows.append(row)
    return make_table(heads, rows)


def show(
    kpi: Annotated[str, typer.Argument(metavar="KPI")],
    language: Language = None,
    workspace: Where = None,
) -> None:
    """Show one KPI or variant: what it is, how it is computed, its variants, parameters, pitfalls and sources."""
    space = _workspace(workspace, language)
    catalogue = space.catalogue if space else load_catalogue(cache_folder=cache_folder())
    spoken = space.settings.language if space else checked_language(language) or user_language()
    check_readings(catalogue, [kpi])
    found, variant = catalogue.reading(kpi)
    shown = found if variant is None else alone(found, variant)
    settings = catalogue.settings(space.settings.parameters if space else None)
    used = parameters_in(shown, catalogue)
    page = build_page(
        shown,
        spoken,
        in_words=lambda formula: in_words(parse(formula, shown.id), catalogue, spoken),
        parameters=[(catalogue.parameters[name], settings[name]) for name in used],
        currency=space.settings.currency if space else "",
        variant_of=None if variant is None else found,
    )
    write_text(render_lines(render_page_text(page), spoken, 110, shape=shape()), None)


def compute(
    kpis: Annotated[list[str] | None, typer.Argument(metavar="KPI")] = None,
    every: Annotated[list[str] | None, typer.Option("--every", metavar="GRAIN")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DAY")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DAY")] = None,
    last: Annotated[int | None, typer.Option("--last", metavar="N")] = None,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="DIMENSION")] = None,
    where: Condition = None,
    calendar: CalendarCode = None,
    variants: Annotated[bool, typer.Option("--variants")] = False,
    as_of: AsOf = None,
    form: AsFormat = None,
    output: Into = None,
    language: Language = None,
    workspace: Where = None,
) -> None:
    """Compute KPIs over periods."""
    chosen = choose_format(form, output)
    check_output(chosen, output)
    check_count("--last", last)
    space = open_here(workspace, language)
    check_condition(where)
    check_readings(space.catalogue, kpis or ())
    where, dimensions = condition_of(space, where), dimension_ids(space, by)
    asked: dict[str, Any] = {
        "every": tuple(every or ("month",)),
        "since": since,
        "until": until,
        "last": last,
        "where": where,
        "calendar": calendar or "",
        "variants": variants,
        "as_of": as_of,
    }
    with of_calendar(space, calendar or "", since, until), follow(space) as progress:
        frame = space.compute(*(kpis or ()), by=dimensions, progress=progress, **asked)
    frame = replace(frame, doubts=absent_members(space, frame, where))
    shown = split(frame, space, is_whole=not kpis, **asked) if chosen is Format.TABLE else frame
    if chosen is Format.TABLE and output is None:
        print_boards(shown, space, calendar or "", last)
    else:
        titles = dimension_titles(shown.results.results, space, space.settings.language)
        boards = build_boards(shown, space.calendar(calendar or ""), 10_000, titles)
        write_frame(frame, chosen, output, boards, legend_lines(shown, space))
    _say_notes(frame, space, space.settings.language)


def print_boards(frame: Frame, space: Workspace, calendar_code: str = "", last: int | None = None) -> None:
    """The frame as tables on the screen, with what its signs mean and the last known day."""
    calendar = space.calendar(calendar_code)
    language = space.settings.language
    titles = dimension_titles(frame.results.results, space, language)
    boards = fit_boards(frame, calendar, last, screen_width(), titles)
    if not boards:
        say(message("cli.nothing_computable", language))
        if space.is_empty:
            say_nothing_imported(space)
        return
    for table in boards:
        show_table(table, language)
    for line in legend_lines(frame, space):
        say(line)
    day = format_day(frame.as_of, language, calendar=calendar)
    say(message("cli.as_of", language, day=day))
    _say_parameters(frame, space, language)


FEW = 3


def _say_parameters(frame: Frame, space: Workspace, language: str) -> None:
    """The parameters behind a few KPIs, and what a sum left out because the workspace has no data for it."""
    readings = {result.reading.name: result.reading for result in frame.results.results}
    if len(readings) > FEW:
        return
    values = space.catalogue.settings(space.settings.parameters)
    used = (name for reading in readings.values() for name in parameters_of(reading.formula, space.catalogue))
    for name in dict.fromkeys(used):
        parameter = space.catalogue.parameters[name]
        shown = show_parameter(values[name], parameter.shown_unit, language, currency=space.settings.currency)
        say(f"  {name} = {shown} ({parameter.title.get(language)})")
    left_out = dict.fromkeys(name for result in frame.results.results for name in result.omitted)
    if left_out:
        names = word("list", "comma", language).join(
            space.catalogue.measures[name].title.get(language) for name in left_out
        )
        say("  " + message("cli.omitted", language, names=names))


def _say_notes(frame: Frame, space: Workspace, language: str) -> None:
    """What the KPIs without a value lack, stated numbers that disagree with rows, and KPIs that were left out."""
    lacking = False
    for result in frame.results.results:
        has_value = any(point.value is not None for point in result.points())
        missing = () if has_value else missing_of(result.reading, space.ground())
        if missing:
            what = word("list", "comma", language).join(what_name(space, item, language) for item in missing)
            say(message("cli.lacks", language, kpi=title_of(result.reading, language), what=what))
            lacking = True
    if lacking and space.is_empty:
        say_nothing_imported(space)
    say_issues([*frame.difference_issues, *frame.doubts], language)
    left_out = {str(issue.data.get("measure", "")) for issue in frame.issues}
    if left_out:
        say(message("cli.left_out", language, count=len(frame.issues), names=", ".join(sorted(left_out)[:8])))


def rows(
    kpi: Annotated[str, typer.Argument(metavar="KPI")],
    period: Annotated[str, typer.Option("--period", metavar="PERIOD")],
    where: Condition = None,
    calendar: CalendarCode = None,
    limit: Annotated[int, typer.Option("--most", metavar="N")] = 50,
    form: AsListing = Listing.TABLE,
    output: Into = None,
    language: Language = None,
    workspace: Where = None,
) -> None:
    """Show the rows behind a number, measure by measure, with the file and line they came from."""
    check_output(form, output)
    check_count("--most", limit)
    space = open_here(workspace, language)
    check_condition(where)
    check_readings(space.catalogue, [kpi])
    where = condition_of(space, where)
    with of_calendar(space, calendar or "", period), follow(space):
        listings = space.rows(kpi, period=period, where=where, calendar=calendar or "", limit=limit)
    show_listings(listings, space, form, output, calendar or "")


def explain(
    kpi: Annotated[str, typer.Argument(metavar="KPI")],
    sql: Annotated[bool, typer.Option("--sql")] = False,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="DIMENSION")] = None,
    where: Condition = None,
    language: Language = None,
    workspace: Where = None,
) -> None:
    """Show how a KPI is computed here: formula, where each measure's rows come from, parameters, joins and SQL."""
    space = open_here(workspace, language)
    check_condition(where)
    check_readings(space.catalogue, [kpi])
    explanation = space.explain(kpi, by=dimension_ids(space, by), where=condition_of(space, where))
    write_text("\n".join(explanation_lines(explanation, space)), None)
    if sql:
        for measures, text in space.statements(explanation):
            write_text(f"\n-- {', '.join(measures)}\n{text.rstrip(';')};", None)
