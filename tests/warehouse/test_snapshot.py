"""Reading a version: types, order, cost, damage."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from shop import load_orders, order, read

from sanjeh.errors import WorkspaceError
from sanjeh.warehouse import open_snapshot, restore

Connection = duckdb.DuckDBPyConnection


def test_a_folder_without_a_warehouse_is_version_0(folder: Path) -> None:
    snapshot = open_snapshot(folder)
    assert (snapshot.version, dict(snapshot.entities), snapshot.observed) == (0, {}, frozenset())


def test_opening_imports_no_duckdb(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    code = (
        "import sys, pathlib, sanjeh.warehouse as w;"
        "print(w.open_snapshot(pathlib.Path(sys.argv[1])).entities['orders'].rows, 'duckdb' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_money_of_different_scales_meets_exactly(connection: Connection, folder: Path, fine_cut: None) -> None:
    rows = [order(str(n), f"2024-{n:02d}-05", "3") for n in range(1, 10)]
    rows += [order("a", "2024-01-06", "1.25"), order("b", "2024-02-06", "0.000000001")]
    rows += [order("c", "2024-03-06", "123456789012345678901")]
    load_orders(connection, folder, *rows)
    stored = open_snapshot(folder).entities["orders"]
    types = {segment.partition: segment.types["net_amount"] for segment in stored.segments}
    assert types["2024-01"] == "DECIMAL(18,2)"
    assert types["2024-02"] == "DECIMAL(18,9)"
    assert types["2024-03"] == "DECIMAL(38,0)"
    assert types["2024-04"] == "DECIMAL(18,0)"
    assert stored.columns["net_amount"].sql_type == "DECIMAL(38,9)"
    total = read(connection, folder, "SELECT sum(net_amount) FROM raw_orders")
    assert total == [(Decimal("123456789012345678929.250000001"),)]


def test_what_is_stored_is_told_without_reading_it(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"), order("2", "2023-12-31", "100.5"))
    stored = open_snapshot(folder).entities["orders"]
    assert (stored.rows, stored.first, stored.last) == (
        2,
        {"ordered_at": date(2023, 12, 31)},
        {"ordered_at": date(2024, 3, 5)},
    )
    amount = stored.columns["net_amount"]
    assert (amount.sql_type, amount.filled, amount.coded) == ("DECIMAL(18,2)", True, False)
    assert stored.columns["channel"].coded and "note" not in stored.columns
    assert open_snapshot(folder).dictionaries["order_id"].size == 2


def test_rows_lie_in_the_order_of_time(connection: Connection, folder: Path) -> None:
    load_orders(
        connection, folder, order("1", "2024-03-05", "2"), order("2", "2023-12-31", "1"), order("0", "2024-03-05", "3")
    )
    assert read(connection, folder, "SELECT order_id FROM raw_orders") == [("2",), ("0",), ("1",)]


def test_rows_without_time_have_a_partition_of_their_own(connection: Connection, folder: Path, fine_cut: None) -> None:
    rows = [order(str(n), "2024-01-05", "3") for n in range(5)]
    load_orders(
        connection, folder, *rows, rows[0].replace("'0'", "'x'").replace("TIMESTAMP '2024-01-05 10:00:00'", "NULL")
    )
    stored = open_snapshot(folder).entities["orders"]
    assert {segment.partition: segment.rows for segment in stored.segments} == {"2024": 5, "none": 1}


def test_a_growing_entity_is_cut_finer_once(connection: Connection, folder: Path, fine_cut: None) -> None:
    granularity = []
    for n in range(1, 11):
        load_orders(connection, folder, order(str(n), f"2024-{n:02d}-05", str(n)))
        granularity.append(open_snapshot(folder).entities["orders"].granularity)
    assert granularity == ["all"] * 4 + ["year"] * 4 + ["month"] * 2
    assert read(connection, folder, "SELECT count(*), sum(net_amount) FROM raw_orders") == [(10, Decimal(55))]


def test_a_folder_with_signs_of_patterns_is_read_exactly(connection: Connection, tmp_path: Path) -> None:
    folder = tmp_path / "acme [old]*" / "year=2024" / "it's" / "warehouse"
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    load_orders(connection, folder, order("1", "2024-03-05", "201"), order("2", "2024-03-05", "1"))
    assert read(connection, folder, "SELECT sum(net_amount) FROM raw_orders") == [(Decimal(202),)]
    assert "year" not in {row[0] for row in connection.execute("DESCRIBE raw_orders").fetchall()}


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_manifest_is_named_and_the_version_before_it_offered(
    connection: Connection, folder: Path, harm: str
) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    load_orders(connection, folder, order("2", "2024-03-05", "100"))
    manifest = folder / "manifests" / "00000002.json"
    written = manifest.read_text(encoding="utf-8")
    if harm == "gone":
        manifest.unlink()
    else:
        manifest.write_text(
            written[:200] if harm == "cut" else written.replace('"rows":', '"rowz":').replace("2024-06", "2025-06")
        )
    with pytest.raises(WorkspaceError) as caught:
        open_snapshot(folder)
    assert caught.value.code == "warehouse_damaged"
    assert caught.value.issues[0].data == {"file": str(manifest), "previous": 1}
    assert "The version before it is 1" in str(caught.value)
    assert restore(folder, 1) == (2 if harm == "gone" else 3)
    assert read(connection, folder, "SELECT order_id FROM raw_orders") == [("1",)]


@pytest.mark.parametrize("kind", ["segments", "dictionaries"])
def test_a_missing_or_cut_file_is_named(connection: Connection, folder: Path, kind: str) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    victim = sorted((folder / kind).rglob("*.parquet"))[0]
    victim.write_bytes(victim.read_bytes()[:-1])
    for _ in range(2):
        with pytest.raises(WorkspaceError) as caught:
            open_snapshot(folder)
        assert (caught.value.code, caught.value.issues[0].data["file"]) == ("warehouse_damaged", str(victim))
        victim.unlink(missing_ok=True)


def test_an_unreadable_pointer_is_named(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    (folder / "CURRENT").write_bytes(b"\x00\xff")
    with pytest.raises(WorkspaceError) as caught:
        open_snapshot(folder)
    assert caught.value.issues[0].data == {"file": str(folder / "CURRENT"), "previous": 1}
    assert restore(folder, 1) == 2
    assert open_snapshot(folder).entities["orders"].rows == 1


def test_an_open_snapshot_does_not_see_later_imports(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    opened = open_snapshot(folder)
    load_orders(connection, folder, order("1", "2024-03-05", "1"), order("2", "2024-03-05", "1"))
    found = connection.execute(f"SELECT sum(net_amount) FROM {opened.relation_sql('orders')}").fetchall()
    assert found == [(Decimal(200),)]
    assert open_snapshot(folder, version=1).entities == opened.entities
