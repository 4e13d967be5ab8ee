"""Churn, retention and recurring revenue of a phone company, from a picture of its customers."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "ibm_telco_churn"
FILES = ("WA_Fn-UseC_-Telco-Customer-Churn.csv",)


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("customers", 7_043, 7_043),
        ("contracts", 7_043, 7_043),
        ("orders", 7_043, 7_043),
        ("orders", 7_043, 5_174),
        ("accounts", 7_043, 7_043),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_an_empty_charge_is_no_charge_rather_than_zero(imported: Imported) -> None:
    [point] = imported.space.compute("average_lifetime_revenue", every="month", since="2024-01", until="2024-01").points
    assert point.inputs["charged_accounts"] == 7043 - 11
