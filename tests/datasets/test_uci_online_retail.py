"""Half a million invoice lines of a retailer, against a reference worked out elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.datasets.compare import Row, build_workspace, compare, count, is_equal, read_reference, stated_counts

from sanjeh.workspace import Workspace

SET = "uci_online_retail"


@pytest.fixture(scope="module")
def reference(shared: Path) -> tuple[Row, ...]:
    return read_reference(shared / "data" / SET / "reference.csv")


@pytest.fixture(scope="module")
def imported(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, dict[str, Any]]:
    return build_workspace(SET, tmp_path_factory.mktemp(SET), [shared / "data" / SET / "monthly"])


def test_every_line_is_accounted_for(imported: tuple[Workspace, dict[str, Any]]) -> None:
    _, report = imported
    lines = [table for file in report["files"] for table in file["tables"] if table["entity"] == "order_lines"]
    assert sum(table["read"] for table in lines) == 541_909
    assert report["holds"] and report["quarantined"] == 0


def test_every_value_of_the_reference_is_met(
    imported: tuple[Workspace, dict[str, Any]], reference: tuple[Row, ...]
) -> None:
    assert compare(SET, imported[0], reference) == []


def test_the_counts_are_those_of_the_documentation(reference: tuple[Row, ...]) -> None:
    assert count(SET, reference) == stated_counts(SET)


def test_revenue_itself_is_net_where_refunds_name_no_order(
    imported: tuple[Workspace, dict[str, Any]], reference: tuple[Row, ...]
) -> None:
    wanted = {row.plain_period: row.value for row in reference if row.kpi == "net_revenue" and row.calendar == "jalali"}
    frame = imported[0].compute("revenue", every="month", since="1389-09", until="1390-09", calendar="jalali")
    assert len(wanted) == 13
    for period, value in wanted.items():
        assert value is not None and is_equal(value, frame.value("revenue", period))
