"""A workspace answers in Python what the command line answers, and says what it refuses."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import sanjeh
from sanjeh.errors import DefinitionError, QuestionError, WorkspaceError
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = """order_id,ordered_at,net_amount,customer_id,region
1,2024-01-05,100,A,Tehran
2,2024-01-20,200,B,Shiraz
3,2024-02-03,300,A,Tehran
4,2024-02-10,50,C,
5,2024-03-01,250,D,Tehran
"""
TODAY = date(2024, 6, 15)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace with five orders, as it is on 15 June 2024."""
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    create_workspace(tmp_path / "shop", Settings(name="Shop"))
    space = sanjeh.open(tmp_path / "shop", today=TODAY)
    assert space.import_file(tmp_path / "orders.csv").is_complete
    return space


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as refused:
        sanjeh.open(tmp_path)
    assert refused.value.code == "not_a_workspace"


def test_a_workspace_is_made_once(space: Workspace) -> None:
    with pytest.raises(WorkspaceError) as refused:
        create_workspace(space.folder, Settings())
    assert refused.value.code == "workspace_exists"


def test_a_workspace_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkspaceError) as refused:
        create_workspace(tmp_path / "file" / "shop", Settings())
    assert refused.value.code == "cannot_create"


def test_opening_again_gives_the_same_numbers(space: Workspace) -> None:
    again = sanjeh.open(space.folder, today=TODAY)
    assert again.compute("revenue").value("revenue", "2024-02") == 350
    assert [(record.entity, record.loaded) for record in again.imports()] == [("orders", 5)]


def test_without_a_span_the_periods_end_with_the_data(space: Workspace) -> None:
    frame = space.compute("revenue")
    assert [point.period for point in frame] == ["2024-01", "2024-02", "2024-03"]
    assert frame.as_of == date(2024, 3, 1) == space.as_of()


def test_both_ends_of_a_span_are_included(space: Workspace) -> None:
    frame = space.compute("revenue", since="2024-01-20", until=date(2024, 2, 3), every="day")
    assert len(frame) == 15
    assert frame.value("revenue", "2024-01-20") == 200
    assert frame.value("revenue", "2024-02-03") == 300


def test_the_total_is_one_span(space: Workspace) -> None:
    [point] = space.compute("revenue", every="total")
    assert (point.period, point.value) == ("total", 900)


def test_a_variant_is_asked_by_its_name(space: Workspace) -> None:
    frame = space.compute("revenue.gross", last=1)
    assert [(point.kpi, point.variant) for point in frame] == [("revenue", "gross")]
    named = {point.variant for point in space.compute("revenue", variants=True, last=1)}
    assert {None, "gross", "real"} <= named


def test_data_of_the_future_does_not_move_the_day_beyond_today(space: Workspace, tmp_path: Path) -> None:
    (tmp_path / "orders-2.csv").write_text(
        "order_id,ordered_at,net_amount,customer_id,region\n9,2030-01-01,5,A,Rey\n", encoding="utf-8"
    )
    space.import_file(tmp_path / "orders-2.csv")
    assert space.as_of() == TODAY


REFUSED: list[tuple[Callable[[Workspace], object], str]] = [
    (lambda space: space.compute("revnue"), "unknown_name"),
    (lambda space: space.compute("revenue", every="moon"), "unknown_choice"),
    (lambda space: space.compute("revenue", since="2024-02", until="2024-01"), "since_after_until"),
    (lambda space: space.compute("revenue", every="total", since="2030-01"), "since_after_data"),
    (lambda space: space.compute("revenue", since="yesterday"), "bad_moment"),
    (lambda space: space.compute("revenue", last=0), "bad_last"),
    (lambda space: space.compute("revenue", every="day", since="1800-01-01"), "too_many_periods"),
    (lambda space: space.compute("revenue", by="planet"), "unknown_dimension"),
    (lambda space: space.rows("mql_count", period="2024-01"), "no_rows_behind"),
    (lambda space: space.undo(7), "import_unknown"),
]


@pytest.mark.parametrize(("ask", "code"), REFUSED, ids=[code for _, code in REFUSED])
def test_a_question_without_an_honest_answer_is_refused(
    space: Workspace, ask: Callable[[Workspace], object], code: str
) -> None:
    with pytest.raises(QuestionError) as refused:
        ask(space)
    assert refused.value.code == code


def test_a_question_about_all_is_not_stopped_by_one(space: Workspace) -> None:
    frame = space.compute(by="region", last=1)
    assert {point.kpi for point in frame} >= {"revenue", "average_order_value"}
    assert all(issue.code in ("unknown_dimension", "unreachable_dimension") for issue in frame.issues)


def test_an_own_kpi_with_a_wrong_unit_does_not_load(space: Workspace) -> None:
    own = "kpis: [{id: x, name: {en: X}, formula: revenue / orders, unit: days, direction: maximize, timing: lagging,"
    own += " perspective: process, description: {en: d}, question: {en: q}}]\n"
    (space.folder / "kpis" / "x.yaml").write_text(own, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        sanjeh.open(space.folder).compute("revenue")
    assert all(issue.place and issue.place.file.endswith("x.yaml") for issue in refused.value.issues)


def test_a_kpi_over_a_column_that_comes_later_does_not_stop_the_import(space: Workspace, tmp_path: Path) -> None:
    own = "kpis: [{id: x, name: {en: X}, formula: \"revenue[shelf == 'top']\", unit: money, direction: maximize,"
    own += " timing: lagging, perspective: process, description: {en: d}, question: {en: q}}]\n"
    (space.folder / "kpis" / "x.yaml").write_text(own, encoding="utf-8")
    again = sanjeh.open(space.folder, today=TODAY)
    assert again.import_file(tmp_path / "orders.csv").total("duplicate") == 5


def test_an_answer_is_kept_until_the_data_the_day_or_the_question_change(space: Workspace, tmp_path: Path) -> None:
    first = space.compute("revenue")
    assert space.compute("revenue") is first
    assert space.compute("revenue", where="region == 'Tehran'").value("revenue", "2024-02") == 300
    assert space.compute("revenue", calendar="jalali").value("revenue", "1402-10") == 300
    assert space.compute("revenue") is first
    (tmp_path / "more.csv").write_text(ORDERS.splitlines()[0] + "\n6,2024-02-11,1,E,Tehran\n", encoding="utf-8")
    assert space.import_file(tmp_path / "more.csv").is_complete
    assert space.compute("revenue").value("revenue", "2024-02") == 351
    space.today = date(2024, 2, 10)
    assert space.compute("revenue").value("revenue", "2024-02") == 350


def test_an_undone_import_leaves_nothing_behind(space: Workspace) -> None:
    [record] = space.imports()
    assert space.undo(record.id) == 5
    assert space.compute().points == ()


def test_the_package_offers_what_it_promises() -> None:
    package = importlib.import_module("sanjeh")
    assert set(package.__all__) <= set(dir(package))
    assert package.open.__doc__
