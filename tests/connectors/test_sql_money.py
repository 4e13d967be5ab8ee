"""What ``number()`` reads in a mapping's SQL is worth what the plain column is worth: each factor counts once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.connectors.workshop import Workshop, only

HEAD = "Invoice;Day;Amount (rial);Cur\n"
BOTH = HEAD + "B-1;2024-03-04;1500;IRR\nB-2;2024-03-05;3000 rial;IRR\n"


def _load(shop: Workshop, content: str, fields: str, table: str = "") -> list[tuple[str, str | None]]:
    """Imports the file by the fields; gives the faults of its cells."""
    shop.write("orders.csv", content)
    shop.map(
        "source: own\nmatch: ['orders*.csv']\ntables:\n- entity: orders\n"
        f"{table}  fields:\n    order_id: Invoice\n    ordered_at: Day\n{fields}"
    )
    report = shop.run()
    assert report.errors == (), report.errors
    return [(fault.reason, fault.value) for fault in only(report).faults]


def _amounts(shop: Workshop, columns: str = "net_amount") -> list[tuple[object, ...]]:
    return shop.rows("orders", f"order_id, {columns}")


@pytest.mark.parametrize("amount", ["{column: Amount (rial)}", "{sql: 'number(\"Amount (rial)\")'}"])
@pytest.mark.parametrize("currency", ["Cur", "{sql: 'text(\"Cur\")'}", "{sql: 'upper(\"Cur\")'}"])
def test_a_currency_of_header_and_row_is_converted_once(shop: Workshop, amount: str, currency: str) -> None:
    shop.set(currency="IRT")
    assert _load(shop, BOTH, f"    net_amount: {amount}\n    currency: {currency}\n") == []
    assert _amounts(shop, "net_amount, currency") == [("B-1", 150, "IRT"), ("B-2", 300, "IRT")]


@pytest.mark.parametrize("amount", ["{column: Amount (EUR)}", "{sql: 'number(\"Amount (EUR)\")'}"])
def test_a_foreign_currency_of_header_and_row_stays(shop: Workshop, amount: str) -> None:
    shop.set(currency="USD")
    content = "Invoice;Day;Amount (EUR);Cur\nB-1;2024-03-04;1500.5;EUR\nB-2;2024-03-05;3000 EUR;EUR\n"
    assert _load(shop, content, f"    net_amount: {amount}\n    currency: Cur\n") == []
    assert _amounts(shop, "net_amount, currency") == [("B-1", Decimal("1500.5"), "EUR"), ("B-2", 3000, "EUR")]


@pytest.mark.parametrize("amount", ["{column: Amount (rial)}", "{sql: 'number(\"Amount (rial)\")'}"])
def test_a_row_in_another_currency_than_the_header_is_set_aside(shop: Workshop, amount: str) -> None:
    shop.set(currency="IRT")
    content = HEAD + "B-1;2024-03-04;1500;USD\nB-2;2024-03-05;3000;\nB-3;2024-03-06;70 toman;IRR\n"
    faults = _load(shop, content, f"    net_amount: {amount}\n    currency: Cur\n")
    assert faults == [("cell_currency_conflict", "1500"), ("cell_currency_conflict", "70 toman")]
    assert _amounts(shop) == [("B-2", 300)]


def test_a_large_amount_under_a_named_header_keeps_each_digit(shop: Workshop) -> None:
    content = "Invoice;Day;Amount (rial);Cur\nB-1;2024-03-04;1234567890123456789.25;IRR\n"
    _load(shop, content, "    net_amount: {sql: 'number(\"Amount (rial)\")'}\n    currency: Cur\n")
    assert _amounts(shop) == [("B-1", Decimal("1234567890123456789.25"))]


@pytest.mark.parametrize("currency", ["Cur", "{sql: 'max(\"Cur\")'}"])
def test_a_blank_line_is_in_the_currency_of_its_group(shop: Workshop, currency: str) -> None:
    shop.set(currency="IRT")
    content = HEAD + (
        "B-1;2024-03-04;1500;IRR\nB-1;2024-03-04;500;\nB-1;2024-03-04;3000 rial;\n"
        "B-2;2024-03-05;700;\nB-2;2024-03-05;300;\n"
    )
    fields = f"    net_amount: {{sql: 'sum(number(\"Amount (rial)\"))'}}\n    currency: {currency}\n"
    assert _load(shop, content, fields, "  group: [Invoice]\n") == []
    assert _amounts(shop) == [("B-1", 500), ("B-2", 100)]


@pytest.mark.parametrize("amount", ["{column: Amount (rial)}", "{sql: 'number(\"Amount (rial)\")'}"])
def test_a_scale_word_of_the_row_is_not_put_on_an_amount_under_a_named_header(shop: Workshop, amount: str) -> None:
    content = "Invoice;Day;Amount (rial);Cur\nB-1;2024-03-04;1500;thousand rial\n"
    _load(shop, content, f"    net_amount: {amount}\n    currency: Cur\n")
    assert _amounts(shop) == [("B-1", 1500)]


THOUSANDS = "Invoice;Day;Amount (thousand rial)\nB-1;2024-03-04;1500\n"
SQL = "sql: 'number(\"Amount (thousand rial)\")'"


@pytest.mark.parametrize("origin", ["column: Amount (thousand rial)", SQL])
@pytest.mark.parametrize(
    ("said", "worth"),
    [("", 150_000), (", currency: IRR", 150_000), (", currency: IRR, unit: thousand", 150_000),
     (", unit: thousand", 150_000), (", unit: million", 150_000_000), (", currency: IRR, unit: million", 150_000_000),
     (", currency: IRT", 1_500_000)],
)  # fmt: skip
def test_the_scale_of_a_header_counts_with_and_without_a_currency(
    shop: Workshop, origin: str, said: str, worth: int
) -> None:
    shop.set(currency="IRT")
    assert _load(shop, THOUSANDS, f"    net_amount: {{{origin}{said}}}\n") == []
    assert _amounts(shop) == [("B-1", worth)]


def test_fields_that_read_one_header_do_not_change_each_other(shop: Workshop) -> None:
    shop.set(currency="IRT")
    fields = (
        f"    net_amount: {{{SQL}, currency: IRR, unit: thousand}}\n    shipping: {{{SQL}, currency: IRR}}\n"
        f"    tax: {{{SQL}, currency: IRR, unit: million}}\n    discount: {{{SQL}}}\n"
    )
    _load(shop, THOUSANDS, fields)
    assert _amounts(shop, "net_amount, shipping, tax, discount") == [("B-1", 150_000, 150_000, 150_000_000, 150_000)]


@pytest.mark.parametrize("origin", ["column: Amount (rial)", "sql: 'number(\"Amount (rial)\")'"])
def test_a_stated_number_is_brought_from_the_currency_that_its_field_says(shop: Workshop, origin: str) -> None:
    shop.set(currency="IRT")
    shop.write("stated.csv", "M;Day;Amount (rial)\nrevenue;2024-03-04;1500\n")
    shop.map(
        "source: own\nmatch: ['stated*.csv']\ntables:\n- entity: observations\n  fields:\n    measure: M\n"
        f"    date: Day\n    value: {{{origin}, currency: IRR}}\n"
    )
    assert shop.run().errors == ()
    assert shop.rows("observations", "value") == [(150.0,)]
