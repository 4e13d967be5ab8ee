"""The contenders of the board answer alike: what is timed is the same work."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from benchmarks.board import board, hand_sql, page, workspace
from benchmarks.board.ask import again, cells_of_json
from benchmarks.board.company import TABLES, of_orders, write
from benchmarks.board.measure import Measured, measure
from benchmarks.board.questions import KPIS, MONTHS, Cells, differences

from sanjeh.calendars import Grain, Span, make_calendar
from sanjeh.settings import Settings
from sanjeh.workspace import create_workspace


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("bench") / "company", of_orders(3000))


@pytest.mark.parametrize("code", MONTHS)
def test_months_written_down_are_those_of_sanjehs_calendar(code: str) -> None:
    starts = MONTHS[code].starts
    periods = make_calendar(code).periods(Grain.MONTH, Span(starts[0], starts[-1]))
    assert [period.start for period in periods] == list(starts[:-1])
    assert (periods[0].label, periods[-1].label) == (MONTHS[code].since, MONTHS[code].until)


@pytest.mark.parametrize("code", MONTHS)
def test_the_best_sql_answers_as_one_statement_a_kpi(code: str, company: Path) -> None:
    base, months = hand_sql.open_company(company, MONTHS[code]), MONTHS[code]
    naive = hand_sql.ask_naive(base, months, by_channel=False) | hand_sql.ask_naive(base, months, by_channel=True)
    assert differences(naive, hand_sql.ask_best(base, months)) == []
    assert {cell[0] for cell in naive} == set(KPIS)


def test_sanjeh_answers_as_hand_written_sql(company: Path, tmp_path: Path) -> None:
    settings = Settings(name="board", calendar="gregorian", currency="USD", language="en", time_zone="UTC")
    shop = create_workspace(tmp_path / "workspace", settings)
    (shop.folder / "kpis" / "board.yaml").write_text(workspace.OWN.read_text())
    for table in TABLES:
        shop.import_file(company / f"{table}.parquet", as_entity=table)
    months = MONTHS["jalali"]
    frame = shop.compute(*KPIS.values(), since=months.since, until=months.until, calendar="jalali")
    naive = hand_sql.ask_naive(hand_sql.open_company(company, months), months, by_channel=False)
    assert differences(cells_of_json(frame.to_json()), naive) == []
    assert len(naive) == 24 * 12


def _once(value: float) -> board._Once:
    return board._Once({("orders", None, "2024-01-01"): value}, Measured(1.0, 2.0, 3.0), {})


def test_an_answer_that_differs_from_naive_sql_gives_no_figure() -> None:
    months, expected = MONTHS["jalali"], {("orders", None, "2024-01-01"): 7.0, ("orders", "web", "2024-01-01"): 3.0}
    figure = board._figure("Sanjeh", months, [_once(7.0), _once(7.0)], expected)
    assert (figure.cpu, figure.cells, "revenue" in figure.lacks, "orders" in figure.lacks) == (1.0, 1, True, False)
    with pytest.raises(AssertionError, match="differs in 1 cells"):
        board._figure("Sanjeh", months, [_once(7.0), _once(7.5)], expected)


def test_a_cell_that_differs_or_is_lacking_is_told() -> None:
    cell, other = ("revenue", None, "2024-01-01"), ("revenue", "web", "2024-01-01")
    whole: Cells = {cell: 100.0, other: None}
    assert differences(whole, {cell: 100.0 + 1e-8, other: None}) == []
    assert len(differences(whole, {cell: 100.0 + 1e-5, other: None})) == 1
    assert len(differences(whole, {cell: 100.0})) == 1
    assert len(differences(whole, {cell: 100.0, other: 0.0})) == 1
    assert differences(whole, {}, kpis=("orders",)) == []


def test_a_command_that_fails_gives_no_figure() -> None:
    with pytest.raises(RuntimeError, match="no such"):
        measure(("sh", "-c", "echo no such thing >&2; exit 3"))


def test_repetitions_are_told_together_beside_their_median() -> None:
    inside = again(lambda: sum(range(10_000)))
    assert inside["again (all)"].wall >= inside["again"].wall > 0


def test_the_page_tells_ratios_to_the_best_sql() -> None:
    def figure(name: str, calendar: str, cpu: float) -> board.Figure:
        return board.Figure(name, calendar, cpu, 1.0, 10.0, 288, (cpu,), {"first": {"cpu": 0.5, "wall": 0.5}})

    named = (("Sanjeh, cold, overall", 3.0), ("SQL, the best we know", 2.0))
    text = page.render(
        {
            "size": {"orders": 10, "sessions": 10, "leads": 2, "customers": 1},
            "machine": {"cores": 2},
            "versions": {"duckdb": "1"},
            "runs": 1,
            "import": {"orders": {"cpu": 2.0, "wall": 2.0, "peak_mb": 5.0}},
            "figures": board.as_plain([figure(name, code, cpu) for code in MONTHS for name, cpu in named]),
        }
    )
    assert "| Sanjeh, cold, overall | 3.00 | 1.00 | 10 | 288 | 1.50 |" in text
    assert "| orders | 2.0 | 2.0 | 5 | 5 |" in text


def test_months_need_all_their_bounds() -> None:
    with pytest.raises(ValueError, match="25 bounds"):
        type(MONTHS["jalali"])("jalali", (date(2024, 1, 1),), "a", "b")
