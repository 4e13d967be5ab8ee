"""Projecting makes the cells of fewer dimensions out of those of more: no row is read a second time for a total."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sanjeh.plan import Tally
from sanjeh.rollups.cells import Cells, Sums, Whole
from sanjeh.rollups.folding import Levels, join_levels, make_view


def project(cells: Cells, own: tuple[str, ...], by: tuple[str, ...], tallies: tuple[Tally, ...]) -> Cells:
    """The sums and sets of ``tallies`` in ``cells`` (of the dimensions ``own``) by the dimensions ``by``."""
    view = make_view(cells.words, own, by, ())
    width = max(1, len(view.words))
    codes, place = np.unique(cells.days * width + view.shown[cells.members], return_inverse=True)
    days, members = np.divmod(codes, width)
    names = {tally.id for tally in tallies}
    sums = {name: _project_sums(found, place, len(codes)) for name, found in cells.sums.items() if name in names}
    sets = {
        tally.id: _project_sets(cells.sets[tally.id][: tally.levels], place, len(codes))
        for tally in tallies
        if tally.id in cells.sets
    }
    return Cells(days, members, view.words, sums, sets)


def _project_sums(sums: Sums, place: NDArray[np.intp], cells: int) -> Sums:
    def added(values: Whole) -> Whole:
        found = np.zeros(cells, np.int64)
        np.add.at(found, place, values)
        return found

    filled = np.zeros(cells, np.bool_)
    np.logical_or.at(filled, place, sums.filled)
    real = None if sums.real is None else np.bincount(place, sums.real, cells).astype(np.float64)
    return Sums(added(sums.rows), filled, added(sums.whole), added(sums.rest), real, sums.places)


def _project_sets(levels: tuple[Levels, ...], place: NDArray[np.intp], cells: int) -> tuple[Levels, ...]:
    groups: list[list[int]] = [[] for _ in range(cells)]
    for number, target in enumerate(place.tolist()):
        groups[target].append(number)
    joined = [join_levels([tuple(level[number] for level in levels) for number in group]) for group in groups]
    return tuple(tuple(found[n] for found in joined) for n in range(len(levels)))
