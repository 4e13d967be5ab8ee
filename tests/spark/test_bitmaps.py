"""Counts of keys are right for more keys than one of Spark's bitmaps has bits.

Spark's bitmap functions put a key into one of many buckets of 32,768 bits (``bitmap_bucket_number``, and
``bitmap_bit_position`` within it). Who takes the position for the key and counts the bits of one bitmap loses every key
beyond the first 32,768 without a word. So the engine keeps no bitmaps: keys are grouped, and a key's moments are the
bits of one number.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import reading_of
from on_spark import OnSpark

import sanjeh.engines
from sanjeh.calendars import make_calendar
from sanjeh.compute import Ground, Question, compute
from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.series import Timeline

pytestmark = pytest.mark.heavy
CATALOGUE = load_catalogue()
BUCKET = 32_768
JANUARY, FEBRUARY = (0, 100_000), (60_000, 150_000)  # who buys in each month, of dense keys from 0 on
MADE = f"""
CREATE TABLE many_keys.orders USING parquet AS
SELECT id AS number, DATE '2024-01-10' AS made, id AS buyer, 10 AS total FROM range({JANUARY[0]}, {JANUARY[1]})
UNION ALL SELECT 1000000 + id, DATE '2024-02-10', id, 10 FROM range({FEBRUARY[0]}, {FEBRUARY[1]})
UNION ALL SELECT 2000000 + id, DATE '2024-02-11', id, 10 FROM range({FEBRUARY[0]}, {FEBRUARY[1]})
"""
COLUMNS = {"order_id": "number", "ordered_at": "made", "customer_id": "buyer", "net_amount": "total"}


@pytest.fixture(scope="module")
def orders(owner: Any) -> str:
    """The table of the orders."""
    owner.sql("DROP SCHEMA IF EXISTS many_keys CASCADE")
    owner.sql("CREATE SCHEMA many_keys")
    owner.sql(MADE)
    return "many_keys.orders"


@pytest.fixture(scope="module")
def found(database: OnSpark, orders: str) -> dict[tuple[str, str], float | None]:
    """The values of some measures of keys, by month."""
    columns = {name: MappedColumn(name, sql) for name, sql in COLUMNS.items()}
    tables = {"orders": MappedTable("orders", orders, False, columns)}
    link, hold, settings = database.link(), load_engine("hold_spark"), CATALOGUE.settings()
    raw = hold.build_raw(link, tables, CATALOGUE, "UTC")
    held = hold.read_holdings(link, raw, tables, CATALOGUE, "1")
    calendar, spark, until = make_calendar("gregorian"), load_engine("spark"), date(2024, 3, 1)
    stated = load_engine("stating").read_stated(spark.TableReader(link, raw), held, calendar, settings, CATALOGUE)
    engine = spark.build(link, raw, CATALOGUE, settings, held, until)
    ground = Ground(CATALOGUE, settings, Timeline(calendar, until), held, stated, engine)
    names = ("buyers", "repeat_buyers", "new_customers", "returning_customers", "active_customers")
    periods = tuple(calendar.parse_period(month) for month in ("2024-01", "2024-02"))
    results = compute(Question(tuple(reading_of(name, name) for name in names), periods), ground)
    return {(point.kpi, point.period): point.value for point in results.points()}


def test_sanjeh_counts_every_key(found: dict[tuple[str, str], float | None]) -> None:
    """Added up by hand: 100,000 in January, 90,000 in February, 40,000 of them in both."""
    of_both = JANUARY[1] - FEBRUARY[0]
    expected = {
        "buyers": (100_000, 90_000),
        "repeat_buyers": (0, 90_000),
        "new_customers": (100_000, 90_000 - of_both),
        "returning_customers": (0, of_both),
        "active_customers": (100_000, 150_000),
    }
    for name, values in expected.items():
        assert (found[name, "2024-01"], found[name, "2024-02"]) == values, name


def test_a_plain_count_of_one_bitmap_loses_keys(owner: Any, orders: str) -> None:
    """The reason: 32,768 of 100,000; by buckets it would be right."""
    bits = "bitmap_count(bitmap_construct_agg(bitmap_bit_position(buyer)))"
    plain = f"SELECT {bits} AS n FROM {orders} WHERE made < '2024-02-01'"
    assert owner.sql(plain).collect()[0].n == BUCKET
    by_bucket = f"{plain} GROUP BY bitmap_bucket_number(buyer)"
    assert owner.sql(f"SELECT sum(n) AS n FROM ({by_bucket})").collect()[0].n == JANUARY[1]


def test_no_statement_of_ours_has_a_bitmap() -> None:
    """Nor an approximate count."""
    (folder,) = sanjeh.engines.__path__
    for name in ("spelling_spark", "script_spark", "raw_spark", "hold_spark", "spark"):
        text = (Path(folder) / f"{name}.py").read_text(encoding="utf-8")
        assert "bitmap_" not in text
        assert "approx" not in text
