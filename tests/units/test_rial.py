from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.units import convert_constant

DAY = date(2027, 3, 21)
FAMILY = st.sampled_from(["IRR", "IRT", "IRX"])


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [("IRT", "IRR", "1234560"), ("IRR", "IRT", "12345.6"), ("IRX", "IRR", "1234560000"), ("IRR", "IRX", "12.3456"),
     ("IRX", "IRT", "123456000"), ("IRT", "IRX", "123.456"), ("IRR", "IRR", "123456")],
)  # fmt: skip
def test_ten_rials_make_a_toman_and_ten_thousand_a_new_rial(source: str, target: str, expected: str) -> None:
    assert convert_constant(Decimal(123456), source, target, DAY) == Decimal(expected)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), FAMILY, FAMILY)
def test_a_conversion_there_and_back_loses_nothing(amount: Decimal, source: str, target: str) -> None:
    there = convert_constant(amount, source, target, DAY)
    assert there is not None
    assert convert_constant(there, target, source, DAY) == amount


def test_amounts_longer_than_the_decimal_context_stay_exact() -> None:
    amount = Decimal("123456789012345678901234567890.1234")
    assert convert_constant(amount, "IRT", "IRR", DAY) == Decimal("1234567890123456789012345678901.234")


def test_the_new_rial_means_nothing_before_its_day_which_is_a_setting() -> None:
    before, after = date(2025, 10, 4), date(2025, 10, 5)
    assert convert_constant(Decimal(1), "IRX", "IRR", before) is None
    assert convert_constant(Decimal(1), "IRX", "IRR", after) == 10_000
    assert convert_constant(Decimal(1), "IRX", "IRR", after, new_rial_from=date(2026, 3, 21)) is None
    assert convert_constant(Decimal(1), "IRT", "IRR", before) == 10


def test_no_constant_ties_the_rial_to_the_dollar() -> None:
    assert convert_constant(Decimal(1), "USD", "IRR", DAY) is None
    assert convert_constant(Decimal(1), "USD", "USD", DAY) == 1
