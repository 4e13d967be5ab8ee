"""The currency of a row, of a header and of a cell meet: each is applied once, and none against another."""

from __future__ import annotations

from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import Outcome, import_sources

HEAD = "order_id,ordered_at,customer_id,"


def _orders(shop: Workshop, columns: str, *rows: str) -> list[tuple[str, str | None]]:
    """Imports the rows, and gives the faults of their cells."""
    lines = [f"{number},2024-03-0{number},C{number},{row}" for number, row in enumerate(rows, 1)]
    shop.write("orders.csv", "\n".join((HEAD + columns, *lines)) + "\n")
    return [(fault.reason, fault.value) for fault in only(shop.run()).faults]


def test_a_cell_with_its_own_mark_is_not_multiplied_by_its_row_again(shop: Workshop) -> None:
    faults = _orders(shop, "net_amount,currency", "1000 تومان,تومان", "2000 تومان,تومان", "3000,تومان", "500,ریال")
    assert faults == []
    assert shop.rows("orders", "net_amount, currency") == [
        (500, "IRR"),
        (10_000, "IRR"),
        (20_000, "IRR"),
        (30_000, "IRR"),
    ]


def test_a_cell_whose_mark_is_not_its_rows_is_set_aside(shop: Workshop) -> None:
    faults = _orders(shop, "net_amount,currency", "1000 ریال,تومان", "2000 تومان,تومان", "$3,USD", "4 USD,EUR")
    assert faults == [("cell_currency_conflict", "1000 ریال"), ("cell_currency_conflict", "4 USD")]
    assert shop.rows("orders", "net_amount, currency") == [(3, "USD"), (20_000, "IRR")]


def test_a_scale_word_of_a_cell_goes_with_the_currency_of_its_row(shop: Workshop) -> None:
    assert _orders(shop, "net_amount,currency", "2 میلیون تومان,تومان", "1 میلیون,IRR", "5,IRR") == []
    assert shop.rows("orders", "net_amount") == [(5,), (1_000_000,), (20_000_000,)]


def test_a_header_that_contradicts_the_currency_of_a_row_sets_the_row_aside(shop: Workshop) -> None:
    shop.set(currency="IRT")
    faults = _orders(shop, "net_amount (ریال),currency", "100000,IRR", "100000,USD")
    assert faults == [("cell_currency_conflict", "100000")]
    assert shop.rows("orders", "net_amount, currency") == [(10_000, "IRT")]


def test_an_open_mapping_holds_the_header_against_the_rows_too(shop: Workshop) -> None:
    shop.set(currency="IRT")
    shop.map(
        "source: own\nmatch: ['orders*.csv']\ntables:\n- entity: orders\n  fields:\n    order_id: order_id\n"
        "    ordered_at: ordered_at\n    customer_id: customer_id\n"
        "    net_amount: {column: net_amount (ریال)}\n    currency: currency\n"
    )
    faults = _orders(shop, "net_amount (ریال),currency", "100000,IRR", "100000,USD")
    assert faults == [("cell_currency_conflict", "100000")]
    assert shop.rows("orders", "net_amount, currency") == [(10_000, "IRT")]


def test_amounts_of_one_row_in_two_currencies_are_refused(shop: Workshop) -> None:
    shop.set(currency="IRT")
    shop.write(
        "orders.csv",
        HEAD + "net_amount (USD),refunded_amount (toman)\n1,2024-03-01,C1,100,50000\n2,2024-03-02,C2,200,0\n",
    )
    report = shop.run()
    assert report.files[0].outcome is Outcome.FAILED
    assert [issue.code for issue in report.errors] == ["money_currencies_differ"]
    assert report.errors[0].data["currencies"] == "IRT, USD"


def test_rial_and_toman_headers_meet_in_the_companys_currency(shop: Workshop) -> None:
    shop.write(
        "orders.csv", HEAD + "net_amount (ریال),refunded_amount (تومان)\n1,2024-03-01,C1,1000,50\n2,2024-03-02,C2,7,0\n"
    )
    shop.run()
    assert shop.rows("orders", "net_amount, refunded_amount") == [(7, 0), (1000, 500)]


