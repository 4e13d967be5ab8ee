"""Periods: year to date, custom calendars, open and future periods, as peers got them wrong."""

from __future__ import annotations

from datetime import date

import pytest
from asking import company

from sanjeh.errors import QuestionError

YEAR = """
    order_id, ordered_at, net_amount, customer_id
    1, 2024-01-01, 10, A
    2, 2024-01-31, 20, B
    3, 2024-02-29, 40, A
    4, 2024-03-01, 80, C
    5, 2024-03-31, 160, A
"""


def test_year_to_date_is_to_the_end_of_the_month_and_not_to_its_first_day() -> None:
    """A peer's default gave the first day's running total for the month: 10, 30, 150 instead of 30, 70, 310."""
    found = company({"orders": YEAR}).ask("year_to_date(revenue)", "2024-01", "2024-03")
    assert list(found.values()) == [30, 70, 310]


def test_year_to_date_starts_again_with_the_calendar_in_use() -> None:
    """The Jalali year begins on 20 March 2024: its first month to date holds order 5 alone."""
    shop = company({"orders": YEAR}, calendar="jalali")
    assert shop.ask("year_to_date(revenue)", "1402-12", "1403-01") == {("1402-12",): 150, ("1403-01",): 160}


JALALI = """
    order_id, ordered_at, net_amount, customer_id
    1, 2023-03-21, 1, A
    2, 2023-04-20, 2, B
    3, 2023-04-21, 4, A
    4, 2024-02-19, 8, C
    5, 2024-02-20, 16, A
    6, 2024-03-19, 32, D
    7, 2024-03-20, 64, A
    8, 2024-04-19, 128, B
    9, 2024-04-20, 256, B
"""


def test_prior_rolling_and_year_ago_go_through_the_calendars_own_ordinals() -> None:
    """Farvardin 1403 is 20 March to 19 April 2024; its prior is Esfand, its year ago 21 March to 20 April 2023."""
    shop = company({"orders": JALALI}, calendar="jalali")
    assert shop.one("revenue", "1403-01") == 64 + 128
    assert shop.one("prior(revenue)", "1403-01") == 16 + 32
    assert shop.one("prior(revenue, 2)", "1403-01") == 8
    assert shop.one("year_ago(revenue)", "1403-01") == 1 + 2
    assert shop.one("rolling(revenue, 2)", "1403-01") == 16 + 32 + 64 + 128
    assert shop.one("rolling(buyers, 2)", "1403-01") == 3
    assert shop.one("year_ago(revenue)", "1403-02") == 4


def test_the_same_rows_in_another_calendar_are_other_periods_and_never_a_mix() -> None:
    """April 2024's prior is the Gregorian March, whatever the Jalali month before holds."""
    shop = company({"orders": JALALI})
    assert shop.one("prior(revenue)", "2024-04") == 32 + 64
    with pytest.raises(QuestionError) as caught:
        company({"orders": JALALI}, calendar="jalali").ask("prior(revenue)", "2024-04")
    assert caught.value.issues[0].code


def test_growth_on_the_month_before_compares_with_it_and_not_with_itself() -> None:
    """A peer converted both sides to the same month: (x - x) / x = 0 in every month."""
    shop = company({"orders": YEAR})
    growth = shop.ask("(revenue - prior(revenue)) / positive(prior(revenue))", "2024-01", "2024-03")
    assert list(growth.values()) == ["no_data", pytest.approx(1 / 3), pytest.approx(5.0)]


OPEN = """
    order_id, ordered_at, net_amount, customer_id
    1, 2024-02-05, 10, A
    2, 2024-02-10, 20, B
    3, 2024-02-20, 70, C
    4, 2024-03-10, 60, A
    5, 2024-03-11, 500, A
"""


def test_an_open_month_is_compared_with_the_same_days_of_the_month_before() -> None:
    """On 10 March, ten days stand against the first ten days of February: 60 against 30, not against 100."""
    shop = company({"orders": OPEN}, as_of=date(2024, 3, 10))
    assert shop.one("revenue", "2024-03") == 60
    assert shop.marks("revenue", "2024-03") == ("partial",)
    assert shop.one("prior(revenue)", "2024-03") == 30
    assert shop.one("revenue / prior(revenue)", "2024-03") == 2
    assert shop.one("prior(revenue)", "2024-02") == "no_data"
    assert shop.marks("revenue", "2024-02") == ()


