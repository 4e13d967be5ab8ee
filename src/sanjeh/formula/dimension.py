"""A dimension of a formula is a column that a condition or ``across`` names; every measure inside must reach it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from sanjeh.definitions import Catalogue, Column, Derived, Entity, Measure
from sanjeh.errors import DefinitionError
from sanjeh.formula.node import Call, Filtered, Name, Node, VariantName, walk
from sanjeh.formula.parse import parse

STATED = "observations"  # ready numbers may be stated for any dimension


def measures_of(node: Node, catalogue: Catalogue) -> tuple[str, ...]:
    """The measures that ``node`` takes values of, through KPIs and variants, each once, in order.

    Names inside target and budget count too: a target is stated for the members of the same dimensions.

    >>> from sanjeh.definitions import load_catalogue
    >>> measures_of(parse("churn_rate + revenue"), load_catalogue())
    ('customers_lost', 'active_customers', 'revenue')
    """
    found: dict[str, None] = {}
    _collect(node, catalogue, found, set())
    return tuple(found)


def _collect(node: Node, catalogue: Catalogue, found: dict[str, None], seen: set[str]) -> None:
    for part in walk(node):
        match part:
            case Name(id=name) if name in catalogue.measures:
                found[name] = None
            case Name(id=name) if name in catalogue.kpis and name not in seen:
                seen.add(name)
                _collect_formula(catalogue.kpis[name].formula, catalogue, found, seen)
            case VariantName(kpi=kpi, variant=variant) if f"{kpi}.{variant}" not in seen:
                seen.add(f"{kpi}.{variant}")
                if kpi in catalogue.kpis and variant in catalogue.kpis[kpi].variants:
                    _collect_formula(catalogue.kpis[kpi].variants[variant].formula, catalogue, found, seen)
            case _:
                continue


def _collect_formula(formula: str, catalogue: Catalogue, found: dict[str, None], seen: set[str]) -> None:
    try:
        _collect(parse(formula), catalogue, found, seen)
    except DefinitionError:
        return  # a formula that cannot be read is reported where it is defined


def find_column(catalogue: Catalogue, measure: Measure, dimension: str) -> Column | Derived | None:
    """The column that ``dimension`` means for ``measure``: its entity's own first, then along many-to-one relations.

    None where no entity of the measure's bindings reaches it.
    """
    for binding in measure.bindings:
        for entity in _along(catalogue, binding.entity):
            found = entity.columns.get(dimension) or entity.derived.get(dimension)
            if found is not None:
                return found
    return None


def _along(catalogue: Catalogue, start: str) -> Iterator[Entity]:
    queue, seen = deque([start]), {start}
    while queue:
        entity = catalogue.entities.get(queue.popleft())
        if entity is None:
            continue
        yield entity
        for relation in entity.relations.values():
            if relation.entity not in seen:
                seen.add(relation.entity)
                queue.append(relation.entity)


def may_be_stated(measure: Measure) -> bool:
    """Whether the measure lives on ready numbers alone, so that nothing can be said of its dimensions beforehand."""
    return all(binding.entity == STATED for binding in measure.bindings)


def dimensions_named(node: Node) -> Iterator[tuple[str, Node, int]]:
    """Each dimension that ``node`` names, with what it applies to and the column where it stands."""
    for part in walk(node):
        match part:
            case Filtered(operand=operand, condition=condition, column=column):
                yield condition.dimension, operand, column
            case Call(function="across", arguments=(inner, Name(id=dimension, column=column), *_)):
                yield dimension, inner, column
            case _:
                continue
