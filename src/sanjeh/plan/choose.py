"""Choosing where a measure's rows come from, and naming exactly what is missing where they cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from sanjeh.definitions import Binding, Catalogue, Derived, Entity, Kind, Measure, ParameterValue
from sanjeh.plan.holdings import Holdings

_STRING = re.compile(r"'(?:[^']|'')*'")
_NAME = re.compile(r"(?<![:\w.])[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*(?!\s*\()(?![\w.])")

_OR_EMPTY = re.compile(r"[\w.]+ or [\w.]+ is null")


@lru_cache(maxsize=4096)
def names_in(sql: str) -> tuple[str, ...]:
    """The words of a snippet that may be columns: no parameters, functions or quoted text.

    >>> names_in("order.is_successful and kind in (:kinds) and lower(name) = 'x'")
    ('order.is_successful', 'and', 'kind', 'name')
    """
    return tuple(dict.fromkeys(_NAME.findall(_STRING.sub("", sql))))


def choose_binding(
    measure: Measure, catalogue: Catalogue, holdings: Holdings, settings: Mapping[str, ParameterValue]
) -> Binding | None:
    """The binding that feeds ``measure``: the first that lacks nothing, among those that the parameters choose."""
    known = _chosen(catalogue, holdings, settings)
    if measure.id not in known or known[measure.id][0] is not measure:
        able = (b for b in _candidates(measure, settings) if not _lack(b, measure, catalogue, holdings, settings))
        known[measure.id] = (measure, next(able, None))
    return known[measure.id][1]


_Known = dict[str, tuple[Measure, Binding | None]]
_last: list[tuple[Catalogue, Holdings, Mapping[str, ParameterValue], _Known]] = []


def _chosen(catalogue: Catalogue, holdings: Holdings, settings: Mapping[str, ParameterValue]) -> _Known:
    """What was chosen so far for these very objects; only the last few are remembered."""
    for entry in _last:
        if entry[0] is catalogue and entry[1] is holdings and entry[2] is settings:
            return entry[3]
    known: _Known = {}
    _last.insert(0, (catalogue, holdings, settings, known))
    del _last[4:]
    return known


def _candidates(measure: Measure, settings: Mapping[str, ParameterValue]) -> list[Binding]:
    chosen = [b for b in measure.bindings if b.when and all(str(settings.get(k)) == v for k, v in b.when.items())]
    return chosen or [b for b in measure.bindings if not b.when]


def weight_binding(measure: Measure) -> Binding:
    """The binding by which ``measure`` weighs customers: its own rows, as a ledger does not know whose they are."""
    return next(binding for binding in measure.bindings if not binding.when)


def _any_touch(holdings: Holdings) -> bool:
    held = holdings.entities.values()
    return any("customer_id" in entity.columns for entity in held)


def missing_for(
    measure: Measure, catalogue: Catalogue, holdings: Holdings, settings: Mapping[str, ParameterValue]
) -> tuple[str, ...]:
    """The entities or fields ("orders", "leads.mql_at") without which ``measure`` cannot be computed; empty if it can.

    What the first binding lacks is named, unless another lacks nothing. Ready numbers under the measure's name in
    observations serve instead of rows.
    """
    if measure.id in holdings.observed or choose_binding(measure, catalogue, holdings, settings) is not None:
        return ()
    return tuple(_lack(_candidates(measure, settings)[0], measure, catalogue, holdings, settings))


def _lack(
    binding: Binding, measure: Measure, catalogue: Catalogue, holdings: Holdings, settings: Mapping[str, ParameterValue]
) -> list[str]:
    if binding.entity == "observations":
        return [] if measure.id in holdings.observed else [f"observations.{measure.id}"]
    lacks = list(_lack_of_segments(binding, catalogue, holdings, settings))
    if measure.weight:
        weighed = catalogue.measures[measure.weight.measure]
        lacks += _lack(weight_binding(weighed), weighed, catalogue, holdings, settings)
    if measure.kind in (Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED):
        return list(dict.fromkeys(lacks))
    entity = catalogue.entities[binding.entity]
    if entity.derived_only:
        return [*lacks, *([] if _any_touch(holdings) else ["orders.customer_id"])]
    if not holdings.has(binding.entity):
        return list(dict.fromkeys([binding.entity, *lacks]))
    parts = [binding.expression, _without_open_lists(binding.where or "", settings), binding.until or ""]
    names = [name for part in parts for name in names_in(part)]
    if len(binding.times) == 1:
        names += binding.times
    elif binding.times and not any(_is_there(time, entity, catalogue, holdings) for time in binding.times):
        names += binding.times[:1]
    lacks += _lack_of_names(names, entity, catalogue, holdings)
    empty = holdings.entities[binding.entity].empty
    lacks += [f"{entity.id}.{name}" for name in names_in(binding.expression) if name in empty]
    return list(dict.fromkeys(lacks))


def _without_open_lists(where: str, settings: Mapping[str, ParameterValue]) -> str:
    """``where`` less the tests against a list parameter that lets everything pass: they need no column."""

    def open_list(match: re.Match[str]) -> str:
        value = settings.get(match[1], ())
        return "true" if "all" in (value if isinstance(value, tuple) else (value,)) else match[0]

    where = _OR_EMPTY.sub("true", where)  # "x or y is null" holds without y
    return re.sub(r"\('all' in \(:(\w+)\) or \w+ in \(:\1\)\)", open_list, where)


def _lack_of_segments(
    binding: Binding, catalogue: Catalogue, holdings: Holdings, settings: Mapping[str, ParameterValue]
) -> Iterator[str]:
    for name in re.findall(r"segment\((\w+)", binding.where or ""):
        segment = catalogue.segment(name)
        membership = segment.choices[str(settings[segment.chosen_by]) if segment.chosen_by else ""]
        entity = catalogue.entities[membership.entity]
        if not holdings.has(membership.entity):
            yield membership.entity
            continue
        names = [
            segment.key,
            *(n for n in (membership.time, membership.start, membership.end) if n and n.startswith("o")),
        ]
        yield from _lack_of_names([*names, *names_in(membership.where or "")], entity, catalogue, holdings)


def _lack_of_names(names: Iterable[str], entity: Entity, catalogue: Catalogue, holdings: Holdings) -> Iterator[str]:
    for name in names:
        head = name.split(".")[0]
        known = head in entity.columns or head in entity.derived or ("." in name and head in entity.relations)
        if known and not _is_there(name, entity, catalogue, holdings):
            yield _missing_name(name, entity, catalogue, holdings)


def _missing_name(name: str, entity: Entity, catalogue: Catalogue, holdings: Holdings) -> str:
    head, _, rest = name.partition(".")
    if not rest or head not in entity.relations:
        return _missing_part(name, entity, catalogue, holdings)
    relation = entity.relations[head]
    if not _is_there(relation.on, entity, catalogue, holdings):
        return f"{entity.id}.{relation.on}"
    if not holdings.has(relation.entity):
        return relation.entity
    return _missing_name(rest, catalogue.entities[relation.entity], catalogue, holdings)


def _missing_part(name: str, entity: Entity, catalogue: Catalogue, holdings: Holdings) -> str:
    """The column itself where a source can give it, else what it is worked out from."""
    derived = entity.derived.get(name)
    if name in entity.columns or derived is None:
        return f"{entity.id}.{name}"
    parts = [part for part in names_in(derived.expression) if part != name and _is_column(part, entity)]
    lacking = [part for part in parts if not _is_there(part, entity, catalogue, holdings)]
    return _missing_name(lacking[0], entity, catalogue, holdings) if lacking else f"{entity.id}.{name}"


def _is_there(name: str, entity: Entity, catalogue: Catalogue, holdings: Holdings) -> bool:
    """Whether the column ``name`` (own, derived or along a relation) can have values with the data at hand."""
    head, _, rest = name.partition(".")
    held = holdings.entities.get(entity.id)
    if rest:
        relation = entity.relations[head]
        there = _is_there(relation.on, entity, catalogue, holdings) and holdings.has(relation.entity)
        return there and _is_there(rest, catalogue.entities[relation.entity], catalogue, holdings)
    if held is None:
        return entity.derived_only
    if name in held.columns or (name in entity.columns and entity.columns[name].has_default):
        return True
    derived = entity.derived.get(name)
    return derived is not None and _is_derivable(derived, entity, catalogue, holdings)


def _is_derivable(derived: Derived, entity: Entity, catalogue: Catalogue, holdings: Holdings) -> bool:
    joins = {join.name: join for join in derived.joins}

    def there(name: str) -> bool:
        head = name.split(".")[0]
        if head in joins:
            return all(holdings.has(needed) for needed in joins[head].needs)
        if name == derived.name:
            return name in (holdings.entities[entity.id].columns)
        return _is_there(name, entity, catalogue, holdings)

    names = [n for n in names_in(derived.expression) if _is_column(n, entity) or n.split(".")[0] in joins]
    if derived.expression.lstrip().startswith("coalesce("):
        ends_with_literal = re.search(r",\s*[-\d.]+\s*\)\s*$", derived.expression) is not None
        return ends_with_literal or any(there(name) for name in names)
    return all(there(name) for name in names)


def _is_column(name: str, entity: Entity) -> bool:
    head = name.split(".")[0]
    return head in entity.columns or head in entity.derived or ("." in name and head in entity.relations)
