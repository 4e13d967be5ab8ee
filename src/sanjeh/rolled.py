"""Rolled up is what a workspace keeps beside its rows so that questions need not read them: built, listed, dropped."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanjeh.compute import Ground, Question, Reading, plan_of
from sanjeh.plan import Recipe, TallyKind
from sanjeh.rollups import (
    FOLDER,
    MANY_ROWS,
    Builder,
    Built,
    cubes_for,
    files_of,
    forget_asked,
    load_asked,
    load_index,
    note_asked,
    recipes_of,
    terms_of,
)
from sanjeh.warehouse import Snapshot

__all__ = ["Built", "KeptCube", "drop", "list_kept", "note", "refresh", "roll_up"]


@dataclass(frozen=True, slots=True)
class KeptCube:
    """One roll-up: its entity, time and dimensions, how many sums, sets and firsts it keeps, its files' bytes.

    ``is_fresh`` says that it has the current version of the data, ``is_refused`` that its numbers cannot be kept.
    """

    entity: str
    time: str
    by: tuple[str, ...]
    sums: int
    sets: int
    firsts: int
    size: int
    is_fresh: bool
    is_refused: bool


def roll_up(
    readings: Sequence[Reading],
    by: Sequence[str],
    question: Question,
    ground: Ground,
    warehouse: Path,
    snapshot: Snapshot,
    most_bytes: int,
) -> Built:
    """What was built for ``readings``, overall and by each of ``by``; what was kept before is kept on."""
    recipes = []
    for dimensions in ((), *((name,) for name in by)):
        plan = plan_of(Question(tuple(readings), question.periods, dimensions), ground)
        recipes += list(recipes_of(plan, ground.catalogue, ground.settings))
    return _build(recipes, ground, warehouse, snapshot, most_bytes)


def refresh(ground: Ground, warehouse: Path, snapshot: Snapshot, most_bytes: int) -> Built:
    """What was built so that what is kept has the segments of ``snapshot``, and what was asked is kept too."""
    return _build((), ground, warehouse, snapshot, most_bytes)


def _build(recipes: Sequence[Recipe], ground: Ground, warehouse: Path, snapshot: Snapshot, most_bytes: int) -> Built:
    kept = (*load_index(warehouse).cubes, *load_asked(warehouse))
    builder = Builder(warehouse, snapshot, ground.engine, terms_of(ground.engine), most_bytes)
    built = builder.build(cubes_for(recipes, kept))
    forget_asked(warehouse)
    return built


def note(engine: Any, warehouse: Path) -> None:
    """Remember what questions had to read many rows for."""
    held = engine.relations.holdings.entities
    entities = {recipe: recipe.main.entity for recipe in engine.missed}
    many = [recipe for recipe, name in entities.items() if name in held and held[name].rows >= MANY_ROWS]
    engine.missed.clear()
    if many:
        note_asked(warehouse, many)


def list_kept(engine: Any, warehouse: Path, snapshot: Snapshot) -> tuple[KeptCube, ...]:
    """The roll-ups of ``warehouse``, the largest first."""
    index = load_index(warehouse)
    made = index.made.get(terms_of(engine), {})
    found = []
    for cube in index.cubes:
        files = files_of(warehouse, made, cube, snapshot)
        needed = files.needed() if files is not None else set()
        size = sum(path.stat().st_size for path in needed)
        fresh = files is not None and files.is_complete
        refused = cube.id in made and not made[cube.id].folder
        sums, sets, firsts = (sum(tally.kind is kind for tally in cube.tallies) for kind in TallyKind)
        found.append(KeptCube(cube.entity, cube.time, cube.by, sums, sets, firsts, size, fresh, refused))
    return tuple(sorted(found, key=lambda kept: (-kept.size, kept.entity, kept.by)))


def drop(warehouse: Path) -> None:
    """Keep nothing any more; questions read rows."""
    shutil.rmtree(warehouse / FOLDER, ignore_errors=True)
