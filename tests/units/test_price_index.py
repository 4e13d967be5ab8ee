from datetime import date
from decimal import Decimal

import pytest

from sanjeh.errors import DataError
from sanjeh.units import PriceIndex

INDEX = PriceIndex.from_rows([(date(2024, 4, 20), 110), (date(2024, 3, 20), 100), (date(2024, 5, 21), 121)])


def test_an_amount_is_told_in_the_prices_of_the_base() -> None:
    assert INDEX.factor(date(2024, 3, 31), base=date(2024, 5, 25)) == Decimal("1.21")
    assert INDEX.factor(date(2024, 5, 25), base=date(2024, 4, 20)) == Decimal(110) / Decimal(121)
    assert INDEX.factor(date(2024, 4, 1), base=date(2024, 4, 2)) == 1


def test_prices_before_the_first_row_are_not_known() -> None:
    assert INDEX.at(date(2024, 3, 19)) is None
    assert INDEX.factor(date(2024, 3, 19), base=date(2024, 4, 20)) is None


def test_the_last_row_holds_as_long_as_the_longest_span() -> None:
    # 31 days from 20 March to 20 April and from 20 April to 21 May; so until 21 June.
    assert INDEX.known_until == date(2024, 6, 21)
    assert INDEX.at(date(2024, 6, 20)) == 121
    assert INDEX.at(date(2024, 6, 21)) is None


def test_an_index_without_rows_knows_nothing() -> None:
    assert PriceIndex().at(date(2024, 3, 20)) is None


@pytest.mark.parametrize(
    "rows",
    [[(date(2024, 1, 1), 0)], [(date(2024, 1, 1), 1), (date(2024, 1, 1), 2)], [(date(2024, 1, 1), float("nan"))]],
)
def test_rows_that_are_not_positive_or_stand_twice_are_refused(rows: list[tuple[date, float]]) -> None:
    with pytest.raises(DataError) as caught:
        PriceIndex.from_rows(rows)
    assert caught.value.code == "bad_price_index"
