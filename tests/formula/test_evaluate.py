"""What each function of the language makes of rows that can be added up by hand."""

from __future__ import annotations

from datetime import date

import pytest
from book import Book, evaluate, evaluator, points

from sanjeh.errors import SanjehError
from sanjeh.formula import Scope, parse

# Jalali 1403-01 is 2024-03-20..04-19, 1403-02 is 04-20..05-20, 1403-03 is 05-21..06-20, each of 31 days.
FARVARDIN, ORDIBEHESHT, KHORDAD = date(2024, 3, 20), date(2024, 4, 20), date(2024, 5, 21)
SHOP = Book(
    flows={
        "revenue": [
            (FARVARDIN, "North", 100.0),
            (date(2024, 3, 25), "South", 50.0),
            (ORDIBEHESHT, "North", 200.0),
            (date(2024, 5, 20), "South", 100.0),
        ],
        "orders": [(FARVARDIN, "North", 1.0), (date(2024, 3, 25), "South", 2.0), (ORDIBEHESHT, "North", 3.0)],
    }
)


def test_a_ratio_is_the_ratio_of_sums_at_every_grain() -> None:
    assert evaluate("revenue / orders", SHOP, "1403-01", "1403-02") == [[50.0], [100.0]]
    assert evaluate("revenue / orders", SHOP, "1403-Q1") == [[75.0]]  # 450 / 6, not the mean of 50 and 100


def test_a_breakdown_has_a_column_for_each_member() -> None:
    assert evaluate("revenue / orders", SHOP, "1403-01", by=("region",)) == [[100.0, 25.0, "undefined"]]


def test_numbers_signs_and_brackets_are_arithmetic() -> None:
    assert evaluate("-(revenue - 2 * 30) / 3 + 1", SHOP, "1403-01") == [[-29.0]]


def test_a_zero_denominator_is_undefined_and_an_uncovered_month_has_no_data() -> None:
    assert evaluate("revenue / orders", SHOP, "1403-03", "1402-12") == [["undefined"], ["no_data"]]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("(revenue / 0) + likes", "undefined"),
        ("likes + revenue / 0", "no_data"),
        ("likes / 0", "no_data"),
        ("0 * likes", "no_data"),
    ],
)
def test_the_reason_on_the_left_is_kept_and_a_reason_is_never_calculated_away(formula: str, reason: str) -> None:
    assert evaluate(formula, SHOP, "1403-01") == [[reason]]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("positive(revenue)", 150.0),
        ("positive(revenue - 150)", "undefined"),
        ("positive(0 - revenue)", "undefined"),
        ("abs(100 - revenue)", 50.0),
        ("min(revenue, orders, 7)", 3.0),
        ("max(revenue, orders)", 150.0),
        ("part_of(orders, revenue)", 0.02),
        ("part_of(revenue, orders)", "undefined"),
        ("part_of(orders - 4, revenue)", "undefined"),
        ("part_of(orders, likes)", "no_data"),
    ],
)
def test_functions_of_values(formula: str, value: float | str) -> None:
    assert evaluate(formula, SHOP, "1403-01") == [[value]]


def test_prior_is_the_calendar_month_before() -> None:
    assert evaluate("prior(revenue)", SHOP, "1403-02", "1403-03") == [[150.0], [300.0]]
    assert evaluate("prior(revenue, 2)", SHOP, "1403-03") == [[150.0]]


def test_year_ago_is_the_same_jalali_month_though_its_length_differs() -> None:
    # 1403-12 has 30 days and 1402-12 has 29: 2024-03-19 is its last day, 2024-03-20 is Nowruz.
    book = Book(
        flows={
            "revenue": [
                (date(2024, 2, 19), "North", 9.0),
                (date(2024, 2, 20), "North", 4.0),
                (date(2024, 3, 19), "North", 2.0),
                (date(2024, 3, 20), "North", 8.0),
            ]
        }
    )
    assert evaluate("year_ago(revenue)", book, "1403-12") == [[6.0]]


def test_an_open_month_is_compared_with_as_many_days_of_the_month_before() -> None:
    # On the evening of 2024-04-24 five days of Ordibehesht are known; Farvardin's fifth day is 2024-03-24.
    now = date(2024, 4, 25)
    assert evaluate("revenue - prior(revenue)", SHOP, "1403-02", as_of_end=now) == [[200.0 - 100.0]]
    assert evaluate("revenue - prior(revenue)", SHOP, "1403-02", as_of_end=date(2024, 4, 26)) == [[200.0 - 150.0]]


def test_days_are_the_elapsed_ones_of_an_open_month() -> None:
    assert evaluate("days", SHOP, "1403-02", as_of_end=date(2024, 4, 25)) == [[5.0]]
    assert evaluate("days", SHOP, "1403-02", "1403-12") == [[31.0], [30.0]]


