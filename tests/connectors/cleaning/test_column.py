"""The profile of a column: what it holds and what it could be."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from sanjeh.connectors.cleaning import column as column_module
from sanjeh.connectors.cleaning.column import ColumnProfile, profile_column
from sanjeh.connectors.cleaning.column_reading import read_column
from sanjeh.definitions.entity import ColumnType


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def profile(connection: duckdb.DuckDBPyConnection, texts: list[str | None], header: str) -> ColumnProfile:
    connection.execute("CREATE OR REPLACE TABLE staged AS SELECT unnest(?::VARCHAR[]) AS c1", [texts])
    return profile_column(connection, "staged", "c1", header)


def test_a_profile_counts_rows_blanks_and_distinct_values(connection: duckdb.DuckDBPyConnection) -> None:
    found = profile(connection, ["a", "a", "bbb", "", None, "NULL", "NA"], "region")
    assert (found.rows, found.blanks, found.distinct) == (7, 3, 3)
    assert (found.shortest, found.longest) == (1, 3)
    assert set(found.samples) == {"a", "bbb", "NA"}
    assert found.samples[0] == "a"


def test_an_empty_column_is_a_text(connection: duckdb.DuckDBPyConnection) -> None:
    found = profile(connection, ["", None], "note")
    assert (found.rows, found.blanks, found.distinct) == (2, 2, 0)
    assert found.types[0].type is ColumnType.TEXT


@pytest.mark.parametrize(
    ("texts", "header", "kind"),
    [
        (["1403/05/14", "1403/05/15"], "x", "date"),
        (["1403/05/14 10:30", "1403/05/15"], "تاریخ ثبت", "time"),
        (["20240804", "20240805"], "date", "date"),
        (["20240804", "20240805"], "volume", "integer"),
        (["45508", "45509"], "Order Date", "date"),
        (["45508", "45509"], "visits", "integer"),
        (["12", "13", "12"], "quantity", "integer"),
        (["12.5", "13", "13"], "weight", "number"),
        (["12%", "13%"], "share", "number"),
        (["12 تومان", "13 تومان"], "x", "money"),
        (["12", "13"], "مبلغ کل", "money"),
        (["12", "13"], "value_usd", "money"),
        (["0012", "0013"], "x", "key"),
        (["12", "13"], "customer_id", "key"),
        (["12", "13"], "کد مشتری", "key"),
        (["A-12", "B-13", "C-14"], "x", "key"),
        (["تهران", "شیراز", "تهران"], "x", "text"),
        (["بله", "خیر", "بله"], "x", "boolean"),
        (["0", "1", "0"], "is_paid", "boolean"),
        (["0", "1", "0"], "converted", "integer"),
        (["2022", "2023", "2023"], "year", "integer"),
        (["Yes", "No", "No phone service", "No"], "lines", "text"),
        (["June", "Feb", "June"], "Month", "text"),
    ],
)
def test_the_likely_type(
    connection: duckdb.DuckDBPyConnection, texts: list[str | None], header: str, kind: str
) -> None:
    assert profile(connection, texts, header).types[0].type == kind


def test_the_share_says_how_much_a_type_understands(connection: duckdb.DuckDBPyConnection) -> None:
    found = profile(connection, ["1", "2", "3", "many"], "count")
    assert {guess.type: guess.share for guess in found.types}[ColumnType.INTEGER] == 0.75


def test_smallest_and_largest_are_of_the_likely_type(connection: duckdb.DuckDBPyConnection) -> None:
    days = profile(connection, ["1403/05/14", "1402/12/29"], "تاریخ")
    amounts = profile(connection, ["900", "1,000"], "visits")
    assert (days.minimum, days.maximum) == ("2024-03-19", "2024-08-04")
    assert (amounts.minimum, amounts.maximum) == ("900", "1000")


def test_issues_are_those_of_the_likely_type(connection: duckdb.DuckDBPyConnection) -> None:
    dates = profile(connection, ["3/4/2024", "5/6/2024"], "date")
    money = profile(connection, ["12", "13"], "price")
    ids = profile(connection, ["17850.0", "13047.0"], "customer id")
    assert [[issue.code for issue in found.issues] for found in (dates, money, ids)] == [
        ["ambiguous_date_order"],
        ["currency_unknown"],
        ["float_ids"],
    ]


def test_a_column_with_too_many_values_says_that_it_was_sampled(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(column_module, "DISTINCT_READ", 10)
    found = profile(connection, [str(number) for number in range(11)], "visits")
    assert found.sampled and found.distinct == 11
    assert found.issues[-1].code == "column_sampled"


def test_blanks_alone_do_not_make_a_column_sampled(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(column_module, "DISTINCT_READ", 2)
    assert not profile(connection, ["1", "2"], "visits").sampled


def test_a_word_in_capitals_makes_no_currency_of_a_text_column() -> None:
    assert read_column({"north": 1, "south": 2}, "ALL").currency is None
