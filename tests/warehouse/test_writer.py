"""What becomes of rows: new, known, corrected, set aside, taken out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from shop import (
    CUSTOMERS,
    OBSERVATIONS,
    ORDER_COLUMNS,
    ORDERS,
    files_on_disk,
    load_orders,
    make_entity,
    make_source,
    order,
    read,
    stage,
)

from sanjeh.errors import DataError, WorkspaceError
from sanjeh.warehouse import LoadCount, SourceFile, SourceRecord, Writer, open_snapshot

Connection = duckdb.DuckDBPyConnection
MARCH = (order("1", "2024-03-05", "200"), order("2", "2024-03-20", "100", "B", "shop"))


def counts(counted: LoadCount) -> tuple[int, int, int, int]:
    return counted.loaded, counted.duplicate, counted.replaced, counted.superseded


def test_the_same_file_twice_changes_no_segment(connection: Connection, folder: Path) -> None:
    assert counts(load_orders(connection, folder, *MARCH)) == (2, 0, 0, 0)
    before = files_on_disk(folder)
    assert counts(load_orders(connection, folder, *MARCH)) == (0, 2, 0, 0)
    assert files_on_disk(folder) == before
    assert [record.duplicate for record in open_snapshot(folder).sources] == [0, 2]


def test_a_money_written_with_more_zeros_is_the_same_row(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    stage(connection, ORDER_COLUMNS, *MARCH)
    connection.execute("ALTER TABLE staging ALTER net_amount TYPE DOUBLE")
    with Writer(folder) as writer:
        assert counts(writer.load(connection, ORDERS, "staging", make_source())) == (0, 2, 0, 0)


def test_a_corrected_row_replaces_the_old_one_in_another_month(
    connection: Connection, folder: Path, fine_cut: None
) -> None:
    rows = [order(str(n), f"2024-{n:02d}-05", "10") for n in range(1, 10)]
    load_orders(connection, folder, *rows)
    before = {segment.partition: segment.path for segment in open_snapshot(folder).entities["orders"].segments}
    assert list(before) == [f"2024-{n:02d}" for n in range(1, 10)]
    counted = load_orders(connection, folder, order("2", "2024-07-01", "11"), rows[3])
    assert counts(counted) == (0, 1, 1, 0)
    after = {segment.partition: segment.path for segment in open_snapshot(folder).entities["orders"].segments}
    assert "2024-02" not in after
    assert {name for name in after if after[name] != before[name]} == {"2024-07"}
    found = read(connection, folder, "SELECT order_id, net_amount FROM raw_orders WHERE month(ordered_at) = 7")
    assert found == [("2", Decimal(11)), ("7", Decimal(10))]
    assert read(connection, folder, "SELECT count(*) FROM raw_orders") == [(9,)]


def test_of_a_key_given_twice_the_last_line_stays(connection: Connection, folder: Path) -> None:
    first, last = order("1", "2024-03-05", "200"), order("1", "2024-03-05", "150")
    assert counts(load_orders(connection, folder, first, last, last)) == (1, 1, 0, 1)
    assert read(connection, folder, "SELECT net_amount, _line FROM raw_orders") == [(Decimal(150), 4)]


def test_a_row_without_key_is_known_by_its_content(connection: Connection, folder: Path) -> None:
    row = "NULL" + order("1", "2024-03-05", "200").removeprefix("'1'")
    assert counts(load_orders(connection, folder, row)) == (1, 0, 0, 0)
    assert counts(load_orders(connection, folder, row, row)) == (0, 2, 0, 0)


def test_a_later_file_may_bring_columns_and_lack_others(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    stage(
        connection,
        "_row_key, order_id, ordered_at, net_amount, items, shahr",
        "'3', '3', TIMESTAMP '2024-03-21', 5, 2, 'Qom'",
    )
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", make_source())
        writer.commit()
    found = read(connection, folder, "SELECT order_id, channel, items, shahr, shahr__code FROM raw_orders ORDER BY 1")
    assert found == [("1", "web", None, None, None), ("2", "shop", None, None, None), ("3", None, 2, "Qom", 0)]
    snapshot = open_snapshot(folder)
    assert snapshot.own_dimensions == {"orders": ("shahr",)}
    assert snapshot.entities["orders"].columns["shahr"].own
    # The first two rows know nothing of the new columns: they are still the same rows.
    assert counts(load_orders(connection, folder, *MARCH)) == (0, 2, 0, 0)


def test_a_corrected_row_replaces_the_whole_row(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    stage(connection, "_row_key, order_id, ordered_at, net_amount", "'1', '1', TIMESTAMP '2024-03-05', 200")
    with Writer(folder) as writer:
        assert counts(writer.load(connection, ORDERS, "staging", make_source())) == (0, 0, 1, 0)
        writer.commit()
    found = read(connection, folder, "SELECT customer_id, channel, channel__code FROM raw_orders WHERE order_id = '1'")
    assert found == [(None, None, None)]


def test_a_code_once_given_never_changes(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    load_orders(
        connection, folder, order("3", "2024-01-01", "1", "C", "tel"), order("1", "2024-03-05", "9", "A", "fair")
    )
    load_orders(connection, folder, order("4", "2023-01-01", "1", "B", "a first word"))
    snapshot = open_snapshot(folder)
    assert snapshot.values_of("channel") == {0: "web", 1: "shop", 2: "tel", 3: "fair", 4: "a first word"}
    assert snapshot.values_of("channel", [3, 0]) == {0: "web", 3: "fair"}
    assert (snapshot.code_of("channel", "tel"), snapshot.code_of("channel", "fax")) == (2, None)
    pairs = read(connection, folder, "SELECT order_id, channel__code, customer_id__code FROM raw_orders ORDER BY 1")
    assert pairs == [("1", 3, 0), ("2", 1, 1), ("3", 2, 2), ("4", 4, 1)]


def test_many_small_additions_leave_few_dictionary_files(connection: Connection, folder: Path) -> None:
    with Writer(folder) as writer:
        for number in range(20):
            stage(connection, ORDER_COLUMNS, order(str(number), "2024-03-05", "1"))
            writer.load(connection, ORDERS, "staging", make_source())
        writer.commit()
    dictionary = open_snapshot(folder).dictionaries["order_id"]
    assert (dictionary.size, len(dictionary.files)) == (20, 2)
    assert open_snapshot(folder).values_of("order_id") == {number: str(number) for number in range(20)}
    assert files_on_disk(folder) == open_snapshot(folder).manifest.files()


def test_two_entities_share_the_dictionary_of_a_column(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    stage(connection, "_row_key, customer_id, joined_on", "'B', 'B', DATE '2024-01-01'", "'Z', 'Z', NULL")
    with Writer(folder) as writer:
        writer.load(connection, CUSTOMERS, "staging", make_source())
        writer.commit()
    found = read(
        connection, folder, "SELECT customer_id, customer_id__code, joined_on__day FROM raw_customers ORDER BY 1"
    )
    assert found == [("B", 1, date(2024, 1, 1)), ("Z", 2, None)]


def test_a_boolean_dimension_is_coded_by_its_text(connection: Connection, folder: Path) -> None:
    stage(connection, f"{ORDER_COLUMNS}, is_online", f"{MARCH[0]}, true", f"{MARCH[1]}, NULL")
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", make_source())
        writer.commit()
    assert open_snapshot(folder).values_of("is_online") == {0: "true"}
    assert read(connection, folder, "SELECT is_online__code FROM raw_orders ORDER BY order_id") == [(0,), (None,)]


def test_a_column_that_becomes_a_dimension_is_coded_in_old_rows_too(connection: Connection, folder: Path) -> None:
    stage(connection, f"{ORDER_COLUMNS}, note", f"{MARCH[0]}, 'gift'", f"{MARCH[1]}, NULL")
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", make_source())
        writer.commit()
    assert not open_snapshot(folder).entities["orders"].columns["note"].coded
    columns = {name: column.type.value for name, column in ORDERS.columns.items()}
    richer = make_entity("orders", columns, key="order_id", times=["ordered_at"], dimensions=["channel", "note"])
    stage(connection, ORDER_COLUMNS, order("3", "2024-03-21", "1"))
    with Writer(folder) as writer:
        writer.load(connection, richer, "staging", make_source())
        writer.commit()
    found = read(connection, folder, "SELECT order_id, note, note__code FROM raw_orders ORDER BY 1")
    assert found == [("1", "gift", 0), ("2", None, None), ("3", None, None)]
    stage(connection, f"{ORDER_COLUMNS}, note", f"{MARCH[0]}, 'gift'")
    with Writer(folder) as writer:
        assert counts(writer.load(connection, richer, "staging", make_source())) == (0, 1, 0, 0)


def test_a_type_that_stored_values_do_not_fit_is_refused(connection: Connection, folder: Path) -> None:
    stage(connection, f"{ORDER_COLUMNS}, note", f"{MARCH[0]}, 'gift'")
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", make_source())
        writer.commit()
    columns = {name: column.type.value for name, column in ORDERS.columns.items()} | {"note": "integer"}
    changed = make_entity("orders", columns, key="order_id", times=["ordered_at"])
    stage(connection, ORDER_COLUMNS, order("3", "2024-03-21", "1"))
    with pytest.raises(WorkspaceError) as caught, Writer(folder) as writer:
        writer.load(connection, changed, "staging", make_source())
    assert caught.value.code == "warehouse_type_changed"
    assert files_on_disk(folder) == open_snapshot(folder).manifest.files()


def test_a_value_that_does_not_fit_its_type_is_refused_and_leaves_nothing(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    before = files_on_disk(folder)
    stage(connection, f"{ORDER_COLUMNS}, items", f"{order('3', '2024-03-05', '1')}, 'two'")
    with Writer(folder) as writer:
        with pytest.raises(DataError) as caught:
            writer.load(connection, ORDERS, "staging", make_source())
        assert writer.commit() == 1
    assert caught.value.code == "warehouse_value_unfit"
    assert files_on_disk(folder) == before


def test_leaving_without_commit_changes_nothing(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    before = files_on_disk(folder)
    stage(connection, ORDER_COLUMNS, order("3", "2024-03-21", "1", "C"))
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", make_source())
    assert (open_snapshot(folder).version, files_on_disk(folder)) == (1, before)
    assert connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'wh%'").fetchone() == (0,)


def test_a_commit_of_nothing_is_no_version(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    with Writer(folder) as writer:
        assert writer.commit() == 1
    assert open_snapshot(folder).version == 1


def test_faults_are_kept_beside_the_rows_and_counted_once_a_row(connection: Connection, folder: Path) -> None:
    stage(connection, ORDER_COLUMNS, *MARCH)
    faults = ["'net_amount', 'ten', 'not_a_number'", "'ordered_at', '', 'empty'"]
    stage(connection, "column_name, value, reason", *faults, table="faults")
    connection.execute("UPDATE faults SET _line = 9")
    with Writer(folder) as writer:
        counted = writer.load(connection, ORDERS, "staging", make_source(read=3))
        assert writer.quarantine(connection, "faults", counted.import_id) == 1
        writer.commit()
    (record,) = open_snapshot(folder).sources
    assert (record.read, record.loaded, record.quarantined) == (3, 2, 1)
    assert record.faults is not None
    found = connection.execute("SELECT * FROM read_parquet(?)", [str(record.faults)]).fetchall()
    assert found == [(1, 1, 9, "net_amount", "ten", "not_a_number"), (1, 1, 9, "ordered_at", "", "empty")]


def test_a_row_unaccounted_for_stops_the_commit(connection: Connection, folder: Path) -> None:
    stage(connection, ORDER_COLUMNS, *MARCH)
    with pytest.raises(DataError) as caught, Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", make_source(read=3))
        writer.commit()
    assert caught.value.code == "warehouse_rows_lost"
    assert str(caught.value) == "orders.csv: 3 rows were read, but only 2 are accounted for. Nothing was imported."
    assert open_snapshot(folder).version == 0


def test_rows_know_their_file_line_and_source(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, MARCH[0], source=make_source("january.csv"))
    stage(connection, ORDER_COLUMNS, MARCH[1], order("3", "2024-03-21", "1"))
    connection.execute("UPDATE staging SET _file = 1 WHERE order_id = '3'")
    files = (SourceFile("a.csv"), SourceFile("b.csv", "f"))
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", SourceRecord("fair", files, make_source().when))
        writer.commit()
    found = read(connection, folder, "SELECT order_id, _source, _file, _line FROM raw_orders ORDER BY 1")
    assert found == [("1", 1, 1, 2), ("2", 2, 2, 2), ("3", 2, 3, 3)]
    snapshot = open_snapshot(folder)
    names = [file.name for number in (1, 2, 3) if (file := snapshot.find_file(number))]
    assert names == ["january.csv", "a.csv", "b.csv"]
    record = snapshot.find_import("orders", "f")
    assert record is not None and record.id == 2
    assert snapshot.find_import("customers", "f") is None


def test_deleting_an_import_takes_out_its_rows_only(connection: Connection, folder: Path, fine_cut: None) -> None:
    load_orders(connection, folder, *(order(str(n), f"2024-{n:02d}-05", "10") for n in range(1, 10)))
    load_orders(connection, folder, order("20", "2024-02-06", "1"), order("21", "2024-11-05", "2"))
    before = {segment.path for segment in open_snapshot(folder).entities["orders"].segments}
    with Writer(folder) as writer:
        assert writer.delete(connection, "orders", files=[2]) == 2
        assert writer.delete(connection, "orders", files=[77]) == 0
        writer.commit()
    snapshot = open_snapshot(folder)
    assert read(connection, folder, "SELECT count(*), sum(net_amount) FROM raw_orders") == [(9, Decimal(90))]
    assert snapshot.entities["orders"].last == {"ordered_at": date(2024, 9, 5)}
    assert [record.removed for record in snapshot.sources] == [None, 2]
    assert len(before & {segment.path for segment in snapshot.entities["orders"].segments}) == 8
    with Writer(folder) as writer:
        assert writer.delete(connection, "orders", source="shop") == 9
        writer.commit()
    assert read(connection, folder, "SELECT order_id, channel__code FROM raw_orders") == []


def test_an_empty_file_says_that_there_were_no_rows(connection: Connection, folder: Path) -> None:
    stage(connection, ORDER_COLUMNS, *MARCH)
    connection.execute("DELETE FROM staging")
    cover = make_source(covers_from=date(2024, 3, 1), covers_to=date(2024, 3, 31))
    with Writer(folder) as writer:
        writer.load(connection, ORDERS, "staging", cover)
        writer.commit()
    stored = open_snapshot(folder).entities["orders"]
    assert (stored.rows, stored.covers_from, stored.covers_to) == (0, date(2024, 3, 1), date(2024, 3, 31))
    assert read(connection, folder, "SELECT sum(net_amount), count(channel__code) FROM raw_orders") == [(None, 0)]
    load_orders(connection, folder, *MARCH)
    stored = open_snapshot(folder).entities["orders"]
    assert (stored.rows, stored.covers_from) == (2, date(2024, 3, 1))


def test_what_observations_state_is_known_by_measure(connection: Connection, folder: Path) -> None:
    rows = [
        "'a', 'reach', DATE '2024-01-01', 5",
        "'b', 'reach', DATE '2024-03-01', 6",
        "'c', 'nps', DATE '2024-02-01', 7",
    ]
    stage(connection, "_row_key, measure, date, value", *rows)
    with Writer(folder) as writer:
        writer.load(connection, OBSERVATIONS, "staging", make_source())
        writer.commit()
    snapshot = open_snapshot(folder)
    assert snapshot.observed == {"nps", "reach"}
    assert snapshot.observed_days["reach"] == (date(2024, 1, 1), date(2024, 3, 1))


def test_a_view_may_be_staged(connection: Connection, folder: Path) -> None:
    stage(connection, ORDER_COLUMNS, *MARCH)
    connection.execute("CREATE VIEW staged AS SELECT * EXCLUDE (_file, _line) FROM staging")
    with Writer(folder) as writer:
        assert counts(writer.load(connection, ORDERS, "staged", make_source())) == (2, 0, 0, 0)
        writer.commit()
    assert read(connection, folder, "SELECT _file, _line FROM raw_orders ORDER BY order_id") == [(1, 1), (1, 2)]


def test_what_is_loaded_together_with_something_that_fails_is_not_there(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, *MARCH)
    before = files_on_disk(folder)
    stage(connection, ORDER_COLUMNS, order("3", "2024-04-01", "50", "C"))
    with Writer(folder) as writer:
        with pytest.raises(ZeroDivisionError), writer.together():
            writer.load(connection, ORDERS, "staging", make_source())
            raise ZeroDivisionError
        assert writer.commit() == 1
    assert (open_snapshot(folder).version, files_on_disk(folder)) == (1, before)
