"""What does not fit into memory is put where it belongs, and what the dead left of it is cleared away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sanjeh.warehouse.spill import choose_spill, clear_spills


def test_each_connection_has_a_place_of_its_own_in_the_warehouse(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    first, second = choose_spill(tmp_path), choose_spill(tmp_path)
    assert {first.parent, second.parent} == {tmp_path / "tmp"}
    assert first != second and not first.exists()


def test_a_place_that_is_named_is_made(tmp_path: Path) -> None:
    assert choose_spill(tmp_path, tmp_path / "fast" / "disk").parent.is_dir()


def test_a_warehouse_without_a_place_for_it_leaves_it_to_the_system(tmp_path: Path) -> None:
    assert choose_spill(tmp_path).parent == Path(tempfile.gettempdir())


@pytest.mark.skipif(sys.platform == "win32", reason="asks whether a process runs")
def test_what_a_dead_process_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    mine = choose_spill(tmp_path, tmp_path)
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    dead = mine.with_name(mine.name.replace(f"-{os.getpid()}-", f"-{done.pid}-"))
    elsewhere = mine.with_name(f"sanjeh-spill-another_machine-{done.pid}-00ff")
    old = mine.with_name(f"sanjeh-spill-another_machine-{done.pid}-00fe")
    for folder in (mine, dead, elsewhere, old, tmp_path / "other"):
        folder.mkdir()
        (folder / "rows").write_text("1")
    os.utime(old, (0, 0))
    clear_spills(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([mine.name, elsewhere.name, "other"])
