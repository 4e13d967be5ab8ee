"""What a formula uses: the measures and parameters that stand in it, through KPIs and variants, down to filters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sanjeh.definitions import KPI, Catalogue, Measure
from sanjeh.formula.node import Name, VariantName, walk
from sanjeh.formula.parse import parse

_PARAMETER = re.compile(r":([a-z_]+)")
_SEGMENT = re.compile(r"segment\((\w+)")


def measures_in(formula: str, catalogue: Catalogue) -> tuple[Measure, ...]:
    """The measures that ``formula`` comes down to, in the order they stand."""
    names = dict.fromkeys(_names(formula, catalogue, ()))
    return tuple(catalogue.measures[name] for name in names if name in catalogue.measures)


def parameters_in(kpi: KPI, catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of the parameters that the KPI's formula or a variant's uses, itself or in its measures."""
    formulas = (kpi.formula, *(variant.formula for variant in kpi.variants.values()))
    return tuple(dict.fromkeys(name for formula in formulas for name in parameters_of(formula, catalogue)))


def parameters_of(formula: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of the parameters that ``formula`` uses, itself or in its measures."""
    names = dict.fromkeys(_names(formula, catalogue, ()))
    found = dict.fromkeys(name for name in names if name in catalogue.parameters)
    for measure in (catalogue.measures[name] for name in names if name in catalogue.measures):
        found.update(dict.fromkeys(_of_measure(measure, catalogue)))
    return tuple(name for name in found if name in catalogue.parameters)


def _names(formula: str, catalogue: Catalogue, inside: tuple[str, ...]) -> Iterator[str]:
    for node in walk(parse(formula)):
        match node:
            case Name(id=name) if name in catalogue.kpis and name not in catalogue.measures and name not in inside:
                yield from _names(catalogue.kpis[name].formula, catalogue, (*inside, name))
            case VariantName(kpi=kpi, variant=variant) if f"{kpi}.{variant}" not in inside:
                yield from _names(
                    catalogue.kpis[kpi].variants[variant].formula, catalogue, (*inside, f"{kpi}.{variant}")
                )
            case Name(id=name):
                yield name
            case _:
                continue


def _of_measure(measure: Measure, catalogue: Catalogue) -> Iterator[str]:
    for binding in measure.bindings:
        text = f"{binding.expression} {binding.where or ''}"
        yield from _PARAMETER.findall(text)
        yield from binding.when
        for name in _SEGMENT.findall(text):
            yield from _of_segment(name, catalogue)
        yield from ("successful_statuses",) if "is_successful" in text or "is_revenue" in text else ()
        yield from ("working_week",) if "working_" in text else ()
    if measure.ripe:
        yield measure.ripe
    if measure.weight:
        yield measure.weight.window
    if measure.kind.value == "snapshot":
        yield "balance_max_age_days"
    if measure.rests_on_history:
        yield from ("lost_after_days", "history_from")


def _of_segment(name: str, catalogue: Catalogue) -> Iterator[str]:
    segment = catalogue.segment(name)
    if segment.chosen_by:
        yield segment.chosen_by
    for choice in segment.choices.values():
        yield from (part for part in (choice.window, choice.at_least, choice.share) if part)