def test_the_last_known_day_counts_and_the_day_after_does_not() -> None:
    """As of 10 March includes the tenth; what is dated later is not known yet."""
    for day, value in ((9, 0), (10, 60), (11, 560)):
        assert company({"orders": OPEN}, as_of=date(2024, 3, day)).one("revenue", "2024-03") == value


def test_a_month_that_has_not_begun_is_not_yet_and_never_zero() -> None:
    """Peers showed rows for months to come; here each has a reason, for flows and balances alike."""
    shop = company({"orders": OPEN}, as_of=date(2024, 3, 31))
    for formula in ("revenue", "buyers", "new_customers", "closing(active_customers)", "order_value_median"):
        assert shop.ask(formula, "2024-04", "2024-05") == {("2024-04",): "not_yet", ("2024-05",): "not_yet"}
    assert shop.one("revenue", "2024-03") == 560


def test_a_month_before_the_first_row_is_no_data_and_one_after_it_without_rows_is_zero() -> None:
    """Zero is said only where the company could have had rows."""
    shop = company({"orders": "order_id, ordered_at, net_amount, customer_id\n1, 2024-02-10, 5, A"})
    assert list(shop.ask("orders", "2024-01", "2024-03").values()) == ["no_data", 1, 0]


def test_a_window_ends_exactly_on_its_boundary() -> None:
    """Converted within 90 days: the 89th day counts, the 90th does not; ripe only once the window has passed."""
    leads = """
        lead_id, created_at, converted_at
        1, 2024-01-01 09:00, 2024-03-31 08:59
        2, 2024-01-01 09:00, 2024-03-31 09:00
        3, 2024-01-31, 2024-04-29
        4, 2024-01-31, 2024-04-30
    """
    shop = company({"leads": leads})
    assert shop.one("leads_converted", "2024-01") == 2
    for day, marks in ((date(2024, 4, 29), ("provisional",)), (date(2024, 4, 30), ())):
        assert company({"leads": leads}, as_of=day).marks("leads_converted", "2024-01") == marks


def test_an_instant_belongs_to_the_day_it_starts() -> None:
    """Midnight is the new day's, a microsecond before it the old day's; at the month's edge that is another month."""
    rows = """
        order_id, ordered_at, net_amount, customer_id
        1, 2024-01-31 23:59:59.999999, 1, A
        2, 2024-02-01 00:00:00, 2, B
    """
    shop = company({"orders": rows})
    assert list(shop.ask("revenue", "2024-01", "2024-02").values()) == [1, 2]


def test_the_hour_that_a_clock_change_repeats_or_skips_is_an_hour_like_another() -> None:
    """Times are local and naive: the hour missing in Tehran in March 2022 and Berlin's double one change nothing."""
    rows = """
        ticket_id, opened_at, resolved_at
        1, 2022-03-21 23:30, 2022-03-22 01:30
        2, 2022-10-30 01:30, 2022-10-30 03:30
    """
    shop = company({"tickets": rows})
    assert shop.one("resolution_hours", "2022-03") == 2
    assert shop.one("resolution_hours", "2022-10") == 2


def test_active_at_an_instant_counts_the_last_day_of_the_window_and_not_the_day_itself() -> None:
    """Lost after 90 days: an order of 1 January keeps a customer active up to the end of 30 March, day 90."""
    rows = "order_id, ordered_at, net_amount, customer_id\n1, 2023-01-01, 1, Z\n2, 2024-01-01, 1, A"
    shop = company({"orders": rows})
    assert shop.one("closing(active_customers)", "2024-03-30") == 1
    assert shop.one("closing(active_customers)", "2024-03-31") == 0
    assert shop.one("opening(active_customers)", "2024-01-01") == 0
    assert shop.one("closing(active_customers)", "2024-01-01") == 1
