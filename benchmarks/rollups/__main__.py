"""Builds the roll-ups of the board's company, adds rows, brings them up to date, and asks.

One hundredth of the rows is added twice: all of them in the last month, and spread over all days. The import itself is
not measured: what is kept is put aside while rows come in, so that the refresh is a step of its own.

Run: python -m benchmarks.rollups [--orders N] [--folder DIR] [--page]; the company of benchmarks.board is used.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.board import company, page, workspace

ADDED = {"last month": (711, 31), "all days": (0, 742)}
"""The first day (from the company's first) and how many days the new rows lie in."""
RESULTS = page.RESULTS.with_name("rollups.json")


def add_rows(base: Path, folder: Path, size: company.Size, place: str) -> list[Path]:
    """Files with a hundredth more orders, sessions and leads within some days; their keys are new."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    first, days = ADDED[place]
    times = {"orders": "ordered_at", "web_sessions": "started_at", "leads": "created_at"}
    keys = {"orders": "order_id", "web_sessions": "session_id", "leads": "lead_id"}
    found = []
    for salt, (table, time) in enumerate(times.items()):
        start = f"timestamp '{company.FIRST_DAY}' + interval {first} day"
        shift = 10 ** (9 if place == "all days" else 10)
        later = ", null::timestamp as converted_at" if table == "leads" else ""
        path = folder / f"{table}-{place.replace(' ', '-')}.parquet"
        select = f"""select * replace ({keys[table]} + {shift} as {keys[table]},
            {start} + to_seconds((hash({keys[table]}, {90 + salt}) % {days * 86400}::ubigint)::bigint) as {time}{later})
            from read_parquet('{base / table}.parquet') where hash({keys[table]}, {80 + salt}) % 100 = 0"""
        with duckdb.connect() as connection:
            connection.execute(f"copy ({select}) to '{path}' (format parquet, compression zstd)")
        found.append(path)
    return found


def take(step: str, space: Path) -> dict[str, Any]:
    """What ``step`` cost in a process of its own."""
    done = subprocess.run(
        (sys.executable, "-m", "benchmarks.rollups.step", step, space), capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(folder: Path, size: company.Size) -> dict[str, Any]:
    """Every step's figures by name."""
    base = company.write(folder / size.name / "company", size)
    workspace.load(base, folder / size.name / "workspace")
    space = folder / size.name / "rolled"
    shutil.rmtree(space, ignore_errors=True)
    shutil.copytree(folder / size.name / "workspace", space)
    found = {"build": take("build", space), "answer": take("answer", space)}
    kept, aside = space / "warehouse" / "rollups", folder / size.name / "aside"
    for place in ADDED:
        shutil.rmtree(aside, ignore_errors=True)
        kept.rename(aside)
        for path in add_rows(base, folder / size.name / "added", size, place):
            entity = path.name.partition("-")[0]
            words = ("import", path, "--as", entity, "--yes", "-w", space)
            subprocess.run((sys.executable, "-m", "sanjeh", *words), check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(kept, ignore_errors=True)
        aside.rename(kept)
        found[f"refresh, {place}"] = take("refresh", space)
        found[f"answer after {place}"] = take("answer", space)
    found["build again"] = take("build", space)
    size_of = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
    return {"orders": size.orders, "bytes": size_of, "steps": found}


def main(words: list[str]) -> None:
    """Runs the benchmark and prints its figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rollups", description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "sanjeh-bench")
    parser.add_argument("--page", action="store_true", help="write the figures for docs/reference/benchmarks.md")
    given = parser.parse_args(words)
    results = run(given.folder, company.of_orders(given.orders))
    if given.page:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
