"""What one file does not show is not pinned for the next, and what the next shows is held against what is pinned."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import Outcome
from sanjeh.connectors.cleaning.number import parse_number
from sanjeh.connectors.file_pattern import build_pattern, takes


def test_a_price_beside_a_quantity_is_the_price_of_one_piece(shop: Workshop) -> None:
    shop.write(
        "orders.csv", "order_id,ordered_at,product_id,price,quantity\n1,2024-03-01,P1,100,3\n2,2024-03-02,P2,50,2\n"
    )
    shop.run()
    assert shop.rows("orders", "order_id, net_amount") == [("1", 300), ("2", 100)]


def test_a_price_alone_is_not_the_amount_of_an_order(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,price,quantity\n1,2024-03-01,100,3\n2,2024-03-02,50,2\n")
    assert shop.run().files[0].outcome is Outcome.SKIPPED


def test_a_file_of_returns_is_no_sister_of_the_file_of_sales() -> None:
    pattern = build_pattern("فروش 1403-01.csv")
    assert takes(pattern, "فروش ۱۴۰۳-۰۲.csv") and takes(pattern, "فروش دی 1403.csv")
    assert not takes(pattern, "فروش برگشتی 1403-01.csv")
    assert not takes(build_pattern("orders-2024-01.csv"), "orders-returned-2024-01.csv")


def test_a_pattern_with_a_star_still_takes_any_name() -> None:
    assert takes("orders*.csv", "orders_north.csv") and not takes("orders*.csv", "sales.csv")


def test_returns_are_not_loaded_as_sales_by_the_mapping_of_sales(shop: Workshop) -> None:
    head = "شماره سفارش,تاریخ سفارش,مبلغ (ریال)\n"
    shop.run(shop.write("فروش 1403-01.csv", head + "1,1403/01/05,1000\n2,1403/01/06,2000\n"), as_entity="orders")
    report = shop.run(shop.write("فروش برگشتی 1403-01.csv", head + "3,1403/01/07,1000\n"))
    assert report.files[0].mapping != "orders"


HEAD = "order_id;ordered_at;net_amount\n"


def test_integers_pin_no_decimal_mark_for_the_next_file(shop: Workshop) -> None:
    shop.run(shop.write("orders-01.csv", HEAD + "1;2024-01-05;900\n2;2024-01-06;850\n"))
    path = shop.write("orders-02.csv", HEAD + "3;2024-02-05;1.500\n4;2024-02-06;2.850\n")
    [file] = shop.run(path).files
    assert file.outcome is Outcome.FAILED and [issue.code for issue in file.issues] == ["ambiguous_decimal"]
    path = shop.write("orders-03.csv", HEAD + "3;2024-02-05;1.500,00\n4;2024-02-06;2.850\n")
    shop.run(path)
    assert shop.rows("orders", "sum(net_amount)", "1") == [(Decimal(900 + 850 + 1500 + 2850),)]


def test_a_mark_that_was_seen_is_pinned_and_contradiction_is_told(shop: Workshop) -> None:
    shop.run(shop.write("orders-01.csv", HEAD + "1;2024-01-05;900.5\n2;2024-01-06;850\n"))
    report = shop.run(shop.write("orders-02.csv", HEAD + "3;2024-02-05;1,500\n4;2024-02-06;2,50\n"))
    assert "decimal_mark_changed" in [issue.code for issue in report.issues]


DAYS = "order_id,ordered_at,net_amount\n"
DAY_FIRST = DAYS + "1,13/01/2024,10\n2,14/01/2024,20\n"
MONTH_FIRST = DAYS + "3,02/05/2024,30\n4,02/16/2024,40\n5,02/17/2024,50\n"


def test_a_file_in_another_date_order_than_the_mapping_is_refused(shop: Workshop) -> None:
    shop.run(shop.write("orders-01.csv", DAY_FIRST))
    [file] = shop.run(shop.write("orders-02.csv", MONTH_FIRST)).files
    assert file.outcome is Outcome.FAILED and [issue.code for issue in file.issues] == ["date_style_changed"]
    assert shop.rows("orders", "count(*)", "1") == [(2,)]


def test_the_order_of_one_file_may_be_answered_and_the_mapping_stays(shop: Workshop) -> None:
    shop.run(shop.write("orders-01.csv", DAY_FIRST))
    shop.run(shop.write("orders-02.csv", MONTH_FIRST), answers={"date": "gregorian mdy"})
    assert [str(day)[:10] for (day,) in shop.rows("orders", "ordered_at")][2] == "2024-02-05"
    report = shop.run(shop.write("orders-03.csv", DAYS + "6,05/03/2024,1\n7,25/03/2024,1\n"))
    assert only(report).loaded == 2
    assert str(shop.rows("orders", "ordered_at")[-2][0])[:10] == "2024-03-05"


def test_ids_saved_as_decimals_in_a_later_file_are_the_same_ids(shop: Workshop) -> None:
    head = "order_id,ordered_at,net_amount,customer_id\n"
    shop.run(shop.write("orders-01.csv", head + "1,2024-01-05,10,17850\n2,2024-01-06,10,13047\n"))
    shop.run(shop.write("orders-02.csv", head + "3,2024-02-05,10,17850.0\n4,2024-02-06,10,\n"))
    assert shop.rows("orders", "customer_id", "order_id") == [("17850",), ("13047",), ("17850",), (None,)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("500.-", 500), ("۵۰۰/-", 500), ("500,-", 500), ("CHF 500.--", 500), ("-500.-", -500), ("500-", -500),
     ("1.500,-", 1500)],
)  # fmt: skip
def test_a_stroke_for_no_fraction_is_no_minus(text: str, value: int) -> None:
    number = parse_number(text)
    assert not isinstance(number, str) and number.value == value


def test_a_unit_letter_multiplies_amounts_only(shop: Workshop) -> None:
    shop.write("orders.csv", "order_id,ordered_at,net_amount,quantity\n1,2024-03-01,5 m,2\n2,2024-03-02,6 m,5 m\n")
    table = only(shop.run(as_entity="orders"))
    assert shop.rows("orders", "net_amount, quantity") == [(Decimal(5000000), 2)]
    assert [(fault.value, fault.reason) for fault in table.faults] == [("5 m", "cell_not_a_number")]


def test_two_digit_years_are_not_read_into_the_future(shop: Workshop) -> None:
    rows = "\n".join(f"{number},{number + 10:02}/05/03,10" for number in range(1, 9))
    [file] = shop.run(shop.write("orders.csv", "شماره سفارش,تاریخ سفارش,مبلغ (ریال)\n" + rows)).files
    assert file.outcome is Outcome.SKIPPED
    assert "ambiguous_date_order" in [issue.code for issue in file.issues]
    shop.run(answers={"date": "jalali dmy", "entity": "orders"})
    assert str(shop.rows("orders", "max(ordered_at)", "1")[0][0])[:10] == "2024-08-08"
