"""The comparison itself: what it lets pass and what it does not."""

from __future__ import annotations

import pytest
from tests.datasets.compare import Left, Match, Row, is_equal


def test_a_relative_error_of_a_billionth_is_the_most() -> None:
    assert is_equal(1000.0, 1000.0000009)
    assert not is_equal(1000.0, 1000.0000011)
    assert is_equal(0.0, 0.0) and not is_equal(0.0, 1e-9)
    assert not is_equal(5.0, None)
    assert is_equal(50.0, 0.5, 100)


@pytest.mark.parametrize(
    ("period", "every"),
    [
        ("total", "total"),
        ("2011", "year"),
        ("2011-Q2", "quarter"),
        ("2011-05", "month"),
        ("2011-05-09", "day"),
        ("j1390-02", "jalali_month"),
    ],
)
def test_a_period_tells_its_grain(period: str, every: str) -> None:
    assert Row("revenue", period, {}, 1.0).every == every


def test_a_match_takes_only_what_it_has_dimensions_for() -> None:
    match = Match("revenue", "revenue", every=("total",), by={"country": "region"}, members={"country": {"UK": "GB"}})
    row = Row("revenue", "total", {"country": "UK"}, 1.0)
    assert match.takes(row) and match.members_of(row) == {"region": "GB"}
    assert not match.takes(Row("revenue", "2011", {"country": "UK"}, 1.0))
    assert not match.takes(Row("revenue", "total", {"product": "P"}, 1.0))
    assert not match.takes(Row("orders", "total", {}, 1.0))


def test_a_match_of_one_member_stands_for_that_member_alone() -> None:
    match = Match("retention", "retention", variant="after_3", of={"offset": "3"})
    assert match.reading == "retention.after_3"
    assert match.takes(Row("retention", "2011-05", {"offset": "3"}, 0.2))
    assert not match.takes(Row("retention", "2011-05", {"offset": "4"}, 0.2))
    assert match.members_of(Row("retention", "2011-05", {"offset": "3"}, 0.2)) == {}


def test_what_is_left_out_names_the_very_dimensions() -> None:
    left = Left("p90", "no such measure", by=("priority",))
    assert left.takes(Row("p90", "total", {"priority": "2"}, 1.0))
    assert not left.takes(Row("p90", "total", {}, 1.0))
