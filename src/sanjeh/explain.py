"""Explaining shows how a KPI comes about: its formula, where each measure's rows come from, parameters, statements,
rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sanjeh.calendars import Period, Span
from sanjeh.compute import Ground, Question, Reading, has_source, slots_of
from sanjeh.definitions import Binding, Measure, ParameterValue
from sanjeh.errors import Issue, QuestionError
from sanjeh.formula import Evaluator, Scope, parse
from sanjeh.plan import (
    Collector,
    Key,
    Need,
    Plan,
    build_plan,
    choose_binding,
    dimensions_of,
    find_path,
    is_flag,
    missing_for,
    path_of,
)
from sanjeh.series import Condition

_PARAMETER = re.compile(r":[a-z_]+")


@dataclass(frozen=True, slots=True)
class Explained:
    """One measure of a reading: how it is asked, where its rows come from, and the paths of its dimensions."""

    measure: Measure
    mode: str
    conditions: tuple[Condition, ...]
    binding: Binding | None
    observed: bool
    paths: Mapping[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a reading is computed; ``dimensions`` are those by which all of its measures can be broken down."""

    reading: Reading
    measures: tuple[Explained, ...]
    parameters: Mapping[str, ParameterValue]
    missing: tuple[str, ...]
    plan: Plan
    dimensions: tuple[str, ...] = ()


def explain(
    reading: Reading,
    ground: Ground,
    periods: tuple[Period, ...],
    by: tuple[str, ...],
    conditions: tuple[Condition, ...],
) -> Explanation:
    """How ``reading`` is computed for ``periods``, by the dimensions and under the conditions given."""
    asked, evaluator = ask(reading, ground, periods, by, conditions)
    for key in asked:
        _check_dimensions(key, ground)
    plan = build_plan(asked, ground.catalogue, ground.holdings, ground.settings)
    measures = tuple(_explained(key, ground) for key in asked)
    names = sorted(evaluator.used | set(_parameters(measures, ground)))
    missing = tuple(dict.fromkeys(lack for item in measures for lack in item.missing))
    values = {name: ground.settings[name] for name in names}
    return Explanation(reading, measures, values, missing, plan, _shared_dimensions(asked, ground))


def _check_dimensions(key: Key, ground: Ground) -> None:
    """Refuse what computing would refuse too: a dimension that is unknown, or that the measure's rows cannot reach."""
    name, _, conditions, by = key
    measure = ground.catalogue.measures[name]
    binding = choose_binding(measure, ground.catalogue, ground.holdings, ground.settings)
    if binding is None or binding.entity not in ground.holdings.entities:
        return
    for dimension in [*by, *(condition.dimension for condition in conditions)]:
        if not is_flag(ground.catalogue, dimension):
            path_of(ground.catalogue, ground.holdings, binding.entity, dimension, name)


def _shared_dimensions(asked: Iterable[Key], ground: Ground) -> tuple[str, ...]:
    """The dimensions that every measure of the reading reaches."""
    shared: dict[str, None] | None = None
    for name, *_ in asked:
        own = set(_dimensions(name, ground))
        shared = dict.fromkeys(own if shared is None else (each for each in shared if each in own))
    return tuple(sorted(shared or ()))


def _dimensions(measure: str, ground: Ground) -> Iterator[str]:
    binding = choose_binding(ground.catalogue.measures[measure], ground.catalogue, ground.holdings, ground.settings)
    if binding is None:
        return
    for name in dimensions_of(ground.catalogue, ground.holdings, binding.entity):
        with suppress(QuestionError):
            path_of(ground.catalogue, ground.holdings, binding.entity, name, measure)
            yield name


def ask(
    reading: Reading,
    ground: Ground,
    periods: tuple[Period, ...],
    by: tuple[str, ...],
    conditions: tuple[Condition, ...],
) -> tuple[dict[Key, dict[Span, None]], Evaluator]:
    """What the reading's formula asks, measure by measure with its spans, and the evaluator that asked."""
    known = frozenset(name for name in ground.catalogue.measures if has_source(name, ground))
    collector = Collector(known=known)
    evaluator = Evaluator(ground.catalogue, ground.settings, ground.timeline, collector)
    question = Question((reading,), periods, by, conditions)
    scope = Scope(slots_of(reading, question, ground), conditions, () if reading.by_campaign else by)
    evaluator.evaluate(parse(reading.formula, reading.name), scope)
    return collector.asked, evaluator


def _explained(key: Key, ground: Ground) -> Explained:
    name, mode, conditions, by = key
    measure = ground.catalogue.measures[name]
    binding = choose_binding(measure, ground.catalogue, ground.holdings, ground.settings)
    paths: dict[str, str] = {}
    if binding is not None:
        for dimension in [*by, *(condition.dimension for condition in conditions)]:
            path = find_path(ground.catalogue, ground.holdings, binding.entity, dimension)
            if path:
                paths[dimension] = path
    return Explained(
        measure,
        str(mode),
        conditions,
        binding,
        measure.id in ground.holdings.observed,
        paths,
        missing_for(measure, ground.catalogue, ground.holdings, ground.settings),
    )


def _parameters(measures: tuple[Explained, ...], ground: Ground) -> Iterator[str]:
    """The parameters that the measures' filters, segments and ripening use."""
    for item in measures:
        text = " ".join(part for part in (item.binding.expression, item.binding.where) if part) if item.binding else ""
        yield from (word[1:] for word in _PARAMETER.findall(text) if word[1:] in ground.settings)
        if item.measure.ripe:
            yield item.measure.ripe
        if item.measure.rests_on_history and ground.settings.get("customer_basis") != "contracts":
            yield from ("lost_after_days", "history_from")
        for segment in ground.catalogue.segments.values():
            if f"segment({segment.id}" in text:
                chosen = segment.choices.get(str(ground.settings.get(segment.chosen_by or "", "")))
                chosen = chosen or next(iter(segment.choices.values()))
                yield from (n for n in (chosen.window, chosen.at_least, chosen.share) if n and n in ground.settings)


def needs_of(
    reading: Reading, ground: Ground, period: Period, conditions: tuple[Condition, ...]
) -> list[tuple[Need, Span]]:
    """The needs behind one value of ``reading``, each with a span it was taken at."""
    asked, _ = ask(reading, ground, (period,), (), conditions)
    slots = slots_of(reading, Question((reading,), (period,), (), conditions), ground)
    # What rows ascribe to a campaign is asked by campaign, and counts for the one whose value it is.
    campaigns = [(Condition("campaign", (slot.name,)),) for slot in slots if slot.name is not None]
    found: list[tuple[Need, Span]] = []
    for (name, mode, key_conditions, by), spans in asked.items():
        measure = ground.catalogue.measures[name]
        binding = choose_binding(measure, ground.catalogue, ground.holdings, ground.settings)
        if binding is None:
            continue
        for named in campaigns if by == ("campaign",) and campaigns else [()]:
            need = Need(measure, binding, mode, (*key_conditions, *named), () if named else by)
            found += [(need, span) for span in spans]
    if not found:
        raise QuestionError(Issue("no_rows_behind", {"kpi": reading.name}))
    return found
