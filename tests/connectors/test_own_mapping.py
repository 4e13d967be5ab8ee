"""Mappings that people write: filters, groups, SQL, several tables of one file."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import Outcome

RETAIL = """InvoiceNo,StockCode,Quantity,InvoiceDate,Unit Price,Customer
5001,A,2,1/13/2011 8:26,2.55,17850.0
5001,B,1,1/13/2011 8:26,3.39,17850.0
5002,A,10,1/14/2011 9:00,"1,000.5",
C5003,A,-2,1/15/2011 9:00,2.55,17850.0
5004,A,many,1/16/2011 9:00,2.55,13047.0
5004,B,1,1/16/2011 9:00,2,13047.0
"""
GROUPED = """
source: retail
match: ['retail*.csv']
tables:
- entity: orders
  where: "InvoiceNo not like 'C%'"
  group: [InvoiceNo]
  fields:
    order_id: InvoiceNo
    ordered_at: {column: InvoiceDate, calendar: gregorian, order: mdy}
    net_amount: {sql: 'sum(number(Quantity) * number("Unit Price"))', currency: IRT}
    quantity: {sql: sum(number(Quantity))}
    customer_id: {column: Customer, float_ids: true}
    channel: {value: shop}
- entity: order_lines
  where: "InvoiceNo not like 'C%'"
  fields: {order_id: InvoiceNo, product_id: StockCode, quantity: {column: Quantity, decimal: .}}
- entity: refunds
  where: "InvoiceNo like 'C%'"
  fields:
    refund_id: InvoiceNo
    refunded_at: {column: InvoiceDate, calendar: gregorian, order: mdy}
    amount: {sql: '-number(Quantity) * number("Unit Price")', currency: IRT}
