"""Any sequence of imports, deletions and abandoned imports leaves what a dictionary of rows would hold."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from unittest import mock

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from shop import ORDER_COLUMNS, ORDERS, files_on_disk, make_source, stage

from sanjeh.warehouse import Writer, list_versions, open_snapshot

Row = tuple[str, str | None, Decimal | None, str | None]
MONEY = (
    st.none()
    | st.decimals(min_value=-(10**14), max_value=10**14, places=2)
    | st.sampled_from([Decimal(5), Decimal("0.000000001"), Decimal(10**20)])
)
DAYS = st.none() | st.sampled_from(["2022-12-31", "2023-01-01", "2024-02-29", "2024-03-01", "2024-03-31"])
ROW = st.tuples(st.sampled_from("abcdefghijklmn"), DAYS, MONEY, st.sampled_from([None, "web", "فروشگاه", "it's"]))
EDIT = st.tuples(st.sampled_from(["load", "load", "load", "abandon", "delete"]), st.lists(ROW, min_size=1, max_size=12))


def text(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def staged(row: Row) -> str:
    key, day, amount, channel = row
    amount_text = "NULL" if amount is None else str(f"{amount:f}")
    parts = (text(key), text(key), f"CAST({text(day)} AS TIMESTAMP)", f"CAST({amount_text} AS DECIMAL(38,9))", "'C'")
    return ", ".join((*parts, f"CAST({text(channel)} AS VARCHAR)"))


def load(model: dict[str, tuple[Row, int]], rows: list[Row], file: int) -> tuple[int, int, int, int]:
    """Change the model as the import should; returns loaded, duplicate, replaced, superseded."""
    last = {row[0]: row for row in rows}
    earlier = [row for n, row in enumerate(rows) if row[0] in {later[0] for later in rows[n + 1 :]}]
    same = sum(row[1:] == last[row[0]][1:] for row in earlier)
    known = sum(key in model and model[key][0] == row for key, row in last.items())
    new = sum(key not in model for key in last)
    for key, row in last.items():
        if key not in model or model[key][0] != row:
            model[key] = (row, file)
    return new, same + known, len(last) - new - known, len(earlier) - same


@settings(max_examples=25, deadline=None)
@given(st.lists(EDIT, min_size=1, max_size=6))
def test_random_edits_equal_a_dictionary_of_rows(edits: list[tuple[str, list[Row]]]) -> None:
    model: dict[str, tuple[Row, int]] = {}
    codes: dict[int, str] = {}
    imports = 0
    limits = {"ALL_UP_TO": 4, "YEARS_UP_TO": 8}
    connection = duckdb.connect(config={"threads": 1})
    with tempfile.TemporaryDirectory() as scratch, mock.patch.multiple("sanjeh.warehouse.partition", **limits):
        folder = Path(scratch) / "warehouse"
        for verb, rows in edits:
            stage(connection, ORDER_COLUMNS, *(staged(row) for row in rows))
            with Writer(folder) as writer:
                if verb == "delete":
                    gone = {key for key, (_, file) in model.items() if file == imports}
                    assert writer.delete(connection, "orders", files=[imports]) == len(gone)
                    model = {key: value for key, value in model.items() if key not in gone}
                    writer.commit()
                else:
                    counted = writer.load(connection, ORDERS, "staging", make_source())
                    if verb == "load":
                        imports += 1
                        expected = load(model, rows, imports)
                        assert expected == (counted.loaded, counted.duplicate, counted.replaced, counted.superseded)
                        writer.commit()
            codes = check(connection, folder, model, codes)


def check(
    connection: duckdb.DuckDBPyConnection, folder: Path, model: dict[str, tuple[Row, int]], codes: dict[int, str]
) -> dict[int, str]:
    """Fail unless the warehouse holds the model's rows, true codes and no stray file; returns the codes given."""
    snapshot = open_snapshot(folder)
    needed = {path for version in list_versions(folder) for path in open_snapshot(folder, version).manifest.files()}
    assert files_on_disk(folder) == needed
    if "orders" not in snapshot.entities:
        assert not model
        return codes
    snapshot.attach(connection)
    found = connection.execute(
        "SELECT order_id, strftime(ordered_at, '%Y-%m-%d'), net_amount, channel, _file FROM raw_orders"
    ).fetchall()
    assert {row[0]: (row[:4], row[4]) for row in found} == model
    assert len(found) == len(model) == snapshot.entities["orders"].rows
    given_now = snapshot.values_of("channel")
    assert {code: given_now[code] for code in codes} == codes
    assert list(given_now) == list(range(len(given_now)))
    pairs = connection.execute(
        "SELECT DISTINCT channel__code, channel FROM raw_orders WHERE channel IS NOT NULL"
    ).fetchall()
    assert all(given_now[code] == value for code, value in pairs)
    return given_now
