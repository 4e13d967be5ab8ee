"""A review finds every fault of a workspace in one run: what it says first, then what its data shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjeh.errors import Severity
from sanjeh.review import check_workspace
from sanjeh.settings import FILE, Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = "order_id,ordered_at,net_amount,customer_id\n1,2024-01-05,100,A\n2,2024-01-20,200,\n3,2024-02-03,300,B\n"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """Three orders, one of them of nobody."""
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    space = create_workspace(tmp_path / "shop", Settings())
    space.import_file(tmp_path / "orders.csv")
    return space


def codes(space: Workspace) -> list[str]:
    """The codes of all issues."""
    return [issue.code for issue in check_workspace(space.folder)]


def test_an_empty_workspace_has_no_faults(tmp_path: Path) -> None:
    assert codes(create_workspace(tmp_path / "empty", Settings())) == []


def test_a_folder_that_is_none_is_one_issue(tmp_path: Path) -> None:
    assert [issue.code for issue in check_workspace(tmp_path)] == ["not_a_workspace"]


def test_orders_of_nobody_are_noted(space: Workspace) -> None:
    [issue] = check_workspace(space.folder)
    assert (issue.code, issue.severity) == ("orders_without_customer", Severity.NOTE)
    assert issue.data["count"] == 1


def test_a_status_that_nobody_knows_is_told_with_its_rows(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "order_id,ordered_at,net_amount,customer_id,status\n"
        "1,2024-01-05,100,A,paid\n2,2024-01-20,200,A,xyz\n3,2024-02-03,300,B,xyz\n4,2024-02-03,300,B,cancelled\n",
        encoding="utf-8",
    )
    space = create_workspace(tmp_path / "shop", Settings())
    space.import_file(tmp_path / "orders.csv")
    [issue] = check_workspace(space.folder)
    assert (issue.code, issue.severity) == ("unknown_status", Severity.WARNING)
    told = {key: issue.data[key] for key in ("entity", "status", "count", "rows")}
    assert told == {"entity": "orders", "status": "xyz", "count": 2, "rows": 4}
    assert (issue.data["meaning"], str(issue.data["choices"])[:13]) == ("STATUS", "paid, shipped")
    with (space.folder / FILE).open("a", encoding="utf-8") as settings:
        settings.write('successful_statuses = ["paid", "xyz"]\n')
    assert codes(space) == []


def test_faults_of_settings_mappings_and_definitions_are_found_together(space: Workspace) -> None:
    (space.folder / FILE).write_text("[parameters]\nlost_after_dayz = 1\n", encoding="utf-8")
    (space.folder / "sources" / "bad.yaml").write_text("source: x\n", encoding="utf-8")
    (space.folder / "kpis" / "bad.yaml").write_text("kpis: [{id: x, formla: revenue}]\n", encoding="utf-8")
    found = check_workspace(space.folder)
    files = {Path(issue.place.file).name for issue in found if issue.place}
    assert files == {FILE, "bad.yaml"}
    assert {Path(issue.place.file).parent.name for issue in found if issue.place} >= {"sources", "kpis"}
    assert all(issue.place and issue.place.line for issue in found)


def test_data_is_judged_only_where_what_is_said_holds(space: Workspace) -> None:
    (space.folder / "sources" / "bad.yaml").write_text("source: x\n", encoding="utf-8")
    assert "orders_without_customer" not in codes(space)


MEASURE = "measures: [{{id: m, name: {{en: M}}, kind: sum, unit: money, entity: orders, expression: {0}, time: {1}}}]\n"


def test_a_column_that_nobody_has_is_found_in_an_own_measure(space: Workspace) -> None:
    own = space.folder / "kpis" / "own.yaml"
    own.write_text(MEASURE.format("net_amount + net_amuont", "ordred_at"), encoding="utf-8")
    found = [issue for issue in check_workspace(space.folder) if issue.severity is Severity.ERROR]
    told = [(issue.code, issue.data["name"], issue.suggestion) for issue in found]
    assert told == [("unknown_column", "net_amuont", "net_amount"), ("unknown_column", "ordred_at", "ordered_at")]
    assert {issue.place.file for issue in found if issue.place} == {str(own)}


def test_an_own_measure_over_what_is_there_is_fine(space: Workspace) -> None:
    own = space.folder / "kpis" / "own.yaml"
    own.write_text(MEASURE.format("case when is_revenue then net_amount else 0 end", "ordered_at"), encoding="utf-8")
    assert codes(space) == ["orders_without_customer"]


def test_own_sql_that_is_none_is_found(space: Workspace) -> None:
    own = space.folder / "kpis" / "own.yaml"
    own.write_text(MEASURE.format("'net_amount + ('", "ordered_at"), encoding="utf-8")
    [issue] = [issue for issue in check_workspace(space.folder) if issue.severity is Severity.ERROR]
    assert issue.place is not None
    assert Path(issue.place.file) == own


FAULTY = """measures:
  - {id: m, name: {en: M}, kind: sum, unit: money, entity: orders, expression: zzqq, time: ordered_at}
kpis:
  - id: basket
    name: {en: Basket}
    colour: red
    formula: revenue / orders
    unit: percentage
  - {id: slip, name: {en: Slip}, formula: revnue, unit: money}
"""
WRONG_UNIT = """kpis:
  - id: basket
    name: {en: Basket}
    formula: revenue / orders
    unit: percentage
    examples:
      - period: 2024-01
        rows:
          orders: |
            order_id, ordered_at, net_amount, status
            1, 2024-01-05, 10, paid
        expect: 11
"""


def test_a_fault_of_one_stage_does_not_hide_those_of_another(space: Workspace) -> None:
    (space.folder / "kpis" / "own.yaml").write_text(FAULTY, encoding="utf-8")
    found = check_workspace(space.folder)
    assert sorted(issue.code for issue in found) == ["unknown_column", "unknown_key", "unknown_term", "wrong_unit"]
    (space.folder / "kpis" / "own.yaml").write_text(WRONG_UNIT, encoding="utf-8")
    assert sorted(codes(space)) == ["example_fails", "wrong_unit"]


def test_what_only_follows_from_a_file_that_cannot_be_read_is_not_told(space: Workspace) -> None:
    (space.folder / "kpis" / "measures.yaml").write_text("measures: [{id: m\n", encoding="utf-8")
    (space.folder / "kpis" / "own.yaml").write_text(
        "kpis: [{id: x, name: {en: X}, formula: m / 2, unit: mony}]\n", encoding="utf-8"
    )
    assert sorted(codes(space)) == ["bad_yaml", "unknown_unit"]


def test_an_unknown_column_is_told_with_near_names_even_where_none_is_meant_for_sure(space: Workspace) -> None:
    own = space.folder / "kpis" / "own.yaml"
    own.write_text(MEASURE.format("amount", "ordered_at"), encoding="utf-8")
    [issue] = [issue for issue in check_workspace(space.folder) if issue.severity is Severity.ERROR]
    assert "net_amount" in issue.data["near"]
    assert "net_amount" in issue.render("fa")
