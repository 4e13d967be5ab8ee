"""Defective units and defects of four production lines."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "qcc_defects"
FILES = ("orangejuice.txt", "orangejuice2.txt", "pcmanufact.txt", "dyedcloth.txt", "circuit.txt")


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("production", 54, 54),
        ("production", 64, 64),
        ("inspections", 20, 20),
        ("inspections", 10, 10),
        ("inspections", 46, 46),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_defective_units_and_defects_are_kept_apart(imported: Imported) -> None:
    units, defects = imported.space.compute(
        "product_defect_rate.inspected", "defects_per_unit", every="month", since="2024-01", until="2024-01"
    ).points
    assert set(units.inputs) == {"units_defective", "units_inspected"}
    assert set(defects.inputs) == {"defects_found", "units_checked"}
