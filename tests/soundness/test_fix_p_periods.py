"""Moved spans: each once ended on another day than its calendar's, or looked past what is known."""

from __future__ import annotations

from datetime import date

import pytest

from sanjeh.errors import QuestionError

from .asking import Company, company


def orders(*given: tuple[str, str]) -> dict[str, list[dict[str, str]]]:
    """Orders: (day, amount)."""
    return {
        "orders": [
            {"order_id": str(n), "ordered_at": day, "net_amount": amount, "customer_id": "a"}
            for n, (day, amount) in enumerate(given)
        ]
    }


def test_sales_are_counted_back_over_whole_earlier_periods() -> None:
    """On 10 February 3500 is owed; 500 was invoiced in these 10 days and 3000 in the 31 of January: 41 days."""
    rows = [("2023-12-05", "70"), ("2024-01-25", "3000"), ("2024-02-05", "500")]
    paid = {"2023-12-05": "2024-01-02"}
    invoices = [
        {"invoice_id": str(n), "issued_at": day, "amount": amount, "paid_at": paid.get(day, "")}
        for n, (day, amount) in enumerate(rows)
    ]
    made = company({"invoices": invoices}, as_of=date(2024, 2, 10))
    assert made.one("count_back(receivables, credit_sales)", "2024-02") == pytest.approx(41)


def test_marks_of_the_sales_counted_back_are_kept() -> None:
    """New customers of January may have come before the data began: what is measured by them says so."""
    rows = {**orders(("2024-01-25", "5"), ("2024-02-01", "5")), "invoices": [
        {"invoice_id": "1", "issued_at": "2024-01-01", "amount": "1", "paid_at": ""}
    ]}  # fmt: skip
    assert "provisional" in company(rows).marks("count_back(receivables, new_customers)", "2024-02")


LEAP = orders(("2023-01-01", "1"), ("2023-12-31", "2"), ("2024-01-01", "4"), ("2024-12-31", "8"), ("2025-03-01", "9"))


@pytest.mark.parametrize(
    ("formula", "period", "value"),
    [
        ("year_to_date(year_ago(revenue))", "2024-12", 3.0),
        ("year_ago(year_to_date(revenue))", "2024-12", 3.0),
        ("year_to_date(year_ago(revenue))", "2025-12", 12.0),
        ("to_date(year_ago(revenue))", "2025-03", 7.0),
        ("to_date(prior(revenue))", "2024-12", 7.0),
        ("to_date(lagged(revenue, 31))", "2025-01", 15.0),
        ("rolling(to_date(revenue), 3)", "2024-01", 7.0),
    ],
)
def test_a_span_moves_by_the_calendars_year_and_keeps_its_beginning(formula: str, period: str, value: float) -> None:
    """Of 2023 there are 1 and 2, on its first and last day; of 2024 4 and 8."""
    assert company(LEAP).one(formula, period) == value


def test_a_week_belongs_to_the_year_that_holds_most_of_it() -> None:
    """The first week of 2024 begins on 30 December: of the year to date it has 1 January, not all of 2023."""
    made = company(LEAP)
    assert made.calendar.parse_period("2024-W01").start == date(2023, 12, 30)
    assert made.one("year_to_date(revenue)", "2024-W01") == 4.0
    assert made.one("year_to_date(revenue)", "2024-W02") == 4.0


def test_a_week_cut_before_its_year_begins_has_its_own_days() -> None:
    rows = orders(("2023-01-01", "1"), ("2023-12-30", "2"))
    assert company(rows, as_of=date(2023, 12, 31)).one("year_to_date(revenue)", "2024-W01") == 2.0


def open_january() -> Company:
    """Orders of 5 and 25 January, known up to the 10th."""
    return company(orders(("2023-12-05", "3"), ("2024-01-05", "10"), ("2024-01-25", "100")), as_of=date(2024, 1, 10))


@pytest.mark.parametrize("formula", ["prior(revenue)", "rolling(revenue, 2)", "lagged(revenue, 31)"])
def test_the_month_before_a_coming_one_ends_with_what_is_known(formula: str) -> None:
    """February's prior is January so far, and says so; the order of the 25th is not known on the 10th."""
    made = open_january()
    assert made.one(formula, "2024-02") == 10.0
    assert "partial" in made.marks(formula, "2024-02")


def test_all_there_was_up_to_a_coming_month_is_what_is_known() -> None:
    made = open_january()
    assert made.one("to_date(revenue)", "2024-02") == 13.0
    assert made.one("prior(revenue)", "2024-03") == "not_yet"


def test_a_mean_over_all_the_days_since_the_year_one_is_refused() -> None:
    """It asked 738 thousand days of the database."""
    rows = {"user_activity": [{"user_id": "a", "active_at": "2024-01-05"}]}
    with pytest.raises(QuestionError) as caught:
        company(rows).one("to_date(daily(active_users))", "2024-01")
    assert caught.value.issues[0].code == "too_many_days"
    assert company(rows).one("daily(active_users)", "2024-02") == 0.0
