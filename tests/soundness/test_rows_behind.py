"""The rows shown behind a number were once those of the month, not those that the number counts: refunds were missing
from
revenue, every order stood behind new customers, answers given anew stood behind the score. They must come to the
number.
"""

from __future__ import annotations

import pytest

from sanjeh.engines import load_engine
from sanjeh.explain import needs_of
from sanjeh.plan import Listing

from .asking import Company, company, reading_of

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
