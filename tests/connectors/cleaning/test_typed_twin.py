"""What a source's types say is what its text would: the same rows by CSV and by Parquet are stored alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjeh.connectors.cleaning import Conversion, NumberStyle, build_converted, quote_name
from sanjeh.connectors.cleaning.typed_twin import TypedTwin, find_twin, twin_sql
from sanjeh.connectors.reading import Source, read
from sanjeh.definitions.entity import ColumnType

FIRST, LAST = datetime(1890, 1, 1), datetime(2210, 1, 1)
KINDS = {
    "BIGINT": st.integers(-(2**63), 2**63 - 1) | st.integers(-1000, 1000),
    "UTINYINT": st.integers(0, 255),
    "INTEGER": st.integers(-(2**31), 2**31 - 1),
    "BOOLEAN": st.booleans(),
    "DATE": st.dates(FIRST.date(), LAST.date()) | st.dates(date(1390, 1, 1), date(1410, 1, 1)),
    "TIMESTAMP": st.datetimes(FIRST, LAST),
    "TIMESTAMP_S": st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0)),
    "TIMESTAMP_NS": st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1)),
    "TIMESTAMP WITH TIME ZONE": st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    "DOUBLE": st.floats(allow_nan=True, allow_infinity=True) | st.floats(-1e6, 1e6).map(lambda each: round(each, 2)),
    "DECIMAL(18,2)": st.decimals(-(10**15), 10**15, places=2),
    "DECIMAL(38,12)": st.decimals(-(10**6), 10**6, places=12) | st.decimals(-100, 100, places=2),
    "FLOAT": st.floats(-1e6, 1e6, width=32),
}
CONVERSIONS = [
    Conversion(ColumnType.TEXT),
    Conversion(ColumnType.KEY),
    Conversion(ColumnType.KEY, float_ids=True),
    Conversion(ColumnType.BOOLEAN),
    Conversion(ColumnType.BOOLEAN, yes=("false",), no=("true",)),
    Conversion(ColumnType.DATE),
    Conversion(ColumnType.TIME),
    Conversion(ColumnType.DATE, zone="Asia/Tehran"),
    Conversion(ColumnType.TIME, zone="Asia/Tehran"),
    Conversion(ColumnType.TIME, zone="Europe/Berlin", source_zone="America/New_York"),
    Conversion(ColumnType.NUMBER),
    Conversion(ColumnType.NUMBER, scale=Decimal("0.01")),
    Conversion(ColumnType.NUMBER, NumberStyle(",")),
    Conversion(ColumnType.INTEGER),
    Conversion(ColumnType.INTEGER, scale=Decimal(1000)),
    Conversion(ColumnType.MONEY, currency="IRR"),
    Conversion(ColumnType.MONEY, currency="IRR", source_currency="IRT"),
    Conversion(ColumnType.MONEY, currency="USD", scale=Decimal(1000)),
    Conversion(ColumnType.MONEY, NumberStyle(","), currency="USD"),
]


def write_parquet(path: Path, kind: str, values: list[Any]) -> None:
    """A file with one column of the type; the last row is empty."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE made (n INTEGER, v {kind})")
        connection.executemany("INSERT INTO made VALUES (?, ?)", [*enumerate(values), (len(values), None)])
        connection.execute(f"COPY (SELECT n, v FROM made ORDER BY n) TO '{path}' (FORMAT parquet)")


def convert(connection: duckdb.DuckDBPyConnection, table: str, conversion: Conversion) -> list[tuple[Any, ...]]:
    """What becomes of each row's value: it, and the reason where it is not understood."""
    made = build_converted(connection, table, "c1", conversion, "value")
    rows = connection.execute(
        f"SELECT _row, {made.expression}, {made.reason} FROM {table} AS t {made.join} ORDER BY _row"
    ).fetchall()
    made.drop(connection)
    # Two doubles that are no number are not equal, and two zeros may differ in sign.
    return [(row, repr(value), reason) for row, value, reason in rows]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(data=st.data())
def test_a_type_gives_what_its_text_would(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("typed") / "rows.parquet"
    values = data.draw(st.lists(KINDS[kind], min_size=1, max_size=12))
    write_parquet(path, kind, values)
    with duckdb.connect() as connection:
        raw = read(Source(str(path), "parquet"), connection, "raw")
        assert raw.rows == len(values) + 1
        connection.execute("CREATE TABLE as_text AS SELECT _row, c1 FROM raw")
        assert (find_twin(connection, "raw", "c1") is None) is (kind == "FLOAT")
        assert find_twin(connection, "as_text", "c1") is None
        for conversion in CONVERSIONS:
            typed = convert(connection, quote_name("raw"), conversion)
            assert typed == convert(connection, quote_name("as_text"), conversion), conversion


def test_a_moment_is_brought_to_the_zone_by_the_offset_of_its_day(tmp_path: Path) -> None:
    """Tehran: half past three, in summer until 2022 an hour more; the hour of the change itself on both sides."""
    moments = [datetime(2021, 3, 21, 20, 29, 59), datetime(2021, 3, 21, 20, 30), datetime(2023, 7, 1)]
    write_parquet(tmp_path / "rows.parquet", "TIMESTAMPTZ", [moment.replace(tzinfo=UTC) for moment in moments])
    with duckdb.connect() as connection:
        read(Source(str(tmp_path / "rows.parquet"), "parquet"), connection, "raw")
        conversion = Conversion(ColumnType.TIME, zone="Asia/Tehran")
        twin = find_twin(connection, "raw", "c1")
        assert twin is not None
        found = connection.execute(f"SELECT {twin_sql(twin, 't', conversion)} FROM raw AS t ORDER BY _row").fetchall()
    assert [row[0] for row in found] == [
        datetime(2021, 3, 21, 23, 59, 59),
        datetime(2021, 3, 22, 1, 0),
        datetime(2023, 7, 1, 3, 30),
        None,
    ]


def test_only_a_text_column_can_have_a_twin() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw (_row BIGINT, t1 BIGINT, c1 VARCHAR, named VARCHAR)")
        assert find_twin(connection, "raw", "c1") == TypedTwin("c1", "t1", "BIGINT")
        assert find_twin(connection, "raw", "named") is None
