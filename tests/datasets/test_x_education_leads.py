"""Leads of an online school by origin and source."""

from __future__ import annotations

from pathlib import Path

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "x_education_leads"
FILES = ("Lead_Scoring.csv",)


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("leads", 9_240, 9_240),
        ("lead_visits", 9_240, 9_240),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_a_damaged_copy_sets_its_damaged_lines_aside_and_adds_no_leads(imported: Imported, shared: Path) -> None:
    space = imported.space
    report = space.import_file(shared / "data" / SET / "variant_338_blank_rows.csv")
    counts = [report.total(name) for name in ("read", "loaded", "duplicate", "quarantined")]
    assert report.holds and counts == [9240, 0, 8902, 338]
    assert {fault.reason for fault in space.quarantine(400)} == {"ragged"}
    [point] = space.compute("lead_count", every="total", since="2024-01-01", until="2024-01-01").points
    assert point.value == 9240
