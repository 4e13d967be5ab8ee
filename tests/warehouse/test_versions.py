"""Old versions, leftovers, and two that want to write."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import kill_points
import pytest
from shop import files_on_disk, load_orders, order, read

from sanjeh.errors import WorkspaceError
from sanjeh.warehouse import Writer, durable, list_versions, open_snapshot, prune

Connection = duckdb.DuckDBPyConnection
NOW = datetime(2030, 1, 1)


def age(folder: Path, version: int, days: float) -> None:
    written = (NOW - timedelta(days=days)).timestamp()
    os.utime(folder / "manifests" / f"{version:08d}.json", (written, written))


def test_pruning_keeps_the_last_versions_and_what_a_reader_may_have_opened(
    connection: Connection, folder: Path
) -> None:
    for amount in range(1, 7):
        load_orders(connection, folder, order("1", "2024-03-05", str(amount)))
    # Version 1 and 2 were superseded days ago; 3 is older still, but was the current one until an hour ago.
    for version, days in {1: 9, 2: 8, 3: 7, 4: 0.04, 5: 0.03, 6: 0.02}.items():
        age(folder, version, days)
    assert prune(folder, now=NOW, keep_versions=2) == 2
    assert list_versions(folder) == (3, 4, 5, 6)
    assert len(list((folder / "segments" / "orders").iterdir())) == 4
    assert [open_snapshot(folder, version).entities["orders"].rows for version in list_versions(folder)] == [1] * 4
    assert prune(folder, now=NOW + timedelta(days=9), keep_versions=1) == 3
    assert files_on_disk(folder) == open_snapshot(folder).manifest.files()
    assert int(read(connection, folder, "SELECT net_amount FROM raw_orders")[0][0]) == 6


def test_pruning_nothing_is_harmless(folder: Path) -> None:
    assert prune(folder, now=NOW) == 0


def test_a_second_writer_is_told_who_writes(folder: Path) -> None:
    with Writer(folder), pytest.raises(WorkspaceError) as caught, Writer(folder, wait=0.1):
        pytest.fail("two writers are in")
    assert caught.value.code == "warehouse_locked"
    assert caught.value.issues[0].data["process"] == str(os.getpid())
    with Writer(folder, wait=0):
        pass


def test_a_second_writer_waits_for_the_first(connection: Connection, folder: Path) -> None:
    hold = "import sys, time, pathlib, sanjeh.warehouse as w\nwith w.Writer(pathlib.Path(sys.argv[1])):"
    hold += " print('in', flush=True); time.sleep(0.5)"
    with subprocess.Popen([sys.executable, "-c", hold, str(folder)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"in\n"
        load_orders(connection, folder, order("1", "2024-03-05", "1"))
        assert holder.wait() == 0
    assert open_snapshot(folder).version == 1


class Death(BaseException):
    """The writer's process is gone: nothing after this reaches the disk."""


def import_and_die(connection: Connection, folder: Path, monkeypatch: pytest.MonkeyPatch, last: int) -> int:
    """Import order 2 and correct order 1; only the first ``last`` durable calls come true. Returns how many did."""
    done = 0

    def mortal(call: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **named: object) -> object:
            nonlocal done
            if done >= last:
                raise Death
            done += 1
            return call(*arguments, **named)

        return counted

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", mortal(os.fsync))
        patch.setattr(Path, "replace", mortal(Path.replace))
        patch.setattr(Path, "unlink", mortal(Path.unlink))
        with contextlib.suppress(Death):
            load_orders(connection, folder, order("1", "2024-03-05", "7"), order("2", "2024-03-05", "7", "new"))
    (folder / "LOCK").write_text("1")  # the dead cannot empty it
    return done


def test_death_at_any_call_leaves_the_old_or_the_new_version_whole(
    connection: Connection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    outcomes = []
    for last in range(1000):
        done = import_and_die(connection, folder, monkeypatch, last)
        found = read(connection, folder, "SELECT order_id, CAST(net_amount AS INTEGER) FROM raw_orders ORDER BY 1")
        outcomes.append(found)
        with Writer(folder):
            needed = {
                path for version in list_versions(folder) for path in open_snapshot(folder, version).manifest.files()
            }
            assert files_on_disk(folder) == needed
        if done < last:
            break
    old, new = [("1", 200)], [("1", 7), ("2", 7)]
    assert outcomes.count(old) > 10
    assert outcomes == [old] * outcomes.count(old) + [new] * outcomes.count(new)


def test_a_small_file_is_exchanged_and_never_written_over(tmp_path: Path) -> None:
    pointer = tmp_path / "CURRENT"
    durable.write_text(pointer, "old")
    with pointer.open() as reader:
        durable.write_text(pointer, "newer")
        assert (reader.read(), pointer.read_text()) == ("old", "newer")
    assert list(tmp_path.iterdir()) == [pointer]


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_a_killed_import_leaves_a_whole_version(folder: Path) -> None:
    killed, outran, reads = kill_points.run(10, folder)
    assert killed + outran == 10
    assert killed >= 5
    assert reads > 0


FILL = """
import resource, sys, pathlib, duckdb
sys.path.insert(0, sys.argv[2])
from shop import *
from sanjeh.errors import WorkspaceError
connection = duckdb.connect(config={"threads": 1})
stage(connection, ORDER_COLUMNS, *(order(str(n), "2024-03-05", str(n), f"customer {n * 7919}") for n in range(2000)))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    with Writer(pathlib.Path(sys.argv[1])) as writer:
        writer.load(connection, ORDERS, "staging", make_source())
        writer.commit()
    print("written")
except WorkspaceError as error:
    print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_a_full_disk_leaves_the_old_version_whole(connection: Connection, folder: Path) -> None:
    load_orders(connection, folder, order("1", "2024-03-05", "200"))
    before = files_on_disk(folder)
    for limit, outcome in ((300, "warehouse_write_failed"), (9000, "warehouse_write_failed"), (10**7, "written")):
        assert (open_snapshot(folder).version, files_on_disk(folder)) == (1, before)
        command = [sys.executable, "-c", FILL, str(folder), str(Path(__file__).parent), str(limit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout.split() == [outcome], done.stderr
    assert open_snapshot(folder).entities["orders"].rows == 2001 - 1
