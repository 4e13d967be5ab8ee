"""Prints how long a million days take to convert to Jalali and back.

Run: python benchmarks/calendar_conversion.py
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from sanjeh.calendars.vector import from_jalali, to_jalali

DAYS = 1_000_000


def run() -> None:
    """Times the first call (which builds the table) and the following ones."""
    first, last = np.datetime64("1950-01-01").astype(int), np.datetime64("2050-01-01").astype(int)
    days = np.random.default_rng(1).integers(first, last, DAYS).astype("datetime64[D]")
    for name in ("first call", "second call"):
        start = perf_counter()
        fields = to_jalali(days)
        there = perf_counter()
        back = from_jalali(*fields)
        end = perf_counter()
        assert (back == days).all()
        print(f"{name}: {DAYS:,} days to Jalali {there - start:.3f} s, back {end - there:.3f} s")


if __name__ == "__main__":
    run()
