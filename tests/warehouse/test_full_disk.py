"""A disk that is full ends an import in a sentence; what was imported before stays whole, and no litter stays."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sanjeh
from sanjeh.settings import Settings
from sanjeh.workspace import create_workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")

# Imports a file; from a call (the first, or the one of the number given) of the named function on, no file may grow
# beyond so many bytes.
FILL = """
import importlib, resource, sys
from sanjeh.cli import run
place, limit, folder, *files = sys.argv[1:]
def fill():
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
if place == "start":
    fill()
else:
    place, _, number = place.partition("#")
    module, _, name = place.rpartition(":")
    left = [int(number or 1)]
    owner = importlib.import_module(module)
    *outer, name = name.split(".")
    for each in outer:
        owner = getattr(owner, each)
    call = getattr(owner, name)
    def full(*arguments, **named):
        left[0] -= 1
        if left[0] == 0:
            fill()
        return call(*arguments, **named)
    setattr(owner, name, full)
sys.argv = ["sanjeh", "import", *files, "-w", folder, "--yes", "--format", "json"]
run()
"""
# Where the disk becomes full, the bytes that still go, and the code of what is said.
PLACES = {
    "the stage cannot be opened": ("start", 1000, "warehouse_write_failed"),
    "the raw rows do not fit the stage": ("start", 60_000, "not_staged"),
    "the typed rows do not fit the stage": ("start", 700_000, "warehouse_write_failed"),
    "a dictionary": ("sanjeh.warehouse.dictionary:_write_chunk", 100, "warehouse_write_failed"),
    "the rows of the faults": ("sanjeh.warehouse.writer:Writer.quarantine", 100, "warehouse_write_failed"),
    "a segment": ("sanjeh.warehouse.rewrite:write_segment", 2000, "warehouse_write_failed"),
    "whatever comes after the summary": ("sanjeh.warehouse.writer:summarise", 0, "warehouse_write_failed"),
    "the manifest with its history": ("sanjeh.warehouse.writer:publish", 100, "warehouse_write_failed"),
    "the pointer to the manifest": ("sanjeh.warehouse.versions:write_text#2", 5, "warehouse_write_failed"),
}

SENTENCES = {
    "warehouse_write_failed": "could not be written: File too large. Nothing was changed",
    "not_staged": "'second.csv' could not be stored: File too large",
}


def write_orders(path: Path, first: int, rows: int, amount: int) -> None:
    """Orders that each come to ``amount``; three are not understood."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "ordered_at", "net_amount", "customer_id", "channel"])
        for number in range(first, first + rows):
            day = f"2024-0{1 + number % 9}-1{number % 9}"
            shown = "nothing" if number < first + 3 else amount
            writer.writerow([f"o{number}", day, shown, f"c{number % 700}", f"channel {number % 5}"])


def total(folder: Path) -> float:
    """The revenue of all time, from the segments, by a workspace opened anew."""
    return sum(point.value or 0 for point in sanjeh.open(folder).compute("revenue", every="total"))


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a workspace with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace that has one import, and the file of the next."""
    folder = tmp_path_factory.mktemp("full")
    write_orders(folder / "first.csv", 0, 500, 3)
    write_orders(folder / "second.csv", 200, 9000, 7)
    create_workspace(folder / "space", Settings(name="full", currency="USD")).import_files([folder / "first.csv"])
    return folder


def import_filling(place: str, limit: int, folder: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    """The import of ``files`` while the disk fills."""
    command = [sys.executable, "-c", FILL, place, str(limit), str(folder), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def check_later_import(folder: Path, file: Path) -> None:
    """With room again the import works, and only files that a version needs are there."""
    space = sanjeh.open(folder)
    report = space.import_files([file])
    assert (report.is_complete, report.total("quarantined")) == (True, 3)
    assert total(folder) == 197 * 3 + 8997 * 7 + 3 * 3  # three rows set aside leave what the first file said of them
    needed = set()
    for path in (space.warehouse / "manifests").iterdir():
        needed |= sanjeh.warehouse.manifest.read_manifest(space.warehouse, int(path.stem)).files()
    data = [path for name in ("segments", "dictionaries", "faults") for path in (space.warehouse / name).rglob("*.*")]
    assert set(data) == needed
    assert list((space.warehouse / "tmp").iterdir()) == []
    assert list(folder.rglob("*.tmp")) == []


@pytest.mark.parametrize("what", PLACES)
def test_a_full_disk_leaves_the_version_before(what: str, made: Path, tmp_path: Path) -> None:
    place, limit, code = PLACES[what]
    folder = tmp_path / "space"
    shutil.copytree(made / "space", folder)
    before, value = files_in(folder), total(folder)
    done = import_filling(place, limit, folder, made / "second.csv")
    said = done.stdout + done.stderr
    assert done.returncode in (1, 2), said
    assert SENTENCES[code] in said
    assert "Traceback" not in said and "did not foresee" not in said
    assert total(folder) == value
    assert files_in(folder) == before
    check_later_import(folder, made / "second.csv")


def test_the_first_rows_do_not_come_without_what_they_are_counted_in(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "space"
    create_workspace(folder, Settings(name="new", currency="USD"))
    done = import_filling("sanjeh.ingest:keep_money", 5, folder, made / "first.csv")
    assert (done.returncode, SENTENCES["warehouse_write_failed"] in done.stderr) == (2, True)
    assert files_in(folder / "warehouse") == {}
    assert sanjeh.open(folder).import_files([made / "first.csv"]).total("loaded") == 497


def test_rows_whose_mapping_cannot_be_kept_are_there_and_it_is_said(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "space"
    create_workspace(folder, Settings(name="new", currency="USD"))
    done = import_filling("sanjeh.connectors.load:keep_mapping", 5, folder, made / "first.csv")
    assert (done.returncode, "mapping 'first' could not be written" in done.stdout) == (1, True)
    assert (total(folder), list((folder / "sources").iterdir())) == (497 * 3, [])
    report = sanjeh.open(folder).import_files([made / "first.csv"])
    assert (report.total("duplicate"), [file.is_new for file in report.files]) == (497, [True])


def test_of_two_files_the_one_that_fits_comes_in(made: Path, tmp_path: Path) -> None:
    """One large file does not keep the small ones out; nothing of it is there."""
    folder = tmp_path / "space"
    create_workspace(folder, Settings(name="new", currency="USD"))
    write_orders(tmp_path / "third.csv", 20_000, 40, 5)
    done = import_filling("start", 90_000, folder, made / "second.csv", tmp_path / "third.csv")
    assert (done.returncode, SENTENCES["not_staged"] in done.stdout) == (1, True)
    assert total(folder) == 37 * 5
