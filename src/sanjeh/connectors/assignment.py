"""An assignment gives each row at most one column, and each column to at most one row, so that the sum is greatest."""

from __future__ import annotations

from collections.abc import Mapping


def assign(scores: Mapping[tuple[str, str], float]) -> dict[str, str]:
    """The pairs (row: column) of the assignment with the greatest sum of ``scores``; pairs without a score stay apart.

    The Hungarian method with potentials (Kuhn 1955, Munkres 1957).

    >>> assign({("a", "x"): 0.9, ("a", "y"): 0.8, ("b", "x"): 0.85})
    {'a': 'y', 'b': 'x'}
    """
    rows = list(dict.fromkeys(row for row, _ in scores))
    columns = list(dict.fromkeys(column for _, column in scores))
    # A place of its own for every row makes "no column" possible at no gain.
    width = len(columns) + len(rows)
    cost = [[-scores.get((row, column), -1e6) for column in columns] + [0.0] * len(rows) for row in rows]
    chosen = _solve(cost, width)
    return {
        row: columns[place]
        for row, place in zip(rows, chosen, strict=True)
        if place < len(columns) and (row, columns[place]) in scores
    }


def _solve(cost: list[list[float]], width: int) -> list[int]:
    """The column of each row at the least total cost; there are at least as many columns as rows."""
    height = len(cost)
    of_row, of_column = [0.0] * (height + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)
    for row in range(1, height + 1):
        way = _augment(cost, row, width, (of_row, of_column), owner)
        place = way.pop()
        while place:
            before = way[place]
            owner[place] = owner[before]
            place = before
    chosen = [0] * height
    for place in range(1, width + 1):
        if owner[place]:
            chosen[owner[place] - 1] = place - 1
    return chosen


def _augment(
    cost: list[list[float]], row: int, width: int, potentials: tuple[list[float], list[float]], owner: list[int]
) -> list[int]:
    """The cheapest way to a free column, as the predecessor of each column, and that column at the end."""
    of_row, of_column = potentials
    owner[0] = row
    way = [0] * (width + 1)
    least = [float("inf")] * (width + 1)
    used = [False] * (width + 1)
    place = 0
    while owner[place]:
        used[place] = True
        at, step, following = owner[place], float("inf"), 0
        for column in range(1, width + 1):
            if used[column]:
                continue
            slack = cost[at - 1][column - 1] - of_row[at] - of_column[column]
            if slack < least[column]:
                least[column], way[column] = slack, place
            if least[column] < step:
                step, following = least[column], column
        for column in range(width + 1):
            if used[column]:
                of_row[owner[column]] += step
                of_column[column] -= step
            else:
                least[column] -= step
        place = following
    return [*way, place]
