"""Totals and members: ratios of sums, sets that do not add, empty members, amounts that are not known."""

from __future__ import annotations

import pytest
from asking import company

from sanjeh.errors import QuestionError

ORDERS = """
    order_id, ordered_at, net_amount, customer_id, region
    1, 2024-03-01, 100, A, north
    2, 2024-03-02, 100, A, south
    3, 2024-03-03, 100, B, south
    4, 2024-03-04, 300, , south
    5, 2024-03-05, 10, C,
"""


def test_a_ratios_total_is_the_ratio_of_sums_and_not_the_mean_of_ratios() -> None:
    """610 over 5 orders is 122; the mean of 100, 166.67 and 10 would be 92.22."""
    shop = company({"orders": ORDERS})
    by_region = shop.ask("revenue / orders", "2024-03", by="region")
    assert list(by_region.values()) == [100, pytest.approx(500 / 3), 10]
    assert shop.one("revenue / orders", "2024-03") == 122


def test_distinct_keys_do_not_add_over_members() -> None:
    """A bought in both regions: one and two buyers, and one without a region, are three customers in all."""
    shop = company({"orders": ORDERS})
    assert list(shop.ask("buyers", "2024-03", by="region").values()) == [1, 2, 1]
    assert shop.one("buyers", "2024-03") == 3


def test_an_empty_member_is_a_member_and_comes_last() -> None:
    """Rows without a region are not dropped, so that regions sum to the total."""
    shop = company({"orders": ORDERS})
    found = shop.ask("revenue", "2024-03", by="region")
    assert [member for _, member in found] == ["north", "south", None]
    assert sum(found.values()) == shop.one("revenue", "2024-03")  # type: ignore[arg-type]


def test_orders_without_a_customer_are_revenue_and_orders_but_not_buyers() -> None:
    """Order 4 counts in revenue, in orders, and in nobody's purchases."""
    shop = company({"orders": ORDERS})
    assert shop.one("revenue", "2024-03") == 610
    assert shop.one("orders", "2024-03") == 5
    assert shop.one("buyers", "2024-03") == 3
    assert shop.one("new_customers", "2024-03") == 3
    assert shop.one("closing(active_customers)", "2024-03") == 3


def test_nobody_known_is_no_buyers_and_not_no_data() -> None:
    """A month in which every order lacks a customer had no known buyer: zero, as the set of keys is empty.

    A set of bits over no key at all is NULL in the database; it was taken for an unknown number.
    """
    rows = "order_id, ordered_at, net_amount, customer_id\n1, 2024-01-01, 5, A\n2, 2024-02-01, 5,"
    assert list(company({"orders": rows}).ask("buyers", "2024-01", "2024-02").values()) == [1, 0]


def test_members_stay_members_where_none_of_their_keys_qualifies() -> None:
    """South has buyers and no repeat buyer: 0, not left out of the answer."""
    rows = """
        order_id, ordered_at, net_amount, customer_id, region
        1, 2024-01-01, 5, A, north
        2, 2024-01-02, 5, A, north
        3, 2024-01-03, 5, B, south
    """
    found = company({"orders": rows}).ask("repeat_buyers", "2024-01", by="region")
    assert found == {("2024-01", "north"): 1, ("2024-01", "south"): 0}


def test_an_amount_that_is_not_known_is_not_zero() -> None:
    """A month of which no amount is known has no sum; known ones are added without the others."""
    rows = """
        date, cost, clicks
        2024-01-01, 5, 1
        2024-01-02, , 1
        2024-02-01, , 1
    """
    shop = company({"ad_daily": rows})
    assert list(shop.ask("media_cost", "2024-01", "2024-02").values()) == [5, "no_data"]
    assert list(shop.ask("media_cost / ad_clicks", "2024-01", "2024-02").values()) == [2.5, "no_data"]


def test_a_share_of_nothing_is_undefined() -> None:
    """Zero over zero has no value, and neither has anything over zero."""
    rows = "lead_id, created_at, source_class\n1, 2024-01-01, social"
    shop = company({"leads": rows})
    found = shop.ask("leads[source_class == 'social'] / leads", "2024-01", "2024-02")
    assert list(found.values()) == [1, "undefined"]


def test_new_customers_belong_to_the_member_of_their_first_order() -> None:
    """A began in the north and went on in the south: new in the north alone."""
    shop = company({"orders": ORDERS})
    found = shop.ask("new_customers", "2024-03", by="region")
    assert list(found.values()) == [1, 1, 1]
    assert shop.one("new_customers", "2024-03", where="region == 'south'") == 1


def test_a_popular_product_has_no_buyer_type() -> None:
    """Products are counted, not the lines that made them popular: the question was planned and then fell over."""
    rows = {
        "orders": "order_id, ordered_at, net_amount, customer_id\n1, 2024-01-01, 5, A",
        "order_lines": "order_id, product_id, quantity, net_amount\n1, p, 1, 5",
        "products": "product_id, category\np, shoes",
    }
    shop = company(rows)
    assert shop.ask("closing(popular_products)", "2024-01", by="category") == {("2024-01", "shoes"): 1}
    with pytest.raises(QuestionError) as caught:
        shop.ask("closing(popular_products)", "2024-01", by="buyer_type")
    assert caught.value.issues[0].code == "unreachable_dimension"


def test_a_dimension_that_nobody_knows_is_an_error_with_the_nearest_name() -> None:
    """Misspelt names are never an empty answer."""
    with pytest.raises(QuestionError) as caught:
        company({"orders": ORDERS}).ask("revenue", "2024-03", by="regoin")
    (issue,) = caught.value.issues
    assert (issue.code, issue.suggestion) == ("unknown_dimension", "region")


def test_a_member_that_no_row_has_is_an_empty_part_of_a_known_whole() -> None:
    """Nothing was sold in the west: zero, whatever is written as its name."""
    shop = company({"orders": ORDERS})
    assert shop.one("revenue", "2024-03", where="region == 'west'") == 0
    assert shop.one("orders", "2024-03", where="region in ()") == 0
