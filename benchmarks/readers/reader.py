"""One reader: opens the workspace, asks a question a second, and tells how long each took.

Run: python -m benchmarks.readers.reader WORKSPACE NUMBER SECONDS. Prints JSON: milliseconds by question, and errors.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from benchmarks.board.questions import KPIS, MONTHS

import sanjeh


def read(folder: Path, number: int, seconds: int) -> dict[str, object]:
    """The waits of one reader, in milliseconds, and the errors it met; its first second is not counted."""
    chance = random.Random(number)
    space = sanjeh.open(folder)
    waits: list[float] = []
    errors: list[str] = []
    time.sleep(chance.random())
    begin = time.monotonic()
    for turn in range(seconds):
        months = MONTHS[chance.choice(("gregorian", "jalali"))]
        names = chance.choice(list(KPIS.values())), chance.choice(list(KPIS.values()))
        by = chance.choice(((), ("channel",)))
        start = time.perf_counter()
        try:
            space.compute(*names, since=months.since, until=months.until, calendar=months.calendar, by=by)
        except Exception as error:  # whatever a reader meets is what the benchmark is to tell
            errors.append(repr(error)[:300])
        if turn:
            waits.append(1000 * (time.perf_counter() - start))
        time.sleep(max(0.0, begin + turn + 1 - time.monotonic()))
    return {"waits": waits, "errors": errors}


if __name__ == "__main__":
    print(json.dumps(read(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
