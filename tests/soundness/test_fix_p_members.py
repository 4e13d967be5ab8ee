"""Members belong to the reading that is asked: not to its neighbours, and not to a formula that looks across them."""

from __future__ import annotations

from .asking import company

ORDERS = [
    {"order_id": "1", "ordered_at": "2024-01-05", "net_amount": "100", "salesperson": "S", "channel": "web"},
    {"order_id": "2", "ordered_at": "2024-01-09", "net_amount": "50", "salesperson": "T", "channel": "shop"},
    {"order_id": "3", "ordered_at": "2024-01-20", "net_amount": "30", "salesperson": "T", "channel": "web"},
]
LEADS = [{"lead_id": "1", "created_at": "2024-01-05", "channel": "fair"}]


def test_a_mean_across_salespersons_can_be_cut_by_channel() -> None:
    """By channel: (100 + 30) / 2 in the web, 50 in the shop. No need by channel alone was asked: it raised."""
    found = company({"orders": ORDERS}).ask("across(revenue, salesperson, 'mean')", "2024-01", by="channel")
    assert found == {("2024-01", "web"): 65.0, ("2024-01", "shop"): 50.0}


def test_where_nothing_is_left_there_are_no_members() -> None:
    """In May nobody sold: there is no channel, alone and in arithmetic with numbers."""
    made = company({"orders": ORDERS})
    for formula in ("across(revenue, salesperson, 'mean')", "revenue * 2 + 1", "part_of(revenue, revenue)"):
        assert made.ask(formula, "2024-05", by="channel") == {}


def test_a_kpi_has_the_same_members_alone_and_beside_another() -> None:
    """The fair has leads and no orders: asked beside leads, revenue once got a row for it."""
    made = company({"orders": ORDERS, "leads": LEADS})
    revenue, leads = made.results(["revenue", "leads"], "2024-01", None, "channel", "").results
    assert revenue.members == (("shop",), ("web",))
    assert leads.members == (("fair",),)


def test_a_neighbour_that_looks_further_back_adds_no_members() -> None:
    """In December only the market sold: revenue of January does not name it, whatever else is asked."""
    old = {"order_id": "0", "ordered_at": "2023-12-05", "net_amount": "9", "salesperson": "S", "channel": "market"}
    made = company({"orders": [old, *ORDERS]})
    revenue, growth = made.results(["revenue", "revenue - prior(revenue)"], "2024-01", None, "channel", "").results
    assert revenue.members == (("shop",), ("web",))
    assert ("market",) in growth.members
