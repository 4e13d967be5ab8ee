"""Visits of one day of a shop, by channel, device and country, against a reference worked out elsewhere."""

from __future__ import annotations

from tests.datasets.compare import Imported, Row, compare, count, stated_counts

SET = "ga_sample"
FILES = ("sessions.csv", "ga_sample.parquet")


def test_every_row_is_accounted_for(imported: Imported) -> None:
    report = imported.report
    assert report["holds"] and report["quarantined"] == 0
    assert [
        (table["entity"], table["read"], table["loaded"]) for file in report["files"] for table in file["tables"]
    ] == [
        ("web_sessions", 2_556, 2_556),
        ("orders", 2_556, 43),
        ("orders", 2_556, 2),
        ("visit_facts", 2_556, 2_556),
        ("carts", 2_556, 194),
        ("visit_steps", 2_556, 2_556),
    ]


def test_every_value_of_the_reference_is_met(imported: Imported, reference: tuple[Row, ...]) -> None:
    assert compare(SET, imported.space, reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_a_visitor_seen_in_two_channels_counts_once_in_all(imported: Imported) -> None:
    by_channel = imported.space.compute(
        "website_visitors", every="day", since="2017-08-01", until="2017-08-01", by="channel"
    )
    overall = imported.space.compute("website_visitors", every="day", since="2017-08-01", until="2017-08-01")
    assert sum(point.value or 0 for point in by_channel.points) > (overall.points[0].value or 0) == 2293


def test_ids_keep_their_leading_zeros(imported: Imported) -> None:
    [listing] = imported.space.rows("website_visitors.sessions", period="2017-08-01", limit=5000)
    place = listing.columns.index("visitor_id")
    assert any(str(row[place]).startswith("0") for row in listing.rows)
