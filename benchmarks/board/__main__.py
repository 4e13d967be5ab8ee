"""Makes the company, imports it, asks every contender in turn, and writes the figures and the page.

Run: python -m benchmarks.board [--small] [--orders N] [--wide] [--runs N] [--peers NAME ...] [--folder DIR] [--page]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks.board import board, company, page, workspace
from benchmarks.board.peers import PEERS

SMALL = 100_000


def main(words: list[str]) -> None:
    """Runs the benchmark; with ``--page`` the results become part of the documents."""
    given = _read(words)
    size = company.of_orders(SMALL if given.small else given.orders, wide=given.wide)
    folder = given.folder / size.name
    place = board.Place(folder / "company", folder / "workspace", given.folder / "work")
    place.work.mkdir(parents=True, exist_ok=True)
    company.write(place.company, size)
    if given.only_write:
        return
    imported = workspace.load(place.company, place.workspace)
    figures = list(board.run(place, runs=given.runs, peers=given.peers))
    results = {
        "size": asdict(size),
        "machine": {"system": platform.system(), "processor": platform.machine(), "cores": os.cpu_count()},
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("duckdb", "sqlglot")}},
        "runs": given.runs,
        "import": {table: asdict(measured) for table, measured in imported.items()},
        "figures": board.as_plain(figures),
    }
    place.work.joinpath("results.json").write_text(json.dumps(results, indent=1))
    if given.page:
        page.RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        page.PAGE.write_text(page.render(results))
    print(page.render(results))


def _read(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.board", description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000, help="everything else is in proportion")
    parser.add_argument("--small", action="store_true", help=f"{SMALL:,} orders")
    parser.add_argument("--wide", action="store_true", help="orders with five dimensions of 8 to 1,000 members")
    parser.add_argument("--only-write", action="store_true", help="write the company's files and stop")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", nargs="*", choices=tuple(PEERS), default=tuple(PEERS))
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "sanjeh-bench")
    parser.add_argument("--page", action="store_true", help="write docs/reference/benchmarks.md and .json anew")
    return parser.parse_args(words)


if __name__ == "__main__":
    main(sys.argv[1:])
