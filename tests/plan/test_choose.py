"""Choosing a binding: the first that lacks nothing; what is wanting is named as a source could give it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.plan import Held, Holdings, choose_binding, missing_for
from sanjeh.plan.choose import names_in

CATALOGUE = load_catalogue()
SETTINGS = CATALOGUE.settings()


def shop(**entities: str) -> Holdings:
    """Holdings of entities with their columns."""
    return Holdings(
        {name: Held(frozenset(columns.split()), 1, {"x": date(2024, 1, 1)}) for name, columns in entities.items()}
    )


def chosen(measure: str, holdings: Holdings, **settings: str) -> str | None:
    """The entity that feeds the measure."""
    values = {**SETTINGS, **settings}
    binding = choose_binding(CATALOGUE.measures[measure], CATALOGUE, holdings, values)
    return binding.entity if binding else None


def lacks(measure: str, holdings: Holdings) -> tuple[str, ...]:
    """What the measure lacks."""
    return missing_for(CATALOGUE.measures[measure], CATALOGUE, holdings, SETTINGS)


ORDERS = "order_id ordered_at net_amount"


def test_the_first_binding_that_lacks_nothing_feeds_the_measure() -> None:
    """Orders before the ledger; the ledger where there are no orders; nothing where there is neither."""
    ledger = "booked_at account_class amount"
    assert chosen("revenue", shop(orders=ORDERS, ledger=ledger)) == "orders"
    assert chosen("revenue", shop(ledger=ledger)) == "ledger"
    assert chosen("revenue", shop()) is None
    assert lacks("revenue", shop()) == ("orders",)


def test_a_binding_of_a_setting_comes_before_the_others() -> None:
    """By contract, new customers are those of contracts, though orders are there."""
    both = shop(orders=f"{ORDERS} customer_id", contracts="contract_id customer_id starts_on ends_on")
    assert chosen("new_customers", both) == "orders"
    assert chosen("new_customers", both, customer_basis="contracts") == "contracts"
    assert chosen("new_customers", shop(orders=f"{ORDERS} customer_id"), customer_basis="contracts") is None


@pytest.mark.parametrize(
    ("measure", "holdings", "missing"),
    [
        ("buyers", shop(orders=ORDERS), ("orders.customer_id",)),
        ("mqls", shop(leads="lead_id created_at"), ("leads.mql_at",)),
        ("items_sold", shop(orders=ORDERS), ("order_lines",)),
        ("items_sold", shop(order_lines="order_id product_id quantity"), ("orders",)),
        ("contract_annual_value", shop(contracts="customer_id signed_at starts_on ends_on"), ("contracts.value",)),
        ("active_customers", shop(customers="customer_id"), ("orders",)),
        ("receivables", shop(invoices="issued_at amount"), ("invoices.paid_at",)),
        ("training_hours", shop(), ("observations.training_hours",)),
    ],
)
def test_what_is_missing_is_named_as_a_table_or_a_column(
    measure: str, holdings: Holdings, missing: tuple[str, ...]
) -> None:
    """Never a derived column that no file could hold."""
    assert lacks(measure, holdings) == missing


def test_ready_numbers_serve_instead_of_rows() -> None:
    """A measure that somebody states lacks nothing, and no binding feeds it."""
    stated = replace(shop(), observed=frozenset({"leads"}))
    assert lacks("leads", stated) == ()
    assert chosen("leads", stated) is None


def test_what_weighs_customers_needs_to_know_whose_it_is() -> None:
    """Revenue of the ledger is nobody's: the revenue base asks for orders."""
    ledger = shop(ledger="booked_at account_class amount", contracts="customer_id starts_on ends_on")
    values = {**SETTINGS, "customer_basis": "contracts"}
    assert missing_for(CATALOGUE.measures["revenue_base"], CATALOGUE, ledger, values) == ("orders",)


def test_only_what_may_be_a_column_is_taken_for_one() -> None:
    """Neither parameters nor functions nor quoted text."""
    assert names_in("lower(a) = 'b' and order.c in (:list) and d between 1 and 2") == (
        "a",
        "and",
        "order.c",
        "d",
        "between",
    )
