"""Advice says what the data at hand can answer today, and which few additions would answer most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sanjeh.compute import Ground, Reading, missing_of
from sanjeh.definitions import Entity
from sanjeh.plan import Held

Missing = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Addition:
    """An entity ("leads") or field ("orders.customer_id") to add, and the KPIs it brings on top of those before it.

    ``columns`` are the columns that a file of the entity must have for that, in the entity's order.
    """

    what: str
    brings: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def is_field(self) -> bool:
        """Whether it is a column of an entity that is already there, rather than a whole file."""
        return "." in self.what


@dataclass(frozen=True, slots=True)
class Advice:
    """The KPIs that have data, the best additions in order, and what each other KPI lacks."""

    computable: tuple[str, ...]
    additions: tuple[Addition, ...]
    missing: Missing


def advise(ground: Ground, most: int = 3) -> Advice:
    """What ``ground`` supports, and up to ``most`` additions, each chosen for the KPIs it brings beyond those before
    it.
    """
    missing = _missing(ground, ground.catalogue.kpis)
    computable = tuple(name for name in ground.catalogue.kpis if name not in missing)
    return Advice(computable, tuple(_choose(ground, missing, most)), missing)


def _missing(ground: Ground, kpis: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What each of ``kpis`` lacks; those that lack nothing left out."""
    lacks = {name: missing_of(Reading(ground.catalogue.kpis[name]), ground) for name in kpis}
    return {name: lack for name, lack in lacks.items() if lack}


def _choose(ground: Ground, missing: Missing, most: int) -> Iterator[Addition]:
    """Greedy: the addition that completes most KPIs; ties go to what stands in most formulas, then to the name.

    What an addition brings is asked of a ground that has it, so that nothing is promised that would not come.
    """
    for _ in range(most):
        best = _most_wanted({name: frozenset(_wholes(lacks)) for name, lacks in missing.items()}, ground)
        if best is None:
            return
        rest = _missing(_with(ground, best, None), missing)
        brings = tuple(name for name in missing if name not in rest)
        if not brings:
            return
        columns = _columns_needed(ground, best, brings)
        yield Addition(best, brings, columns)
        ground = _with(ground, best, frozenset(columns))
        missing = _missing(ground, rest)


def _wholes(lacks: tuple[str, ...]) -> Iterator[str]:
    """What is missing, a missing entity standing for its fields."""
    entities = {lack for lack in lacks if "." not in lack}
    yield from entities
    yield from (lack for lack in lacks if "." in lack and lack.split(".")[0] not in entities)


def _most_wanted(sets: Mapping[str, frozenset[str]], ground: Ground) -> str | None:
    """What completes most of the sets; of stated numbers and plans none, since they are typed, not exported."""
    wanted = {lack for lacks in sets.values() for lack in lacks if _is_known(lack, ground)}

    def worth(lack: str) -> tuple[int, int, str]:
        completes = sum(1 for lacks in sets.values() if lacks == {lack})
        return (-completes, -sum(1 for lacks in sets.values() if lack in lacks), lack)

    return min(wanted, key=worth, default=None)


def _is_known(lack: str, ground: Ground) -> bool:
    entity, _, field = lack.partition(".")
    definition = ground.catalogue.entities.get(entity)
    return definition is not None and (not field or field in definition.columns)


def _with(ground: Ground, what: str, columns: frozenset[str] | None) -> Ground:
    """The ground as it would be with the addition: a file of an entity with ``columns`` (None: all), or one column."""
    name, _, field = what.partition(".")
    held = ground.holdings.entities.get(name)
    if held is not None:
        richer = replace(held, columns=held.columns | {field}, empty=held.empty - {field})
    else:
        known = frozenset(ground.catalogue.entities[name].columns) if columns is None else columns
        richer = Held(columns=known, rows=1, first={}, last={})
    return replace(ground, holdings=replace(ground.holdings, entities={**ground.holdings.entities, name: richer}))


def _columns_needed(ground: Ground, what: str, brings: tuple[str, ...]) -> tuple[str, ...]:
    """The columns without which a file of the entity ``what`` would not bring all of that; () for a field."""
    if "." in what:
        return ()
    entity = ground.catalogue.entities[what]
    columns = frozenset(entity.required)
    # A column may show that another is wanted, as a condition does that was out of reach before.
    for _ in range(len(entity.columns)):
        lacks = _missing(_with(ground, what, columns), brings)
        more = {lack.split(".", 1)[1] for lack in _flat(lacks) if lack.startswith(f"{what}.")} & set(entity.columns)
        if more <= columns:
            break
        columns |= more
    return _ordered(entity, columns)


def _flat(missing: Missing) -> Iterator[str]:
    for lacks in missing.values():
        yield from lacks


def _ordered(entity: Entity, columns: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in entity.columns if name in columns)
