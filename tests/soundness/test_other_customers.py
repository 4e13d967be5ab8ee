"""Customers by contract, first purchases before the data, second bindings, survey answers: what few companies have."""

from __future__ import annotations

from datetime import date

import pytest
from asking import company

CONTRACTS = """
    contract_id, customer_id, starts_on, ends_on, value, region
    1, A, 2024-01-10, 2024-04-10, 90, north
    2, B, 2024-02-01, 2024-03-01, 29, south
    3, B, 2024-03-01, 2024-05-01, 61, south
    4, C, 2024-03-15, 2024-03-31, 16, north
    5, D, 2023-01-01, 2024-02-10, 40, north
    6, D, 2024-03-20, 2024-06-20, 92, north
"""
BY_CONTRACT = {"customer_basis": "contracts"}


def test_customers_by_contract_are_those_whose_term_runs_at_the_instant() -> None:
    """At 1 March: A and B (whose first term ends that day and whose second begins); at 1 April: A, B and D."""
    shop = company({"contracts": CONTRACTS}, parameters=BY_CONTRACT)
    assert list(shop.ask("opening(active_customers)", "2024-02", "2024-04").values()) == [2, 2, 3]
    assert list(shop.ask("closing(active_customers)", "2024-02", "2024-04").values()) == [2, 3, 2]


def test_by_contract_new_lost_kept_and_back_are_counted_by_terms() -> None:
    """February: B new, D lost. March: C came and went within it, D came back."""
    shop = company({"contracts": CONTRACTS}, parameters=BY_CONTRACT)
    assert list(shop.ask("new_customers", "2024-02", "2024-03").values()) == [1, 1]
    assert list(shop.ask("customers_lost", "2024-02", "2024-04").values()) == [1, 0, 1]
    assert list(shop.ask("retained_customers", "2024-02", "2024-04").values()) == [1, 2, 2]
    assert list(shop.ask("reactivated_customers", "2024-02", "2024-04").values()) == [0, 1, 0]


def test_by_contract_orders_decide_nothing_and_nothing_is_provisional() -> None:
    """An order of E makes no customer; a first term is known, so the first months are not in doubt."""
    rows = {"contracts": CONTRACTS, "orders": "order_id, ordered_at, net_amount, customer_id\n1, 2024-02-02, 5, E"}
    shop = company(rows, parameters=BY_CONTRACT)
    assert shop.one("closing(active_customers)", "2024-02") == 2
    assert shop.marks("new_customers", "2024-02") == ()
    assert company(rows).marks("new_customers", "2024-02") == ("provisional",)


def test_the_run_rate_is_that_of_terms_that_run() -> None:
    """A's 90 over 91 days and B's are yearly amounts; a term that ends on the instant's own day still runs."""
    shop = company({"contracts": CONTRACTS}, parameters=BY_CONTRACT)
    expected = 90 * 365 / 91 + 61 * 365 / 61 + 92 * 365 / 92
    assert shop.one("closing(contract_run_rate)", "2024-03") == pytest.approx(expected)
    assert shop.one("opening(contract_run_rate)", "2024-04") == pytest.approx(expected)


def test_what_customers_are_worth_needs_orders_even_by_contract() -> None:
    """A ledger does not know whose revenue it books: the base was zero, where it cannot be known."""
    ledger = "booked_at, account_class, amount\n2024-01-15, revenue, 1000"
    shop = company({"contracts": CONTRACTS, "ledger": ledger}, parameters=BY_CONTRACT)
    assert shop.one("opening(revenue_base)", "2024-03") == "no_data"


def test_a_weight_is_taken_before_the_instant_of_the_state() -> None:
    """The base at a month's end is the base at the next one's start: 100 at 1 February, 100 + 40 at 1 March."""
    rows = """
        order_id, ordered_at, net_amount, customer_id
        1, 2024-01-10, 100, A
        2, 2024-02-10, 40, B
    """
    shop = company({"orders": rows})
    assert list(shop.ask("opening(revenue_base)", "2024-02", "2024-03").values()) == [100, 140]
    assert list(shop.ask("closing(revenue_base)", "2024-01", "2024-02").values()) == [100, 140]


EARLY = {
    "orders": """
        order_id, ordered_at, net_amount, customer_id
        1, 2024-01-05, 10, A
        2, 2024-01-06, 10, B
        3, 2024-02-06, 10, B
        4, 2024-02-07, 10, C
    """,
    "customers": """
        customer_id, created_at, first_order_at
        A, 2020-01-01, 2021-06-01
        B, 2024-01-01,
        C, 2024-01-01, 2024-02-07
    """,
}


def test_a_first_order_that_is_stated_wins_over_the_first_in_the_data() -> None:
    """A has bought since 2021: not new in January, but returning; without the statement A would be new."""
    shop = company(EARLY)
    assert list(shop.ask("new_customers", "2024-01", "2024-02").values()) == [1, 1]
    assert list(shop.ask("returning_customers", "2024-01", "2024-02").values()) == [1, 1]
    assert shop.one("to_date(new_customers)", "2024-02") == 3
    assert shop.marks("new_customers", "2024-01") == ()
    assert company({"orders": EARLY["orders"]}).one("new_customers", "2024-01") == 2


def test_new_and_returning_are_buyers_also_where_first_orders_are_stated() -> None:
    """The identity holds whichever source says who is new."""
    shop = company(EARLY)
    for month in ("2024-01", "2024-02"):
        assert shop.one("new_customers + returning_customers - buyers", month) == 0


