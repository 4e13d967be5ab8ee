"""Prints the CPU seconds that a command takes from nothing: Python, imports, definitions, data, answer.

Run: python benchmarks/cold_start.py [WORKSPACE], one that ``sanjeh demo WORKSPACE`` built; without it
only what needs no data is measured. The package should be compiled, as an installed one is:
python -m compileall -q src
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import sysconfig
from pathlib import Path

TIMES = 5
COMMANDS = (("--help",), ("show", "revenue"), ("kpis", "--format", "json"))
OVER_DATA = (
    ("compute", "revenue"),
    ("compute", "revenue", "--by", "channel"),
    ("kpis", "--computable"),
    ("compute",),
)


def cpu_seconds(words: tuple[str, ...]) -> float:
    """User and system time of one run of ``sanjeh WORDS``."""
    command = [Path(sysconfig.get_path("scripts")) / "sanjeh", *words]
    before = os.times()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    after = os.times()
    spent = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return round(spent, 3)


def run(workspace: str | None) -> None:
    """Prints the median of a few runs of each command, and the least."""
    asked = [*COMMANDS, *((*words, "-w", workspace) for words in OVER_DATA if workspace)]
    for words in asked:
        seconds = [cpu_seconds(words) for _ in range(TIMES)]
        print(f"{statistics.median(seconds):6.2f} s (least {min(seconds):.2f})  sanjeh {' '.join(words)}")


if __name__ == "__main__":
    run(sys.argv[1] if len(sys.argv) > 1 else None)
