"""A file whose rows are lines of orders becomes orders and order lines."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.connectors.workshop import Workshop

from sanjeh.connectors import Outcome, TableReport, load_mapping

FLAT = """Order ID,Order Date,Customer ID,Product ID,Quantity,Sales (IRR)
O1,2024-03-01,C1,P1,2,10
O1,2024-03-01,C1,P2,1,5
O2,2024-03-02,C2,P1,1,7
"""


def _tables(shop: Workshop, answers: dict[str, str | None] | None = None) -> dict[str, TableReport]:
    return {table.entity: table for table in shop.run(answers=answers).tables}


def test_orders_are_the_sums_of_their_lines(shop: Workshop) -> None:
    shop.write("sales.csv", FLAT)
    tables = _tables(shop)
    assert (tables["orders"].read, tables["orders"].folded, tables["orders"].loaded) == (3, 1, 2)
    assert (tables["order_lines"].read, tables["order_lines"].loaded) == (3, 3)
    assert shop.rows("orders", "order_id, ordered_at, customer_id, net_amount, quantity") == [
        ("O1", datetime(2024, 3, 1), "C1", Decimal(15), 3.0),
        ("O2", datetime(2024, 3, 2), "C2", Decimal(7), 1.0),
    ]
    assert sum(table.duplicate for table in _tables(shop).values()) == 5


def test_an_amount_is_reckoned_from_quantity_and_price(shop: Workshop) -> None:
    shop.write(
        "فروش.csv",
        "شماره فاکتور,تاریخ فاکتور,کد مشتری,کد کالا,تعداد,قیمت واحد (تومان)\n"
        "۱,۱۴۰۳/۰۱/۰۵,م۱,ک۱,۲,۱٬۵۰۰\n۱,۱۴۰۳/۰۱/۰۵,م۱,ک۲,۳,۱٬۰۰۰\n",
    )
    _tables(shop)
    assert shop.rows("orders", "order_id, net_amount") == [("1", 60000)]
    assert shop.rows("order_lines", "product_id, quantity, net_amount") == [("ک1", 2.0, 30000), ("ک2", 3.0, 30000)]


def test_a_total_on_the_first_line_counts_once(shop: Workshop) -> None:
    shop.write("sales.csv", FLAT.replace("P2,1,5", "P2,1,"))
    _tables(shop)
    assert shop.rows("orders", "order_id, net_amount") == [("O1", 10), ("O2", 7)]
    assert "net_amount" not in {
        each.target for each in load_mapping(shop.settings.sources / "sales.yaml").tables[1].fields
    }


def test_a_total_that_every_line_repeats_is_asked_about(shop: Workshop) -> None:
    shop.write("sales.csv", FLAT.replace("P2,1,5", "P2,1,10"))
    assert shop.run().files[0].outcome is Outcome.SKIPPED
    _tables(shop, {"lines": "first"})
    assert shop.rows("orders", "order_id, net_amount") == [("O1", 10), ("O2", 7)]
    [question] = [question for question in shop.asked if question.kind == "lines"]
    assert question.issue.code == "repeated_total"


def test_a_product_twice_in_one_order_is_two_lines(shop: Workshop) -> None:
    shop.write("sales.csv", FLAT + "O2,2024-03-02,C2,P1,4,20\n")
    tables = _tables(shop)
    assert (tables["order_lines"].loaded, tables["order_lines"].superseded) == (4, 0)
    assert shop.rows("orders", "order_id, net_amount") == [("O1", 15), ("O2", 27)]
    assert load_mapping(shop.settings.sources / "sales.yaml").tables[1].keyless