def test_rolling_asks_the_rows_of_the_whole_span_at_once() -> None:
    book = Book(flows=SHOP.flows)
    assert evaluate("rolling(revenue, 2)", book, "1403-02") == [[450.0]]
    assert [(ask.slots[0].start, ask.slots[0].end) for ask in book.asked] == [(FARVARDIN, KHORDAD)]


def test_rolling_over_a_year_counts_twelve_months_and_four_quarters() -> None:
    book = Book(flows=SHOP.flows)
    evaluate("rolling(revenue, periods_per_year)", book, "1403-12")
    evaluate("rolling(revenue, periods_per_year)", book, "1403-Q4")
    assert [ask.slots[0].days for ask in book.asked] == [366, 366]


def test_to_date_and_year_to_date_begin_where_they_say() -> None:
    book = Book(
        flows={
            "revenue": [(date(2023, 3, 21), "North", 1.0), (date(2024, 3, 19), "North", 2.0), (FARVARDIN, "North", 4.0)]
        }
    )
    assert evaluate("to_date(revenue)", book, "1403-01", "1402-12") == [[7.0], [3.0]]
    assert evaluate("year_to_date(revenue)", book, "1403-01", "1402-12") == [[4.0], [3.0]]


def test_lagged_moves_the_span_by_days_at_every_grain() -> None:
    # Farvardin moved 31 days back begins on 2024-02-18.
    book = Book(
        flows={
            "revenue": [
                (date(2024, 2, 17), "North", 1.0),
                (date(2024, 2, 18), "North", 2.0),
                (date(2024, 3, 19), "North", 4.0),
            ]
        }
    )
    assert evaluate("lagged(revenue, 31)", book, "1403-01") == [[6.0]]
    assert evaluate("lagged(revenue, lag_days)", book, "1403-01", lag_days=31) == [[6.0]]


def test_a_baseline_is_the_mean_of_the_periods_before_and_needs_them_all() -> None:
    assert evaluate("baseline(revenue)", SHOP, "1403-02") == [[150.0]]
    assert evaluate("baseline(revenue, 2)", SHOP, "1403-03", "1403-02") == [[225.0], ["no_data"]]


def test_total_and_share_set_the_breakdown_aside() -> None:
    assert evaluate("total(revenue)", SHOP, "1403-01", by=("region",)) == [[150.0, 150.0, 150.0]]
    assert evaluate("share(revenue)", SHOP, "1403-02", by=("region",)) == [[round(2 / 3, 6), round(1 / 3, 6), 0.0]]


@pytest.mark.parametrize(
    ("how", "value"), [("mean", 75.0), ("median", 75.0), ("min", 50.0), ("max", 100.0), ("sum", 150.0), ("count", 2.0)]
)
def test_across_leaves_out_members_without_rows(how: str, value: float) -> None:
    assert evaluate(f"across(revenue, region, '{how}')", SHOP, "1403-01") == [[value]]


def test_across_without_any_member_has_no_data_but_counts_to_zero() -> None:
    assert evaluate("across(revenue, region, 'mean')", SHOP, "1403-03") == [["no_data"]]
    assert evaluate("across(revenue, region, 'count')", SHOP, "1403-03") == [[0.0]]


def test_plus_leaves_out_what_the_workspace_has_no_source_for_and_says_so() -> None:
    made = evaluator(SHOP)
    slots = (made.timeline.at(made.timeline.calendar.parse_period("1403-01")),)
    assert points(made.evaluate(parse("plus(revenue, likes, orders)"), Scope(slots))) == [[153.0]]
    assert made.omitted == {"likes"}


def test_plus_has_no_data_when_nothing_has_a_source_or_one_source_is_silent() -> None:
    assert evaluate("plus(likes, comments)", SHOP, "1403-01") == [["no_data"]]
    late = Book(flows=dict(SHOP.flows) | {"likes": [(KHORDAD, "North", 5.0)]})
    assert evaluate("plus(revenue, likes)", late, "1403-01") == [["no_data"]]


def test_daily_is_the_mean_over_days_and_a_day_without_rows_is_zero() -> None:
    assert evaluate("daily(revenue)", SHOP, "1403-02") == [[round(300 / 31, 6)]]
    assert evaluate("daily(revenue)", SHOP, "1403-02", as_of_end=date(2024, 4, 25)) == [[200 / 5]]


