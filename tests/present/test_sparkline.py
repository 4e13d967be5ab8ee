from math import inf, nan

from hypothesis import given
from hypothesis import strategies as st

from sanjeh.present.sparkline import BLOCKS, GAP, render_sparkline


def test_lowest_and_highest_values_take_the_outer_blocks() -> None:
    assert render_sparkline([3, 1, 8]) == "▃▁█"


def test_a_gap_is_a_dot_and_not_a_low_value() -> None:
    assert render_sparkline([0, None, nan, inf, 7]) == "▁···█"


def test_a_series_that_does_not_move_stands_at_half_height() -> None:
    assert render_sparkline([5, 5]) == "▄▄"
    assert render_sparkline([None, nan]) == "··"
    assert render_sparkline([]) == ""


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)), max_size=20))
def test_there_is_one_sign_for_each_value_in_the_order_of_the_values(values: list[float | None]) -> None:
    line = render_sparkline(values)
    assert [sign == GAP for sign in line] == [value is None for value in values]
    pairs = sorted((value, BLOCKS.index(sign)) for value, sign in zip(values, line, strict=True) if value is not None)
    heights = [height for _, height in pairs]
    assert heights == sorted(heights)
