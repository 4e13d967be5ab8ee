"""A grid is the time that a block's statements run over: spans, the atoms they cut time into, the days, the instants.

Days meet atoms one to one; an atom may lie in several spans (a month in its quarter and in everything up to date).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sanjeh.calendars import Span


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of the tables spans(span, s, e), atoms(day, atom), atom_spans(atom, span), instants(t)."""

    spans: tuple[tuple[int, date, date], ...]
    atoms: tuple[tuple[date, int], ...]
    atom_spans: tuple[tuple[int, int], ...]
    instants: tuple[date, ...]


def build_grid(spans: Sequence[Span], first: date, last: date) -> Grid:
    """The grid of ``spans`` over the days from ``first`` to ``last`` (those that rows can have).

    >>> from datetime import date
    >>> grid = build_grid([Span(date(2024, 1, 1), date(2024, 1, 3)), Span(date(2024, 1, 2), date(2024, 1, 4))],
    ...                   date(2024, 1, 1), date(2024, 1, 9))
    >>> grid.atom_spans
    ((0, 0), (1, 0), (1, 1), (2, 1))
    """
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    pieces = list(zip(edges, edges[1:], strict=False))
    atom_spans = tuple(
        (atom, number)
        for atom, (start, end) in enumerate(pieces)
        for number, span in enumerate(spans)
        if span.start <= start and end <= span.end
    )
    used = {atom for atom, _ in atom_spans}
    days = [
        (start + timedelta(n), atom)
        for atom, (start, end) in enumerate(pieces)
        if atom in used
        for start, end in [(max(start, first), min(end, last + timedelta(1)))]
        for n in range(max(0, (end - start).days))
    ]
    numbered = tuple((number, span.start, span.end) for number, span in enumerate(spans))
    return Grid(numbered, tuple(days), atom_spans, tuple(edges))
