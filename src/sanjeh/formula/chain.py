"""A chain is the way formulas use one another; it must not come back to itself, nor grow too large to work out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from sanjeh.definitions import Catalogue
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, walk

MOST_DEPTH = 120
MOST_STEPS = 200_000
MOST_COUNT = 4000  # periods or days that a formula may name: centuries of months, a decade of days
_REPEATS = {"daily": 31, "count_back": 36, "average": 2, "share": 2, "on_target": 2}


@dataclass(frozen=True, slots=True)
class Extent:
    """How deep a formula is, and how many steps it takes, once the formulas of KPIs stand in place of their names."""

    depth: int = 1
    steps: int = 1

    @property
    def is_bearable(self) -> bool:
        """Whether evaluation ends in good time, without running out of stack."""
        return self.depth <= MOST_DEPTH and self.steps <= MOST_STEPS


def find_circles(trees: Mapping[str, Node], catalogue: Catalogue) -> list[list[str]]:
    """Each way from a formula back to itself, beginning and ending with the member that comes first in ``trees``."""
    return _sort(trees, catalogue)[1]


def measure_extents(trees: Mapping[str, Node], catalogue: Catalogue) -> dict[str, Extent]:
    """The extent of each formula; inside a circle, a name counts as one step."""
    known: dict[str, Extent] = {}
    for owner in _sort(trees, catalogue)[0]:
        if owner in trees:
            known[owner] = _extent(trees[owner], catalogue, known)
    return known


def _sort(trees: Mapping[str, Node], catalogue: Catalogue) -> tuple[list[str], list[list[str]]]:
    """The formulas, each after those that it uses, and the circles that had to be cut for it."""
    places = {owner: place for place, owner in enumerate(trees)}
    graph = {owner: [name for name in _used_by(node, catalogue) if name in trees] for owner, node in trees.items()}
    circles: list[list[str]] = []
    while True:
        try:
            return list(TopologicalSorter(graph).static_order()), circles
        except CycleError as error:
            members = list(reversed(error.args[1][1:]))
            first = members.index(min(members, key=places.__getitem__))
            circles.append([*members[first:], *members[: first + 1]])
            graph |= {name: [] for name in members}


def _used_by(node: Node, catalogue: Catalogue) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, Name) and part.id not in catalogue.measures and part.id in catalogue.kpis:
            yield part.id
        elif isinstance(part, VariantName):
            yield f"{part.kpi}.{part.variant}"


def _extent(node: Node, catalogue: Catalogue, known: Mapping[str, Extent]) -> Extent:
    match node:
        case Name(id=name) if name not in catalogue.measures:
            return _deeper([known.get(name, Extent())])
        case VariantName(kpi=kpi, variant=variant):
            return _deeper([known.get(f"{kpi}.{variant}", Extent())])
        case Negative(operand=inner) | Filtered(operand=inner):
            return _deeper([_extent(inner, catalogue, known)])
        case Binary(left=left, right=right):
            return _deeper([_extent(left, catalogue, known), _extent(right, catalogue, known)])
        case Call(function=function, arguments=arguments):
            return _deeper(
                [_extent(part, catalogue, known) for part in arguments], _times(function, arguments, catalogue)
            )
        case _:
            return Extent()


def _deeper(parts: list[Extent], times: int = 1) -> Extent:
    return Extent(1 + max(part.depth for part in parts), 1 + times * sum(part.steps for part in parts))


def _times(function: str, arguments: tuple[Node, ...], catalogue: Catalogue) -> int:
    """How often the arguments of a function are worked out."""
    if function != "baseline" or len(arguments) < 2:
        return _REPEATS.get(function, 1)
    total = 1.0
    for part in walk(arguments[1]):
        match part:
            case Number(value=value):
                total += value
            case Name(id=name) if name in catalogue.parameters:
                default = catalogue.parameters[name].default
                total += default if isinstance(default, (int, float)) else 0
            case Name(id="periods_per_year"):
                total += 12
            case _:
                continue
    return int(min(total, MOST_COUNT))
