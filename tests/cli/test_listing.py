"""The rows behind a number are told in words on a screen, and with ids and exact values to programs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sanjeh.cli.listing import _number as written


def table(out: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")] for line in out.splitlines() if "│" in line]


def test_a_row_says_the_file_and_line_it_came_from(sanjeh, shop: Path) -> None:
    heads, *rows = table(sanjeh("rows", "revenue", "--period", "2024-01", "-w", shop).out)
    assert heads == [
        *("Order id", "Ordered at", "Net amount (toman)", "Customer id", "Status", "Region", "File", "Line"),
        "Revenue (toman)",
    ]
    assert rows == [
        ["1", "5 Jan 2024", "100", "A", "paid", "Tehran", "orders.csv", "2", "100"],
        ["2", "20 Jan 2024", "200", "B", "paid", "Shiraz", "orders.csv", "3", "200"],
    ]


def test_days_are_those_of_the_calendar_asked_and_heads_in_the_language(sanjeh, shop: Path) -> None:
    words = ("rows", "revenue", "--period", "1402-10", "--calendar", "jalali", "-w", shop)
    assert "15 Dey 1402" in sanjeh(*words).out
    persian = sanjeh(*words, "--language", "fa").out
    assert all(word in persian for word in ("۱۴۰۲/۱۰/۱۵", "مبلغ خالص", "(تومان)", "فایل", "سطر", "orders.csv"))
    assert "_file" not in persian


def test_customers_of_an_instant_have_heads_in_words(sanjeh, shop: Path) -> None:
    heads = table(sanjeh("rows", "customer_count", "--period", "2024-02", "-w", shop).out)[0]
    assert heads == ["Customer id", "At the start", "At the end"]


def test_programs_get_ids_and_exact_values(sanjeh, shop: Path) -> None:
    [listing] = sanjeh("rows", "revenue", "--period", "2024-02", "--format", "json", "-w", shop).data
    assert {"net_amount", "ordered_at", "_file", "_line"} <= set(listing["rows"][0])
    assert [(row["_file"], row["_line"], float(row["net_amount"])) for row in listing["rows"]] == [
        (1, 4, 300.0),
        (1, 5, 50.0),
    ]
    assert "_file,_line" in sanjeh("rows", "revenue", "--period", "2024-02", "--format", "csv", "-w", shop).out


@pytest.mark.parametrize(
    ("value", "english", "persian"),
    [
        ("1200000.00", "1,200,000", "۱٬۲۰۰٬۰۰۰"),
        ("-0.50", "−0.5", "−۰٫۵"),
        ("1E+3", "1,000", "۱٬۰۰۰"),
        ("100", "100", "۱۰۰"),
        ("0.0001", "0.0001", "۰٫۰۰۰۱"),
    ],
)
def test_an_amount_has_all_its_digits_and_no_zeros_behind(value: str, english: str, persian: str) -> None:
    assert (written(Decimal(value), "en"), written(Decimal(value), "fa")) == (english, persian)


def test_rows_that_name_their_currency_have_no_other_in_the_head(sanjeh, empty: Path) -> None:
    rows = "order_id,ordered_at,net_amount,customer_id,currency\n7,2024-03-02,10,A,USD\n8,2024-03-02,20,A,EUR\n"
    (empty / "orders.csv").write_text(rows, encoding="utf-8")
    sanjeh("import", empty / "orders.csv", "--yes", "-w", empty)
    out = sanjeh("rows", "revenue", "--period", "2024-03", "-w", empty).out
    assert "Net amount" in out
    assert "Net amount (" not in out
