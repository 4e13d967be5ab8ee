"""The comparison itself: what it lets pass and what it does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.datasets.compare import Left, Match, Matches, Row, compare, is_equal

from sanjeh.compute import Point
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = """order_id,ordered_at,net_amount,customer_id,region
1,2024-01-05,100,A,Tehran
2,2024-01-20,0,B,Shiraz
3,2024-02-03,300,A,Tehran
"""


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


@dataclass(frozen=True)
class Answer:
    """A frame, as far as the comparison reads it."""

    points: tuple[Point, ...]


class Forgetful(Workspace):
    """A workspace that loses a member: Shiraz has rows, and no points."""

    def compute(self, *kpis: str, **asked: Any) -> Answer:  # type: ignore[override]
        """The points of everyone else."""
        points = super().compute(*kpis, **asked).points
        return Answer(tuple(point for point in points if point.members.get("region") != "Shiraz"))


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """Three orders; the one from Shiraz was free."""
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    space = create_workspace(tmp_path / "shop", Settings(name="shop", calendar="gregorian", currency="IRT"))
    assert space.import_file(tmp_path / "orders.csv", as_entity="orders").holds
    return space


def faults(space: Workspace, *rows: Row, **asked: Any) -> list[str]:
    """What the comparison says of the rows of revenue and orders by region."""
    by = {"place": "region"}
    matches = Match("sales", "revenue", by=by), Match("count", "successful_orders", by=by)
    return compare(Matches(matches, (), **asked), space, rows)


def test_a_member_without_a_row_may_lack_a_point_where_the_reference_has_nothing(shop: Workspace) -> None:
    nobody = {"place": "Tabriz"}
    assert faults(shop, Row("sales", "2024-01", nobody, 0.0), Row("sales", "total", nobody, None)) == []
    [fault] = faults(shop, Row("sales", "2024-01", nobody, 5.0))
    assert fault.endswith("but there is no such point")


@pytest.mark.parametrize("period", ["total", "2024", "2024-Q1", "2024-01", "2024-01-20", "j1402-10"])
@pytest.mark.parametrize("value", [0.0, None])
def test_a_lost_member_is_found_although_the_reference_has_nothing_for_it(
    shop: Workspace, period: str, value: float | None
) -> None:
    row = Row("sales", period, {"place": "Shiraz"}, value)
    lost = Forgetful(shop.folder, shop.settings, shop.today)
    [fault] = faults(lost, row)
    assert fault.endswith("but there is no such point, though 1 rows of revenue lie behind it")
    assert faults(shop, row) == ([] if value == 0 else [f"{fault.partition(',')[0]}, found 0.0 None"])


def test_a_lost_member_has_its_rows_within_the_span_of_the_total(shop: Workspace) -> None:
    row = Row("count", "total", {"place": "Shiraz"}, 0.0)
    lost = Forgetful(shop.folder, shop.settings, shop.today)
    assert len(faults(lost, row, since="2024-01-01", until="2024-02-29", as_of="2024-02-29")) == 1
    assert faults(lost, row, since="2023-01-01", until="2023-12-31", as_of="2024-02-29") == []


def test_a_member_lost_in_the_months_in_which_it_has_rows_is_lost_there_alone(shop: Workspace) -> None:
    lost = Forgetful(shop.folder, shop.settings, shop.today)
    rows = [Row("count", month, {"place": "Shiraz"}, 0.0) for month in ("2024-01", "2024-02")]
    assert [fault.split()[1] for fault in faults(lost, *rows)] == ["2024-01"]
