"""Explaining in words how a KPI is computed here."""

from __future__ import annotations

from collections.abc import Iterator

from sanjeh.cli.lack import what_name
from sanjeh.explain import Explained, Explanation
from sanjeh.formula import in_words, parse
from sanjeh.frame import title_of
from sanjeh.present import message, show_parameter, unit_name, word
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
        shown = show_parameter(value, parameter.shown_unit, language, currency=space.settings.currency)
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
