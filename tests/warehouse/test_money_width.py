"""How wide stored money must be."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.errors import DataError
from sanjeh.warehouse.money_width import SCALES, WIDEST, MoneyWidth, digits_sql, scale_sql, widest

CONNECTION = duckdb.connect(config={"threads": 1})


@given(st.decimals(min_value=-(10**28), max_value=10**28, places=9) | st.integers(-(10**28), 10**28).map(Decimal))
def test_the_measured_width_holds_the_value_and_no_smaller_scale_does(amount: Decimal) -> None:
    query = f"SELECT {digits_sql('m')}, {scale_sql('m')} FROM (SELECT CAST('{amount:f}' AS {WIDEST}) AS m)"
    row = CONNECTION.execute(query).fetchone()
    assert row is not None
    width = MoneyWidth(*row)
    held = CONNECTION.execute(f"SELECT CAST('{amount:f}' AS {width.sql_type})").fetchone()
    assert held == (amount,)
    decimals = len(f"{amount:f}".partition(".")[2].rstrip("0"))
    assert width.scale == min(scale for scale in SCALES if scale >= decimals)


def test_widths_meet_in_the_one_that_holds_both() -> None:
    assert widest([MoneyWidth(3, 6), MoneyWidth(12, 0)]) == MoneyWidth(12, 6)
    assert widest([]) == MoneyWidth(1, 0)


def test_more_than_38_digits_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        MoneyWidth(30, 9)
    assert caught.value.code == "warehouse_money_too_wide"
