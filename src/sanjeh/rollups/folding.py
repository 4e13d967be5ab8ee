"""Folding makes spans out of days and totals out of members: sums are added, sets are joined.

Spans are cut into atoms (runs of days that no span cuts), so that a day's sets are joined once however many spans it
lies in; a span that begins like the one before it goes on from what that one came to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from pyroaring import BitMap

from sanjeh.calendars import Span
from sanjeh.plan import Tally
from sanjeh.rollups.cells import Cells, Member, Sums, Whole
from sanjeh.series import Condition

Levels = tuple[BitMap, ...]
MOST_ATOMS = 512


@dataclass(slots=True)
class Folding:
    """The cells of one cube over all segments, folded as questions need them.

    ``by`` are the cube's dimensions. What days came to is kept for the questions that follow.
    """

    by: tuple[str, ...]
    cells: Cells
    _atoms: dict[tuple[object, ...], dict[int, Levels]] = field(default_factory=dict)

    def sums(self, tally: Tally, view: View, spans: Sequence[Span]) -> Iterator[tuple[Span, Member, float | None, int]]:
        """(span, member, sum, rows) of each member that has cells in a span; no sum where no row had a value."""
        sums = self.cells.sums[tally.id]
        for span in spans:
            low, high = self._days(span)
            for member, present in self._by_member(view.shown, low, high):
                places = present[view.members[self.cells.members[present]] >= 0] if view.conditions else present
                rows = int(sums.rows[places].sum())
                has_value = tally.counts_rows or sums.filled[places].any()
                yield span, view.words[member], _total(sums, places) if has_value else None, rows

    def sets(self, tally: Tally, view: View, spans: Sequence[Span]) -> dict[Span, Mapping[int, Levels]]:
        """The keys of ``tally`` in each span by member, as many levels as it wants."""
        edges = sorted({edge for span in spans for edge in (span.start, span.end)})
        found: dict[Span, Mapping[int, Levels]] = {}
        before: Span | None = None
        for span in sorted(set(spans)):
            goes_on = before is not None and before.start == span.start
            start = before.end if before is not None and goes_on else span.start
            held: dict[int, Levels] = dict(found[before]) if before is not None and goes_on else {}
            inside = [edge for edge in edges if start <= edge <= span.end]
            parts: dict[int, list[Levels]] = {member: [levels] for member, levels in held.items()}
            for low, high in pairwise(inside):
                for member, levels in self._atom(tally, view, Span(low, high)).items():
                    parts.setdefault(member, []).append(levels)
            found[span] = {member: join_levels(several) for member, several in parts.items()}
            before = span
        return found

    def _atom(self, tally: Tally, view: View, atom: Span) -> dict[int, Levels]:
        key = (tally.id, tally.levels, view.by, view.conditions, atom)
        if key not in self._atoms:
            if len(self._atoms) >= MOST_ATOMS:
                self._atoms.clear()
            kept = self.cells.sets[tally.id][: tally.levels]
            self._atoms[key] = {
                member: join_levels([tuple(level[place] for level in kept) for place in places.tolist()])
                for member, places in self._by_member(view.members, *self._days(atom))
            }
        return self._atoms[key]

    def _days(self, span: Span) -> tuple[int, int]:
        low, high = np.searchsorted(self.cells.days, [span.start.toordinal(), span.end.toordinal()])
        return int(low), int(high)

    def _by_member(self, numbers: Whole, low: int, high: int) -> Iterator[tuple[int, Whole]]:
        """The places of the cells from ``low`` to ``high`` by what ``numbers`` says of their members."""
        if low >= high:
            return
        members = numbers[self.cells.members[low:high]]
        order = np.argsort(members, kind="stable")
        sorted_members = members[order]
        starts = np.flatnonzero(np.diff(sorted_members, prepend=-2))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
            member = int(sorted_members[start])
            if member >= 0:
                yield member, order[start:end] + low


@dataclass(frozen=True, slots=True)
class View:
    """How the members of a cube are looked at: ``shown`` gives each its number in ``words``, ``members`` the same, but
    -1 where a condition leaves its rows out.
    """

    by: tuple[str, ...]
    conditions: tuple[Condition, ...]
    shown: Whole
    members: Whole
    words: tuple[Member, ...]


def make_view(
    words: Sequence[Member], own: tuple[str, ...], by: tuple[str, ...], conditions: tuple[Condition, ...]
) -> View:
    """The view of members ``words`` of the dimensions ``own``, by the dimensions ``by`` under ``conditions``.

    >>> from sanjeh.series import Condition
    >>> view = make_view([("web", "north"), ("web", None), ("shop", "north")], ("channel", "region"), ("channel",),
    ...                  (Condition("region", ("north",)),))
    >>> view.shown.tolist(), view.members.tolist(), view.words
    ([0, 0, 1], [0, -1, 1], (('web',), ('shop',)))
    """
    places = [own.index(name) for name in by]
    tests = [(own.index(condition.dimension), condition) for condition in conditions]
    numbers: dict[Member, int] = {}
    shown = [numbers.setdefault(tuple(word[place] for place in places), len(numbers)) for word in words]
    kept = [all(condition.keeps(word[place]) for place, condition in tests) for word in words]
    found = np.array(shown, np.int64)
    return View(by, conditions, found, np.where(np.array(kept, np.bool_), found, -1), tuple(numbers))


def join_levels(several: Sequence[Levels]) -> Levels:
    """The keys met once, twice ... in all of ``several`` together.

    >>> [len(level) for level in join_levels([(BitMap([1, 2]), BitMap([2])), (BitMap([1, 3]), BitMap())])]
    [3, 2]
    """
    if len(several) == 1:
        return several[0]
    if len(several[0]) == 1:
        return (BitMap.union(*(levels[0] for levels in several)),)
    once, twice = BitMap(), BitMap()
    for first, second in several:
        twice |= (once & first) | second
        once |= first
    return once, twice


def _total(sums: Sums, places: Whole) -> float:
    if sums.real is not None:
        return float(sums.real[places].sum())
    whole, rest = int(sums.whole[places].sum()), int(sums.rest[places].sum())
    scale = 10**sums.places
    return float((whole * scale + rest) / scale)


def join_cells(parts: Sequence[Cells]) -> Cells:
    """The cells of several segments as one, by day; a day that lies in two of them stays in two cells."""
    numbers: dict[Member, int] = {}
    members = []
    for part in parts:
        own = np.array([numbers.setdefault(word, len(numbers)) for word in part.words], np.int64)
        members.append(own[part.members] if len(own) else part.members)
    days = _joined([part.days for part in parts], np.int64)
    order = np.argsort(days, kind="stable")
    listed = order.tolist()
    sums = {name: _join_sums([part.sums[name] for part in parts], order) for name in (parts[0].sums if parts else ())}
    sets = {}
    for name in parts[0].sets if parts else ():
        levels = range(len(parts[0].sets[name]))
        flat = [[bits for part in parts for bits in part.sets[name][level]] for level in levels]
        sets[name] = tuple(tuple(level[place] for place in listed) for level in flat)
    return Cells(days[order], _joined(members, np.int64)[order], tuple(numbers), sums, sets)


def _join_sums(parts: Sequence[Sums], order: Whole) -> Sums:
    is_real = any(part.real is not None for part in parts)
    places = max(part.places for part in parts)
    # A segment may need fewer places than another: its rests are counted in units of the finer one.
    rests = [part.rest * 10 ** (places - part.places) for part in parts]
    reals = [part.whole.astype(np.float64) if part.real is None else part.real for part in parts]
    return Sums(
        _joined([part.rows for part in parts], np.int64)[order],
        _joined([part.filled for part in parts], np.bool_)[order],
        _joined([part.whole for part in parts], np.int64)[order],
        _joined(rests, np.int64)[order],
        _joined(reals, np.float64)[order] if is_real else None,
        places,
    )


def _joined(arrays: Sequence[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(arrays) if arrays else np.zeros(0, kind)
