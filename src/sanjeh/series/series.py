"""A series is a KPI or measure over periods x members: a value or a reason at each point, with marks.

Shapes: every array is (periods, members). A single column stands for the total and stretches over any number of
members.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sanjeh.series.value import Mark, Reason

Values = NDArray[np.float64]
Codes = NDArray[np.int16]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Values with reasons and marks.

    ``present`` tells where rows stood behind the value, so that a member without any is not taken for a zero by
    ``across``.
    """

    values: Values
    reasons: Codes
    marks: Codes
    present: Flags

    def __post_init__(self) -> None:
        shapes = {self.values.shape, self.reasons.shape, self.marks.shape, self.present.shape}
        if len(shapes) != 1 or self.values.ndim != 2:
            raise ValueError(f"arrays of one series differ in shape: {shapes}")

    @property
    def shape(self) -> tuple[int, int]:
        """The number of periods and of members."""
        return self.values.shape[0], self.values.shape[1]

    def map(self, function: Callable[[Values], Values]) -> Series:
        """The series with ``function`` applied to the values; reasons and marks stay."""
        return checked(function(self.values), self.reasons, self.marks, self.present)

    def where(self, bad: Flags, reason: Reason) -> Series:
        """The series with ``reason`` wherever ``bad`` holds and there is a value."""
        bad = np.broadcast_to(bad, self.values.shape)
        reasons = np.where((self.reasons == Reason.VALUE) & bad, np.int16(reason), self.reasons).astype(np.int16)
        return Series(np.where(reasons == Reason.VALUE, self.values, np.nan), reasons, self.marks, self.present)

    def take(self, here: Flags, other: Series) -> Series:
        """The points of this series where ``here`` holds, and those of ``other`` elsewhere."""
        return Series(
            np.where(here, self.values, other.values),
            np.where(here, self.reasons, other.reasons).astype(np.int16),
            np.where(here, self.marks, other.marks).astype(np.int16),
            np.where(here, self.present, other.present),
        )

    def marked(self, mark: Mark, where: Flags | bool = True) -> Series:
        """The series with ``mark`` added where ``where`` holds."""
        added = np.where(np.broadcast_to(np.asarray(where), self.values.shape), np.int16(mark), np.int16(0))
        return Series(self.values, self.reasons, (self.marks | added).astype(np.int16), self.present)

    def stretch(self, members: int) -> Series:
        """The series with its single column repeated over ``members`` columns."""
        if self.shape[1] == members:
            return self
        shape = (self.shape[0], members)
        return Series(
            np.broadcast_to(self.values, shape),
            np.broadcast_to(self.reasons, shape),
            np.broadcast_to(self.marks, shape),
            np.broadcast_to(self.present, shape),
        )

    def rows(self, index: NDArray[np.intp]) -> Series:
        """The periods at ``index``, in that order."""
        return Series(self.values[index], self.reasons[index], self.marks[index], self.present[index])

    def columns(self, index: NDArray[np.intp]) -> Series:
        """The members at ``index``, in that order."""
        return Series(self.values[:, index], self.reasons[:, index], self.marks[:, index], self.present[:, index])


def checked(values: Values, reasons: Codes, marks: Codes, present: Flags) -> Series:
    """The series in which a value that is not a finite number is undefined, and a missing one is not a number."""
    values = np.asarray(values, dtype=np.float64)
    reasons = np.asarray(reasons, dtype=np.int16)
    reasons = np.where((reasons == Reason.VALUE) & ~np.isfinite(values), np.int16(Reason.UNDEFINED), reasons)
    return Series(np.where(reasons == Reason.VALUE, values, np.nan), reasons.astype(np.int16), marks, present)


def constant(value: float, periods: int, members: int = 1) -> Series:
    """The series that is ``value`` everywhere.

    >>> constant(2.0, 3).values.tolist()
    [[2.0], [2.0], [2.0]]
    """
    shape = (periods, members)
    return checked(
        np.full(shape, value), np.zeros(shape, np.int16), np.zeros(shape, np.int16), np.zeros(shape, np.bool_)
    )


def missing(reason: Reason, periods: int, members: int = 1) -> Series:
    """The series that has ``reason`` everywhere."""
    shape = (periods, members)
    return Series(
        np.full(shape, np.nan),
        np.full(shape, reason, np.int16),
        np.zeros(shape, np.int16),
        np.zeros(shape, np.bool_),
    )


def of_values(values: Values) -> Series:
    """The series of ``values`` (periods x members), each with rows behind it; NaN is no data."""
    reasons = np.where(np.isnan(values), np.int16(Reason.NO_DATA), np.int16(0)).astype(np.int16)
    return Series(values.astype(np.float64), reasons, np.zeros(values.shape, np.int16), reasons == Reason.VALUE)


def widest(left: Series, right: Series) -> int:
    """The number of members that two series have together: none where either has none."""
    return min(left.shape[1], right.shape[1]) and max(left.shape[1], right.shape[1])


def combine(function: Callable[[Values, Values], Values], left: Series, right: Series) -> Series:
    """``function`` of two series point by point; the left reason is kept where both have one, marks are joined."""
    members = widest(left, right)
    left, right = left.stretch(members), right.stretch(members)
    reasons = np.where(left.reasons != Reason.VALUE, left.reasons, right.reasons).astype(np.int16)
    with np.errstate(all="ignore"):
        values = function(left.values, right.values)
    return checked(values, reasons, (left.marks | right.marks).astype(np.int16), left.present | right.present)


def divide(left: Series, right: Series) -> Series:
    """``left / right``; undefined where the denominator is zero."""
    safe = right.where(right.values == 0, Reason.UNDEFINED)
    return combine(np.divide, left, safe)
