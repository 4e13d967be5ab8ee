"""Whole columns of days at once: Jalali fields and period ordinals of numpy arrays. Needs numpy; import it by name."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sanjeh.calendars.calendar import Calendar
from sanjeh.calendars.grain import Grain
from sanjeh.calendars.jalali import (
    DAYS_BEFORE_MONTH,
    FIRST_DAY,
    FIRST_YEAR,
    LAST_YEAR,
    days_in_month,
    year_start_number,
)
from sanjeh.calendars.reckoning import bad_date
from sanjeh.calendars.span import Span
from sanjeh.errors import DataError, Issue

Days = NDArray[np.datetime64]
Integers = NDArray[np.int64]

_EPOCH = date(1970, 1, 1).toordinal()
_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@cache
def _year_starts() -> Integers:
    return np.array([year_start_number(year) for year in (*_YEARS, LAST_YEAR + 1)], dtype=np.int64)


@cache
def _lengths() -> Integers:
    return np.array([[days_in_month(year, month) for month in range(1, 13)] for year in _YEARS], dtype=np.int64)


@cache
def _fields_by_day() -> tuple[Integers, Integers, Integers]:
    """Year, month and day of every supported day: one look-up replaces a search by year."""
    lengths = _lengths().ravel()
    months = np.repeat(np.arange(len(lengths)), lengths)
    first = np.cumsum(lengths) - lengths
    day = np.arange(len(months)) - first[months] + 1
    return months // 12 + FIRST_YEAR, months % 12 + 1, day


def to_jalali(days: Days) -> tuple[Integers, Integers, Integers]:
    """Jalali years, months and days of an array of ``datetime64[D]``, in its shape.

    Raises DataError ``date_out_of_range`` for the first day (or NaT) outside 1178 to 1633.

    >>> [part.tolist() for part in to_jalali(np.array(["2024-03-20", "2025-03-20"], dtype="datetime64[D]"))]
    [[1403, 1403], [1, 12], [1, 30]]
    """
    column = np.asarray(days, dtype="datetime64[D]")
    years, months, numbers = _fields_by_day()
    offset = column.astype(np.int64) + (_EPOCH - FIRST_DAY)
    wrong = (offset < 0) | (offset >= len(years))
    if wrong.any():
        raise DataError(Issue("date_out_of_range", {"day": str(column[wrong][0])}))
    return years[offset], months[offset], numbers[offset]


def from_jalali(year: ArrayLike, month: ArrayLike, day: ArrayLike) -> Days:
    """The ``datetime64[D]`` of arrays of Jalali years, months and days, broadcast together.

    Raises DataError ``bad_date`` for the first that is no day.

    >>> from_jalali([1403, 1403], [4, 12], [31, 30])
    array(['2024-07-21', '2025-03-20'], dtype='datetime64[D]')
    """
    years, months, days = np.broadcast_arrays(*(np.asarray(part, dtype=np.int64) for part in (year, month, day)))
    known = (years >= FIRST_YEAR) & (years <= LAST_YEAR) & (months >= 1) & (months <= 12)
    index = np.where(known, years - FIRST_YEAR, 0)
    month_index = np.where(known, months - 1, 0)
    wrong = ~known | (days < 1) | (days > _lengths()[index, month_index])
    if wrong.any():
        raise bad_date(int(years[wrong][0]), int(months[wrong][0]), int(days[wrong][0]), "jalali")
    before = np.array(DAYS_BEFORE_MONTH, dtype=np.int64)
    number = _year_starts()[index] + before[month_index] + days - 1
    return np.asarray((number - _EPOCH).astype("datetime64[D]"))


def period_ordinals(calendar: Calendar, grain: Grain, days: Days) -> Integers:
    """The ordinal of the period of ``grain`` that holds each of ``days`` (``datetime64[D]``, not empty, no NaT).

    >>> from sanjeh.calendars.make import make_calendar
    >>> days = np.array(["2024-03-19", "2024-03-20"], dtype="datetime64[D]")
    >>> period_ordinals(make_calendar("jalali"), Grain.YEAR, days)
    array([1402, 1403])
    """
    column = np.asarray(days, dtype="datetime64[D]")
    if column.size == 0:
        return np.zeros(column.shape, dtype=np.int64)
    if np.isnat(column).any():
        raise DataError(Issue("date_out_of_range", {"day": "NaT"}))
    first, last = column.min().astype(date), column.max().astype(date)
    periods = calendar.periods(grain, Span(first, last + timedelta(days=1)))
    starts = np.array([period.start for period in periods], dtype="datetime64[D]")
    places = np.searchsorted(starts, column, side="right") - 1
    return np.asarray(places + periods[0].ordinal, dtype=np.int64)
