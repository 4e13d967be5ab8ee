"""Marks were once named and never set: a month of which only a part had been imported looked as good as a whole one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from asking import Company, company

ROWS = {
    "orders": """
        order_id, ordered_at, net_amount, customer_id
        1, 2024-01-10, 100, A
        2, 2024-02-10, 50, A
        3, 2024-02-20, 20, B
    """,
    "ledger": """
        entry_id, booked_at, account_class, amount
        1, 2024-01-31, cogs, 10
        2, 2024-03-31, cogs, 30
    """,
    "invoices": "invoice_id, issued_at, amount, paid_at\n1, 2024-01-10, 7,",
}


def imported(days: dict[str, date], **covers: date) -> Company:
    """The company whose files came on those days; ``covers`` says until when an entity is stated to be complete."""
    shop = company(ROWS, as_of=date(2024, 3, 31))
    holdings = shop.ground.holdings
    entities = {
        name: replace(held, imported_on=days.get(name), covers_to=covers.get(name))
        for name, held in holdings.entities.items()
    }
    return Company(replace(shop.ground, holdings=replace(holdings, entities=entities)), shop.calendar)


def test_a_period_that_was_not_over_when_its_last_file_came_is_stale() -> None:
    shop = imported({"orders": date(2024, 2, 25), "ledger": date(2024, 4, 2), "invoices": date(2024, 2, 25)})
    assert shop.one("orders", "2024-02") == 2
    assert [shop.marks("orders", month) for month in ("2024-01", "2024-02")] == [(), ("stale",)]
    assert shop.marks("closing(receivables)", "2024-02") == ("stale",)
    assert shop.marks("opening(receivables)", "2024-02") == ()
    assert shop.one("orders", "2024-03") == "no_data" and shop.marks("orders", "2024-03") == ()
    assert shop.marks("total_cost", "2024-03") == ()
    assert shop.marks("total_cost / orders", "2024-02") == ("stale",)


def test_a_file_of_the_day_after_or_a_stated_end_decides_what_is_known() -> None:
    assert imported({"orders": date(2024, 2, 29)}).marks("orders", "2024-02") == ()
    assert imported({"orders": date(2024, 4, 2)}, orders=date(2024, 2, 22)).marks("orders", "2024-02") == ("stale",)
    # Rows that lie later than what a source states speak for themselves.
    assert imported({"orders": date(2024, 4, 2)}, orders=date(2024, 1, 31)).marks("orders", "2024-01") == ()


@pytest.mark.parametrize(
    ("history", "marked"),
    [
        ("first_row", ["2024-01", "2024-02", "2024-03"]),
        ("2021-01-01", []),
        ("2023-12", ["2024-01", "2024-02"]),
    ],
)
def test_new_customers_are_provisional_until_the_history_is_long_enough(history: str, marked: list[str]) -> None:
    shop = company(ROWS, parameters={"history_from": history})
    months = ["2024-01", "2024-02", "2024-03"]
    assert [month for month in months if "provisional" in shop.marks("new_customers", month)] == marked


def test_the_history_is_told_in_the_calendar_of_the_company() -> None:
    shop = company(ROWS, calendar="jalali", parameters={"history_from": "1402-07-01"})
    assert shop.marks("new_customers", "1402-11") == ()
    assert company(ROWS, calendar="jalali").marks("new_customers", "1402-11") == ("provisional",)
