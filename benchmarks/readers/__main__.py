"""Many readers ask one question a second each while an import runs, over the board's company with its roll-ups.

Run: python -m benchmarks.readers [--orders N] [--readers N] [--seconds N] [--folder DIR]; the roll-ups of
benchmarks.rollups are built where they are missing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.board import company, workspace
from benchmarks.board.questions import KPIS
from benchmarks.rollups.__main__ import add_rows


def run(folder: Path, size: company.Size, readers: int, seconds: int) -> dict[str, Any]:
    """The waits of all readers together, in milliseconds, and how long the import took meanwhile."""
    base = company.write(folder / size.name / "company", size)
    workspace.load(base, folder / size.name / "workspace")
    space = folder / size.name / "read"
    shutil.rmtree(space, ignore_errors=True)
    shutil.copytree(folder / size.name / "workspace", space)
    sanjeh = (sys.executable, "-m", "sanjeh")
    subprocess.run(
        (*sanjeh, "rollups", *KPIS.values(), "--by", "channel", "-w", space), check=True, stdout=subprocess.DEVNULL
    )
    new = add_rows(base, folder / size.name / "added", size, "last month")[0]
    words = (sys.executable, "-m", "benchmarks.readers.reader", space)
    started = [
        subprocess.Popen((*words, str(number), str(seconds)), stdout=subprocess.PIPE, text=True)
        for number in range(readers)
    ]
    time.sleep(seconds / 3)
    begin = time.perf_counter()
    subprocess.run(
        (*sanjeh, "import", new, "--as", "orders", "--yes", "-w", space), check=True, stdout=subprocess.DEVNULL
    )
    imported = time.perf_counter() - begin
    told = [json.loads(process.communicate()[0]) for process in started]
    waits = sorted(wait for each in told for wait in each["waits"])
    errors = [error for each in told for error in each["errors"]]
    places = {"median": 0.5, "p95": 0.95, "p99": 0.99}
    found = {name: waits[int(share * (len(waits) - 1))] for name, share in places.items()}
    return {
        "orders": size.orders,
        "readers": readers,
        "questions": len(waits),
        "milliseconds": {**found, "most": waits[-1]},
        "import_seconds": imported,
        "errors": errors,
    }


def main(words: list[str]) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--readers", type=int, default=32)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "sanjeh-bench")
    given = parser.parse_args(words)
    print(json.dumps(run(given.folder, company.of_orders(given.orders), given.readers, given.seconds), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
