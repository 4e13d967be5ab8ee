"""Three months of display advertising, day by day, against a reference worked out elsewhere."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "display_ads"
FILES = ("online_advertising_performance_data.csv",)


def test_every_row_is_accounted_for(imported: Imported) -> None:
    assert imported.rows("ad_daily") == imported.rows("publisher_daily") == 15_408
    assert imported.report["holds"] and imported.report["quarantined"] == 0


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)
