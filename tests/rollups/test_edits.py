"""Whatever happens to rows, what is kept beside them gives the numbers that the rows give."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from company import KPIS, QUESTIONS, Company, ask, plans_left
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sanjeh import rolled, workspace
from sanjeh.rollups import Builder
from sanjeh.warehouse import partition


@pytest.fixture
def _by_month(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even a small company's rows by month, so that there are several segments."""
    monkeypatch.setattr(partition, "ALL_UP_TO", 0)
    monkeypatch.setattr(partition, "YEARS_UP_TO", 0)


def edit(company: Company, kind: str) -> None:
    match kind:
        case "append":
            company.add(15, 170, 199)
        case "late":
            company.add(6, 0, 199)
        case "correct":
            company.correct(5)
        case "take back":
            company.take_back()
        case "visit":
            company.visit(10)


def check(company: Company, *, rest: tuple[str, ...] = ()) -> None:
    kept, rows = company.space, company.space
    rows._ground[(rows.snapshot().version, None, rows.today)] = rows._lay_rows(rows.snapshot())
    for question in QUESTIONS:
        assert ask(kept, question) == ask(rows, question)
    assert plans_left(kept) == list(rest)
    assert plans_left(rows) != list(rest)


@pytest.mark.usefixtures("_by_month")
# Each edit is an import: an example is shown as it was found, for making it smaller takes minutes.
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    edits=st.lists(st.sampled_from(("append", "late", "correct", "take back", "visit")), min_size=1, max_size=4),
    seed=st.integers(0, 10**6),
)
def test_random_edits_leave_the_numbers_of_a_full_rebuild(
    edits: list[str], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("edited") / "company"
    company = Company(folder, random.Random(seed)).found()
    company.space.roll_up(*KPIS, by="channel")
    for kind in edits:
        edit(company, kind)
        check(company)
    refreshed = [ask(company.space, question) for question in QUESTIONS]
    company.space.drop_rollups()
    company.space.roll_up(*KPIS, by="channel")
    assert [ask(company.space, question) for question in QUESTIONS] == refreshed


@pytest.mark.usefixtures("_by_month")
def test_a_month_that_only_grew_is_made_from_what_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grown: list[bool] = []
    really = Builder._grown

    def watched(builder: Builder, *given: Any) -> Any:
        cells = really(builder, *given)
        grown.append(cells is not None)
        return cells

    company = Company(tmp_path / "company", random.Random(7)).found()
    company.space.roll_up(*KPIS, by="channel")
    monkeypatch.setattr(Builder, "_grown", watched)
    company.add(3, 10, 20)
    assert grown == [True]
    check(company)
    grown.clear()
    company.correct(1)
    assert False in grown  # the month that lost the row; the one it moved to only grew
    check(company)


@pytest.mark.usefixtures("_by_month")
def test_rows_added_to_a_month_leave_the_files_of_the_others(tmp_path: Path) -> None:
    company = Company(tmp_path / "company", random.Random(1)).found()
    company.space.roll_up("revenue", "website_visitors", by="channel")
    before = {path.name for path in (tmp_path / "company/warehouse/rollups").rglob("2024-0*.cells")}
    company.add(20, 185, 199)
    after = {path.name for path in (tmp_path / "company/warehouse/rollups").rglob("2024-0*.cells")}
    assert {name for name in before if not name.startswith("2024-07")} <= after
    assert after - before
    assert all(name.startswith("2024-07") for name in after - before)


def test_a_kept_file_that_is_damaged_or_gone_leaves_the_rows_to_answer(tmp_path: Path) -> None:
    company = Company(tmp_path / "company", random.Random(2)).found()
    expected = [ask(company.space, question) for question in QUESTIONS]
    company.space.roll_up(*KPIS, by="channel")
    files = sorted((tmp_path / "company/warehouse/rollups").rglob("*.cells"))
    for n, path in enumerate(files):
        if n % 2:
            path.write_bytes(path.read_bytes()[:-3])
        else:
            path.unlink()
    assert [ask(company.space, question) for question in QUESTIONS] == expected
    (tmp_path / "company/warehouse/rollups/index.json").write_text('{"format": 1, "cubes": 3}')
    assert [ask(company.space, question) for question in QUESTIONS] == expected


def test_other_settings_find_nothing_kept_until_they_are_built_for(tmp_path: Path) -> None:
    company = Company(tmp_path / "company", random.Random(3)).found()
    company.space.roll_up("customers_lost")
    settings_file = tmp_path / "company/sanjeh.toml"
    settings_file.write_text(settings_file.read_text().replace("[parameters]", "[parameters]\nlost_after_days = 30"))
    question: dict[str, object] = {"every": "month", "since": "2024-01", "until": "2024-07"}
    space = company.space
    before = ask(space, question)
    assert plans_left(space)
    space.refresh_rollups()
    again = company.space
    frame = again.compute("customers_lost", every="month", since="2024-01", until="2024-07")
    assert plans_left(again) == []
    assert [p.value for p in frame.points] == [value for kpi, _, _, value, _, _ in before if kpi == "customers_lost"]


def test_a_past_day_of_knowledge_is_asked_of_the_rows(tmp_path: Path) -> None:
    company = Company(tmp_path / "company", random.Random(4)).found()
    rows = company.space.compute("revenue", every="month", as_of="2024-03-10")
    company.space.roll_up("revenue")
    space = company.space
    kept = space.compute("revenue", every="month", as_of="2024-03-10")
    assert [p.value for p in kept.points] == [p.value for p in rows.points]
    assert not hasattr(space.ground(as_of=kept.as_of).engine, "missed") or kept.as_of is None


def test_what_is_kept_is_listed_and_dropped(tmp_path: Path) -> None:
    company = Company(tmp_path / "company", random.Random(5)).found()
    company.space.roll_up("revenue", "new_customers", by="channel")
    kept = company.space.rollups()
    assert {(item.entity, item.by) for item in kept} == {("orders", ()), ("orders", ("channel",))}
    assert all(item.is_fresh and item.size > 0 for item in kept)
    company.space.drop_rollups()
    assert company.space.rollups() == ()
    assert not (tmp_path / "company/warehouse/rollups").exists()


def test_a_copied_workspace_keeps_what_it_kept(tmp_path: Path) -> None:
    company = Company(tmp_path / "company", random.Random(6)).found()
    company.space.roll_up("revenue")
    shutil.copytree(tmp_path / "company", tmp_path / "copy")
    copy = Company(tmp_path / "copy", random.Random(6)).space
    copy.compute("revenue", every="month")
    assert plans_left(copy) == []


def test_what_large_questions_read_rows_for_is_kept_at_the_next_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolled, "MANY_ROWS", 100)
    company = Company(tmp_path / "company", random.Random(8)).found()
    question: dict[str, object] = {"every": "month", "since": "2024-01", "until": "2024-07", "by": "channel"}
    expected = ask(company.space, question)
    assert company.space.rollups() == ()
    company.visit(1)
    space = company.space
    assert {(item.entity, item.by) for item in space.rollups()} >= {("orders", ("channel",))}
    assert ask(space, question) == expected
    assert plans_left(space) == []


def test_small_companies_keep_nothing_by_themselves(tmp_path: Path) -> None:
    company = Company(tmp_path / "company", random.Random(9)).found()
    ask(company.space, QUESTIONS[0])
    company.visit(1)
    assert company.space.rollups() == ()
    assert not (tmp_path / "company/warehouse/rollups").exists()


def test_what_has_no_room_is_left_to_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "MOST_KEPT", 2_000)
    company = Company(tmp_path / "company", random.Random(10)).found()
    expected = ask(company.space, QUESTIONS[0])
    built = company.space.roll_up(*KPIS, by="channel")
    assert built.left_out
    assert ask(company.space, QUESTIONS[0]) == expected
