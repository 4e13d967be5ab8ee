"""A sparkline is a series drawn in one line of text, a block for each value and a dot where there is none."""

from __future__ import annotations

import math
from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
GAP = "·"


def render_sparkline(values: Sequence[float | None]) -> str:
    """One character for each value, lowest to highest over the series' own range; ``·`` for None and NaN.

    A series that does not move stands at half height. Time runs from left to right in both languages.

    >>> render_sparkline([0, 1, None, 7])
    '▁▂·█'
    """
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return GAP * len(values)
    low, high = min(known), max(known)
    return "".join(_block(value, low, high) for value in values)


def _block(value: float | None, low: float, high: float) -> str:
    if value is None or not math.isfinite(value):
        return GAP
    if low == high:
        return BLOCKS[3]
    # Halved first: the range of two huge floats may not be a float.
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return BLOCKS[round(share * (len(BLOCKS) - 1))]
