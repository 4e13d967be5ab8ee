"""Explaining in words: how a KPI is computed here, and the rows behind a number."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from sanjeh.cli.lack import what_name
from sanjeh.cli.output import Listing as Form
from sanjeh.cli.output import say, show_table, write_text
from sanjeh.explain import Explained, Explanation
from sanjeh.formula import in_words, parse
from sanjeh.plan import Listing
from sanjeh.present import make_table, message, render_csv, show_parameter, word
from sanjeh.workspace import Workspace


def explanation_lines(explanation: Explanation, space: Workspace) -> Iterator[str]:
    """The lines that explain a reading to a person."""
    language = space.settings.language
    reading = explanation.reading
    yield f"{reading.name}: {reading.kpi.title.get(language)}"
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
    yield f"- {name}: {item.measure.title.get(language)} [{item.measure.kind}, {item.measure.unit}]"
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
    """The rows of each measure, as tables, CSV or JSON."""
    language = space.settings.language
    if form is Form.JSON:
        records = [
            {
                "measure": item.measure,
                "mode": item.mode or None,
                "entity": item.entity,
                "start": item.span.start,
                "end": item.span.end,
                "total": item.total,
                "rows": [dict(zip(item.columns, row, strict=True)) for row in item.rows],
            }
            for item in listings
        ]
        write_text(json.dumps(records, ensure_ascii=False, default=str), output)
        return
    for item in listings:
        cells = [["" if cell is None else str(cell) for cell in row] for row in item.rows]
        name = f"{item.mode}({item.measure})" if item.mode else item.measure
        table = make_table(list(item.columns), cells, f"{name}: {item.entity}")
        if form is Form.CSV or output is not None:
            write_text(render_csv(table), output)
        else:
            show_table(table, language)
            say(message("cli.rows.total", language, shown=len(item.rows), total=item.total))
