"""Facts that share dimensions: a peer that joined orders with sessions multiplied the orders 65 times, in silence.

Here five facts share a region and a channel. Each is aggregated alone, so that no number depends on what else is asked.
"""

from __future__ import annotations

import pytest
from asking import Company, company

from sanjeh.errors import QuestionError

ROWS = {
    "orders": """
        order_id, ordered_at, net_amount, customer_id, region, channel
        1, 2024-03-02, 100, A, north, web
        2, 2024-03-03, 50, A, north, shop
        3, 2024-03-09, 30, B, south, web
        4, 2024-03-12, 20, , , web
    """,
    "customers": """
        customer_id, created_at, region
        A, 2024-01-01, north
        B, 2024-01-01, south
        C, 2024-01-01, north
    """,
    "leads": """
        lead_id, created_at, channel, customer_id
        1, 2024-03-01, web, A
        2, 2024-03-05, web, A
        3, 2024-03-07, shop, B
        4, 2024-03-08, shop,
    """,
    "tickets": """
        ticket_id, opened_at, customer_id
        1, 2024-03-01, A
        2, 2024-03-02, A
        3, 2024-03-03, C
        4, 2024-03-04, B
    """,
    "web_sessions": """
        session_id, started_at, customer_id, visitor_id
        1, 2024-03-01, A, v1
        2, 2024-03-01, A, v1
        3, 2024-03-02, B, v2
        4, 2024-03-02, , v3
    """,
    "invoices": """
        invoice_id, issued_at, amount, customer_id
        1, 2024-03-01, 110, A
        2, 2024-03-09, 33, B
    """,
}
FORMULAS = ("revenue", "buyers", "leads", "tickets_opened", "sessions", "visitors", "credit_sales")


@pytest.fixture
def shop() -> Company:
    """The company of five facts."""
    return company(ROWS)


def by_hand(shop: Company, sql: str) -> dict[str | None, float]:
    """Member to number, by SQL written for one fact alone."""
    engine = shop.ground.engine
    return dict(engine.connection.execute(sql).fetchall())  # type: ignore[attr-defined]


OF_CUSTOMER = "left join raw_customers c using (customer_id) group by 1"
BY_REGION = {
    "revenue": "select region, sum(net_amount)::double from raw_orders group by 1",
    "leads": "select c.region, count(*) from raw_leads f left join raw_customers c using (customer_id) group by 1",
    "tickets_opened": f"select c.region, count(*) from raw_tickets f {OF_CUSTOMER}",
    "sessions": f"select c.region, count(*) from raw_web_sessions f {OF_CUSTOMER}",
    "visitors": (
        "select c.region, count(distinct visitor_id) from raw_web_sessions f"
        " left join raw_customers c using (customer_id) group by 1"
    ),
    "credit_sales": (f"select c.region, sum(amount)::double from raw_invoices f {OF_CUSTOMER}"),
}


@pytest.mark.parametrize("formula", BY_REGION)
def test_each_fact_by_region_is_what_its_own_sql_says(shop: Company, formula: str) -> None:
    """The region is the row's own or its customer's; rows without one are the empty member."""
    found = {member: value for (_, member), value in shop.ask(formula, "2024-03", by="region").items() if value}
    assert found == by_hand(shop, BY_REGION[formula])


def test_asked_together_each_is_what_it_is_alone(shop: Company) -> None:
    """Seven measures of five facts in one question, by one of the shared dimensions."""
    together = shop.results(FORMULAS, "2024-03", None, "region", "")
    for formula, result in zip(FORMULAS, together.results, strict=True):
        found = {point.members["region"]: point.value for point in result.points()}
        alone = {member: value for (_, member), value in company(ROWS).ask(formula, "2024-03", by="region").items()}
        assert {member: found[member] for member in alone} == alone
        assert not any(value for member, value in found.items() if member not in alone)


def test_a_total_is_not_changed_by_a_dimension_beside_it(shop: Company) -> None:
    """What adds up sums to the same total by region, by channel and by both."""
    assert shop.one("revenue", "2024-03") == 200
    for by in ("region", "channel", "region,channel"):
        assert sum(shop.ask("revenue", "2024-03", by=by).values()) == 200  # type: ignore[arg-type]


def test_a_dimension_on_the_many_side_is_refused(shop: Company) -> None:
    """Customers by the channel of their orders would count a customer once for each; the error says which and why."""
    with pytest.raises(QuestionError) as caught:
        shop.ask("closing(active_customers)", "2024-03", by="channel")
    (issue,) = caught.value.issues
    assert issue.code == "unreachable_dimension"
    assert issue.data["dimension"] == "channel"
    with pytest.raises(QuestionError) as caught:
        shop.ask("tickets_opened", "2024-03", where="channel == 'web'")
    assert caught.value.issues[0].code == "unreachable_dimension"


def test_a_relation_that_is_not_asked_for_is_not_joined(shop: Company) -> None:
    """A peer executed every declared join and ran out of memory; tickets alone read tickets alone."""
    shop.one("tickets_opened", "2024-03")
    assert {name for name in ROWS if shop.reads(name)} == {"tickets"}
    shop.ask("tickets_opened", "2024-03", by="region")
    assert {name for name in ROWS if shop.reads(name)} == {"tickets", "customers"}
