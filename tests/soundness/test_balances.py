"""Balances: on random rows each is what plain Python counts, and every month opens with what the one before closed."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest
from asking import Company, company
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import months

FIRST = date(2024, 1, 1)
SPANS = months(FIRST, 4)
LABELS = [f"2024-{n:02d}" for n in range(1, 5)]
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAY = st.integers(0, 120).map(lambda n: FIRST + timedelta(n))
Row = dict[str, Any]


def text(rows: list[Row]) -> list[dict[str, str]]:
    """The rows as cells of a file."""
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]


def closings(asked: Company, formula: str) -> list[float | str]:
    """The state at each month's end, having checked that it is the state at the next one's start."""
    ends = list(asked.ask(f"closing({formula})", LABELS[0], LABELS[-1]).values())
    starts = list(asked.ask(f"opening({formula})", LABELS[0], LABELS[-1]).values())
    assert starts[1:] == ends[:-1], formula
    return ends


INVOICES = st.lists(
    st.fixed_dictionaries({"issued_at": DAY, "paid_at": st.one_of(st.none(), DAY), "amount": st.integers(1, 99)}),
    max_size=8,
)


@given(INVOICES)
@FEW
def test_receivables_are_what_is_issued_before_and_not_paid_before(invoices: list[Row]) -> None:
    """Also where an invoice was paid before it was issued: it never was open."""
    rows: list[Row] = [{"issued_at": FIRST, "paid_at": None, "amount": 1}, *invoices]
    asked = company({"invoices": [{"invoice_id": str(n), **row} for n, row in enumerate(text(rows))]})
    expected = [
        sum(row["amount"] for row in rows if row["issued_at"] < e and (row["paid_at"] is None or row["paid_at"] >= e))
        for _, e in SPANS
    ]
    assert closings(asked, "receivables") == expected


STATED = st.lists(
    st.fixed_dictionaries({"date": DAY, "account": st.sampled_from("ab"), "followers": st.integers(1, 99)}),
    min_size=1,
    max_size=8,
    unique_by=lambda row: (row["date"], row["account"]),
)


@given(STATED)
@FEW
def test_followers_are_the_last_statement_of_each_account_not_older_than_a_month(stated: list[Row]) -> None:
    """Accounts add up; one that was not stated for 31 days is left out, all of them: no data."""
    expected: list[float | str] = []
    for _, e in SPANS:
        recent = [row for row in stated if e - timedelta(31) <= row["date"] < e]
        last = {row["account"]: row["followers"] for row in sorted(recent, key=lambda row: row["date"])}
        expected.append(sum(last.values()) if last else "no_data")
    first = min(row["date"] for row in stated)
    found = closings(company({"social_daily": text(stated)}), "followers")
    assert found == [value if e > first else "no_data" for value, (_, e) in zip(expected, SPANS, strict=True)]


DEALS = st.lists(
    st.fixed_dictionaries({"created_at": DAY, "closed_at": st.one_of(st.none(), DAY), "outcome": st.just("open")}),
    max_size=6,
)
CONTACTS = st.lists(
    st.fixed_dictionaries({"deal": st.integers(0, 6), "contacted_at": DAY, "is_automatic": st.booleans()}), max_size=8
)


@given(DEALS, CONTACTS)
@FEW
def test_neglected_deals_are_open_ones_without_a_word_for_two_weeks(deals: list[Row], contacts: list[Row]) -> None:
    """The last contact that a person made before the instant counts, and the deal's creation."""
    every: list[Row] = [{"created_at": FIRST, "closed_at": None, "outcome": "open"}, *deals]
    rows = {
        "deals": [{"deal_id": str(n), **row} for n, row in enumerate(text(every))],
        "deal_contacts": [
            {"contact_id": str(n), "deal_id": row.pop("deal"), **row} for n, row in enumerate(text(contacts))
        ],
    }
    asked = company(rows)
    is_open = [
        [
            n
            for n, row in enumerate(every)
            if row["created_at"] < e and (row["closed_at"] is None or row["closed_at"] >= e)
        ]
        for _, e in SPANS
    ]
    assert closings(asked, "open_deals") == [len(found) for found in is_open]
    neglected = []
    for found, (_, e) in zip(is_open, SPANS, strict=True):
        words = {
            n: max(
                [every[n]["created_at"]]
                + [
                    c["contacted_at"]
                    for c in contacts
                    if c["deal"] == n and not c["is_automatic"] and c["contacted_at"] < e
                ]
            )
            for n in found
        }
        neglected.append(sum(1 for last in words.values() if last < e - timedelta(14)))
    assert closings(asked, "neglected_deals") == neglected


ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "ordered_at": DAY,
            "net_amount": st.integers(1, 99),
            "customer_id": st.sampled_from(["A", "B", "C", None]),
            "product": st.sampled_from("pqrs"),
            "quantity": st.integers(1, 3),
        }
    ),
    min_size=1,
    max_size=10,
)


