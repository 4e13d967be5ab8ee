"""The index says which cubes are wanted, and in which folder each one's cells lie under which terms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sanjeh.rollups.cube import Cube, cube_of_json, cube_to_json, to_text
from sanjeh.warehouse import write_text

FOLDER, FILE = "rollups", "index.json"
_FORMAT = 1
_MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Made:
    """Where a cube's cells lie. ``apart``: each segment's cells depend on that segment and ``others`` alone.

    An empty ``folder`` says that what the cube wants cannot be kept under these terms.
    """

    folder: str
    apart: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """``made`` is by the digest of the terms (settings, definitions, columns at hand), then by cube."""

    cubes: tuple[Cube, ...] = ()
    made: Mapping[str, Mapping[str, Made]] = field(default_factory=dict)

    def with_made(self, terms: str, cubes: Mapping[str, Made]) -> Index:
        """The index in which ``terms`` know ``cubes``; the terms known longest are forgotten."""
        others = {name: known for name, known in self.made.items() if name != terms}
        kept = dict(list(others.items())[-(_MOST_TERMS - 1) :])
        return replace(self, made={**kept, terms: dict(cubes)})


def load_index(warehouse: Path) -> Index:
    """The index of the roll-ups of ``warehouse``; an empty one where there is none, or none that can be read."""
    try:
        value = json.loads((warehouse / FOLDER / FILE).read_text(encoding="utf-8"))
        if value["format"] != _FORMAT:
            return Index()
        made = {terms: {cube: _made_of(item) for cube, item in cubes.items()} for terms, cubes in value["made"].items()}
        return Index(tuple(cube_of_json(cube) for cube in value["cubes"]), made)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Index()


def save_index(warehouse: Path, index: Index) -> None:
    """Write the index, whole."""
    (warehouse / FOLDER).mkdir(parents=True, exist_ok=True)
    made = {
        terms: {cube: [item.folder, item.apart, list(item.others)] for cube, item in cubes.items()}
        for terms, cubes in index.made.items()
    }
    value = {"format": _FORMAT, "cubes": [cube_to_json(cube) for cube in index.cubes], "made": made}
    write_text(warehouse / FOLDER / FILE, to_text(value))


def _made_of(item: Any) -> Made:
    folder, apart, others = item
    return Made(str(folder), bool(apart), tuple(str(name) for name in others))
