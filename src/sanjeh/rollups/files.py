"""Files of a cube: one for each segment of a version of the warehouse, found by names that never mean anything else.

A file is named by the segment (whose content never changes) and by the state of the other entities that its rows
read. The keys that are first in a segment depend on who was seen in earlier segments too: their file is named by that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sanjeh.plan import Tally, TallyKind
from sanjeh.rollups.cells import Cells, read_cells
from sanjeh.rollups.cube import Cube, digest
from sanjeh.rollups.folding import Folding, join_cells
from sanjeh.rollups.index import Made
from sanjeh.warehouse import Segment, Snapshot

SUFFIX, QUERIES = ".cells", "queries.json"


@dataclass(frozen=True, slots=True)
class Unit:
    """The rows that one file is made from: a segment's, or all (``segment`` is None)."""

    name: str
    segment: Segment | None


@dataclass(frozen=True, slots=True)
class CubeFiles:
    """Where the cells of ``cube`` in one version of the warehouse are; ``folder`` holds them."""

    folder: Path
    cube: Cube
    made: Made
    snapshot: Snapshot

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units of sums and sets."""
        return self._split() if self.made.apart else self._whole()

    @property
    def first_units(self) -> tuple[Unit, ...]:
        """The units of firsts, by time: segments where the cube's time cuts them, so that none overlap."""
        stored = self.snapshot.entities.get(self.cube.entity)
        cut = stored is not None and stored.time == self.cube.time and self.made.apart
        units = self._split()
        names = [unit.segment.partition for unit in units if unit.segment]
        if not cut or len(set(names)) < len(names):
            return self._whole()
        return tuple(sorted(units, key=lambda unit: unit.segment.partition if unit.segment else ""))

    def _split(self) -> tuple[Unit, ...]:
        stored = self.snapshot.entities.get(self.cube.entity)
        state = self._state(self.made.others)
        return tuple(Unit(f"{s.path.stem}{state}", s) for s in (stored.segments if stored else ()) if s.rows)

    def _whole(self) -> tuple[Unit, ...]:
        return (Unit(f"all{self._state((self.cube.entity, *self.made.others))}", None),)

    def _state(self, entities: tuple[str, ...]) -> str:
        """The state of other entities as the end of a name: which segments they have."""
        stored = self.snapshot.entities
        names = [(name, [s.path.name for s in stored[name].segments]) for name in entities if name in stored]
        return f"-{digest(names)}" if entities else ""

    def path(self, unit: Unit) -> Path:
        """The file of sums and sets of a unit."""
        return self.folder / f"{unit.name}{SUFFIX}"

    def first_path(self, unit: Unit, tally: Tally, seen: str) -> Path:
        """The file of the keys first in a unit after those whose digest is ``seen``."""
        return self.folder / f"{unit.name}-{tally.id}-{seen}{SUFFIX}"

    def chain_path(self, tally: Tally) -> Path:
        """The file that names those of ``tally``, one for each unit in order."""
        return self.folder / f"first-{tally.id}-{digest([unit.name for unit in self.first_units])}.json"

    def read_chain(self, tally: Tally) -> tuple[Path, ...] | None:
        """The files of the firsts of ``tally``, or None where they are not all there."""
        try:
            names = json.loads(self.chain_path(tally).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        paths = tuple(self.folder / str(name) for name in names)
        return paths if all(path.exists() for path in paths) else None

    @property
    def is_complete(self) -> bool:
        """Whether every file is there."""
        firsts = [tally for tally in self.cube.tallies if tally.kind is TallyKind.FIRST]
        return all(self.path(unit).exists() for unit in self.units) and all(self.read_chain(t) for t in firsts)

    def needed(self) -> set[Path]:
        """The files of this version that are there."""
        found = {self.path(unit) for unit in self.units}
        for tally in self.cube.tallies:
            if tally.kind is TallyKind.FIRST:
                found |= {self.chain_path(tally), *(self.read_chain(tally) or ())}
        return {path for path in (self.folder / QUERIES, *found) if path.exists()}

    def load(self) -> Folding | None:
        """Sums and sets of all units, or None where a file is missing or damaged."""
        return self._fold([self.path(unit) for unit in self.units])

    def load_firsts(self, tally: Tally) -> Folding | None:
        """The firsts of ``tally`` over all units."""
        paths = self.read_chain(tally)
        return None if paths is None else self._fold(paths)

    def _fold(self, paths: list[Path] | tuple[Path, ...]) -> Folding | None:
        parts: list[Cells] = []
        try:
            parts = [read_cells(path) for path in paths]
        except (OSError, ValueError):
            return None
        return Folding(self.cube.by, join_cells(parts))


def files_of(warehouse: Path, cubes: Mapping[str, Made], cube: Cube, snapshot: Snapshot) -> CubeFiles | None:
    """The files of ``cube``, or None where it is not made, or cannot be."""
    made = cubes.get(cube.id)
    return CubeFiles(warehouse / "rollups" / made.folder, cube, made, snapshot) if made and made.folder else None