@given(ORDERS)
@FEW
def test_loyal_customers_their_weight_and_popular_products(orders: list[Row]) -> None:
    """Two orders within 40 days make loyal, the base is 30 days' revenue, the best half of the products is popular."""
    parameters = {
        "loyal_min_orders": 2,
        "loyal_window_days": 40,
        "base_window_days": 30,
        "popular_window_days": 40,
        "popular_share": 0.5,
    }
    start: Row = {"ordered_at": FIRST, "net_amount": 1, "customer_id": "Z", "product": "p", "quantity": 1}
    every = [start, *orders]
    lines = [
        {
            "order_id": str(n),
            "product_id": str(r["product"]),
            "quantity": str(r["quantity"]),
            "net_amount": str(r["net_amount"]),
        }
        for n, r in enumerate(every)
    ]
    heads = [
        {"order_id": str(n), **{k: v for k, v in row.items() if k not in ("product", "quantity")}}
        for n, row in enumerate(text(every))
    ]
    asked = company({"orders": heads, "order_lines": lines}, parameters=parameters)
    loyal, base, popular = [], [], []
    for _, e in SPANS:
        window = [row for row in every if e - timedelta(90) <= row["ordered_at"] < e and row["customer_id"]]
        active = {row["customer_id"] for row in window}
        recent = [row for row in window if row["ordered_at"] >= e - timedelta(40)]
        several = {c for c in active if sum(1 for row in recent if row["customer_id"] == c) >= 2}
        loyal.append(len(several))
        base.append(sum(row["net_amount"] for row in window if row["ordered_at"] >= e - timedelta(30)))
        sold = {row["product"] for row in every if e - timedelta(40) <= row["ordered_at"] < e}
        popular.append(math.ceil(0.5 * len(sold)))
    assert closings(asked, "loyal_customers") == loyal
    assert closings(asked, "revenue_base") == base
    assert closings(asked, "popular_products") == popular


@given(ORDERS)
@FEW
def test_the_popular_products_are_the_best_by_sales_then_units_then_name(orders: list[Row]) -> None:
    """Their sales in the month after they were chosen."""
    parameters = {"popular_window_days": 60, "popular_share": 0.5}
    lines = [
        {
            "order_id": str(n),
            "product_id": str(r["product"]),
            "quantity": str(r["quantity"]),
            "net_amount": str(r["net_amount"]),
        }
        for n, r in enumerate(orders)
    ]
    heads = [{"order_id": str(n), "ordered_at": str(r["ordered_at"]), "net_amount": "0"} for n, r in enumerate(orders)]
    asked = company({"orders": heads, "order_lines": lines}, parameters=parameters)
    expected = []
    for s, e in SPANS:
        before = [row for row in orders if s - timedelta(60) <= row["ordered_at"] < s]
        rank = {
            name: (
                -sum(row["net_amount"] for row in before if row["product"] == name),
                -sum(row["quantity"] for row in before if row["product"] == name),
                name,
            )
            for name in {str(row["product"]) for row in before}
        }
        best = sorted(rank, key=lambda name: rank[name])[: math.ceil(0.5 * len(rank))]
        expected.append(sum(r["net_amount"] for r in orders if r["product"] in best and s <= r["ordered_at"] < e))
    first = min(row["ordered_at"] for row in orders)
    found = list(asked.ask("popular_sales", LABELS[0], LABELS[-1]).values())
    assert found == [
        pytest.approx(value) if e > first else "no_data" for value, (_, e) in zip(expected, SPANS, strict=True)
    ]


CONTRACTS = st.lists(
    st.fixed_dictionaries({"customer_id": st.sampled_from("ABC"), "starts_on": DAY, "length": st.integers(1, 60)}),
    min_size=1,
    max_size=6,
)


@given(CONTRACTS)
@FEW
def test_customers_by_contract_and_their_run_rate(contracts: list[Row]) -> None:
    """A term runs after its first day's start, up to and with its end; yearly value is value over days."""
    ends = [row["starts_on"] + timedelta(row["length"]) for row in contracts]
    rows = [
        {
            "contract_id": str(n),
            "customer_id": str(row["customer_id"]),
            "starts_on": str(row["starts_on"]),
            "ends_on": str(end),
            "value": "365",
        }
        for n, (row, end) in enumerate(zip(contracts, ends, strict=True))
    ]
    asked = company({"contracts": rows}, parameters={"customer_basis": "contracts"})
    first = min(row["starts_on"] for row in contracts)
    customers: list[object] = []
    rates: list[object] = []
    for _, e in SPANS:
        running = [row for row, end in zip(contracts, ends, strict=True) if row["starts_on"] < e <= end]
        customers.append(len({row["customer_id"] for row in running}) if e > first else "no_data")
        rate = sum(365 * 365 / row["length"] for row in running)
        rates.append(pytest.approx(rate) if e > first else "no_data")
    assert closings(asked, "active_customers") == customers
    assert closings(asked, "contract_run_rate") == rates
