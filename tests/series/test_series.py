"""Series: arithmetic keeps reasons and marks, and a missing value never becomes a number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.series import Mark, Reason, Series, checked, combine, constant, divide, missing, of_values

CELLS = st.one_of(st.floats(-1e6, 1e6), st.sampled_from([0.0, float("nan")]))


def series(*cells: float) -> Series:
    """One column; NaN is no data."""
    return of_values(np.array(cells, dtype=np.float64).reshape(-1, 1))


def shown(found: Series) -> list[float | str]:
    """Values, or the words of reasons, of one column."""
    pairs = zip(found.values[:, 0], found.reasons[:, 0], strict=True)
    return [float(value) if reason == 0 else Reason(int(reason)).code or "" for value, reason in pairs]


def test_a_missing_side_leaves_its_reason_and_the_left_one_comes_first() -> None:
    """No data plus not yet is no data; a value plus not yet is not yet."""
    late = missing(Reason.NOT_YET, 2)
    assert shown(combine(np.add, series(1, np.nan), late)) == ["not_yet", "no_data"]


def test_over_zero_is_undefined_and_over_nothing_is_nothing() -> None:
    """Neither infinite nor zero."""
    assert shown(divide(series(1, 0, 1), series(0, 0, np.nan))) == ["undefined", "undefined", "no_data"]


def test_what_is_not_finite_is_undefined() -> None:
    """A median of endless waits, a number too large."""
    zeros = np.zeros((2, 1), np.int16)
    found = checked(np.array([[np.inf], [1e308]]), zeros, zeros, zeros.astype(bool))
    assert shown(found) == ["undefined", 1e308]
    assert shown(combine(np.multiply, found, found)) == ["undefined", "undefined"]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_a_value_stands_exactly_where_there_is_no_reason(pairs: list[tuple[float, float]]) -> None:
    """For every operation on every mixture of values, zeros and gaps."""
    left, right = (series(*side) for side in zip(*pairs, strict=True))
    for found in (combine(np.add, left, right), combine(np.multiply, left, right), divide(left, right)):
        assert (np.isnan(found.values) == (found.reasons != Reason.VALUE)).all()
        assert not np.isinf(found.values).any()


def test_marks_of_both_sides_are_joined_and_kept_by_what_is_missing() -> None:
    """A ratio of an open and an unripe number is both."""
    left, right = (
        series(1, 2).marked(Mark.PARTIAL),
        series(1, np.nan).marked(Mark.PROVISIONAL, np.array([[True], [False]])),
    )
    assert [Mark(int(mark)).codes for mark in combine(np.add, left, right).marks[:, 0]] == [
        ("partial", "provisional"),
        ("partial",),
    ]


def test_a_total_stretches_over_members_and_nothing_else_does() -> None:
    """One column serves three; two do not."""
    total = constant(2.0, 2)
    assert total.stretch(3).shape == (2, 3)
    assert combine(np.add, total, constant(1.0, 2, 3)).values.tolist() == [[3.0] * 3] * 2
    with pytest.raises(ValueError, match=r"shape|broadcast"):
        combine(np.add, constant(1.0, 2, 2), constant(1.0, 2, 3))


def test_arrays_of_one_series_have_one_shape() -> None:
    """It cannot be built wrong."""
    good, short = np.zeros((2, 1)), np.zeros((1, 1), np.int16)
    with pytest.raises(ValueError, match="shape"):
        Series(good, short, short, short.astype(bool))


def test_a_reason_set_where_there_is_a_value_replaces_it_and_no_other_reason() -> None:
    """An undefined base stays no data where there was no data."""
    found = series(1, np.nan, -1).where(np.array([[False], [True], [True]]), Reason.UNDEFINED)
    assert shown(found) == [1.0, "no_data", "undefined"]
