"""A grid is the time that a block's statements run over: spans, the atoms they cut time into, and the instants.

Days meet atoms one to one; an atom may lie in several spans (a month in its quarter and in everything up to date).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sanjeh.calendars import Span


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of the tables spans(span, s, e), pieces(atom, low, high), atom_spans(atom, span) and instants(t).

    A piece is an atom cut to the days that rows can have; the database lays its days out.
    """

    spans: tuple[tuple[int, date, date], ...]
    pieces: tuple[tuple[int, date, date], ...]
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
    place = {edge: n for n, edge in enumerate(edges)}
    atom_spans = sorted(
        (atom, number) for number, span in enumerate(spans) for atom in range(place[span.start], place[span.end])
    )
    used = {atom for atom, _ in atom_spans}
    pieces = [(n, max(low, first), min(high, last)) for n, (low, high) in enumerate(pairwise(edges))]
    numbered = tuple((number, span.start, span.end) for number, span in enumerate(spans))
    return Grid(
        numbered,
        tuple(piece for piece in pieces if piece[0] in used and piece[1] < piece[2]),
        tuple(atom_spans),
        tuple(edges),
    )


BITS = 62  # moments whose bits fit one whole number


def chunk_moments(days: Sequence[date]) -> list[tuple[date, int, int]]:
    """The rows of the table moments(t, chunk, bit): each day of ``days`` with its own bit of a chunk's number.

    >>> [bit for _, _, bit in chunk_moments([date(2024, 1, 1), date(2024, 2, 1)])]
    [1, 2]
    """
    return [(day, n // BITS, 1 << (n % BITS)) for n, day in enumerate(days)]
