"""One contender asked once, in a process of its own, so that its CPU and memory can be told apart.

Run: python -m benchmarks.board.ask CONTENDER --company FOLDER --workspace FOLDER --project FOLDER --calendar CODE
--answer FILE. The answer file holds the cells and what was measured inside the process, between opening and answering.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.board import hand_sql
from benchmarks.board.questions import KPIS, MONTHS, Cells, Months

REPEATS, ENOUGH = 5, 3.0  # repetitions of warm work, or as many as CPU seconds allow
REPEATED = "(all)"
"""Ends the name of what repetitions cost together, which the process's own figures leave out."""


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds (user and system, all threads) and wall seconds."""

    cpu: float
    wall: float


def spend(work: Callable[[], object]) -> Spent:
    """What a piece of work of this process cost."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    after, end = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    return Spent(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, end - start)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a contender is asked, and where its rows are."""

    company: Path
    workspace: Path
    project: Path
    months: Months
    threads: int


Inside = dict[str, Spent]


def ask_naive(asked: Asked) -> tuple[Cells, Inside]:
    """One statement a KPI and grouping."""
    base = hand_sql.open_company(asked.company, asked.months, asked.threads)
    cells: Cells = {}
    overall = spend(lambda: cells.update(hand_sql.ask_naive(base, asked.months, by_channel=False)))
    channel = spend(lambda: cells.update(hand_sql.ask_naive(base, asked.months, by_channel=True)))
    return cells, {"overall": overall, "by channel": channel}


def ask_best(asked: Asked) -> tuple[Cells, Inside]:
    """One or two passes over each table."""
    base = hand_sql.open_company(asked.company, asked.months, asked.threads)
    cells: Cells = {}
    return cells, {"both": spend(lambda: cells.update(hand_sql.ask_best(base, asked.months)))}


def ask_warm(asked: Asked) -> tuple[Cells, Inside]:
    """Sanjeh's workspace is opened once and asked both questions; then the same again, and one KPI's page of data."""
    import sanjeh

    workspace = sanjeh.open(asked.workspace)
    points: list[tuple[str, str | None, str | None, str, float | None]] = []

    def ask(*names: str) -> None:
        points.clear()
        for by in ((), ("channel",)):
            frame = workspace.compute(
                *names, since=asked.months.since, until=asked.months.until, calendar=asked.months.calendar, by=by
            )
            points.extend((p.kpi, p.variant, p.members.get("channel"), str(p.start), p.value) for p in frame.points)

    inside = {"first": spend(lambda: ask(*KPIS.values()))}
    cells = _named(points)
    inside |= again(lambda: ask(*KPIS.values()))
    ask("revenue")
    return cells, inside | again(lambda: ask("revenue"), "one KPI's page, again")


def again(work: Callable[[], object], name: str = "again") -> Inside:
    """The median by CPU of a few repetitions, and beside it what all of them cost together."""
    several = [spend(work)]
    while len(several) < REPEATS and sum(once.cpu for once in several) < ENOUGH:
        several.append(spend(work))
    whole = Spent(sum(once.cpu for once in several), sum(once.wall for once in several))
    return {name: sorted(several, key=lambda spent: spent.cpu)[len(several) // 2], f"{name} {REPEATED}": whole}


def _named(points: list[tuple[str, str | None, str | None, str, float | None]]) -> Cells:
    names = {theirs: ours for ours, theirs in KPIS.items()}
    return {
        (names[f"{kpi}.{variant}" if variant else kpi], channel, start): value
        for kpi, variant, channel, start, value in points
    }


def cells_of_json(text: str) -> Cells:
    """The cells of an answer that ``sanjeh compute --format json`` wrote."""
    return _named(
        [
            (row["kpi"], row["variant"], row["members"].get("channel"), row["start"], row["value"])
            for row in json.loads(text)
        ]
    )


def _peer(name: str) -> Any:
    # Each peer has an environment of its own, where the other's packages are not.
    return importlib.import_module(f"benchmarks.board.{name}")


def _ask_peer(name: str) -> Callable[[Asked], tuple[Cells, Inside]]:
    def ask(asked: Asked) -> tuple[Cells, Inside]:
        cells, inside = _peer(name).ask(asked.company, asked.project, asked.months, asked.threads, spend, again)
        return cells, inside

    return ask


CONTENDERS: dict[str, Callable[[Asked], tuple[Cells, Inside]]] = {
    "naive": ask_naive,
    "best": ask_best,
    "warm": ask_warm,
    "metricflow": _ask_peer("metricflow"),
    "semantic_layer": _ask_peer("semantic_layer"),
}


def run(words: list[str]) -> None:
    """Asks the contender and writes the answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contender", choices=CONTENDERS)
    for name in ("company", "workspace", "project", "answer"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--calendar", choices=MONTHS, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--prepare", action="store_true", help="only make a peer ready, which is not measured")
    given = parser.parse_args(words)
    if given.prepare:
        _peer(given.contender).prepare(given.company, given.project)
        return
    asked = Asked(given.company, given.workspace, given.project, MONTHS[given.calendar], given.threads)
    cells, inside = CONTENDERS[given.contender](asked)
    answer = {
        "cells": [[*cell, value] for cell, value in cells.items()],
        "inside": {name: asdict(spent) for name, spent in inside.items()},
    }
    given.answer.write_text(json.dumps(answer))


if __name__ == "__main__":
    run(sys.argv[1:])
