"""A season is how busy a day is and what prices are on it, beside an ordinary day of the first month."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sanjeh.demo.company import CAMPAIGNS
from sanjeh.demo.timeline import DAYS, day_at

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# Farvardin to Esfand: the holidays' dip, and the rush before Nowruz.
_MONTHS = (0.70, 0.94, 1.0, 1.0, 0.98, 1.02, 1.05, 1.02, 1.08, 1.04, 1.05, 1.50)
# Monday to Sunday: Friday is quiet.
_WEEKDAYS = (1.05, 1.03, 1.0, 0.85, 0.6, 1.12, 1.08)
_YEARLY_GROWTH = 0.22
_MONTHLY_INFLATION = 0.026


@cache
def busyness() -> Numbers:
    """How busy each day of the timeline is: growth, months, weekdays, Nowruz, Ramadan and campaigns."""
    import numpy as np

    weights = np.empty(DAYS)
    for index in range(DAYS):
        day = day_at(index)
        weight = _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday] * (1 + _YEARLY_GROWTH) ** (index / 365)
        weights[index] = weight * (0.6 if day.is_nowruz else 1.0) * (0.84 if day.is_ramadan else 1.0)
    for campaign in CAMPAIGNS:
        weights[campaign.first : campaign.last + 1] *= campaign.lift
    return weights


def price_level(index: int) -> float:
    """What prices are on a day, 1 on the first.

    >>> round(price_level(365), 2)
    1.36
    """
    return float((1 + _MONTHLY_INFLATION) ** (index / 30.42))


def draw_days(rng: np.random.Generator, count: int, power: float = 1.0) -> NDArray[np.int64]:
    """``count`` days in order, the busier the likelier; ``power`` 0 makes all alike."""
    import numpy as np

    weights = busyness() ** power
    drawn = rng.choice(DAYS, size=count, p=weights / weights.sum())
    return np.sort(drawn).astype(np.int64)


def draw_minutes(rng: np.random.Generator, days: NDArray[np.int64], opens: int = 8, closes: int = 23) -> list[int]:
    """A minute on each of ``days``, between two hours of the day; late in the evening while Ramadan is on."""
    spread = rng.triangular(opens * 60, (opens + closes) * 30, closes * 60, size=len(days))
    late = rng.random(len(days)) < 0.5
    return [
        int(day) * 1440 + int(20 * 60 + (minute % 170) if is_late and day_at(int(day)).is_ramadan else minute)
        for day, minute, is_late in zip(days.tolist(), spread.tolist(), late.tolist(), strict=True)
    ]
