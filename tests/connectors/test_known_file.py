"""What comes again: the same key in one file, the same content in a later run."""

from __future__ import annotations

import pytest
from tests.connectors.workshop import Workshop, only

from sanjeh.connectors import load_mapping, parse_mapping, render_mapping, undo_import
from sanjeh.errors import Severity

HEAD = "order_id,ordered_at,net_amount\n"
OLD = HEAD + "1,2024-03-01,10\n2,2024-03-02,20\n"
NEW = HEAD + "2,2024-03-02,25\n3,2024-03-03,30\n"
MAPPING = "source: own\nmatch: ['*.csv']\ntables: [{entity: orders, fields: {order_id: order_id, ordered_at:"
MAPPING += " ordered_at, net_amount: {column: net_amount, currency: IRR, unit: UNIT}}}]"
REPEATED = (
    HEAD + "1,2024-03-01,10\n2,2024-03-02,20\n1,2024-03-01,12\n3,2024-03-01,12\n4,2024-03-01,12\n5,2024-03-01,1\n"
)


def test_a_row_that_a_later_row_of_its_file_contradicts_is_an_error_that_names_the_key(shop: Workshop) -> None:
    shop.write("orders.csv", REPEATED)
    report = shop.run()
    [issue] = report.errors
    assert issue.code == "rows_superseded" and issue.severity is Severity.ERROR
    assert (issue.data["file"], issue.data["value"], issue.data["rows"]) == ("orders.csv", "1", 1)
    assert (only(report).superseded, only(report).duplicate, only(report).loaded) == (1, 0, 5)
    assert shop.rows("orders", "net_amount", "order_id")[0] == (12,)


def test_a_mapping_may_say_that_the_last_of_repeated_rows_is_meant(shop: Workshop) -> None:
    shop.write("orders.csv", REPEATED)
    shop.map(MAPPING.replace("UNIT", "1").replace("fields:", "repeated: last, fields:"))
    report = shop.run()
    assert (report.errors, only(report).superseded) == ((), 1)


def test_a_row_that_is_repeated_word_for_word_is_no_error(shop: Workshop) -> None:
    shop.write("orders.csv", OLD + "1,2024-03-01,10\n")
    report = shop.run()
    assert (report.errors, only(report).superseded, only(report).duplicate) == ((), 0, 1)


def test_the_answer_that_the_last_counts_is_written_into_the_mapping(shop: Workshop) -> None:
    shop.write("orders.csv", HEAD + "1,2024-03-01,10\n1,2024-03-01,12\n1,2024-03-01,14\n")
    assert shop.run(answers={"repeated": "last", "currency": "IRR"}).errors == ()
    mapping = load_mapping(shop.settings.sources / "orders.yaml")
    assert mapping.tables[0].repeated == "last"
    assert parse_mapping(render_mapping(mapping)) == mapping


def test_an_older_file_imported_again_does_not_undo_what_a_newer_one_corrected(shop: Workshop) -> None:
    old, new = shop.write("march.csv", OLD), shop.write("late.csv", NEW)
    shop.run(old)
    shop.run(new)
    again = only(shop.run(old))
    assert (again.loaded, again.replaced, again.duplicate) == (0, 0, 2)
    assert "file_known_corrected" in [issue.code for issue in again.issues]
    for _ in range(2):
        shop.run(old)
    assert shop.rows("orders", "net_amount") == [(10,), (25,), (30,)]


@pytest.mark.parametrize("name", ["a-new.csv", "z-new.csv"])
def test_a_folder_of_old_and_new_files_gives_the_new_ones_the_last_word_whatever_their_names(
    shop: Workshop, name: str
) -> None:
    shop.run(shop.write("march.csv", OLD))
    shop.write(name, NEW)
    shop.run()
    shop.run()
    assert shop.rows("orders", "net_amount") == [(10,), (25,), (30,)]


def test_a_file_that_changes_nothing_is_said_to_be_known_under_another_name_as_well(shop: Workshop) -> None:
    shop.run(shop.write("march.csv", OLD))
    table = only(shop.run(shop.write("copy.csv", OLD)))
    assert "file_known" in [issue.code for issue in table.issues] and table.duplicate == 2


def test_a_copy_in_the_same_run_does_not_undo_what_stood_between(shop: Workshop) -> None:
    shop.map(MAPPING.replace("UNIT", "1"))
    for name, content in (("1.csv", OLD), ("2.csv", NEW), ("3.csv", OLD)):
        shop.write(name, content)
    report = shop.run()
    assert [issue.code for issue in report.tables[2].issues] == ["file_repeated"]
    assert shop.rows("orders", "net_amount") == [(10,), (25,), (30,)]


def test_a_changed_mapping_is_applied_to_known_files_and_their_order_stays(shop: Workshop) -> None:
    shop.map(MAPPING.replace("UNIT", "1"))
    old, new = shop.write("march.csv", OLD), shop.write("late.csv", NEW)
    shop.run(old)
    shop.run(new)
    shop.map(MAPPING.replace("UNIT", "1000"))
    shop.run(new, old)
    assert shop.rows("orders", "net_amount") == [(10_000,), (25_000,), (30_000,)]


def test_a_file_whose_correction_was_undone_brings_its_own_row_back(shop: Workshop) -> None:
    old = shop.write("march.csv", OLD)
    shop.run(old)
    shop.run(shop.write("late.csv", NEW))
    undo_import(shop.settings.warehouse, 2)
    shop.run(old)
    assert shop.rows("orders", "net_amount") == [(10,), (20,)]
