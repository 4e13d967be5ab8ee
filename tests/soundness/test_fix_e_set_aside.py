"""A row whose currency has no rate is set aside whole: it once counted as an order without its amount."""

from __future__ import annotations

import pytest
from asking import company

from sanjeh.engines.terms import Money

ORDERS = """
    order_id, ordered_at, net_amount, customer_id, currency
    1, 2024-01-05, 100, A,
    2, 2024-01-06, 70, B, EUR
    3, 2024-01-07, 20, C, USD
    4, 2024-02-07, 20, C, USD
    5, 2024-02-08, 900, A, IRR
"""
TOMAN = Money("IRT", {"IRR": "0.1"})
RATES = "currency, date, rate\nUSD, 2024-02-01, 3"


@pytest.mark.parametrize("codes", [True, False])
def test_an_order_without_a_rate_is_no_order(codes: bool) -> None:
    """Of three orders in January only the first can be told: 100 from one order of one new buyer."""
    shop = company({"orders": ORDERS}, money=TOMAN, codes=codes)
    for formula, value in {
        "revenue": 100,
        "orders": 1,
        "average_order_value": 100,
        "buyers": 1,
        "new_customers": 1,
        "closing(active_customers)": 1,
    }.items():
        assert shop.one(formula, "2024-01") == value, formula


def test_a_rate_counts_from_its_day_on() -> None:
    """The dollar order of February counts, that of January, before the first rate, does not: C is new in February."""
    shop = company({"orders": ORDERS, "exchange_rates": RATES}, money=TOMAN)
    assert shop.ask("orders", "2024-01", "2024-02") == {("2024-01",): 1, ("2024-02",): 2}
    assert shop.ask("new_customers", "2024-01", "2024-02") == {("2024-01",): 1, ("2024-02",): 1}
    assert shop.one("average_order_value", "2024-02") == (20 * 3 + 900 / 10) / 2


def test_where_nothing_can_be_told_the_average_is_unknown() -> None:
    """Neither zero nor a division by zero: what the orders were worth is not known."""
    rows = "order_id, ordered_at, net_amount, currency\n1, 2024-01-05, 70, EUR"
    assert company({"orders": rows}, money=TOMAN).one("average_order_value", "2024-01") == "no_data"


def test_a_company_that_named_no_currency_sets_nothing_aside() -> None:
    """There is nothing that a rate could lead to."""
    assert company({"orders": ORDERS}).one("orders", "2024-01") == 3
