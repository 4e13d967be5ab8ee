"""Reach is how a dimension is got to from an entity: its own column first, then along many-to-one paths, nearest first.

A dimension that could only be reached against a relation's direction would multiply rows; it is refused.
"""

from __future__ import annotations

import re
from collections import deque

from sanjeh.definitions import Catalogue, Entity, Kind, Relation
from sanjeh.errors import Issue, QuestionError, suggest
from sanjeh.plan.holdings import Holdings


def find_path(catalogue: Catalogue, holdings: Holdings, entity: str, name: str) -> str | None:
    """The dotted path of the column ``name`` from ``entity`` ("order.customer.region"), or None where there is none.

    Only columns that hold data count, so that an empty own column does not hide the customer's.
    """
    queue: deque[tuple[str, str]] = deque([(entity, "")])
    seen = {entity}
    while queue:
        current, prefix = queue.popleft()
        if _holds(catalogue.entities[current], holdings, name):
            return prefix + name
        for relation in _ordered(catalogue.entities[current]):
            usable = holdings.has(relation.entity) and _holds(catalogue.entities[current], holdings, relation.on)
            if relation.entity not in seen and usable:
                seen.add(relation.entity)
                queue.append((relation.entity, f"{prefix}{relation.name}."))
    return None


def path_of(catalogue: Catalogue, holdings: Holdings, entity: str, name: str, measure: str) -> str:
    """The path of the dimension ``name``; raises QuestionError (``unreachable_dimension``) with the reason.

    A measure that counts the keys of a segment is broken down by what the keys' own entity reaches: a popular product
    has no buyer type, though the lines that made it popular have one.
    """
    counted = catalogue.measures.get(measure)
    if counted is not None and counted.kind in _STATES:
        entity = key_entity(catalogue, holdings, counted.bindings[0].where or "") or ""
    path = find_path(catalogue, holdings, entity, name) if entity else None
    if path is not None:
        return path
    data = {"dimension": name, "measure": measure, "entity": entity or measure}
    known = dimensions_of(catalogue, holdings, entity) if entity else ()
    if any(
        name in held.columns or name in catalogue.entities[other].derived for other, held in holdings.entities.items()
    ):
        raise QuestionError(Issue("unreachable_dimension", data))
    raise QuestionError(Issue("unknown_dimension", data, suggestion=suggest(name, known)))


def key_entity(catalogue: Catalogue, holdings: Holdings, where: str) -> str | None:
    """The entity that has one row for each key of the segment that ``where`` names, where the workspace has it."""
    key = counted_key(catalogue, where)
    for entity in catalogue.entities.values():
        if entity.keys and entity.keys[0] == (key,) and holdings.has(entity.id):
            return entity.id
    return None


def counted_key(catalogue: Catalogue, where: str) -> str | None:
    """The key of the segment that ``where`` names: what a measure of states counts."""
    segment = _SEGMENT.search(where)
    return catalogue.segment(segment[1]).key if segment else None


def segments_named(where: str) -> tuple[str, ...]:
    """The segments that ``where`` names, in order.

    >>> segments_named("segment(loyal) and segment(active_customers)")
    ('active_customers', 'loyal')
    """
    return tuple(sorted(set(_SEGMENT.findall(where))))


_SEGMENT = re.compile(r"segment\((\w+)")
_STATES = (Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED)


def dimensions_of(catalogue: Catalogue, holdings: Holdings, entity: str) -> tuple[str, ...]:
    """The dimensions that measures of ``entity`` can be broken down by with the data at hand."""
    found: dict[str, None] = {}
    queue, seen = deque([entity]), {entity}
    while queue:
        current = catalogue.entities[queue.popleft()]
        held = holdings.entities.get(current.id)
        own = [*current.dimensions, *(held.extra if held else ())]
        found.update({name: None for name in own if _holds(current, holdings, name)})
        for relation in _ordered(current):
            if relation.entity not in seen and holdings.has(relation.entity):
                seen.add(relation.entity)
                queue.append(relation.entity)
    return tuple(found)


def _ordered(entity: Entity) -> list[Relation]:
    return list(entity.relations.values())


def _holds(entity: Entity, holdings: Holdings, name: str) -> bool:
    held = holdings.entities.get(entity.id)
    if name in entity.derived:
        return held is not None or entity.derived_only
    if entity.derived_only:
        return name in entity.columns
    if held is None:
        return False
    return name in held.columns or (name in entity.columns and entity.columns[name].has_default)