def test_who_has_bought_before_the_data_begins_comes_back_and_is_not_new() -> None:
    """January: B is new and A (since 2021) came back, so that closing = opening + new + back - lost = 0 + 1 + 1 - 0.

    A was neither: the first row in the data was taken for the first order there, and the stated one elsewhere.
    """
    shop = company(EARLY)
    assert shop.one("reactivated_customers", "2024-01") == 1
    assert shop.one("closing(active_customers)", "2024-01") == 2


def test_a_second_binding_serves_only_where_the_first_has_no_rows() -> None:
    """Revenue of the ledger counts while there is no order, and never beside orders."""
    ledger = "booked_at, account_class, amount\n2024-01-15, revenue, 1000\n2024-01-16, cogs, 300"
    orders = "order_id, ordered_at, net_amount\n1, 2024-01-05, 10"
    assert company({"ledger": ledger}).one("revenue", "2024-01") == 1000
    assert company({"ledger": ledger}).one("revenue - cogs", "2024-01") == 700
    assert company({"ledger": ledger, "orders": orders}).one("revenue", "2024-01") == 10


def test_daily_totals_serve_for_visits_and_stated_visitors_are_never_added() -> None:
    """Sessions of the days add up; the visitors of two days are not those of the month."""
    daily = "date, sessions, visitors\n2024-01-01, 10, 8\n2024-01-02, 20, 15"
    shop = company({"web_daily": daily})
    assert shop.one("sessions", "2024-01") == 30
    assert shop.one("visitors", "2024-01") == "incomparable"
    assert shop.one("visitors", "2024-01-02") == 15


ANSWERS = """
    response_id, answered_at, customer_id, survey, nps
    1, 2024-01-05, A, spring, 3
    2, 2024-01-20, A, spring, 10
    3, 2024-01-21, A, other, 0
    4, 2024-02-02, A, spring, 7
    5, 2024-01-09, , spring, 9
    6, 2024-01-09, , spring, 9
    7, 2024-01-10, B, spring, 2
    8, 2024-01-11, B, spring,
"""


def test_a_persons_last_answer_to_a_survey_counts_once_in_each_span() -> None:
    """January: A's 10 and 0, two 9s of nobody in particular, and B's last answer without a number: 3 against 1."""
    shop = company({"survey_responses": ANSWERS})
    assert shop.one("survey_responses_received", "2024-01") == 5
    assert shop.one("promoters", "2024-01") == 3
    assert shop.one("detractors", "2024-01") == 1
    assert shop.one("nps_responses", "2024-01") == 4


def test_over_a_longer_span_the_last_answer_is_chosen_again() -> None:
    """In the quarter A's last answer to spring is the 7 of February, so that A is no promoter any more."""
    shop = company({"survey_responses": ANSWERS})
    assert shop.one("promoters", "2024-Q1") == 2
    assert shop.one("survey_responses_received", "2024-Q1") == 5


def test_a_refund_restates_the_month_of_its_order_and_a_stray_one_its_own() -> None:
    """100 less 30 in January, whenever it was given back; 5 of an order nobody knows in March."""
    rows = {
        "orders": "order_id, ordered_at, net_amount, customer_id\n1, 2024-01-05, 100, A\n2, 2024-03-05, 50, A",
        "refunds": "refund_id, refunded_at, amount, order_id\n1, 2024-03-01, 30, 1\n2, 2024-03-02, 5, gone",
    }
    shop = company(rows)
    assert list(shop.ask("revenue", "2024-01", "2024-03").values()) == [70, 0, 45]
    assert list(shop.ask("orders", "2024-01", "2024-03").values()) == [1, 0, 1]
    assert list(shop.ask("sales - refund_amount", "2024-01", "2024-03").values()) == [100, 0, 15]
    assert shop.one("buyers", "2024-03") == 1


def test_a_balance_carries_its_last_statement_and_not_for_ever() -> None:
    """Followers stated on 5 January stand at the month's end, and 31 days later no more; accounts add up."""
    rows = """
        date, account, followers
        2024-01-05, a, 100
        2024-01-20, a, 110
        2024-01-05, b, 7
    """
    shop = company({"social_daily": rows})
    assert list(shop.ask("closing(followers)", "2024-01", "2024-03").values()) == [117, "no_data", "no_data"]
    assert shop.one("closing(followers)", "2024-02-05") == 110
    assert shop.one("opening(followers)", "2024-02") == 117


def test_an_open_item_is_open_until_the_end_of_the_day_it_is_closed() -> None:
    """Issued on the 1st, paid on the 20th: open at every instant after the 1st up to and with the 20th's start."""
    rows = "invoice_id, issued_at, amount, paid_at\n1, 2024-01-01, 100, 2024-01-20\n2, 2024-01-10, 5,"
    shop = company({"invoices": rows})
    assert [shop.one("closing(receivables)", f"2024-01-{day:02d}") for day in (1, 9, 10, 19, 20, 21)] == [
        *(100, 100, 105, 105, 5, 5)
    ]
    assert shop.one("opening(receivables)", "2024-01-20") == 105


def test_an_open_period_cuts_a_balance_at_what_is_known() -> None:
    """On 15 January the month's closing is the state at the end of that day."""
    rows = "invoice_id, issued_at, amount, paid_at\n1, 2024-01-01, 100, 2024-01-20\n2, 2024-01-10, 5,"
    shop = company({"invoices": rows}, as_of=date(2024, 1, 15))
    assert shop.one("closing(receivables)", "2024-01") == 105
    assert shop.marks("closing(receivables)", "2024-01") == ("partial",)
