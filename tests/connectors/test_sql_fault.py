"""SQL of a mapping that reads numbers as the file writes them, and what is said of SQL that cannot be run."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.connectors.workshop import Workshop

from sanjeh.errors import Issue

MAPPING = """
source: items
match: [items*.csv]
read: {{delimiter: ';', decimal: '{decimal}'}}
tables:
  - entity: orders
    where: {where}
    fields:
      order_id: No
      ordered_at: {{column: Day, calendar: gregorian}}
      net_amount: {{sql: '{sql}', currency: IRR}}
"""
FILE = "No;Day;Price;Count\n1;2024-03-01;1,500;2\n2;2024-03-02;2,250;4\n"


def run(shop: Workshop, sql: str, decimal: str = ",", where: str = "number(Count) > 0") -> tuple[Issue, ...]:
    shop.map(MAPPING.format(sql=sql, decimal=decimal, where=where))
    shop.write("items.csv", FILE)
    return shop.run().errors


@pytest.mark.parametrize(("decimal", "amounts"), [(",", ("3", "9")), (".", ("3000", "9000"))])
def test_number_reads_by_the_decimal_mark_that_the_mapping_says(
    shop: Workshop, decimal: str, amounts: tuple[str, str]
) -> None:
    assert run(shop, "number(Price) * number(Count)", decimal) == ()
    assert shop.rows("orders", "net_amount", "order_id") == [(Decimal(amount),) for amount in amounts]


def test_a_filter_reads_by_the_decimal_mark_as_well(shop: Workshop) -> None:
    run(shop, "number(Price)", where="number(Price) < 2")
    assert shop.rows("orders", "order_id") == [("1",)]


def test_a_decimal_mark_that_nothing_says_is_not_guessed_in_sql(shop: Workshop) -> None:
    shop.map(MAPPING.format(sql="number(Price)", decimal=",", where="true").replace(", decimal: ','", ""))
    shop.write("items.csv", FILE.replace("1,500", "1.500").replace("2,250", "2.250"))
    assert [issue.code for issue in shop.run().errors] == ["ambiguous_decimal"]


def test_texts_that_are_multiplied_are_named_with_what_to_write(shop: Workshop) -> None:
    [issue] = run(shop, '"Price" * "Count"')
    assert issue.code == "sql_of_text" and issue.data["field"] == "net_amount" and issue.data["file"] == "own.yaml"
    assert issue.data["numbers"] == 'number("Price") * number("Count")'


def test_texts_in_a_filter_are_named_as_the_filter(shop: Workshop) -> None:
    [issue] = run(shop, "number(Price)", where="'\"Count\" > 3'")
    assert (issue.code, issue.data["field"]) == ("sql_of_text", "where")
    assert issue.data["numbers"] == 'number("Count") > 3'


def test_what_the_database_says_of_other_sql_is_told_with_the_field_and_the_file(shop: Workshop) -> None:
    [issue] = run(shop, "cast(Price as integer)")
    assert issue.code == "sql_failed" and (issue.data["field"], issue.data["file"]) == ("net_amount", "own.yaml")
    assert "1,500" in str(issue.data["reason"]) and issue.place is not None and issue.place.line
