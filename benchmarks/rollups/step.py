"""One step over a workspace in a process of its own, so that its CPU and memory can be told apart.

Run: python -m benchmarks.rollups.step build|refresh|answer WORKSPACE. Prints JSON: CPU and wall seconds by name.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks.board.ask import Spent, again, spend
from benchmarks.board.questions import KPIS, MONTHS

import sanjeh
from sanjeh.workspace import Workspace


def build(space: Workspace) -> dict[str, Spent]:
    """Everything the board needs, overall and by channel, from nothing."""
    space.drop_rollups()
    space.ground()
    return {"build": spend(lambda: space.roll_up(*KPIS.values(), by="channel"))}


def refresh(space: Workspace) -> dict[str, Spent]:
    """What the last import left to do; an import has loaded the definitions and the engine before."""
    space.ground()
    return {"refresh": spend(space.refresh_rollups)}


def answer(space: Workspace) -> dict[str, Spent]:
    """The board of each calendar, first and again, and one KPI's page."""
    found = {}
    for calendar, months in MONTHS.items():

        def ask(*names: str, calendar: str = calendar, months: object = months) -> None:
            for by in ((), ("channel",)):
                space.compute(*names, since=months.since, until=months.until, calendar=calendar, by=by)  # type: ignore[attr-defined]

        found[f"{calendar} board"] = spend(lambda ask=ask: ask(*KPIS.values()))  # type: ignore[misc]
        found |= {f"{calendar} {name}": spent for name, spent in again(lambda ask=ask: ask(*KPIS.values())).items()}  # type: ignore[misc]
        ask("revenue")
        found |= {f"{calendar} page {name}": spent for name, spent in again(lambda ask=ask: ask("revenue")).items()}  # type: ignore[misc]
    return found


STEPS = {"build": build, "refresh": refresh, "answer": answer}


def run(words: list[str]) -> None:
    """Takes the step and prints what it cost."""
    step, folder = words
    found = {name: asdict(spent) for name, spent in STEPS[step](sanjeh.open(Path(folder))).items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"steps": found, "peak_mb": peak}))


if __name__ == "__main__":
    run(sys.argv[1:])
