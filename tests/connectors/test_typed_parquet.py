"""Typed Parquet files, and folders of them, become the same rows as the text they stand for."""

from __future__ import annotations

import random
import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.warehouse import open_snapshot

ORDERS = """SELECT 1000 + i AS order_id, TIMESTAMP '2024-01-31 22:00:00' + to_hours(CAST(i AS INTEGER)) AS ordered_at,
    CAST(i * 10.25 AS DECIMAL(12, 2)) AS net_amount, i % 3 AS customer_id, i % 2 = 0 AS is_online,
    CASE WHEN i % 4 > 0 THEN 'web' END AS channel, i / 8.0::DOUBLE AS quantity FROM range(9) r(i)"""
STORED = "order_id, ordered_at, net_amount, customer_id, is_online, channel, quantity, _row_key, _row_hash, _line"


def write(query: str, path: Path, options: str = "FORMAT parquet") -> Path:
    """The rows of ``query`` as a file, or as a folder where the options cut it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' ({options})")
    return path


def stored(shop: Workshop, *paths: Path, columns: str = STORED) -> list[tuple[Any, ...]]:
    """The stored orders, once ``paths`` are imported."""
    shop.run(*paths, as_entity="orders")
    return shop.rows("orders", columns)


def test_the_same_rows_are_stored_alike_from_text_and_from_types(shop: Workshop, tmp_path: Path) -> None:
    text = write(ORDERS, tmp_path / "a" / "orders.csv", "FORMAT csv, HEADER")
    typed = write(ORDERS, tmp_path / "b" / "orders.parquet")
    first = stored(shop, text, columns=STORED.removesuffix(", _line"))
    assert len(first) == 9
    report = only(shop.run(typed, as_entity="orders"))
    # Word for word the same rows: nothing is written a second time.
    assert (report.loaded, report.replaced, report.duplicate) == (0, 0, 9)


def draw_rows(seed: int) -> list[tuple[Any, ...]]:
    """A few orders: moment, amount, customer, online or not, quantity; some of these are missing."""
    dice = random.Random(seed)

    def some(value: Any) -> Any:
        return value if dice.random() < 0.8 else None

    return [
        (
            datetime(1999, 1, 1) + timedelta(microseconds=dice.randrange(10**15)),
            Decimal(dice.randrange(-(10**11), 10**11)) / 100,
            some(dice.randrange(10**12)),
            some(dice.random() < 0.5),
            some(dice.randrange(1, 400) / 4),
        )
        for _ in range(40)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_any_rows_are_stored_alike_from_text_and_from_types(shop: Workshop, seed: int) -> None:
    rows = draw_rows(seed)
    names = ("typed", "text")
    with tempfile.TemporaryDirectory(dir=shop.folder) as made, duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE made (order_id BIGINT, ordered_at TIMESTAMP, net_amount DECIMAL(18, 2), customer_id BIGINT,"
            " is_online BOOLEAN, quantity DOUBLE)"
        )
        connection.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?, ?)", [(n, *row) for n, row in enumerate(rows)])
        stored_rows = {}
        for name, options in zip(names, ("FORMAT parquet", "FORMAT csv, HEADER"), strict=True):
            path = Path(made) / name / ("orders.parquet" if name == "typed" else "orders.csv")
            path.parent.mkdir()
            connection.execute(f"COPY made TO '{path}' ({options})")
            shop.set(warehouse=path.parent / "warehouse", sources=path.parent / "sources")
            shop.run(path, as_entity="orders")
            held = open_snapshot(shop.settings.warehouse).entities["orders"]
            kept = [column for column in held.columns if held.columns[column].filled]
            stored_rows[name] = (kept, shop.rows("orders", ", ".join((*kept, "_row_key", "_row_hash")), "_row_key"))
    assert stored_rows["typed"] == stored_rows["text"]
    assert len(stored_rows["typed"][1]) == len(rows)


def test_a_folder_cut_by_column_is_one_table_with_that_column(shop: Workshop, tmp_path: Path) -> None:
    cut = ORDERS.replace(" FROM range(9)", ", year(ordered_at) AS year, month(ordered_at) AS month FROM range(9)")
    folder = write(cut, tmp_path / "lake" / "orders", "FORMAT parquet, PARTITION_BY (year, month)")
    assert len(list(folder.rglob("month=*"))) == 2
    (folder / "_SUCCESS").touch()
    report = shop.run(folder, as_entity="orders")
    [file] = report.files
    assert (file.label, file.rows, only(report).loaded) == ("orders", 9, 9)
    assert len({row[-1] for row in shop.rows("orders", STORED)}) == 9, "each row has a number of its own"


def test_a_column_that_only_the_folders_name_is_used(shop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "lake" / "orders"
    for day, key in (("2024-01-05", 1), ("2024-02-06", 2)):
        query = f"SELECT {key} AS order_id, {key}.5::DOUBLE AS net_amount, {key} AS customer_id"
        write(query, folder / f"ordered_at={day}" / "channel=in%20store" / "part-0.parquet")
    rows = stored(
        shop, tmp_path / "lake", columns="order_id, CAST(ordered_at AS DATE)::VARCHAR, channel, net_amount::VARCHAR"
    )
    assert [row[:3] for row in rows] == [("1", "2024-01-05", "in store"), ("2", "2024-02-06", "in store")]


def test_parts_of_several_shapes_keep_their_decimals(shop: Workshop, tmp_path: Path) -> None:
    """One part has whole amounts, one has cents, one has a column more; DuckDB alone would round the cents away."""
    folder = tmp_path / "orders"
    head = "CAST({0} AS {1}) AS order_id, TIMESTAMP '2024-01-0{0} 10:00' AS ordered_at, {0} AS customer_id"
    write(f"SELECT {head.format(1, 'INTEGER')}, CAST(5 AS DECIMAL(38, 0)) AS net_amount", folder / "m=1" / "a.parquet")
    write(
        f"SELECT {head.format(2, 'BIGINT')}, CAST(5.25 AS DECIMAL(18, 2)) AS net_amount", folder / "m=2" / "a.parquet"
    )
    more = f"SELECT {head.format(3, 'VARCHAR')}, CAST(0.1 AS DOUBLE) AS net_amount, 'web' AS channel"
    write(more, folder / "m=3" / "a.parquet")
    rows = stored(shop, folder, columns="order_id, net_amount, channel, _line")
    assert [(row[0], float(row[1]), row[2], row[3]) for row in rows] == [
        ("1", 5.0, None, 1),
        ("2", 5.25, None, 2),
        ("3", 0.1, "web", 3),
    ]


def test_the_same_folder_again_is_known_and_a_new_part_is_added(shop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "orders"
    for month in (1, 2):
        query = f"SELECT {month} AS order_id, DATE '2024-0{month}-01' AS ordered_at, 7 AS net_amount, 1 AS customer_id"
        write(query, folder / f"month={month}" / "part.parquet")
        report = only(shop.run(folder, as_entity="orders"))
        assert (report.loaded, report.duplicate) == (1, month - 1)
    assert only(shop.run(folder)).duplicate == 2


def test_a_broken_part_leaves_the_folder_out(shop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "orders"
    write(ORDERS, folder / "month=1" / "part.parquet")
    (folder / "month=2").mkdir()
    (folder / "month=2" / "part.parquet").write_bytes(b"PAR1 and nothing more")
    report = shop.run(folder, as_entity="orders")
    assert [issue.code for issue in report.errors] == ["unreadable_parquet"]


@pytest.mark.parametrize("kind", ["TIMESTAMPTZ", "TIMESTAMP_NS"])
def test_moments_of_other_kinds_are_local_times(shop: Workshop, tmp_path: Path, kind: str) -> None:
    """The company's zone is Tehran: three and a half hours from UTC; a time without zone stays as it is."""
    query = (
        f"SELECT 1 AS order_id, CAST('2024-01-05 22:00:00' AS {kind}) AS ordered_at, 7 AS net_amount, 1 AS customer_id"
    )
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"COPY ({query}) TO '{tmp_path}/orders.parquet' (FORMAT parquet)")
    rows = stored(shop, tmp_path / "orders.parquet", columns="ordered_at::VARCHAR")
    assert rows == [("2024-01-06 01:30:00" if kind == "TIMESTAMPTZ" else "2024-01-05 22:00:00",)]