"""


def test_lines_become_orders_by_group_and_each_row_is_accounted_for(shop: Workshop) -> None:
    shop.map(GROUPED)
    shop.write("retail-1.csv", RETAIL)
    orders, lines, refunds = shop.run().tables
    assert (orders.read, orders.filtered, orders.folded, orders.loaded, orders.quarantined) == (6, 1, 1, 2, 2)
    assert (lines.read, lines.filtered, lines.loaded, lines.quarantined) == (6, 1, 4, 1)
    assert (refunds.read, refunds.filtered, refunds.loaded) == (6, 5, 1)
    assert shop.rows("orders", "order_id, ordered_at, net_amount, quantity, customer_id, channel, _line") == [
        ("5001", datetime(2011, 1, 13, 8, 26), Decimal("84.9"), 3.0, "17850", "shop", 2),
        ("5002", datetime(2011, 1, 14, 9, 0), Decimal("100050"), 10.0, None, "shop", 4),
    ]
    assert [(fault.row, fault.column, fault.value, fault.reason) for fault in orders.faults] == [
        (6, "Quantity", "many", "cell_not_a_number"),
        (7, "InvoiceNo", "5004", "group_has_bad_line"),
    ]
    assert shop.rows("refunds", "refund_id, amount") == [("C5003", Decimal("51"))]


def test_a_grouped_file_twice_changes_nothing(shop: Workshop) -> None:
    shop.map(GROUPED)
    shop.write("retail-1.csv", RETAIL)
    shop.run()
    report = shop.run()
    assert (report.total("loaded"), report.total("replaced"), report.total("duplicate")) == (0, 0, 7)


def test_a_filter_over_an_unreadable_cell_sets_the_row_aside_instead_of_leaving_it_out(shop: Workshop) -> None:
    shop.map(
        "source: a\nmatch: ['*.csv']\ntables:\n- entity: orders\n  where: number(Sum) > 5\n"
        "  fields: {order_id: No, ordered_at: {column: Day, calendar: gregorian}, net_amount: {sql: number(Sum)}}\n"
    )
    shop.write("x.csv", "No,Day,Sum\n1,2024-03-01,10\n2,2024-03-01,3\n3,2024-03-01,oops\n")
    table = only(shop.run())
    assert (table.read, table.filtered, table.loaded, table.quarantined) == (3, 1, 1, 1)
    assert table.faults[0].row == 4


def test_sql_may_build_text_that_is_then_read_as_the_column_needs(shop: Workshop) -> None:
    shop.map(
        "source: a\nmatch: ['*.csv']\ntables:\n- entity: orders\n  fields:\n    order_id: No\n"
        "    ordered_at: {sql: \"Day || ' ' || Clock\", calendar: jalali}\n"
        "    net_amount: {column: Sum, currency: IRT, unit: thousand}\n"
        "    status: {column: State, values: {ok: delivered}}\n"
        "  dimensions: {band: {sql: \"case when Sum = '7' then 'low' end\"}}\n"
    )
    shop.write("x.csv", "No,Day,Clock,Sum,State\n1,1403/01/05,10:30,7,OK\n2,1403/01/06,25:99,8,ok\n")
    table = only(shop.run())
    assert shop.rows("orders", "ordered_at, net_amount, status, band") == [
        (datetime(2024, 3, 24, 10, 30), Decimal("70000"), "delivered", "low")
    ]
    assert (table.faults[0].column, table.faults[0].value) == ("ordered_at", "1403/01/06 25:99")


def test_a_clock_of_another_zone_is_brought_home(shop: Workshop) -> None:
    shop.map(
        "source: a\nmatch: ['*.csv']\ntables:\n- entity: orders\n  fields: {order_id: No,"
        " ordered_at: {column: At, calendar: gregorian, zone: UTC}, net_amount: {column: Sum, currency: IRR}}\n"
    )
    shop.write("x.csv", "No,At,Sum\n1,2024-03-24 20:30:00,7\n")
    shop.run()
    assert shop.rows("orders", "ordered_at") == [(datetime(2024, 3, 25, 0, 0),)]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("{sql: '(select 1)'}", "bad_sql"),
        ("{sql: \"read_text('/etc/passwd')\"}", "bad_sql"),
        ("{sql: \"getenv('HOME')\"}", "bad_sql"),
        ("{sql: 'number(Sum + 1)'}", "bad_sql"),
        ("{sql: '1; drop table raw_rows'}", "bad_sql"),
        ("{sql: 'sum(Sum) over ()'}", "bad_sql"),
        ("{sql: number(Summ)}", "unknown_name"),
        ("{value: lots}", "cell_not_a_number"),
    ],
)
def test_what_sql_may_not_do_is_refused_and_nothing_is_written(shop: Workshop, field: str, code: str) -> None:
    shop.map(
        "source: a\nmatch: ['*.csv']\ntables:\n- entity: orders\n"
        f"  fields: {{order_id: No, ordered_at: At, net_amount: {field}}}\n"
    )
    shop.write("x.csv", "No,At,Sum\n1,2024-03-24,7\n")
    report = shop.run()
    assert report.files[0].outcome is Outcome.FAILED
    assert code in [issue.code for issue in report.issues]
    assert report.version == 0


def test_a_mapping_onto_what_the_model_does_not_have_says_so(shop: Workshop) -> None:
    shop.map("source: a\nmatch: ['*.csv']\ntables:\n- entity: orders\n  fields: {order_id: No, net_amuont: Sum}\n")
    shop.write("x.csv", "No,At,Sum\n1,2024-03-24,7\n")
    issues = shop.run().errors
    assert (issues[0].code, issues[0].suggestion) == ("unknown_name", "net_amount")
    assert {issue.code for issue in issues} == {"unknown_name", "required_column_missing"}


def test_an_own_key_tells_rows_apart(shop: Workshop) -> None:
    shop.map(
        "source: a\nmatch: ['*.csv']\ntables:\n- entity: ad_daily\n  key: [date, banner]\n"
        "  fields: {date: {column: day, calendar: gregorian}, cost: {column: cost, currency: IRR}}\n"
        "  dimensions: {banner: banner}\n"
    )
    shop.write("x.csv", "day,banner,cost\n2024-03-01,a,1\n2024-03-01,b,2\n")
    shop.run()
    shop.write("x.csv", "day,banner,cost\n2024-03-01,a,5\n2024-03-01,b,2\n")
    table = only(shop.run())
    assert (table.replaced, table.duplicate) == (1, 1)
    assert shop.rows("ad_daily", "banner, cost") == [("a", 5), ("b", 2)]
