"""A bank's year against its plan, by month, quarter and category."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "fpa_budget_synthetic"
FILES = ("budget_vs_actual.csv",)


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("ledger", 144, 144),
        ("targets", 144, 144),
        ("targets", 144, 24),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_the_plan_of_a_quarter_is_the_sum_of_its_months(imported: Imported) -> None:
    months = imported.space.compute("opex_budget", every="month", since="2024-01", until="2024-03")
    [quarter] = imported.space.compute("opex_budget", every="quarter", since="2024-01-01", until="2024-03-31").points
    assert quarter.value == sum(point.value or 0 for point in months.points) == 6120 + 6060 + 6335
