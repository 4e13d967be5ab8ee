"""Checking a catalogue finds names that lead nowhere; formulas and SQL are checked where they are understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sanjeh.definitions.catalogue import Catalogue
from sanjeh.definitions.entity import AHEAD, AT_ITS_TIME, ColumnType, Entity
from sanjeh.definitions.kpi import KPI
from sanjeh.definitions.measure import Kind, Measure
from sanjeh.errors import Issue, Place, suggest

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SEGMENT = re.compile(r"""\bsegment\s*\(\s*['"]?(\w+)""", re.IGNORECASE)
_GRAINS = ("day", "week", "month", "quarter", "year", "campaign")


def check_catalogue(catalogue: Catalogue) -> list[Issue]:
    """Every cross-reference of ``catalogue`` that does not hold."""
    issues = [issue for entity in catalogue.entities.values() for issue in _check_entity(entity, catalogue)]
    issues += [issue for measure in catalogue.measures.values() for issue in _check_measure(measure, catalogue)]
    issues += [issue for kpi in catalogue.kpis.values() for issue in _check_kpi(kpi, catalogue.entities)]
    for parameter in catalogue.parameters.values():
        issues += _check_name(parameter.id, parameter.place)
    for segment in catalogue.segments.values():
        issues += _check_name(segment.id, segment.place)
        for membership in segment.choices.values():
            issues += _known("entity", [membership.entity], catalogue.entities, segment.place)
            named = [name for name in (membership.window, membership.at_least, membership.share) if name]
            issues += _known("parameter", [n for n in named if not n.isdigit()], catalogue.parameters, segment.place)
    return issues


def _known(kind: str, names: Iterable[str], among: Iterable[str], place: Place | None) -> Iterator[Issue]:
    known = list(among)
    for name in names:
        if name not in known:
            yield Issue("unknown_name", {"kind": kind, "name": name}, place, suggestion=suggest(name, known))


def _check_name(name: str, place: Place | None) -> Iterator[Issue]:
    if not _NAME.fullmatch(name):
        yield Issue("bad_name", {"name": name}, place)


def _check_entity(entity: Entity, catalogue: Catalogue) -> Iterator[Issue]:
    yield from _check_name(entity.id, entity.place)
    columns = [*entity.columns, *entity.derived]
    for name in columns:
        yield from _check_name(name, entity.place)
    for key in entity.keys:
        yield from _known("column", key, columns, entity.place)
    yield from (
        _known("column", entity.times, [*columns, *(f"{r}." for r in entity.relations)], entity.place)
        if all("." not in time for time in entity.times)
        else ()
    )
    yield from _known("column", entity.dimensions, columns, entity.place)
    for column in entity.columns.values():
        plain = [name for name, other in entity.columns.items() if other.default_from is None]
        yield from _known("column", [column.default_from] if column.default_from else [], plain, entity.place)
        times = [name for name, other in entity.columns.items() if other.type in (ColumnType.DATE, ColumnType.TIME)]
        known = [AT_ITS_TIME, AHEAD, *times]
        yield from _known("column", [column.known] if column.known else [], known, entity.place)
    for derived in entity.derived.values():
        for join in derived.joins:
            yield from _check_name(join.name, entity.place)
            yield from _known("entity", join.needs, catalogue.entities, entity.place)
    for relation in entity.relations.values():
        yield from _check_name(relation.name, entity.place)
        yield from _known("entity", [relation.entity], catalogue.entities, entity.place)
        yield from _known("column", [relation.on], columns, entity.place)
    if entity.coverage_of:
        yield from _known("entity", [entity.coverage_of], catalogue.entities, entity.place)


def _check_measure(measure: Measure, catalogue: Catalogue) -> Iterator[Issue]:
    yield from _check_name(measure.id, measure.place)
    yield from _known("entity", [binding.entity for binding in measure.bindings], catalogue.entities, measure.place)
    snippets = (text for binding in measure.bindings for text in (binding.expression, binding.where or ""))
    segments = [name for text in snippets for name in _SEGMENT.findall(text)]
    yield from _known("segment", segments, catalogue.segments, measure.place)
    if measure.ripe:
        yield from _known("parameter", [measure.ripe], catalogue.parameters, measure.place)
    if measure.kind is Kind.COHORT and not measure.ripe:
        yield Issue("missing_key", {"key": "ripe", "kind": "cohort measure"}, measure.place)
    if measure.weight:
        yield from _known("measure", [measure.weight.measure], catalogue.measures, measure.place)


def _check_kpi(kpi: KPI, entities: Iterable[str]) -> Iterator[Issue]:
    yield from _check_name(kpi.id, kpi.place)
    for name in kpi.variants:
        yield from _check_name(name, kpi.variants[name].place)
    yield from _known("grain", kpi.periods, _GRAINS, kpi.place)
    for example in kpi.examples:
        known = ["", *kpi.variants]
        yield from _known("variant", example.expect, known, example.place)
        yield from _known("entity", example.rows, entities, example.place)
        for name in dict.fromkeys(name for rows in example.rows.values() for row in rows for name in row):
            yield from _check_name(name, example.place)
