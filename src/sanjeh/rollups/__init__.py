"""Roll-ups: days of rows come in, once; answers over any span, calendar and member go out without reading rows again.

A cube keeps the sums, exact key sets and first keys of one entity by day and dimensions, one file for each segment of
the warehouse. It refuses what would not be exact: rows that depend on the instant of asking, keys without dense codes,
a past day of knowledge. What it does not have is left to the engine.
"""

from sanjeh.rollups.asked import MANY_ROWS, forget_asked, load_asked, note_asked
from sanjeh.rollups.building import Builder, Built
from sanjeh.rollups.cube import Cube, make_cubes
from sanjeh.rollups.files import CubeFiles, files_of
from sanjeh.rollups.index import FOLDER, Index, load_index, save_index
from sanjeh.rollups.opening import open_rollups, terms_of
from sanjeh.rollups.runner import RolledUp
from sanjeh.rollups.wanted import cubes_for, recipes_of

__all__ = [
    "FOLDER",
    "MANY_ROWS",
    "Builder",
    "Built",
    "Cube",
    "CubeFiles",
    "Index",
    "RolledUp",
    "cubes_for",
    "files_of",
    "forget_asked",
    "load_asked",
    "load_index",
    "make_cubes",
    "note_asked",
    "open_rollups",
    "recipes_of",
    "save_index",
    "terms_of",
]
