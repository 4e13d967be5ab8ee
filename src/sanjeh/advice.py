"""Advice says what the data at hand can answer today, and which few additions would answer most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sanjeh.compute import Ground, Reading, missing_of


@dataclass(frozen=True, slots=True)
class Addition:
    """An entity ("leads") or field ("orders.customer_id") to add, and the KPIs it would bring."""

    what: str
    brings: tuple[str, ...]

    @property
    def is_field(self) -> bool:
        """Whether it is a column of an entity that is already there, rather than a whole file."""
        return "." in self.what


@dataclass(frozen=True, slots=True)
class Advice:
    """The KPIs that have data, the best additions in order, and what each other KPI lacks."""

    computable: tuple[str, ...]
    additions: tuple[Addition, ...]
    missing: dict[str, tuple[str, ...]]


def advise(ground: Ground, most: int = 3) -> Advice:
    """What ``ground`` supports, and up to ``most`` additions, each chosen for the KPIs it brings beyond those before
    it.
    """
    missing = {kpi.id: missing_of(Reading(kpi), ground) for kpi in ground.catalogue.kpis.values()}
    computable = tuple(name for name, lacks in missing.items() if not lacks)
    rest = {name: frozenset(_wholes(lacks)) for name, lacks in missing.items() if lacks}
    return Advice(computable, tuple(_choose(rest, most)), {name: lacks for name, lacks in missing.items() if lacks})


def _wholes(lacks: tuple[str, ...]) -> Iterator[str]:
    """What is missing, a missing entity standing for its fields."""
    entities = {lack for lack in lacks if "." not in lack}
    yield from entities
    yield from (lack for lack in lacks if "." in lack and lack.split(".")[0] not in entities)


def _choose(rest: dict[str, frozenset[str]], most: int) -> Iterator[Addition]:
    """Greedy: the addition that completes most KPIs; ties go to what stands in most formulas, then to the name."""
    given: set[str] = set()
    for _ in range(most):
        open_sets = {name: lacks - given for name, lacks in rest.items() if lacks - given}
        wanted = {lack for lacks in open_sets.values() for lack in lacks}
        if not wanted:
            return

        def worth(lack: str, open_sets: dict[str, frozenset[str]] = open_sets) -> tuple[int, int, str]:
            completes = sum(1 for lacks in open_sets.values() if lacks == {lack})
            return (-completes, -sum(1 for lacks in open_sets.values() if lack in lacks), lack)

        best = min(wanted, key=worth)
        given.add(best)
        yield Addition(best, tuple(name for name, lacks in open_sets.items() if lacks == {best}))
