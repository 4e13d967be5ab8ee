"""Asked are the tallies that questions wanted and rows had to answer: the next import makes roll-ups of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path

from sanjeh.plan import Recipe
from sanjeh.rollups.cube import Cube, cube_of_json, cube_to_json, to_text
from sanjeh.rollups.index import FOLDER
from sanjeh.rollups.wanted import cubes_for
from sanjeh.warehouse import write_text

FILE = "asked.json"
MANY_ROWS = 200_000  # below, an entity's rows are read sooner than a roll-up is worth keeping


def load_asked(warehouse: Path) -> tuple[Cube, ...]:
    """What was asked and is not kept yet; nothing where the file is missing or cannot be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return tuple(cube_of_json(item) for item in json.loads((warehouse / FOLDER / FILE).read_text("utf-8")))
    return ()


def note_asked(warehouse: Path, recipes: Iterable[Recipe]) -> None:
    """Remember what was asked; a folder that cannot be written forgets it."""
    before = load_asked(warehouse)
    after = cubes_for(recipes, before)
    if {cube.id for cube in after} != {cube.id for cube in before}:
        with contextlib.suppress(OSError):
            (warehouse / FOLDER).mkdir(parents=True, exist_ok=True)
            write_text(warehouse / FOLDER / FILE, to_text([cube_to_json(cube) for cube in after]))


def forget_asked(warehouse: Path) -> None:
    """What was asked is kept now."""
    with contextlib.suppress(OSError):
        (warehouse / FOLDER / FILE).unlink()
