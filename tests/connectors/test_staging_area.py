"""A staging area is gone after its import, also when the import was killed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sanjeh.connectors.reading import read
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.staging_area import open_staging

# An import that dies in the middle, with no chance to tidy up.
KILLED = """
import os, sys
from pathlib import Path
from sanjeh.connectors.staging_area import open_staging
with open_staging(100, Path(sys.argv[1])) as connection:
    connection.execute("CREATE TABLE t AS SELECT 1")
    os._exit(9)
"""


def left(warehouse: Path) -> list[Path]:
    """The staging areas that stand in the warehouse."""
    return sorted((warehouse / "tmp").iterdir())


def kill_import(warehouse: Path) -> None:
    """Leave what a killed import leaves."""
    assert subprocess.run([sys.executable, "-c", KILLED, str(warehouse)]).returncode == 9


def test_the_area_is_in_the_warehouse_and_gone_afterwards(tmp_path: Path) -> None:
    with open_staging(100, tmp_path) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1")
        assert len(left(tmp_path)) == 1
    assert left(tmp_path) == []


def test_the_next_import_clears_what_a_killed_one_left(tmp_path: Path) -> None:
    kill_import(tmp_path)
    assert len(left(tmp_path)) == 1
    with open_staging(100, tmp_path):
        assert len(left(tmp_path)) == 1
    assert left(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="locks a folder")
def test_an_import_killed_before_it_took_its_lock_leaves_nothing_for_long(tmp_path: Path) -> None:
    (tmp_path / "tmp" / "sanjeh-import-0k1ll_ed" / "work").mkdir(parents=True)
    with open_staging(100, tmp_path):
        assert len(left(tmp_path)) == 1


def test_a_running_import_keeps_its_area(tmp_path: Path) -> None:
    with open_staging(100, tmp_path) as first:
        first.execute("CREATE TABLE t AS SELECT 1 AS n")
        with open_staging(100, tmp_path):
            assert len(left(tmp_path)) == 2
        assert first.execute("SELECT n FROM t").fetchall() == [(1,)]


def test_what_is_no_area_of_an_import_is_left_alone(tmp_path: Path) -> None:
    kill_import(tmp_path)
    [dead] = left(tmp_path)
    elsewhere = dead.rename(tmp_path / "elsewhere")
    (tmp_path / "tmp" / dead.name).symlink_to(elsewhere)
    (tmp_path / "tmp" / "sanjeh-import-made-by-hand").mkdir()
    with open_staging(100, tmp_path):
        pass
    assert (elsewhere / "work" / "staging.duckdb").exists()
    assert (tmp_path / "tmp" / "sanjeh-import-made-by-hand").exists()


def test_rows_on_their_way_stay_within_the_area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("n\n1\n", encoding="utf-8")
    (elsewhere := tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
    before = elsewhere.stat().st_mtime_ns
    with open_staging(100, tmp_path) as connection:
        assert read(Source(str(tmp_path / "a.csv"), "csv"), connection, "t").rows == 1
    assert elsewhere.stat().st_mtime_ns == before
