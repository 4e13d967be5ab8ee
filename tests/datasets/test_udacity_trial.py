"""A free trial tested in two groups, with days whose outcome is not known yet."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "udacity_trial"
FILES = ("control_data.csv", "experiment_data.csv")


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("ad_daily", 37, 37),
        ("known_days", 37, 23),
        ("observations", 37, 23),
        ("observations", 37, 23),
        ("observations", 37, 23),
        ("ad_daily", 37, 37),
        ("known_days", 37, 23),
        ("observations", 37, 23),
        ("observations", 37, 23),
        ("observations", 37, 23),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_days_whose_outcome_is_not_known_are_no_days_without_trials(imported: Imported) -> None:
    frame = imported.space.compute("trials_begun", every="day", since="2014-11-02", until="2014-11-03", by="test_group")
    found = {(point.members["test_group"], point.period): (point.value, point.reason) for point in frame.points}
    assert found["control", "2014-11-02"] == (206.0, None)
    assert found["control", "2014-11-03"] == (None, "no_data")
