"""Which rows count: a silent statement, a foreign refund and a flag once said what they do not say."""

from __future__ import annotations

import pytest
from asking import company, reading_of

from sanjeh.compute import Question, compute
from sanjeh.engines.terms import Money
from sanjeh.series import Condition

SOCIAL = """
    date, account, followers, reach
    2023-12-31, A, 900,
    2023-12-31, B, 400,
    2024-01-30, A, 1000,
    2024-01-31, A, , 5
    2024-01-31, B, 500,
"""


def test_a_statement_without_the_value_does_not_hide_the_last_one() -> None:
    """On the 31st account A states its reach only: it still has the 1000 followers of the 30th, 1500 with B."""
    page = company({"social_daily": SOCIAL})
    assert page.one("closing(followers)", "2024-01") == 1500
    assert page.one("opening(followers)", "2024-01") == 1300


def test_a_foreign_refund_of_an_unknown_order_is_converted_where_orders_have_no_currency() -> None:
    """Two dollars at 60 000 are taken off, not two tomans."""
    rows = {
        "orders": "order_id, ordered_at, net_amount\n1, 2024-03-06, 1000000",
        "refunds": """
            refund_id, refunded_at, amount, order_id, currency
            1, 2024-03-16, 2, gone, USD
            2, 2024-03-16, 1000, gone,
        """,
        "exchange_rates": "currency, date, rate\nUSD, 2024-03-05, 60000",
    }
    shop = company(rows, money=Money("IRT", {"IRR": "0.1"}))
    assert shop.one("revenue", "2024-03") == 1_000_000 - 2 * 60_000 - 1_000


CUSTOMERS = """
    customer_id, is_key_account, key_from
    A, true, 2024-02-15
    B, true,
    C, false,
"""
ORDERS = """
    order_id, ordered_at, net_amount, customer_id
    1, 2024-01-05, 100, A
    2, 2024-02-05, 50, B
    3, 2024-02-20, 30, C
    4, 2024-03-02, 70, A
    5, 2024-03-03, 10, C
"""
SHOP = {"orders": ORDERS, "customers": CUSTOMERS}


def test_new_and_returning_customers_are_cut_by_a_flag_as_it_was_when_the_span_began() -> None:
    """B is a key account always, A from mid-February on: key accounts are new in February (B), return in March (A)."""
    shop = company(SHOP)
    for formula, where, expected in (
        ("new_customers", "is_key_account", {"2024-01": 0, "2024-02": 1, "2024-03": 0}),
        ("new_customers", "not is_key_account", {"2024-01": 1, "2024-02": 1, "2024-03": 0}),
        ("returning_customers", "is_key_account", {"2024-01": 0, "2024-02": 0, "2024-03": 1}),
        ("returning_customers", "not is_key_account", {"2024-01": 0, "2024-02": 0, "2024-03": 1}),
    ):
        for period, value in expected.items():
            assert shop.one(formula, period, where=where) == value, (formula, where, period)


def test_a_flag_and_a_member_are_asked_of_new_customers_at_once() -> None:
    """The member is that of the first row, the flag that of the customer."""
    rows = {
        "orders": """
            order_id, ordered_at, net_amount, customer_id, region
            1, 2024-02-05, 50, B, north
            2, 2024-02-06, 50, B, south
            3, 2024-02-20, 30, C, north
        """,
        "customers": "customer_id, is_key_account\nB, true\nC, false",
    }
    shop = company(rows)
    assert shop.one("new_customers", "2024-02", where="is_key_account and region == 'north'") == 1
    assert shop.one("new_customers", "2024-02", where="is_key_account and region == 'south'") == 0
    assert shop.ask("new_customers", "2024-02", by="region", where="is_key_account") == {("2024-02", "north"): 1}


@pytest.mark.parametrize("formula", ["revenue", "orders", "buyers", "closing(active_customers)", "new_customers"])
@pytest.mark.parametrize(
    ("values", "negated", "counted"),
    [
        (("true", "false"), False, "all"),
        (("true", "false"), True, "none"),
        (("maybe",), False, "none"),
        (("maybe",), True, "all"),
        (("true",), False, "key"),
        (("false",), True, "key"),
        (("true", "maybe"), False, "key"),
        (("false",), False, "rest"),
        (("true",), True, "rest"),
    ],
)
def test_a_flag_is_true_or_false_and_nothing_else(
    formula: str, values: tuple[str, ...], negated: bool, counted: str
) -> None:
    """In both is everybody, in neither nobody."""
    shop = company(
        {
            "orders": "order_id, ordered_at, net_amount, customer_id\n1, 2024-01-05, 100, A\n2, 2024-01-06, 10, B",
            "customers": "customer_id, is_key_account\nA, true\nB, false",
        }
    )
    key, rest = (100.0, 10.0) if formula == "revenue" else (1.0, 1.0)
    expected = {"all": key + rest, "none": 0, "key": key, "rest": rest}[counted]
    question = Condition("is_key_account", values, negated)
    asked = Question((reading_of(formula),), shop.periods("2024-01"), (), (question,))
    (point,) = compute(asked, shop.ground).points()
    assert point.value == expected
