"""Every set of reference data: its rows are accounted for and each of its values is met, as the documents say."""

from __future__ import annotations

from pathlib import Path

from tests.datasets.compare import Row, compare, count, load_matches, stated_counts, stated_sets
from tests.datasets.imported import EXAMPLES, Imported, summed
from tests.datasets.reference_set import SETS, ReferenceSet


def test_every_row_is_accounted_for(given: ReferenceSet, imported: Imported) -> None:
    tables = summed(imported.tables) if given.is_summed else imported.tables
    assert tables == list(given.tables)
    assert imported.report["holds"] and imported.report["quarantined"] == 0


def test_every_value_of_the_reference_is_met(
    given: ReferenceSet, imported: Imported, reference: tuple[Row, ...]
) -> None:
    assert compare(load_matches(given.name), imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(given: ReferenceSet, reference: tuple[Row, ...]) -> None:
    assert count(given.name, reference) == stated_counts(given.name)


def test_every_set_that_is_documented_or_has_an_example_is_tried(shared: Path) -> None:
    tried = {one.name for one in SETS}
    assert tried == set(stated_sets()) == {path.parent.name for path in EXAMPLES.glob("*/matches.yaml")}
    assert tried == {path.parent.name for path in (shared / "data").glob("*/reference.csv")}
