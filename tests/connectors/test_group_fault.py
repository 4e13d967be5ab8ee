"""Lines that do not go together, or of which one is bad, are set aside as a whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.connectors.workshop import Workshop

from sanjeh.connectors import TableReport

GROUPED = """
source: sales
match: [sales*.csv]
tables:
  - entity: orders
    group: [No]
    fields:
      order_id: No
      ordered_at: {column: Day, calendar: gregorian}
      net_amount: {sql: 'sum(number("Amount"))'}
      currency: Currency
"""
HEAD = "No,Day,Amount,Currency\n"


def run(shop: Workshop, lines: str) -> TableReport:
    shop.map(GROUPED)
    shop.write("sales.csv", HEAD + lines)
    [table] = shop.run().tables
    return table


def test_an_order_whose_lines_are_in_two_currencies_is_set_aside(shop: Workshop) -> None:
    table = run(shop, "1,2024-03-01,10,USD\n1,2024-03-01,5,EUR\n2,2024-03-02,7,USD\n2,2024-03-02,8,USD\n")
    assert shop.rows("orders", "order_id, net_amount, currency") == [("2", Decimal(15), "USD")]
    assert (table.loaded, table.folded, table.quarantined) == (1, 1, 2)
    assert [(each.row, each.column, each.value, each.reason) for each in table.faults] == [
        (2, "currency", "USD", "group_currencies_differ"),
        (3, "currency", "EUR", "group_currencies_differ"),
    ]


def test_an_order_in_rials_and_tomans_is_set_aside_and_not_added_up_as_one_of_them(shop: Workshop) -> None:
    table = run(shop, "1,2024-03-01,10,ریال\n1,2024-03-01,5,تومان\n")
    assert (table.loaded, table.quarantined) == (0, 2)


def test_an_order_whose_lines_spell_one_currency_in_two_ways_is_added_up(shop: Workshop) -> None:
    table = run(shop, "1,2024-03-01,10,تومان\n1,2024-03-01,5,IRT\n")
    assert table.loaded == 1
    assert shop.rows("orders", "net_amount, currency") == [(Decimal(150), "IRR")]


@pytest.mark.parametrize("blank", ["", "-"])
def test_a_line_without_a_currency_is_in_the_one_that_its_order_names(shop: Workshop, blank: str) -> None:
    run(shop, f"1,2024-03-01,10,{blank}\n1,2024-03-01,5,USD\n")
    assert shop.rows("orders", "net_amount, currency") == [(Decimal(15), "USD")]


def test_an_unknown_currency_beside_a_known_one_sets_the_order_aside(shop: Workshop) -> None:
    assert run(shop, "1,2024-03-01,10,USD\n1,2024-03-01,5,Taler\n").quarantined == 2


def test_lines_without_a_number_of_their_order_are_one_group_of_one_currency(shop: Workshop) -> None:
    table = run(shop, ",2024-03-01,10,USD\n,2024-03-01,5,EUR\n")
    assert (table.loaded, table.quarantined) == (0, 2)


def test_the_other_lines_of_an_order_with_a_bad_line_are_set_aside_with_it(shop: Workshop) -> None:
    table = run(shop, "1,2024-03-01,10,USD\n1,2024-03-01,many,USD\n1,2024-03-01,3,USD\n2,2024-03-02,7,USD\n")
    assert (table.read, table.loaded, table.folded, table.quarantined) == (4, 1, 0, 3)
    assert [(each.row, each.column, each.value, each.reason) for each in table.faults] == [
        (2, "No", "1", "group_has_bad_line"),
        (3, "Amount", "many", "cell_not_a_number"),
        (4, "No", "1", "group_has_bad_line"),
    ]


def test_all_lines_of_an_order_without_a_day_that_can_be_read_are_set_aside(shop: Workshop) -> None:
    table = run(shop, "1,2024-02-31,10,USD\n1,2024-02-31,5,USD\n2,2024-03-02,7,USD\n")
    assert (table.loaded, table.folded, table.quarantined) == (1, 0, 2)
    assert [each.reason for each in table.faults][1] == "group_has_bad_line"
