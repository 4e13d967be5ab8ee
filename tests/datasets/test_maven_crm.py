"""The opportunities of a sales team, against a reference worked out elsewhere."""

from __future__ import annotations

from pathlib import Path

from tests.datasets.compare import Imported, Row, compare, count, import_files, stated_counts

SET = "maven_crm"
FILES = ("accounts.csv", "products.csv", "sales_pipeline.csv", "sales_teams.csv")


def test_every_row_is_accounted_for(imported: Imported) -> None:
    assert (imported.rows("opportunities"), imported.rows("customers"), imported.rows("agents")) == (8_800, 85, 35)
    assert (imported.rows("deals"), imported.rows("deals", "filtered")) == (8_300, 500)
    assert imported.report["holds"] and imported.report["quarantined"] == 0


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_the_same_files_again_bring_nothing(imported: Imported, shared: Path) -> None:
    again = import_files(imported.space.folder, [shared / "data" / SET / file for file in FILES])
    assert again["holds"] and (again["loaded"], again["replaced"]) == (0, 0)
