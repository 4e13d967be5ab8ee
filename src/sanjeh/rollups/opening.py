"""Opening roll-ups puts those of a workspace before the engine that reads its rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanjeh.engines import load_engine
from sanjeh.rollups.index import load_index
from sanjeh.rollups.runner import RolledUp
from sanjeh.warehouse import Snapshot


def terms_of(runner: Any) -> str:
    """The digest of everything that shapes the numbers of ``runner`` but the rows themselves."""
    return str(load_engine("shelf").fingerprint(runner.relations, sized=False))


def open_rollups(runner: Any, warehouse: Path, snapshot: Snapshot) -> RolledUp:
    """``runner`` with the roll-ups of ``warehouse`` before it."""
    return RolledUp(runner, warehouse, snapshot, load_index(warehouse), terms_of(runner))
