"""Total rows are set aside with their own reason, wherever they say it, and nothing else is."""

from __future__ import annotations

import duckdb
import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors.total_row import is_total, total_sql

HEADS = "شماره فاکتور,تاریخ,کد مشتری,مبلغ (تومان)\n"
TWO = "1,1403/01/15,a,1000\n2,1403/01/20,b,2000\n"
SAID = ["جمع", "جمع کل", "جمع كل:", "مجموع", "جمع‌کل", " جمع ستون ", "ميانگين", "TOTAL", "Grand Total:", "sub-total",
        "Sum", "جمع کل سفارش‌ها", "جمع فروردین", "*** Total ***"]  # fmt: skip
NOT = ["", "1", "جمعه", "Total Energies", "TotalCo", "summer", "INV-1", "مجموعه فرهنگی", "کلاه", "جمع ۱۲"]


@pytest.mark.parametrize("text", SAID)
def test_a_total_is_known_in_every_spelling(text: str) -> None:
    assert is_total(text)


@pytest.mark.parametrize("text", NOT)
def test_what_only_begins_like_a_total_is_none(text: str) -> None:
    assert not is_total(text)


def test_sql_says_the_same() -> None:
    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT list({total_sql('cell')}) FROM (SELECT unnest(?::VARCHAR[]) AS cell)", [[*SAID, *NOT]]
        ).fetchall()
    assert found[0][0] == [True] * len(SAID) + [False] * len(NOT)


@pytest.mark.parametrize(
    "row", ["جمع کل,1403/01/31,,3000", ",جمع کل,,3000", "3,جمع,,3000", ",,جمع کل,3000", "Total,,,3000"]
)
def test_a_total_with_or_without_a_day_is_no_order(shop: Workshop, row: str) -> None:
    shop.write("sales.csv", HEADS + TWO + row + "\n")
    table = only(shop.run(as_entity="orders"))
    assert shop.rows("orders", "order_id, net_amount") == [("1", 10000), ("2", 20000)]
    assert (table.quarantined, table.totals, table.refused) == (1, 1, 0)
    assert [(fault.row, fault.reason) for fault in table.faults] == [(4, "total_row")]


def test_a_customer_named_total_keeps_the_orders(shop: Workshop) -> None:
    shop.write("sales.csv", HEADS + TWO + "3,1403/01/31,Total,3000\n")
    table = only(shop.run(as_entity="orders"))
    assert (table.loaded, table.quarantined) == (3, 0)


SPEND = "تاریخ هزینه,کانال,مبلغ (تومان)\n1403/01/15,{first},1000\n1403/01/16,{second},500\n1403/01/31,جمع,1500\n"


def test_rows_without_key_are_judged_by_their_first_words(shop: Workshop) -> None:
    shop.write("spend.csv", SPEND.format(first="google", second="sms"))
    table = only(shop.run(as_entity="marketing_spend"))
    assert (table.loaded, table.totals) == (2, 1)


def test_where_most_rows_say_total_none_of_them_is_one(shop: Workshop) -> None:
    shop.write("spend.csv", SPEND.format(first="جمع", second="sms"))
    assert only(shop.run(as_entity="marketing_spend")).loaded == 3


def test_a_mapping_may_keep_them(shop: Workshop) -> None:
    file = shop.write("own.csv", "Name,Since\nTotal,2024-01-01\nAcme,2024-02-01\n")
    mapping = "source: own\nmatch: [own.csv]\ntables:\n- entity: customers\n"
    fields = "  fields: {customer_id: Name, created_at: Since}\n"
    shop.map(mapping + fields)
    assert only(shop.run(file)).totals == 1
    shop.map(mapping + "  totals: keep\n" + fields)
    assert only(shop.run(file)).totals == 0
    assert shop.rows("customers", "customer_id") == [("Acme",), ("Total",)]
    shop.map(mapping + fields.replace("customer_id: Name", "customer_id: {column: Name, values: {Total: Total}}"))
    assert only(shop.run(file)).totals == 0


def test_a_total_is_set_aside_before_lines_are_summed_up(shop: Workshop) -> None:
    file = shop.write("lines.csv", HEADS + "1,1403/01/15,a,1000\n1,1403/01/15,a,500\nجمع,1403/01/15,,1500\n")
    shop.map(
        "source: own\nmatch: [lines.csv]\ntables:\n- entity: orders\n  group: [شماره فاکتور]\n  fields:\n"
        "    order_id: شماره فاکتور\n    ordered_at: تاریخ\n"
        "    net_amount: {sql: 'sum(number(\"مبلغ (تومان)\"))', currency: IRT}\n"
    )
    table = only(shop.run(file))
    assert shop.rows("orders", "order_id, net_amount") == [("1", 15000)]
    assert (table.folded, table.totals) == (1, 1)


@pytest.mark.parametrize("cell", ["0000/00/00", "-", "NaN", "#DIV/0!"])
def test_what_stands_for_no_value_is_told_as_it_stands(shop: Workshop, cell: str) -> None:
    shop.write("sales.csv", HEADS + TWO + f"3,{cell},c,3000\n")
    [fault] = only(shop.run(as_entity="orders")).faults
    assert (fault.value, fault.reason) == (cell, "value_says_none")


def test_an_empty_cell_is_still_called_empty(shop: Workshop) -> None:
    shop.write("sales.csv", HEADS + TWO + "3,,c,3000\n")
    [fault] = only(shop.run(as_entity="orders")).faults
    assert fault.reason == "missing_value"


def test_a_bare_number_among_jalali_days_is_set_aside(shop: Workshop) -> None:
    shop.write("sales.csv", HEADS + TWO + "3,45000,c,3000\n")
    [fault] = only(shop.run(as_entity="orders")).faults
    assert (fault.value, fault.reason) == ("45000", "cell_not_a_date")
