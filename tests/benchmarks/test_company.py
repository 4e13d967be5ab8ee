"""The company of the benchmarks is the same on every run, and holds what its questions need."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from benchmarks.board.company import CHANNELS, WIDE, of_orders, statements, write
from benchmarks.board.questions import MONTHS

SIZE = of_orders(2000)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("bench") / "company", SIZE)


def _rows(select: str) -> list[tuple[object, ...]]:
    return duckdb.sql(select).fetchall()


@pytest.mark.parametrize("table", statements(SIZE))
def test_two_runs_write_the_same_rows(table: str, company: Path, tmp_path: Path) -> None:
    again = write(tmp_path, SIZE)
    first, second = (f"select * from '{folder / table}.parquet'" for folder in (company, again))
    assert _rows(f"({first} except all {second}) union all ({second} except all {first})") == []
    assert _rows(f"select count(*) > 0 from ({first})") == [(True,)]


def test_a_company_that_is_there_is_left_alone_and_another_size_is_written_anew(company: Path, tmp_path: Path) -> None:
    file = write(tmp_path, SIZE) / "orders.parquet"
    before = file.stat().st_mtime_ns
    write(tmp_path, SIZE)
    assert file.stat().st_mtime_ns == before
    write(tmp_path, of_orders(300))
    assert _rows(f"select count(*) from '{file}'") == [(300,)]


def test_orders_come_in_time_order_from_the_first_month_asked_to_the_last(company: Path) -> None:
    orders = f"(select *, lag(ordered_at) over (order by order_id) as before from '{company}/orders.parquet')"
    assert _rows(f"select count(*) from {orders} where ordered_at < before") == [(0,)]
    first, last = _rows(f"select min(ordered_at)::date, max(ordered_at)::date from {orders}")[0]
    assert first == min(months.starts[0] for months in MONTHS.values())
    assert last == max(months.starts[-1] for months in MONTHS.values()) - timedelta(1)


def test_every_channel_has_orders_and_few_are_refunded(company: Path) -> None:
    orders = f"'{company}/orders.parquet'"
    assert {name for (name,) in _rows(f"select distinct channel from {orders}")} == set(CHANNELS)
    (share,) = _rows(f"select count(*) filter (refunded_amount > 0) / count(*) from {orders}")[0]
    assert 0 < share < 0.05


def test_a_wide_company_has_dimensions_of_31_50_200_and_1000_members(tmp_path: Path) -> None:
    orders = f"'{write(tmp_path, of_orders(20_000, wide=True))}/orders.parquet'"
    counted = ", ".join(f"count(distinct {name})" for name in WIDE)
    assert _rows(f"select {counted} from {orders}") == [tuple(WIDE.values())]
