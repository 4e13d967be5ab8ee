"""Typed values in DuckDB, and the reasons of those that are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjeh.connectors.cleaning import convert
from sanjeh.connectors.cleaning.cell import read_cell
from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.convert import build_converted
from sanjeh.connectors.cleaning.date import DateStyle
from sanjeh.connectors.cleaning.number import NumberStyle
from sanjeh.definitions.entity import ColumnType

RIAL = Conversion(ColumnType.MONEY, currency="IRR")
JALALI_TIME = Conversion(ColumnType.TIME, date=DateStyle("jalali", "dmy"), zone="Asia/Tehran")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def values(
    connection: duckdb.DuckDBPyConnection, texts: Sequence[str | None], conversion: Conversion
) -> list[tuple[object, str | None]]:
    """Value and reason of each text, in order."""
    connection.execute(
        'CREATE OR REPLACE TABLE staged AS SELECT unnest(?::VARCHAR[]) AS "the ""raw"" one"', [list(texts)]
    )
    column = build_converted(connection, "staged", 'the "raw" one', conversion, "value")
    rows = connection.execute(
        f"SELECT {column.expression}, {column.reason} FROM staged AS t {column.join} ORDER BY t.rowid"
    ).fetchall()
    assert len(rows) == len(texts)
    column.drop(connection)
    return [(value, reason) for value, reason in rows]


def test_text_is_cleaned_and_blanks_become_null(connection: duckdb.DuckDBPyConnection) -> None:
    found = values(connection, [" كيش ", "NULL", None, "(not set)", "a  b"], Conversion(ColumnType.TEXT))
    assert [value for value, _ in found] == ["کیش", None, None, "(not set)", "a b"]


def test_keys_keep_their_zeros(connection: duckdb.DuckDBPyConnection) -> None:
    found = values(connection, ["۰۰۱۲", "17850.0", "#N/A"], Conversion(ColumnType.KEY, float_ids=True))
    assert [value for value, _ in found] == ["0012", "17850", None]


def test_numbers_and_their_reasons(connection: duckdb.DuckDBPyConnection) -> None:
    texts = ["1,234.5", "۱۲٬۰۰۰", "12%", "1e3", "-", None, "NA", "apples", "1,5", "1e999", " 7 ", "(3)"]
    assert values(connection, texts, Conversion(ColumnType.NUMBER)) == [
        (1234.5, None),
        (12000.0, None),
        (0.12, None),
        (1000.0, None),
        (None, None),
        (None, None),
        (None, None),
        (None, "cell_not_a_number"),
        (None, "cell_number_ambiguous"),
        (None, "cell_number_out_of_range"),
        (7.0, None),
        (-3.0, None),
    ]


def test_whole_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    texts = ["12", "12.0", "2.5", "9223372036854775807", "9223372036854775808", "-4", "1,000"]
    assert values(connection, texts, Conversion(ColumnType.INTEGER)) == [
        (12, None),
        (12, None),
        (None, "cell_not_whole"),
        (2**63 - 1, None),
        (None, "cell_number_out_of_range"),
        (-4, None),
        (1000, None),
    ]


def test_money_is_exact_and_a_mark_in_the_cell_goes_before_the_column(connection: duckdb.DuckDBPyConnection) -> None:
    texts = ["0.1", "12,500", "۵ تومان", "۵ ریال", "۵ريال", "۲ میلیون تومان", "$5", "1.0000000005", "12%"]
    found = values(connection, texts, RIAL)
    assert [value for value, _ in found] == [
        Decimal("0.1"),
        Decimal(12500),
        Decimal(50),
        Decimal(5),
        Decimal(5),
        Decimal(20_000_000),
        None,
        Decimal(1),
        None,
    ]
    assert (found[6][1], found[-1][1]) == ("cell_other_currency", "cell_not_a_number")


def test_money_of_another_kind_is_set_aside(connection: duckdb.DuckDBPyConnection) -> None:
    assert values(connection, ["5 EUR", "€5"], RIAL) == [(None, "cell_other_currency")] * 2


def test_the_scale_of_the_header_is_for_cells_without_their_own(connection: duckdb.DuckDBPyConnection) -> None:
    million_toman = Conversion(ColumnType.MONEY, currency="IRR", source_currency="IRT", scale=Decimal(1_000_000))
    found = values(connection, ["1.5", "۲", "۳ هزار", "۴ ریال", "1.00001"], million_toman)
    assert [value for value, _ in found] == [
        Decimal(15_000_000),
        Decimal(20_000_000),
        Decimal(30_000),
        Decimal(4),
        Decimal("10000100"),
    ]


def test_percents_by_the_column_are_divided_once(connection: duckdb.DuckDBPyConnection) -> None:
    percent = Conversion(ColumnType.NUMBER, scale=Decimal("0.01"))
    assert [value for value, _ in values(connection, ["7", "7%", "۷"], percent)] == [0.07, 0.07, 0.07]


def test_european_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    found = values(connection, ["1.234,5", "1.234", "7,25"], Conversion(ColumnType.NUMBER, NumberStyle(",")))
    assert [value for value, _ in found] == [1234.5, 1234.0, 7.25]


def test_days_of_both_calendars(connection: duckdb.DuckDBPyConnection) -> None:
    texts = [
        "1403/05/14",
        "2024-08-04",
        "۱۴ مرداد ۱۴۰۳",
        "0000-00-00",
        "1404/12/30",
        "9999-12-31",
        "2024-02-30",
        "2024-08-04 10:00:00",
    ]
    conversion = Conversion(ColumnType.DATE, date=DateStyle("jalali"))
    day = date(2024, 8, 4)
    assert values(connection, texts, conversion) == [
        (day, None),
        (day, None),
        (day, None),
        (None, None),
        (None, "cell_not_a_date"),
        (None, "cell_date_out_of_range"),
        (None, "cell_not_a_date"),
        (day, None),
    ]


def test_times_are_local(connection: duckdb.DuckDBPyConnection) -> None:
    texts = [
        "1403/05/14 10:30",
        "2024-08-04T07:00:00Z",
        "2024-08-04 10:30:00",
        "4/8/2024 10:30",
        "1403/05/14",
        "1403/5/14 9:05:07",
    ]
    assert [value for value, _ in values(connection, texts, JALALI_TIME)] == [
        datetime(2024, 8, 4, 10, 30),
        datetime(2024, 8, 4, 10, 30),
        datetime(2024, 8, 4, 10, 30),
        datetime(2024, 8, 4, 10, 30),
        datetime(2024, 8, 4),
        datetime(2024, 8, 4, 9, 5, 7),
    ]


def test_a_jalali_time_before_the_years_we_keep_is_set_aside_by_the_plain_sql_too(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    texts = ["1200/1/1 0:00", "1279/01/01 0:00", "1278/12/29 0:00", "1579/01/01 0:00", "1579/12/29 0:00"]
    assert values(connection, texts, JALALI_TIME) == [
        (None, "cell_date_out_of_range"),
        (datetime(1900, 3, 21), None),
        (datetime(1900, 3, 20), None),
        (datetime(2200, 3, 21), None),
        (None, "cell_date_out_of_range"),
    ]


def test_yes_and_no_with_words_of_the_column(connection: duckdb.DuckDBPyConnection) -> None:
    conversion = Conversion(ColumnType.BOOLEAN, yes=("Won",), no=("Lost",))
    found = values(connection, ["won", "Lost", "ندارد", "بله", "", "perhaps"], conversion)
    assert found == [(True, None), (False, None), (False, None), (True, None), (None, None), (None, "cell_not_boolean")]


def test_bad_values_are_listed_once_each_with_their_reason(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE staged AS SELECT unnest(['1', 'x', 'x', 'y']) AS raw")
    column = build_converted(connection, "staged", "raw", Conversion(ColumnType.INTEGER), "value")
    assert [(bad.raw, bad.reason) for bad in column.bad] == [("x", "cell_not_a_number"), ("y", "cell_not_a_number")]
    assert column.bad_distinct == 2


def test_a_plain_column_needs_no_table(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE staged AS SELECT range::VARCHAR AS raw FROM range(1000)")
    column = build_converted(connection, "staged", "raw", Conversion(ColumnType.INTEGER), "value")
    assert (column.mapping, column.join, column.bad) == (None, "", ())


def test_more_values_than_a_chunk_are_all_read(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "_CHUNK", 7)
    texts: list[str | None] = [f"{number} هزار" for number in range(1, 101)]
    found = values(connection, texts, Conversion(ColumnType.INTEGER))
    assert [value for value, _ in found] == [number * 1000 for number in range(1, 101)]


def test_an_empty_table_has_no_values(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("CREATE TABLE staged (raw VARCHAR)")
    column = build_converted(connection, "staged", "raw", JALALI_TIME, "value")
    assert connection.execute(f"SELECT {column.expression} FROM staged AS t {column.join}").fetchall() == []


NUMBERS = st.one_of(
    st.text(alphabet="0123456789۰۵,.٬٫-/ ", max_size=12),
    st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False).map(lambda n: f"{n:,}"),
    st.integers(min_value=0, max_value=10**9).map(lambda n: f"{n:,} تومان"),
)
DATES = st.one_of(
    st.from_regex(
        r"(1[2-6]|19|20|22)[0-9]{2}[/-][01]?[0-9][/-][0-3]?[0-9]( [0-2]?[0-9]:[0-9]{2}(:[0-9]{2})?)?", fullmatch=True
    ),
    st.from_regex(r"[0-3]?[0-9]/[01]?[0-9]/(14|20)[0-9]{2}( [0-2]?[0-9]:[0-5][0-9])?", fullmatch=True),
    st.dates(min_value=date(1890, 1, 1), max_value=date(2210, 1, 1)).map(str),
)
CONVERSIONS = [
    (NUMBERS, RIAL),
    (
        NUMBERS,
        Conversion(ColumnType.MONEY, NumberStyle(","), currency="IRR", source_currency="IRT", scale=Decimal(1000)),
    ),
    (NUMBERS, Conversion(ColumnType.INTEGER)),
    (NUMBERS, Conversion(ColumnType.NUMBER, NumberStyle("/"))),
    (DATES, JALALI_TIME),
    (DATES, Conversion(ColumnType.DATE, date=DateStyle("jalali", "mdy"))),
    (DATES, Conversion(ColumnType.TIME, date=DateStyle("gregorian"))),
]


@pytest.mark.parametrize("case", range(len(CONVERSIONS)))
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_plain_sql_reads_exactly_what_the_careful_reader_reads(case: int, data: st.DataObject) -> None:
    strategy, conversion = CONVERSIONS[case]
    texts: list[str | None] = list(data.draw(st.lists(strategy, min_size=1, max_size=40)))
    read = read_cell(conversion)
    with duckdb.connect() as connection:
        found = values(connection, texts, conversion)
        for text, (value, reason) in zip(texts, found, strict=True):
            cell = read(text or "")
            cast = connection.execute(f"SELECT CAST(? AS {conversion.sql_type})", [cell.value]).fetchone()
            assert (value, reason) == (cast[0] if cast else None, cell.reason), text


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_reading_a_cell_never_raises(text: str) -> None:
    for kind in ColumnType:
        cell = read_cell(Conversion(kind, currency="IRR", date=DateStyle(two_digit_year=True, year=2024)))(text)
        assert cell.value is None or cell.reason is None
