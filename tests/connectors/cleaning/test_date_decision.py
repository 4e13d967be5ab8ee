"""The date style of a whole column."""

from __future__ import annotations

import pytest

from sanjeh.connectors.cleaning.date import DateStyle, parse_date
from sanjeh.connectors.cleaning.date_decision import DateDecision, decide_date_style


def codes(decision: DateDecision) -> list[str]:
    return [issue.code for issue in decision.issues]


def test_one_day_above_twelve_decides_for_all() -> None:
    dmy = decide_date_style(["3/4/2024", "5/6/2024", "13/6/2024"]).style
    mdy = decide_date_style(["3/4/2024", "5/6/2024", "6/13/2024"]).style
    assert dmy and mdy and (dmy.order, mdy.order) == ("dmy", "mdy")
    assert (dmy.pattern, mdy.pattern) == ("dd/mm/yyyy", "mm/dd/yyyy")


def test_without_one_the_decision_asks_and_shows_both_readings() -> None:
    decision = decide_date_style(["3/4/2024", "4/4/2024"], column="Order Date")
    assert decision.style is None
    assert [style.order for style in decision.choices] == ["dmy", "mdy"]
    issue = decision.issues[0]
    assert issue.code == "ambiguous_date_order"
    assert (issue.data["value"], issue.data["first"], issue.data["second"]) == ("3/4/2024", "2024-04-03", "2024-03-04")


def test_a_column_of_days_that_equal_their_months_needs_no_answer() -> None:
    decision = decide_date_style(["4/4/2024", "5/5/2024"])
    assert decision.style is not None and codes(decision) == []


def test_both_orders_mixed_ask() -> None:
    decision = decide_date_style(["13/1/2024", "1/13/2024"])
    assert (decision.style, codes(decision)) == (None, ["mixed_date_order"])


def test_one_slip_among_many_is_set_aside_by_the_order_of_the_rest() -> None:
    decision = decide_date_style([f"{day}/{month}/2024" for month in (1, 2) for day in range(1, 29)] + ["1/29/2024"])
    assert decision.style is not None and decision.style.order == "dmy"
    assert parse_date("1/29/2024", decision.style) == "cell_not_a_date"
    assert (decision.understood, decision.total) == (56, 57)


def test_jalali_days_with_the_year_last_are_day_first() -> None:
    decision = decide_date_style(["03/04/1402", "05/06/1402"])
    assert decision.style is not None
    assert (decision.style.calendar, decision.style.order, codes(decision)) == ("jalali", "dmy", [])


def test_calendars_mixed_are_read_value_by_value_and_said() -> None:
    decision = decide_date_style(["1405/05/15", "1405/05/14", "2026-07-12"], column="Persian Date")
    assert decision.style is not None and decision.style.calendar == "jalali"
    assert codes(decision) == ["mixed_calendars"]
    assert (decision.issues[0].data["count"], decision.issues[0].data["value"]) == (1, "2026-07-12")
    assert decision.understood == 3


@pytest.mark.parametrize(
    ("values", "prefer", "calendar", "order"),
    [
        (["03/05/14", "03/12/29", "99/01/31"], "jalali", "jalali", "ymd"),
        (["03/05/31", "99/01/31"], "gregorian", "jalali", "ymd"),
        (["03/01/19", "28/12/19", "15/06/22", "16/06/22"], "jalali", "gregorian", "dmy"),
        (["03/01/19", "28/12/19"], "gregorian", "gregorian", "dmy"),
        (["12/28/19", "03/01/19"], "gregorian", "gregorian", "mdy"),
        (["19-12-28", "19-11-15", "20-01-31", "20-02-01"], "gregorian", "gregorian", "ymd"),
    ],
)
def test_two_digit_years_are_decided_by_what_fits_the_column(
    values: list[str], prefer: str, calendar: str, order: str
) -> None:
    style = decide_date_style(values, prefer).style  # type: ignore[arg-type]
    assert style is not None
    assert (style.calendar, style.order, style.two_digit_year) == (calendar, order, True)


def test_two_digit_years_that_fit_both_calendars_go_by_the_preference_and_say_so() -> None:
    decision = decide_date_style(["03/05/14"], "jalali")
    assert decision.style is not None and decision.style.calendar == "jalali"
    assert codes(decision) == ["two_digit_year_calendar"]


def test_two_digit_gregorian_years_ask_for_the_order_too() -> None:
    decision = decide_date_style(["03/05/14", "04/05/14"], "gregorian")
    assert (decision.style, codes(decision)) == (None, ["ambiguous_date_order"])


def test_two_digit_years_that_may_stand_first_or_last_ask() -> None:
    decision = decide_date_style(["19-12-28", "20-01-31"], "gregorian")
    assert [style.order for style in decision.choices] == ["dmy", "ymd"]


def test_serials_that_are_most_of_a_column_are_dates() -> None:
    decision = decide_date_style(["45508", "45510", "2024-08-05"])
    assert decision.style is not None and decision.style.excel_serial
    assert decision.understood == 3


def test_a_lone_number_among_written_dates_is_no_serial() -> None:
    decision = decide_date_style(["45000", "1403/02/05"])
    assert decision.style is not None and decision.style.bare == "none"
    assert decision.understood == 1


def test_lone_numbers_are_dates_only_under_a_header_of_dates() -> None:
    values = ["45508", "45509"]
    assert decide_date_style(values).style is None
    dated = decide_date_style(values, dated=True).style
    assert dated is not None and dated.excel_serial


def test_lone_years_are_read_as_years() -> None:
    style = decide_date_style(["1402", "1403"], dated=True).style
    assert style == DateStyle("jalali", bare="year", pattern="yyyy")


def test_epochs_are_only_taken_when_somebody_says_so() -> None:
    decision = decide_date_style(["1722729600", "1722729601"], dated=True)
    assert (decision.style, codes(decision)) == (None, ["epoch_or_number"])
    assert decision.choices[0].bare == "epoch_seconds"


def test_dates_without_a_year_ask_for_it() -> None:
    decision = decide_date_style(["Sat-Oct-11", "Sun-Oct-12"])
    assert (decision.style, codes(decision)) == (None, ["date_year_missing"])


def test_a_month_with_a_short_number_asks_unless_the_number_can_be_no_day() -> None:
    assert codes(decide_date_style(["Jan-24", "Feb-24"])) == ["ambiguous_short_date"]
    style = decide_date_style(["Jan-99", "Feb-24"]).style
    assert style is not None and style.two_digit_year


def test_midnights_alone_are_days_and_other_times_are_times() -> None:
    days = decide_date_style(["2024-01-01 00:00:00", "2024-01-02 00:00:00"]).style
    times = decide_date_style(["2024-01-01 00:00:00", "2024-01-02 10:00:00"]).style
    assert days and times and (days.has_time, times.has_time) == (False, True)


def test_blanks_and_zero_dates_do_not_count() -> None:
    decision = decide_date_style(["2024-01-01", "", "NULL", "NA", "0000-00-00"])
    assert (decision.understood, decision.total) == (1, 1)


def test_words_and_amounts_are_no_dates() -> None:
    for values in (["Tehran", "Shiraz"], ["12.5", "13.75"], ["1,200", "3"], ["A-12-3"]):
        assert decide_date_style(values).style is None
