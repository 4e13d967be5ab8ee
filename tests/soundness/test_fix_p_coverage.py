"""Coverage has a beginning and an end, and is each row's own: beyond it, nothing sold is not known to be zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from .asking import Company, company

ORDERS = [{"order_id": "1", "ordered_at": "2024-03-05", "net_amount": "10", "customer_id": "a"}]


def with_held(made: Company, entity: str, **changes: Any) -> Company:
    """The company, of whose entity something else is known."""
    held = replace(made.ground.holdings.entities[entity], **changes)
    holdings = replace(made.ground.holdings, entities={**made.ground.holdings.entities, entity: held})
    return replace(made, ground=replace(made.ground, holdings=holdings))


def test_months_before_the_first_order_have_the_stated_number() -> None:
    """Revenue was stated by the month until orders were kept, from March on: January and February were no_data."""
    stated = [
        {"measure": "revenue", "date": f"2024-0{n}-01", "grain": "month", "value": f"{n}00", **scope}
        for n in (1, 2, 3)
        for scope in ({}, {"region": "North"})
    ]
    made = company({"orders": [{**ORDERS[0], "region": "North"}], "observations": stated})
    assert [made.one("revenue", f"2024-0{n}") for n in (1, 2, 3)] == [100.0, 200.0, 10.0]
    assert made.one("revenue", "2023-12") == "no_data"
    assert made.ask("revenue", "2024-02", by="region")["2024-02", "North"] == 200.0


@pytest.mark.parametrize(
    ("known", "april", "may"),
    [
        ({}, 0.0, 0.0),
        ({"covers_to": date(2024, 4, 10)}, 0.0, "no_data"),
        ({"imported_on": date(2024, 4, 10)}, 0.0, "no_data"),
        ({"covers_to": date(2024, 5, 10), "imported_on": date(2024, 4, 10)}, 0.0, "no_data"),
        ({"covers_to": date(2024, 1, 10)}, "no_data", "no_data"),
    ],
)
def test_after_the_last_import_nothing_is_known(known: dict[str, date], april: float | str, may: float | str) -> None:
    """The order of March counts whatever a source says; April without rows is zero where the source had come so far."""
    made = with_held(company({"orders": ORDERS}), "orders", **known)
    assert [made.one("revenue", f"2024-0{n}") for n in (3, 4, 5)] == [10.0, april, may]


def test_an_empty_column_of_first_orders_says_nothing_of_them() -> None:
    """The column is there and no row has a value: a customer of March may still have bought before the data."""
    customers = [{"customer_id": "a", "first_order_at": "2024-03-05"}]
    made = company({"orders": ORDERS, "customers": customers})
    assert "provisional" not in made.marks("returning_customers", "2024-04")
    empty = with_held(made, "customers", empty=frozenset({"first_order_at"}))
    assert "provisional" in empty.marks("returning_customers", "2024-04")


RIVALS = [
    {"date": "2024-01-01", "amount": "100", "competitor": "A", "grain": "month"},
    {"date": "2024-01-01", "amount": "900", "competitor": "B", "grain": "quarter"},
]


def test_a_rivals_month_is_its_own_though_another_states_quarters() -> None:
    """A states months and B quarters: January of A is 100, of B and of both together it cannot be told."""
    made = company({"competitor_spend": RIVALS})
    found = made.ask("competitor_ad_spend", "2024-01", by="competitor")
    assert found == {("2024-01", "A"): 100.0, ("2024-01", "B"): "incomparable"}
    assert made.one("competitor_ad_spend", "2024-01") == "incomparable"
    assert made.one("competitor_ad_spend", "2024-01", where="competitor == 'A'") == 100.0
    assert made.one("competitor_ad_spend", "2024-01", where="competitor != 'A'") == "incomparable"
    assert made.one("competitor_ad_spend", "2024-Q1") == 1000.0
