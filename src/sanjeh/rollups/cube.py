"""A cube is what one roll-up keeps: tallies of one entity by one time and the same dimensions.

A cube names what is wanted; its files lie in a folder named by the SQL that fills them, one file for each segment of
the warehouse, so that a changed definition or a rewritten segment can never meet old numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sanjeh.plan import Tally, TallyKind


@dataclass(frozen=True, slots=True)
class Cube:
    """``tallies`` are of one entity and time, each named once."""

    by: tuple[str, ...]
    tallies: tuple[Tally, ...]

    def __post_init__(self) -> None:
        if len({(tally.entity, tally.time) for tally in self.tallies}) != 1:
            raise ValueError("the tallies of a cube are of one entity and one time")

    @property
    def entity(self) -> str:
        """The entity whose rows are kept."""
        return self.tallies[0].entity

    @property
    def time(self) -> str:
        """The time column that says on which day a row counts."""
        return self.tallies[0].time

    @property
    def id(self) -> str:
        """What tells this cube from others."""
        return digest((self.by, [(tally.id, tally.levels) for tally in self.tallies]))

    def has(self, tally: Tally) -> bool:
        """Whether ``tally`` can be read from this cube."""
        return any(own.id == tally.id and own.levels >= tally.levels for own in self.tallies)


def digest(value: object) -> str:
    """A name of 24 letters and digits for ``value``."""
    return hashlib.blake2b(repr(value).encode(), digest_size=12).hexdigest()


def make_cubes(wanted: Iterable[tuple[tuple[str, ...], Tally]]) -> tuple[Cube, ...]:
    """The cubes that hold every tally by the dimensions it is wanted by, with the most levels wanted."""
    groups: dict[tuple[str, str, tuple[str, ...]], dict[str, Tally]] = {}
    for by, tally in wanted:
        found = groups.setdefault((tally.entity, tally.time, by), {})
        before = found.get(tally.id)
        found[tally.id] = tally if before is None else replace(tally, levels=max(tally.levels, before.levels))
    return tuple(Cube(by, tuple(found[name] for name in sorted(found))) for (_, _, by), found in groups.items())


def cube_to_json(cube: Cube) -> dict[str, Any]:
    """``cube`` as values of JSON."""
    return {"by": list(cube.by), "tallies": [{**asdict(tally), "kind": str(tally.kind)} for tally in cube.tallies]}


def cube_of_json(value: Mapping[str, Any]) -> Cube:
    """The cube that was written as ``value``; raises KeyError, TypeError or ValueError for anything else."""
    tallies = tuple(Tally(**{**tally, "kind": TallyKind(tally["kind"])}) for tally in value["tallies"])
    return Cube(tuple(str(name) for name in value["by"]), tallies)


def to_text(value: object) -> str:
    """``value`` as JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
