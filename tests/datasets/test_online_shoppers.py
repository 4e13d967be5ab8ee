"""Visits of a shop by month, visitor, traffic and region, without ids or a year."""

from __future__ import annotations

from pathlib import Path

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "online_shoppers"
FILES = ("online_shoppers_intention.csv",)


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("web_sessions", 12_330, 12_330),
        ("orders", 12_330, 1_908),
        ("visit_facts", 12_330, 12_330),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_equal_rows_are_all_kept_and_the_same_file_again_brings_nothing(imported: Imported, shared: Path) -> None:
    space = imported.space
    before = space.compute("website_visitors.sessions", every="total", since="2018-01-01", until="2018-12-31")
    report = space.import_file(shared / "data" / SET / FILES[0])
    assert report.total("loaded") == 0 and report.holds
    after = space.compute("website_visitors.sessions", every="total", since="2018-01-01", until="2018-12-31")
    assert before.points[0].value == after.points[0].value == 12_330
