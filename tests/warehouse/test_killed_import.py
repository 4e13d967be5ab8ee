"""An import that is killed anywhere leaves the old version or the new one, whole, and a reader never notices."""

from __future__ import annotations

import csv
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shop import files_on_disk

import sanjeh
from sanjeh.settings import Settings
from sanjeh.warehouse.manifest import read_manifest
from sanjeh.warehouse.versions import list_versions
from sanjeh.workspace import create_workspace

READER = """
import sys, sanjeh
space = sanjeh.open(sys.argv[1])
seen = 0
while True:
    total = sum(point.value for point in space.compute("revenue", every="total"))
    print(int(total), flush=True)
"""


def write_orders(path: Path, amount: int, rows: int) -> int:
    """A file of orders that each come to ``amount``; the sum of all."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "ordered_at", "net_amount", "customer_id"])
        for number in range(rows):
            writer.writerow([f"o{number}", f"2024-0{1 + number % 9}-1{number % 9}", amount, f"c{number % 97}"])
    return amount * rows


def start_import(folder: Path, file: Path) -> subprocess.Popen[bytes]:
    """The import of ``file`` in a process of its own."""
    command = [sys.executable, "-m", "sanjeh", "import", str(file), "-w", str(folder), "--yes"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check_no_litter(folder: Path) -> None:
    """Fail where files lie about that no version needs."""
    warehouse = folder / "warehouse"
    needed = {path for version in list_versions(warehouse) for path in read_manifest(warehouse, version).files()}
    assert files_on_disk(warehouse) == needed
    assert list((warehouse / "tmp").iterdir()) == []
    assert list(folder.rglob("*.tmp")) == []


def check_kills(tmp_path: Path, count: int, seed: int) -> None:
    """Kill ``count`` imports at random moments while a reader reads; every total seen is one of the files'."""
    rows = 4000
    folder = tmp_path / "space"
    create_workspace(folder, Settings(name="kill", currency="USD"))
    files = [tmp_path / "orders_a.csv", tmp_path / "orders_b.csv"]
    totals = {write_orders(files[0], 3, rows), write_orders(files[1], 7, rows)}
    assert start_import(folder, files[0]).wait(120) == 0
    began = time.monotonic()
    assert start_import(folder, files[1]).wait(120) == 0
    whole = time.monotonic() - began
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    dice = random.Random(seed)
    finished = 0
    try:
        for number in range(count):
            process = start_import(folder, files[number % 2])
            time.sleep(dice.uniform(0.25, 1.05) * whole)
            process.send_signal(signal.SIGKILL)
            finished += process.wait() == 0
            total = sum(int(point.value or 0) for point in sanjeh.open(folder).compute("revenue", every="total"))
            assert total in totals
    finally:
        assert reader.poll() is None, reader.communicate()[1]
        reader.kill()
    seen = {int(line) for line in reader.communicate()[0].split()[:-1]}
    assert seen and seen <= totals
    assert finished < count, "no import was killed before it ended"
    assert start_import(folder, files[0]).wait(120) == 0
    check_no_litter(folder)


def test_an_import_killed_at_eight_random_points_leaves_a_whole_version(tmp_path: Path) -> None:
    """The quick form, for every run of the tests."""
    check_kills(tmp_path, 8, seed=1)


@pytest.mark.heavy
def test_an_import_killed_at_a_hundred_random_points_leaves_a_whole_version(tmp_path: Path) -> None:
    """The long form."""
    check_kills(tmp_path, 100, seed=2)
