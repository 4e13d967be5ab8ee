"""A run of the board: every contender in turn, the same questions, every answer compared before its time counts."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.board.ask import REPEATED, cells_of_json
from benchmarks.board.measure import Measured, measure
from benchmarks.board.peers import PEERS, python_of
from benchmarks.board.questions import KPIS, MONTHS, Cells, Months, differences
from benchmarks.board.workspace import SANJEH

ROOT = Path(__file__).parents[2]
QUESTIONS: dict[str, tuple[str, ...]] = {"overall": (), "by channel": ("--by", "channel")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are: the company's files, Sanjeh's workspace and a folder for all that is thrown away."""

    company: Path
    workspace: Path
    work: Path

    @property
    def rolled(self) -> Path:
        """A copy of the workspace that keeps what the board needs by day."""
        return self.workspace.with_name("rolled-board")


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender cost, median of its runs; ``inside`` holds what was measured within the process."""

    contender: str
    calendar: str
    cpu: float
    wall: float
    peak_mb: float
    cells: int
    runs: tuple[float, ...]
    inside: dict[str, dict[str, float]]
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Once:
    cells: Cells
    measured: Measured
    inside: dict[str, dict[str, float]]


def run(place: Place, *, runs: int, peers: Sequence[str] = tuple(PEERS)) -> Iterator[Figure]:
    """A figure for each contender and calendar; raises AssertionError where an answer differs from naive SQL's."""
    for peer in peers:
        measure((python_of(peer, place.work), *_words(peer, place, MONTHS["gregorian"]), "--prepare"), **_there(place))
    _roll_up(place)
    for months in MONTHS.values():
        taken: dict[str, list[_Once]] = {}
        for number in range(runs):
            for name, once in _in_turn(place, months, peers):
                taken.setdefault(name, []).append(once)
                print(f"{months.calendar} {number + 1} {name}: {once.measured.cpu:.2f} CPU s", file=sys.stderr)
        for name, several in taken.items():
            yield _figure(name, months, several, taken["SQL, one statement a KPI"][0].cells)


def _roll_up(place: Place) -> None:
    shutil.rmtree(place.rolled, ignore_errors=True)
    shutil.copytree(place.workspace, place.rolled)
    measure((*SANJEH, "rollups", *KPIS.values(), "--by", "channel", "-w", place.rolled))


def _figure(name: str, months: Months, several: list[_Once], expected: Cells) -> Figure:
    mine = several[0].cells
    kpis = tuple(kpi for kpi in KPIS if any(cell[0] == kpi for cell in mine))
    groupings = {cell[1] is None for cell in mine}
    asked = {cell: value for cell, value in expected.items() if (cell[1] is None) in groupings}
    for once in several:
        found = differences(once.cells, asked, kpis=kpis)
        assert not found, f"{name} ({months.calendar}) differs in {len(found)} cells: {found[:5]}"
    inside = {
        part: {unit: statistics.median(once.inside[part][unit] for once in several) for unit in ("cpu", "wall")}
        for part in several[0].inside
    }
    return Figure(
        name,
        months.calendar,
        statistics.median(once.measured.cpu for once in several),
        statistics.median(once.measured.wall for once in several),
        max(once.measured.peak_mb for once in several),
        len(mine),
        tuple(once.measured.cpu for once in several),
        inside,
        tuple(kpi for kpi in KPIS if kpi not in kpis),
    )


def _in_turn(place: Place, months: Months, peers: Sequence[str]) -> Iterator[tuple[str, _Once]]:
    cache, rolled = place.work / "cache", replace(place, workspace=place.rolled)
    for question in QUESTIONS:
        shutil.rmtree(cache, ignore_errors=True)
        yield f"Sanjeh, cold, {question}", _sanjeh(place, months, question, cache)
        yield f"Sanjeh, with caches, {question}", _sanjeh(place, months, question, cache)
        shutil.rmtree(cache, ignore_errors=True)
        yield (
            f"Sanjeh, rolled up, cold, {question}",
            _sanjeh(rolled, months, question, cache),
        )
    yield "Sanjeh, one process", _asked("warm", sys.executable, place, months)
    yield (
        "Sanjeh, rolled up, one process",
        _asked("warm", sys.executable, rolled, months),
    )
    yield "SQL, one statement a KPI", _asked("naive", sys.executable, place, months)
    yield "SQL, the best we know", _asked("best", sys.executable, place, months)
    for peer in peers:
        python = python_of(peer, place.work)
        yield PEERS[peer], _asked(peer, python, place, months)


def _sanjeh(place: Place, months: Months, question: str, cache: Path) -> _Once:
    answer = place.work / "answer.json"
    answer.unlink(missing_ok=True)
    when = ("--every", "month", "--since", months.since, "--until", months.until, "--calendar", months.calendar)
    words = (*KPIS.values(), *when, *QUESTIONS[question], "--format", "json", "-o", answer, "-w", place.workspace)
    measured = measure((*SANJEH, "compute", *words), environment={"XDG_CACHE_HOME": str(cache)})
    return _Once(cells_of_json(answer.read_text()), measured, {})


def _asked(contender: str, python: str | Path, place: Place, months: Months) -> _Once:
    answer = place.work / "answer.json"
    answer.unlink(missing_ok=True)
    measured = measure((python, *_words(contender, place, months)), **_there(place))
    given = json.loads(answer.read_text())
    cells = {(kpi, channel, start): value for kpi, channel, start, value in given["cells"]}
    repeats = [spent for part, spent in given["inside"].items() if part.endswith(REPEATED)]
    once = Measured(
        measured.cpu - sum(spent["cpu"] for spent in repeats),
        measured.wall - sum(spent["wall"] for spent in repeats),
        measured.peak_mb,
    )
    return _Once(cells, once, {part: spent for part, spent in given["inside"].items() if not part.endswith(REPEATED)})


def _words(contender: str, place: Place, months: Months) -> tuple[str | Path, ...]:
    where = ("--company", place.company, "--workspace", place.workspace, "--project", place.company.parent / contender)
    how = ("--calendar", months.calendar, "--answer", place.work / "answer.json")
    return ("-m", "benchmarks.board.ask", contender, *where, *how)


def _there(place: Place) -> dict[str, Any]:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {"environment": {"XDG_CACHE_HOME": str(place.work / "cache"), "PYTHONPATH": path}, "folder": place.work}


def as_plain(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """The figures as JSON has them."""
    return [asdict(figure) for figure in figures]
