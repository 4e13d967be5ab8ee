"""A staging area is a database on disk that lives for one import, so that memory stays bounded."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.errors import WorkspaceError
from sanjeh.warehouse.lock import Lock
from sanjeh.warehouse.shortage import writing
from sanjeh.warehouse.spill import choose_spill, clear_spills

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

if sys.platform != "win32":
    import fcntl

_PREFIX = "sanjeh-import-"
# As ``tempfile`` names it, and nobody by hand.
_MADE = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")
_LOCK = "lock"


@contextmanager
def open_staging(
    memory: int, warehouse: Path | None = None, *, threads: int = 0, spill: Path | None = None
) -> Iterator[DuckDBPyConnection]:
    """A connection to an empty database that takes at most ``memory`` megabytes and is gone afterwards.

    It uses ``threads`` of the machine's, 0 for all, and puts what exceeds the memory into the folder ``spill``, or
    beside itself where that is None.

    It stands in the folder ``tmp`` of ``warehouse``, where there is as much room as the rows will need; without one,
    where the system keeps what is temporary. What killed imports left there is cleared away first.

    Raises:
        WorkspaceError: ``warehouse_write_failed``, ``import_memory``.
    """
    import duckdb

    home = Path(tempfile.gettempdir()) if warehouse is None else warehouse.absolute() / "tmp"
    with _own_folder(home) as folder:
        with writing(home):
            aside = folder / "spill" if spill is None else choose_spill(home, spill)
            connection = _open(folder, memory, threads, aside)
        try:
            yield connection
        finally:
            # Closing writes what is about to be removed: where the disk is full, that fails and does no harm.
            with suppress(duckdb.Error):
                connection.close()


def _open(folder: Path, memory: int, threads: int, spill: Path) -> DuckDBPyConnection:
    import duckdb

    config: dict[str, str | int] = {
        "memory_limit": f"{memory}MB",
        "temp_directory": str(spill),
        "preserve_insertion_order": "false",
    }
    config |= {"threads": threads} if threads else {}
    return duckdb.connect(str(folder / "staging.duckdb"), config=config)


@contextmanager
def _own_folder(home: Path) -> Iterator[Path]:
    """A new folder in ``home``, locked as long as the block runs, so that nobody takes it for a leftover."""
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        with _alone(home) as is_alone:
            outer = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
            (inner := outer / "work").mkdir()
            lock = Lock(outer / _LOCK)
            lock.take(5.0)
            _clear_leftovers(home, outer, is_alone=is_alone)
    try:
        yield inner
    finally:
        # The lock is given up last: whoever finds it free may clear away what is left.
        shutil.rmtree(inner, ignore_errors=True)
        lock.release()
        shutil.rmtree(outer, ignore_errors=True)


@contextmanager
def _alone(home: Path) -> Iterator[bool]:
    """Whether nobody else makes or clears folders in ``home`` while the block runs; nobody can say so of every place.

    Folders that everyone may write to are not locked: others could hold the lock for ever.
    """
    if sys.platform == "win32" or home == Path(tempfile.gettempdir()):
        yield False
        return
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield True
    finally:
        os.close(handle)


def _clear_leftovers(home: Path, own: Path, *, is_alone: bool) -> None:
    """Remove the folders of imports that died: their lock names a holder, and yet it is free.

    One that died before it took its lock is known only where no other can be just about to take it (``is_alone``).
    A place for everyone's temporary files may hold anything under such a name; only folders of the same user count.
    """
    clear_spills(home)
    user = own.lstat().st_uid
    for folder in home.glob(f"{_PREFIX}*"):
        with suppress(OSError, WorkspaceError):
            state = folder.lstat()
            if folder == own or not stat.S_ISDIR(state.st_mode) or state.st_uid != user:
                continue
            if (is_alone and _MADE.fullmatch(folder.name)) or (folder / _LOCK).lstat().st_size:
                lock = Lock(folder / _LOCK)
                lock.take(0.0)
                lock.release()
                shutil.rmtree(folder, ignore_errors=True)
