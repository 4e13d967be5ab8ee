from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.errors import DataError
from sanjeh.units import Rate, RateTable

FIRST, SECOND = date(2024, 3, 20), date(2024, 4, 1)
TABLE = RateTable.from_rows([("USD", SECOND, 612_500), ("USD", FIRST, 600_000), ("EUR", FIRST, 650_000.5)], home="IRR")


def test_the_last_rate_on_or_before_the_day_counts() -> None:
    days = [FIRST, SECOND - timedelta(days=1), SECOND, SECOND + timedelta(days=900)]
    assert [TABLE.rate("USD", day) for day in days] == [600_000, 600_000, 612_500, 612_500]


def test_without_a_rate_there_is_none_never_one() -> None:
    assert TABLE.rate("USD", FIRST - timedelta(days=1)) is None
    assert TABLE.rate("GBP", SECOND) is None
    assert TABLE.convert(Decimal(5), "GBP", SECOND) is None


def test_the_home_currency_and_its_family_need_no_rows() -> None:
    assert TABLE.rate("IRR", FIRST) == 1
    assert TABLE.convert(Decimal(5), "IRT", FIRST) == 50
    assert RateTable("IRT").rate("IRR", FIRST) == Decimal("0.1")


def test_a_float_rate_is_taken_as_written() -> None:
    assert TABLE.convert(Decimal(2), "EUR", FIRST) == Decimal("1300001.0")


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf")])
def test_a_rate_that_is_not_positive_is_refused(rate: float) -> None:
    with pytest.raises(DataError) as caught:
        RateTable.from_rows([("USD", FIRST, rate)], home="IRR")
    assert caught.value.code == "bad_rate"


def test_two_rates_of_one_day_are_refused_and_the_same_one_twice_is_not() -> None:
    row = Rate("USD", FIRST, Decimal(1))
    assert RateTable("IRR", (row, row)).rows == (row,)
    with pytest.raises(DataError) as caught:
        RateTable("IRR", (row, Rate("USD", FIRST, Decimal(2))))
    assert caught.value.code == "conflicting_rates"


@given(
    st.dictionaries(st.dates(date(2020, 1, 1), date(2021, 1, 1)), st.integers(1, 10**6), max_size=8),
    st.dates(date(2019, 12, 1), date(2021, 2, 1)),
)
def test_the_search_finds_what_a_walk_finds(rates: dict[date, int], day: date) -> None:
    table = RateTable.from_rows([("USD", when, rate) for when, rate in rates.items()], home="IRR")
    earlier = [when for when in rates if when <= day]
    assert table.rate("USD", day) == (rates[max(earlier)] if earlier else None)
