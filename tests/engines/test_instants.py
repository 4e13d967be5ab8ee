"""Who belongs when: flags and segments at the instants that a question asks, counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

import sanjeh
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = "order_id,ordered_at,net_amount,customer_id,status\n"
Make = Callable[[Mapping[str, str]], Workspace]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A workspace into which CSV texts by entity were imported; own definitions come under ``kpis``."""

    def made(tables: Mapping[str, str]) -> Workspace:
        folder = tmp_path / "company"
        create_workspace(folder, Settings(language="en", time_zone="UTC", calendar="gregorian"))
        if "kpis" in tables:
            (folder / "kpis" / "own.yaml").write_text(tables["kpis"], encoding="utf-8")
        space = sanjeh.open(folder, today=date(2024, 12, 31))
        for entity, text in tables.items():
            if entity != "kpis":
                path = tmp_path / f"{entity}.csv"
                path.write_text(text, encoding="utf-8")
                report = space.import_files([path], as_entity=entity)
                assert not report.errors, report.errors
        return space

    return made


def test_customers_lost_do_not_change_with_what_else_is_asked(make: Make) -> None:
    # Customer b buys every month, a once: with a balance beside it, the question has more than 62 instants.
    months = [f"{2019 + (n + 3) // 12}-{(n + 3) % 12 + 1:02d}" for n in range(60)]
    orders = [f"b{n},{month}-10,10,b,paid" for n, month in enumerate(months)]
    space = make(
        {
            "kpis": "kpis:\n  - id: receivables_growth\n    name: {en: Growth}\n    description: {en: Growth.}\n"
            "    formula: closing(receivables) - prior(closing(receivables), 3)\n    unit: money\n",
            "orders": "\n".join(
                ["order_id,ordered_at,net_amount,customer_id,status", "a1,2019-05-01,5,a,paid", *orders]
            ),
            "customers": "customer_id,is_key_account\na,true\nb,true\n",
            "invoices": "invoice_id,issued_at,amount,customer_id,paid_at\ni1,2019-05-02,5,a,\n",
        }
    )
    asked = {"since": "2019-04", "until": "2024-03", "where": "is_key_account"}
    alone = space.compute("customers_lost", **asked)  # type: ignore[arg-type]
    both = space.compute("customers_lost", "receivables_growth", **asked)  # type: ignore[arg-type]
    lost = {p.period: p.value for p in alone.points if p.value}
    assert sum(lost.values()) == 1.0
    assert {p.period: p.value for p in both.points if p.kpi == "customers_lost" and p.value} == lost


def test_a_refund_of_an_unknown_order_belongs_to_its_customer(make: Make) -> None:
    space = make(
        {
            "orders": ORDERS + "1,2024-01-05,100,c1,paid\n2,2024-01-06,200,c2,paid\n",
            "customers": "customer_id,segment,is_key_account\nc1,A,true\nc2,B,false\n",
            "refunds": "refund_id,refunded_at,amount,order_id,customer_id\nr1,2024-01-10,30,gone,c1\n",
        }
    )
    frame = space.compute("revenue", every="year", by="segment")
    assert {p.members["segment"]: p.value for p in frame.points} == {"A": 70.0, "B": 200.0}
    assert space.compute("revenue", every="year", where="segment == 'A'").value("revenue", "2024") == 70.0
    assert space.compute("revenue", every="year", where="is_key_account").value("revenue", "2024") == 70.0


def test_a_flag_over_everything_to_date_is_read_at_its_end(make: Make) -> None:
    space = make(
        {
            "orders": "order_id,ordered_at,net_amount,customer_id,status\n1,2024-01-05,100,c1,paid\n"
            "2,2024-01-06,200,c2,paid\n3,2024-02-06,1000,c1,paid\n",
            "customers": "customer_id,is_key_account,key_from\nc1,true,2023-01-01\nc2,true,\nc3,false,\n",
        }
    )
    frame = space.compute(
        "customer_lifetime_value", "repeat_purchase_rate", since="2024-02", until="2024-02", where="is_key_account"
    )
    assert {p.kpi: p.value for p in frame.points} == {"customer_lifetime_value": 650.0, "repeat_purchase_rate": 0.5}


@pytest.mark.parametrize(("day", "expected"), [("2024-01-30", 0.5), ("2024-02-10", 1 / 3), ("2024-03-05", 2 / 3)])
def test_an_outcome_after_the_last_row_is_not_known_before_it_comes(make: Make, day: str, expected: float) -> None:
    space = make(
        {
            "leads": "lead_id,created_at,converted_at\n1,2024-01-05,2024-03-01\n2,2024-01-31,\n"
            "3,2024-01-20,2024-01-25\n",
        }
    )
    frame = space.compute("lead_conversion_rate", since="2024-01", until="2024-01", as_of=day)
    assert [p.value for p in frame.points] == [pytest.approx(expected)]


def test_a_first_day_that_only_a_later_customer_has_makes_no_past_number_sure(make: Make) -> None:
    # What is known of customers before the data begin (first_order_at) came with a customer of February.
    space = make(
        {
            "orders": ORDERS + "1,2024-01-05,5,c1,paid\n2,2024-02-15,5,c2,paid\n",
            "customers": "customer_id,created_at,first_order_at\nc1,2024-01-01,\nc2,2024-02-14,2023-06-01\n",
        }
    )
    (point,) = space.compute("new_customers", since="2024-01", until="2024-01", as_of="2024-01-31").points
    assert (point.value, point.marks) == (1.0, ("provisional",))
