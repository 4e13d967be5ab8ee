"""A grid is a table's texts laid out in cells of equal width, ready for a face that draws the lines between them."""

from __future__ import annotations

from dataclasses import dataclass

from sanjeh.present.width import pad_text, text_width, wrap_text

_LEAST = 8


@dataclass(frozen=True, slots=True)
class Grid:
    """Heads and rows of texts, the side each column stands on, and which columns may be made narrower by wrapping."""

    heads: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    sides: tuple[str, ...]
    elastic: tuple[bool, ...]

    def reversed(self) -> Grid:
        """The grid with its columns in the opposite order."""
        return Grid(self.heads[::-1], tuple(row[::-1] for row in self.body), self.sides[::-1], self.elastic[::-1])


@dataclass(frozen=True, slots=True)
class FittedGrid:
    """The widths of the columns, and each row as lines of padded texts."""

    widths: tuple[int, ...]
    head_lines: tuple[tuple[str, ...], ...]
    row_lines: tuple[tuple[tuple[str, ...], ...], ...]


def fit_grid(grid: Grid, width: int, *, separator: int) -> FittedGrid:
    """The grid within ``width`` cells, ``separator`` cells between columns.

    Heads wrap first, then the widest text column; numbers are never wrapped or cut, so that a narrow screen shows a
    line too long rather than a number that is wrong.
    """
    widths = _widths(grid, width - separator * (len(grid.heads) - 1))
    rows = tuple(_lines(row, widths, grid.sides) for row in grid.body)
    return FittedGrid(tuple(widths), _lines(grid.heads, widths, grid.sides), rows)


def _widths(grid: Grid, room: int) -> list[int]:
    columns = range(len(grid.heads))
    body = [max((text_width(row[place]) for row in grid.body), default=0) for place in columns]
    widths = [max(body[place], text_width(grid.heads[place])) for place in columns]
    least = [
        max(min(_LEAST, widths[place]), 0 if grid.elastic[place] else body[place], _longest_word(grid.heads[place]))
        for place in columns
    ]
    while sum(widths) > room:
        loose = [place for place in columns if widths[place] > least[place]]
        if not loose:
            break
        widths[max(loose, key=lambda place: (widths[place] - body[place], widths[place]))] -= 1
    return [max(1, size) for size in widths]


def _longest_word(head: str) -> int:
    return max((text_width(word) for word in head.split()), default=0)


def _lines(texts: tuple[str, ...], widths: list[int], sides: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    wrapped = [wrap_text(text, size) for text, size in zip(texts, widths, strict=True)]
    height = max(map(len, wrapped), default=0)
    return tuple(
        tuple(
            pad_text(lines[place] if place < len(lines) else "", size, side)
            for lines, size, side in zip(wrapped, widths, sides, strict=True)
        )
        for place in range(height)
    )
