"""The rows shown behind a number were once those of the month, not those that the number counts: refunds were missing
from
revenue, every order stood behind new customers, answers given anew stood behind the score. They must come to the
number.
"""

from __future__ import annotations

import pytest

from sanjeh.compute import Reading
from sanjeh.engines import load_engine
from sanjeh.explain import needs_of
from sanjeh.plan import Listing

from .asking import CATALOGUE, Company, company, reading_of

ROWS = {
    "orders": """
        order_id, ordered_at, net_amount, customer_id, status
        1, 2024-01-10, 100, A, paid
        2, 2024-02-03, 200, A, paid
        3, 2024-02-05, 50, B, paid
        4, 2024-02-06, 70, B, paid
        5, 2024-02-07, 900, C, cancelled
        6, 2024-02-08, 40, , paid
    """,
    "refunds": """
        refund_id, refunded_at, amount, order_id
        r1, 2024-03-02, 30, 2
        r2, 2024-02-20, 5,
    """,
    "survey_responses": """
        response_id, answered_at, customer_id, survey, nps
        1, 2024-02-01, A, autumn, 9
        2, 2024-02-09, A, autumn, 3
        3, 2024-02-10, B, autumn, 10
        4, 2024-02-11, , autumn, 10
    """,
}


def listing(shop: Company, measure: str) -> Listing:
    """The rows behind one measure in February."""
    ((need, span),) = needs_of(reading_of(measure), shop.ground, shop.calendar.parse_period("2024-02"), ())
    engine = shop.ground.engine
    found: Listing = load_engine("listing").list_rows(engine.connection, engine.relations, need, span, 100)
    return found


@pytest.mark.parametrize(("measure", "amount"), [("revenue", 325), ("sales", 360), ("assigned_revenue", None)])
def test_the_amounts_of_the_rows_add_up_to_the_sum(measure: str, amount: int | None) -> None:
    shop = company(ROWS)
    if amount is None:
        assert shop.one(measure, "2024-02") in (0.0, "no_data")
        return
    shown = listing(shop, measure)
    column = shown.columns.index(measure if measure in shown.columns else "net_amount")
    assert sum(float(str(row[column])) for row in shown.rows) == amount == shop.one(measure, "2024-02")


@pytest.mark.parametrize("measure", ["orders", "new_customers", "promoters", "detractors", "nps_responses"])
def test_there_are_as_many_rows_as_the_count_says(measure: str) -> None:
    shop = company(ROWS)
    assert listing(shop, measure).total == shop.one(measure, "2024-02")


def test_the_first_order_of_a_new_customer_is_the_row_behind_it() -> None:
    shown = listing(company(ROWS), "new_customers")
    assert [row[shown.columns.index("order_id")] for row in shown.rows] == ["3"]


def of_each(shown: Listing, column: str) -> list[object]:
    """The cells of one column."""
    return [row[shown.columns.index(column)] for row in shown.rows]


def test_behind_returning_customers_are_the_orders_of_those_who_had_bought_before() -> None:
    shop = company(ROWS)
    assert shop.one("returning_customers", "2024-02") == 1
    assert of_each(listing(shop, "returning_customers"), "order_id") == ["2"]


def test_a_stated_first_order_tells_who_is_new_and_who_returns_in_the_rows_too() -> None:
    shop = company({**ROWS, "customers": "customer_id, first_order_at\nB, 2023-05-01\nA, 2024-01-10"})
    assert shop.one("new_customers", "2024-02") == listing(shop, "new_customers").total == 0
    assert shop.one("returning_customers", "2024-02") == 2
    assert of_each(listing(shop, "returning_customers"), "order_id") == ["2", "3", "4"]


def test_who_was_new_elsewhere_is_not_behind_the_new_customers_of_a_region() -> None:
    orders = """
        order_id, ordered_at, net_amount, customer_id, region
        1, 2024-01-10, 1, A, south
        2, 2024-02-03, 1, A, north
        3, 2024-02-04, 1, B, north
        4, 2024-02-05, 1, C, south
        5, 2024-02-06, 1, C, north
    """
    shop = company({"orders": orders})
    formula = "new_customers[region == 'north']"
    assert shop.one(formula, "2024-02") == 1
    assert of_each(listing(shop, formula), "order_id") == ["3"]


def test_behind_reactivated_customers_are_those_who_had_left_and_not_the_new_ones() -> None:
    orders = """
        order_id, ordered_at, net_amount, customer_id
        1, 2023-06-10, 1, A
        2, 2024-02-03, 1, A
        3, 2024-02-04, 1, B
        4, 2024-01-20, 1, C
    """
    shop = company({"orders": orders})
    assert shop.one("reactivated_customers", "2024-02") == 1
    assert listing(shop, "reactivated_customers").rows == (("A", False, True),)


def test_a_filter_restricts_the_keys_behind_a_state_as_it_does_the_number() -> None:
    customers = "customer_id, region, is_key_account\nA, north, true\nB, south, true\nC, north, false"
    orders = (
        "order_id, ordered_at, net_amount, customer_id\n1, 2024-01-10, 4, A\n2, 2024-01-11, 5, B\n3, 2024-01-12, 6, C"
    )
    shop = company({"orders": orders, "customers": customers})
    for formula, keys in (
        ("closing(active_customers)[region == 'north']", ["A", "C"]),
        ("closing(active_customers)[is_key_account]", ["A", "B"]),
        ("closing(active_customers)", ["A", "B", "C"]),
    ):
        assert shop.one(formula, "2024-02") == len(keys)
        assert of_each(listing(shop, formula), "customer_id") == keys


def test_what_each_key_weighs_stands_beside_it() -> None:
    shop = company(
        {"orders": "order_id, ordered_at, net_amount, customer_id\n1, 2024-01-10, 4, A\n2, 2024-02-11, 5, A"}
    )
    shown = listing(shop, "closing(revenue_base)")
    assert shop.one("closing(revenue_base)", "2024-02") == 9
    assert of_each(shown, "revenue_base") == [9]


def test_behind_a_campaign_are_its_own_spend_and_the_new_customers_of_its_days_and_of_those_before() -> None:
    rows = {
        "orders": """
            order_id, ordered_at, net_amount, customer_id
            1, 2023-10-01, 1, Z
            2, 2024-02-02, 1, A
            3, 2024-02-20, 1, A
            4, 2024-01-20, 1, B
            5, 2024-02-06, 1, C
        """,
        "campaigns": "campaign, starts_on, ends_on\nspring, 2024-02-01, 2024-02-05\nother, 2024-06-01, 2024-06-05",
        "marketing_spend": """
            spend_id, spent_at, amount, component, campaign
            1, 2024-01-15, 10, campaign, spring
            2, 2024-02-02, 20, campaign, spring
            3, 2024-02-02, 40, campaign, other
            4, 2024-02-02, 80, wages, spring
        """,
    }
    shop = company(rows)
    reading = Reading(CATALOGUE.kpis["campaign_cac"])
    month = shop.calendar.parse_period("2024-02")
    found: dict[str, set[object]] = {}
    for need, span in needs_of(reading, shop.ground, month, ()):
        engine = shop.ground.engine
        shown = load_engine("listing").list_rows(engine.connection, engine.relations, need, span, 100)
        found.setdefault(need.measure.id, set()).update(of_each(shown, shown.columns[0]))
    assert found == {"campaign_cost": {"1", "2"}, "new_customers": {"2", "4", "5"}}