def test_a_dollar_sign_in_a_column_of_tomans_is_no_toman(shop: Workshop) -> None:
    shop.set(currency="IRT")
    faults = _orders(shop, "net_amount (تومان)", "1000", "$5", "2000")
    assert faults == [("cell_other_currency", "$5")]
    assert shop.rows("orders", "net_amount") == [(1000,), (2000,)]


def test_a_dollar_sign_is_that_of_a_dollar_column(shop: Workshop) -> None:
    shop.set(currency="CAD")
    assert _orders(shop, "net_amount (CAD)", "1000", "$5") == []
    assert shop.rows("orders", "net_amount") == [(5,), (1000,)]


LINES = "Order ID,Order Date,Customer ID,Product ID,Quantity,"


def test_a_price_with_its_own_currency_is_not_scaled_by_the_header(shop: Workshop) -> None:
    shop.write(
        "sales.csv",
        LINES + "unit price (million rial)\nO1,2024-03-01,C1,P1,2,3\nO1,2024-03-01,C1,P2,10,200 تومان\n"
        "O2,2024-03-02,C2,P1,1,4\n",
    )
    shop.run()
    assert shop.rows("order_lines", "net_amount") == [(20_000,), (4_000_000,), (6_000_000,)]
    assert shop.rows("orders", "order_id, net_amount") == [("O1", 6_020_000), ("O2", 4_000_000)]


def test_a_price_with_its_own_currency_is_not_multiplied_by_its_row_again(shop: Workshop) -> None:
    shop.write(
        "sales.csv",
        LINES + "unit price,currency\nO1,2024-03-01,C1,P1,2,300 تومان,تومان\nO1,2024-03-01,C1,P2,1,200,تومان\n"
        "O2,2024-03-02,C2,P1,1,400 ریال,ریال\nO3,2024-03-02,C2,P1,1,5 ریال,تومان\n",
    )
    faults = {(fault.reason, fault.value) for table in shop.run().tables for fault in table.faults}
    assert faults == {("cell_currency_conflict", "5 ریال")}
    assert shop.rows("orders", "order_id, net_amount") == [("O1", 8_000), ("O2", 400)]


def test_lines_in_dollars_come_into_a_toman_company_as_dollars(shop: Workshop) -> None:
    shop.set(currency="IRT")
    shop.write(
        "sales.csv",
        LINES + "Sales (USD)\nO1,2024-03-01,C1,P1,2,10\nO1,2024-03-01,C1,P2,1,5\nO2,2024-03-02,C2,P1,1,7\n",
    )
    report = shop.run()
    assert report.errors == ()
    assert shop.rows("orders", "order_id, net_amount, currency") == [("O1", 15, "USD"), ("O2", 7, "USD")]


def test_an_order_id_in_two_spellings_is_one_order(shop: Workshop) -> None:
    shop.write(
        "sales.csv",
        LINES + "Sales (IRR)\n12,2024-03-01,C1,P1,2,10\n۱۲,2024-03-01,C1,P2,1,5\n13,2024-03-02,C2,P1,1,7\n",
    )
    shop.run()
    assert shop.rows("orders", "order_id, net_amount") == [("12", 15), ("13", 7)]


def test_a_percent_header_makes_fractions(shop: Workshop) -> None:
    shop.write(
        "targets.csv", "kpi,starts_on,ends_on,value (%)\nx,2024-01-01,2024-01-31,12\nx,2024-02-01,2024-02-29,15\n"
    )
    import_sources(shop.settings, [shop.inbox], as_entity="targets")
    assert shop.rows("targets", "value") == [(0.12,), (0.15,)]


def test_a_scale_word_without_a_currency_is_not_passed_over_in_silence(shop: Workshop) -> None:
    shop.write("orders.csv", HEAD + "net_amount (thousand)\n1,2024-03-01,C1,1000\n2,2024-03-02,C2,1500\n")
    [issue] = [issue for issue in shop.run().issues if issue.code == "header_scale_unused"]
    assert issue.data == {"column": "net_amount (thousand)", "unit": "1000"}
