"""Explaining in words: how a KPI is computed here, and the rows behind a number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from sanjeh.cli.lack import what_name
from sanjeh.cli.output import Listing as Form
from sanjeh.cli.output import say, show_table, write_text
from sanjeh.explain import Explained, Explanation
from sanjeh.formula import in_words, parse
from sanjeh.frame import title_of
from sanjeh.plan import Listing
from sanjeh.present import (
    Column,
    ColumnKind,
    Table,
    format_span,
    make_table,
    message,
    render_rows_csv,
    show_parameter,
    unit_name,
    word,
)
from sanjeh.series import BEGINNING
from sanjeh.workspace import Workspace


def explanation_lines(explanation: Explanation, space: Workspace) -> Iterator[str]:
    """The lines that explain a reading to a person."""
    language = space.settings.language
    reading = explanation.reading
    yield f"{reading.name}: {title_of(reading, language)}"
    yield f"  = {reading.formula}"
    yield f"  = {in_words(parse(reading.formula, reading.name), space.catalogue, language)}"
    for item in explanation.measures:
        yield from _measure_lines(item, space, language)
    if explanation.dimensions:
        names = word("list", "comma", language).join(explanation.dimensions)
        yield "  " + message("cli.explain.dimensions", language, names=names)
    for name, value in explanation.parameters.items():
        parameter = space.catalogue.parameters[name]
        shown = show_parameter(value, parameter.unit, language, currency=space.settings.currency)
        yield f"  {name} = {shown}  ({parameter.title.get(language)})"
    for what in explanation.missing:
        yield "  " + message("cli.explain.missing", language, what=what_name(space, what, language))


def _measure_lines(item: Explained, space: Workspace, language: str) -> Iterator[str]:
    name = f"{item.mode}({item.measure.id})" if item.mode else item.measure.id
    name += "".join(f"[{condition}]" for condition in item.conditions)
    kind, unit = word("kind", item.measure.kind, language), unit_name(item.measure.unit, language)
    yield f"- {name}: {item.measure.title.get(language)} [{kind}{word('list', 'comma', language)}{unit}]"
    if item.binding is None:
        code = "cli.explain.observed" if item.observed else "cli.explain.no_rows"
        yield "    " + message(code, language)
        return
    is_counted = item.binding.expression == "1"
    parts = [item.binding.entity if is_counted else f"{item.binding.entity}.{item.binding.expression}"]
    parts += [f"where {item.binding.where}"] if item.binding.where and item.binding.where != "true" else []
    parts += [f"by {' / '.join(item.binding.times)}"] if item.binding.times else []
    parts += [f"until {item.binding.until}"] if item.binding.until else []
    yield "    " + " ".join(parts)
    for dimension, path in item.paths.items():
        yield f"    {dimension} <- {item.binding.entity}.{path}"


def show_listings(listings: Sequence[Listing], space: Workspace, form: Form, output: Path | None) -> None:
    """The rows of each measure, as tables, CSV (one block a measure) or JSON; a file's ending may ask for JSON."""
    if form is Form.TABLE and output is not None:
        form = Form.JSON if output.suffix.lower() == ".json" else Form.CSV
    if form is Form.JSON:
        records = [_listing_record(item) for item in listings]
        write_text(json.dumps(records, ensure_ascii=False, default=str), output)
    elif form is Form.CSV:
        write_text("\n".join(render_rows_csv(item.columns, item.rows) for item in listings), output)
    else:
        language = space.settings.language
        for item in listings:
            show_table(_listing_table(item, space), language)
            say(message("cli.rows.total", language, shown=len(item.rows), total=item.total))


def _listing_record(item: Listing) -> dict[str, object]:
    return {
        "measure": item.measure,
        "mode": item.mode or None,
        "entity": item.entity,
        "start": item.span.start,
        "end": item.span.end,
        "total": item.total,
        "rows": [dict(zip(item.columns, row, strict=True)) for row in item.rows],
    }


def _listing_table(item: Listing, space: Workspace) -> Table:
    """The rows for a screen, which has no room for columns that are empty in all of them."""
    language = space.settings.language
    filled = [n for n in range(len(item.columns)) if any(row[n] is not None for row in item.rows)]
    shown = filled or list(range(len(item.columns)))
    heads = [Column(item.columns[n], ColumnKind.NUMBER if _is_number(item, n) else ColumnKind.TEXT) for n in shown]
    cells = [["" if row[n] is None else _written(row[n], language) for n in shown] for row in item.rows]
    name = f"{item.mode}({item.measure})" if item.mode else item.measure
    title = space.catalogue.measures[item.measure].title.get(language)
    entity = space.catalogue.entities.get(item.entity)
    source = entity.title.get(language) if entity else item.entity
    calendar = space.calendar()
    parts = [source]
    if item.span.start > BEGINNING:
        parts.append(format_span(item.span, language, calendar=calendar))
    told = word("list", "comma", language).join(parts)
    return make_table(heads, cells, f"{title} [{name}]: {told}")


def _is_number(item: Listing, place: int) -> bool:
    cells = [row[place] for row in item.rows if row[place] is not None]
    return bool(cells) and all(isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) for cell in cells)


def _written(cell: object, language: str) -> str:
    """A cell as a person reads it: no time of day where there is none, no exponent, yes and no in words."""
    if isinstance(cell, bool):
        return word("number", "yes" if cell else "no", language)
    if isinstance(cell, datetime) and cell.time() == time():
        return str(cell.date())
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
