"""Many processes ask while another imports: each answer is that of one whole version, and nobody is refused."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

import sanjeh
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

# Asks until a file "stop" appears, by turns of a workspace that stays open and of one opened anew; prints what it saw.
READER = """
import sys, pathlib, sanjeh
folder, stop = sys.argv[1], pathlib.Path(sys.argv[2])
space, asked = sanjeh.open(folder), 0
while not stop.exists():
    asked += 1
    space = space if asked % 4 else sanjeh.open(folder)
    frame = space.compute("revenue", "average_order_value", every="total")
    values = [point.value for point in frame]
    listed = space.rows("revenue", period="2024", limit=1)[0].total if asked % 3 == 0 else ""
    print(*(int(value) for value in values), listed, flush=True)
"""


def write_batch(path: Path, batch: int, rows: int) -> tuple[int, int]:
    """A file that sets each of ``rows`` orders to 10 times ``batch``; revenue and average once it is in."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "ordered_at", "net_amount", "customer_id"])
        for number in range(rows):
            writer.writerow([f"o{number}", f"2024-0{1 + number % 9}-1{number % 9}", 10 * batch, f"c{number % 97}"])
    return 10 * batch * rows, 10 * batch


def start_readers(folder: Path, stop: Path, count: int) -> list[subprocess.Popen[str]]:
    """The processes that ask."""
    command = [sys.executable, "-c", READER, str(folder), str(stop)]
    return [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(count)]


def check_readers(tmp_path: Path, readers: int, batches: int) -> None:
    """Import ``batches`` files one after the other while so many processes ask; every answer is of one of them."""
    space: Workspace = create_workspace(tmp_path / "space", Settings(name="asked", currency="USD"))
    right = {}
    for batch in range(1, batches + 1):
        right[batch] = write_batch(tmp_path / f"orders_{batch}.csv", batch, 2000 + 100 * batch)
    space.import_files([tmp_path / "orders_1.csv"])
    stop = tmp_path / "stop"
    asking = start_readers(space.folder, stop, readers)
    try:
        for batch in range(2, batches + 1):
            command = [sys.executable, "-m", "sanjeh", "import", str(tmp_path / f"orders_{batch}.csv"), "--yes"]
            done = subprocess.run([*command, "-w", str(space.folder)], capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stderr
    finally:
        stop.touch()
    batch_of = {numbers: batch for batch, numbers in right.items()}
    seen = set()
    for reader in asking:
        said, complaint = reader.communicate(timeout=300)
        assert reader.returncode == 0, complaint
        answers = [tuple(int(part) for part in line.split()) for line in said.splitlines()]
        assert answers
        order = [batch_of[answer[0], answer[1]] for answer in answers]  # a torn answer is no batch's
        assert order == sorted(order), "a reader went back"
        # The rows are listed by a question of its own, which may come upon the next version.
        assert {answer[2] for answer in answers if len(answer) == 3} <= {sum_ // each for sum_, each in right.values()}
        seen.update(order)
    assert len(seen) > 1, "nobody asked while the data changed"
    last = sanjeh.open(space.folder).compute("revenue", "average_order_value", every="total")
    assert tuple(point.value for point in last) == right[batches]


def test_two_readers_see_whole_versions_while_files_come(tmp_path: Path) -> None:
    """The quick form, for every run of the tests."""
    check_readers(tmp_path, readers=2, batches=4)


@pytest.mark.heavy
def test_eight_readers_see_whole_versions_while_files_come(tmp_path: Path) -> None:
    """The long form."""
    check_readers(tmp_path, readers=8, batches=10)
