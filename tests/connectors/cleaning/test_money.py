"""Currencies of columns, and the jump of ten between rials and tomans."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.money import (
    bare_factor,
    check_currency,
    currency_in_header,
    mark_factor,
    scale_in_header,
)
from sanjeh.connectors.cleaning.money_jump import compute_medians, unit_jump
from sanjeh.definitions.entity import ColumnType
from sanjeh.units import CurrencyMark


@pytest.mark.parametrize(
    ("header", "code", "scale"),
    [
        ("مبلغ (ریال)", "IRR", 1),
        ("مبلغ فروش - میلیون ریال", "IRR", 10**6),
        ("قيمت به تومان", "IRT", 1),
        ("قیمت/هزار تومان", "IRT", 1000),
        ("Amount (USD)", "USD", 1),
        ("amount_usd", "USD", 1),
        ("Sales in EUR", "EUR", 1),
        ("Revenue, million rial", "IRR", 10**6),
        ("amount in thousands of toman", "IRT", 1000),
        ("Revenue (000 IRR)", "IRR", 1000),
        ("Revenue ('000 IRR)", "IRR", 1000),
        ("مبلغ تومانی", "IRT", 1),
        ("مبلغ ریالی", "IRR", 1),
        ("Amount (try)", "TRY", 1),
        ("Amount [GEL]", "GEL", 1),
        ("price $ (CAD)", "CAD", 1),
    ],
)
def test_the_header_names_currency_and_scale(header: str, code: str, scale: int) -> None:
    mark = currency_in_header(header)
    assert mark is not None
    assert (mark.code, mark.scale) == (code, Decimal(scale))


@pytest.mark.parametrize(
    "header",
    [
        "amount",
        "مبلغ",
        "Total",
        "customer name",
        "all orders",
        "",
        "Deals won",
        "try amount",
        "gel sales",
        "مبلغ (هزار)",
    ],
)
def test_most_headers_name_no_currency(header: str) -> None:
    assert currency_in_header(header) is None


@pytest.mark.parametrize("header", ["مبلغ ریال/تومان", "فروش (م ریال)", "Amount (USD/EUR)", "Amount ($)"])
def test_a_header_that_is_not_sure_of_its_currency_asks(header: str) -> None:
    mark = currency_in_header(header)
    assert mark is not None and mark.is_guess


@pytest.mark.parametrize(
    ("header", "scale"), [("مبلغ (هزار)", 1000), ("Revenue in million", 10**6), ("هزار میلیارد", 10**12), ("مبلغ", 1)]
)
def test_a_scale_stands_in_a_header_without_a_currency_too(header: str, scale: int) -> None:
    assert scale_in_header(header) == scale


def test_a_sign_means_the_column_only_where_it_is_one_of_those_that_share_it() -> None:
    assert mark_factor(DOLLAR, Conversion(ColumnType.MONEY, currency="CAD")) == 1
    assert mark_factor(DOLLAR, Conversion(ColumnType.MONEY, currency="IRT")) is None


RIAL, TOMAN, DOLLAR = CurrencyMark("IRR"), CurrencyMark("IRT"), CurrencyMark("USD", is_guess=True)


@pytest.mark.parametrize(
    ("header", "cells", "unmarked", "codes"),
    [
        (None, [], True, ["currency_unknown"]),
        (RIAL, [], True, []),
        (None, [TOMAN], False, []),
        (None, [TOMAN], True, ["currency_mixed"]),
        (None, [TOMAN, RIAL], False, ["currency_mixed"]),
        (RIAL, [TOMAN], True, ["currency_mixed"]),
        (None, [DOLLAR], False, ["currency_guessed"]),
    ],
)
def test_what_is_asked_about_the_currency(
    header: CurrencyMark | None, cells: list[CurrencyMark], unmarked: bool, codes: list[str]
) -> None:
    assert [issue.code for issue in check_currency("amount", header, cells, unmarked)] == codes


def test_currencies_without_a_constant_between_them_have_no_factor() -> None:
    assert bare_factor(Conversion(ColumnType.MONEY, currency="IRR", source_currency="USD")) is None
    assert bare_factor(Conversion(ColumnType.MONEY, currency="IRT", source_currency="IRR")) == Decimal("0.1")


@pytest.mark.parametrize(
    ("medians", "jumps"),
    [
        ([("1", 100), ("2", 1000)], True),
        ([("1", 1000), ("2", 95)], True),
        ([("1", 100), ("2", 120), ("3", 1300), ("4", 1200)], True),
        ([("1", 100), ("2", 650)], False),
        ([("1", 100), ("2", 1500)], False),
        ([("1", 100), ("2", 300), ("3", 900)], False),
        ([("1", 0), ("2", 1000)], False),
        ([("1", 100)], False),
        ([], False),
    ],
)
def test_only_a_jump_of_about_ten_between_neighbours_warns(medians: list[tuple[str, float]], jumps: bool) -> None:
    assert (unit_jump(medians) is not None) is jumps


def test_the_warning_says_where_the_jump_is() -> None:
    issue = unit_jump([("1402-11", 1000), ("1402-12", 1100), ("1403-01", 110)], column="amount")
    assert issue is not None and issue.severity == "warning"
    assert dict(issue.data) == {
        "column": "amount",
        "before": "1402-12",
        "after": "1403-01",
        "ratio": "10.0",
        "direction": "down",
    }


def test_medians_are_computed_for_each_label_in_order() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE sold AS SELECT * FROM (VALUES ('b', 10.0), ('a', 1.0), ('a', 3.0), ('a', -2.0), ('b', 0.0), "
            "(NULL, 5.0)) AS v(file, amount)"
        )
        assert compute_medians(connection, "sold", "amount", "file") == (("a", Decimal(2)), ("b", Decimal(10)))
