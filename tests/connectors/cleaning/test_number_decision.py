"""The decimal mark of a whole column."""

from __future__ import annotations

import pytest

from sanjeh.connectors.cleaning.number import NumberStyle
from sanjeh.connectors.cleaning.number_decision import decide_number_style


@pytest.mark.parametrize(
    ("values", "decimal"),
    [
        (["1", "25", "300"], "."),
        (["1,234", "12,000"], "."),
        (["1,234.5", "12"], "."),
        (["1.234,5", "12"], ","),
        (["12,5", "1.234"], ","),
        (["1.234", "2.5"], "."),
        (["1.234", "0.125"], "."),
        (["12.500.000", "1.000"], ","),
        (["۱۲/۵", "۳"], "/"),
        (["12/75", "8"], "/"),
        (["۱٬۲۳۴", "۵٫۵"], "."),
        (["16.448", "3.54", "11.784"], "."),
    ],
)
def test_one_clear_value_decides_for_the_column(values: list[str], decimal: str) -> None:
    decision = decide_number_style(values)
    assert decision.style == NumberStyle(decimal)  # type: ignore[arg-type]
    assert decision.issues == ()
    assert decision.understood == decision.total == len(values)


def test_a_column_of_dots_before_three_digits_asks_with_both_readings() -> None:
    decision = decide_number_style(["1.234", "12.000"], column="price")
    assert decision.style is None
    assert [style.decimal for style in decision.choices] == [".", ","]
    issue = decision.issues[0]
    assert (issue.code, issue.data["first"], issue.data["second"]) == ("ambiguous_decimal", "1.234", "1234")


def test_a_slash_that_may_be_a_day_asks() -> None:
    assert decide_number_style(["12/5", "3/4"]).issues[0].code == "ambiguous_decimal"


def test_two_habits_mixed_ask() -> None:
    decision = decide_number_style(["1,5", "2.5"])
    assert decision.style is None
    assert decision.issues[0].code == "mixed_decimal_marks"


def test_one_slip_among_many_does_not_ask_and_is_not_understood() -> None:
    decision = decide_number_style([f"{n}.5" for n in range(40)] + ["7,25"])
    assert decision.style == NumberStyle(".")
    assert (decision.understood, decision.total) == (40, 41)


def test_cells_with_and_without_percent_signs_warn() -> None:
    decision = decide_number_style(["12%", "0.5", "-"])
    assert [issue.code for issue in decision.issues] == ["mixed_percent"]
    assert (decision.percent, decision.total) == (1, 2)


def test_the_marks_of_the_cells_are_counted() -> None:
    decision = decide_number_style(["۵ تومان", "۶ تومان", "۷ ریال", "8"])
    assert [mark.code for mark in decision.currencies] == ["IRT", "IRR"]
    assert decision.marked == 3


def test_a_column_of_words_is_no_numbers() -> None:
    decision = decide_number_style(["Tehran", "Shiraz"])
    assert (decision.style, decision.understood, decision.total) == (None, 0, 2)