BALANCE = Book(
    flows={"credit_sales": [(FARVARDIN, "North", 100.0), (ORDIBEHESHT, "North", 155.0), (KHORDAD, "North", 310.0)]},
    states={
        "receivables": [(date(2024, 3, 19), 40.0), (date(2024, 5, 20), 55.0), (date(2024, 6, 20), 365.0)],
        "followers": [(date(2024, 4, 18), 10.0), (date(2024, 4, 19), 41.0)],
    },
)


def test_a_balance_is_taken_at_the_start_at_the_end_and_in_the_middle_of_both() -> None:
    assert evaluate("opening(receivables)", BALANCE, "1403-01", "1403-03") == [[40.0], [55.0]]
    assert evaluate("closing(receivables)", BALANCE, "1403-02") == [[55.0]]
    assert evaluate("average(receivables)", BALANCE, "1403-02") == [[(40 + 55) / 2]]


def test_a_balance_may_be_averaged_over_the_ends_of_days() -> None:
    # Stated at the end of 04-18 and of 04-19, the last two days of Farvardin; the days before have none.
    daily = evaluate("average(followers)", BALANCE, "1403-01-30", "1403-01-31", average_method="daily")
    assert daily == [[10.0], [41.0]]
    assert evaluate("average(followers)", BALANCE, "1403-01", average_method="daily") == [["no_data"]]
    assert evaluate("average(followers)", BALANCE, "1403-02", average_method="daily") == [[41.0]]


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("1403-02", 31 * 55 / 155),  # 55 of the 155 sold in the month
        ("1403-03", 31 + 31 * 55 / 155),  # 365 - 310 = 55 left on the 155 of the month before
    ],
)
def test_count_back_spends_the_balance_on_this_and_earlier_sales(period: str, days: float) -> None:
    assert evaluate("count_back(receivables, credit_sales)", BALANCE, period) == [[round(days, 6)]]


def test_count_back_of_more_than_was_ever_sold_has_no_data() -> None:
    book = Book(flows=BALANCE.flows, states={"receivables": [(date(2024, 6, 20), 1000.0)]})
    assert evaluate("count_back(receivables, credit_sales)", book, "1403-03") == [["no_data"]]


def test_targets_are_asked_by_name_and_scenario() -> None:
    book = Book(flows=SHOP.flows, goals={("target", "revenue"): 120.0, ("budget", "revenue"): 200.0})
    assert evaluate("revenue / target(revenue)", book, "1403-01") == [[1.25]]
    assert evaluate("revenue - budget(revenue)", book, "1403-01") == [[-50.0]]
    assert evaluate("target(orders)", book, "1403-01") == [["no_data"]]


def test_on_target_looks_in_the_direction_of_the_kpi() -> None:
    flows = dict(SHOP.flows) | {"cogs": [(FARVARDIN, "North", 90.0)]}
    book = Book(flows=flows, goals={("target", "revenue"): 150.0, ("target", "cogs"): 80.0})
    assert evaluate("on_target(revenue)", book, "1403-01", "1403-03") == [[1.0], [0.0]]
    assert evaluate("on_target(cogs)", book, "1403-01", "1403-02") == [[0.0], [1.0]]
    assert evaluate("on_target(orders)", book, "1403-01") == [["no_data"]]


def test_real_multiplies_by_the_price_factor_and_needs_one() -> None:
    book = Book(flows=SHOP.flows, factors={FARVARDIN: 1.2})
    assert evaluate("real(revenue)", book, "1403-01", "1403-02") == [[180.0], ["no_data"]]


def test_a_condition_goes_down_to_every_measure_of_a_kpi() -> None:
    assert evaluate("average_order_value[region == 'South']", SHOP, "1403-01") == [[25.0]]
    assert evaluate("average_order_value[region != 'South']", SHOP, "1403-01") == [[100.0]]
    assert evaluate("(revenue / total(revenue))[region in ('South', 'West')]", SHOP, "1403-01") == [[1.0]]


def test_a_variant_is_another_formula_of_the_kpi() -> None:
    book = Book(flows={"cogs": [(FARVARDIN, "North", 30.0)], "revenue": [(FARVARDIN, "North", 120.0)]})
    assert evaluate("cogs.to_revenue", book, "1403-01") == [[0.25]]


def test_periods_before_the_calendar_begins_are_refused() -> None:
    with pytest.raises(SanjehError, match="calendar"):
        evaluate("baseline(revenue, 4000)", SHOP, "1403")


def test_inputs_are_kept_with_the_words_that_led_to_them() -> None:
    made = evaluator(SHOP)
    slots = (made.timeline.at(made.timeline.calendar.parse_period("1403-02")),)
    made.evaluate(parse("revenue - prior(revenue[region == 'North'])"), Scope(slots))
    assert list(made.inputs) == ["revenue", "prior(revenue[region == 'North'])"]
