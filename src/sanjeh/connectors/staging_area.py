"""A staging area is a database on disk that lives for one import, so that memory stays bounded."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.errors import WorkspaceError
from sanjeh.warehouse.durable import writing
from sanjeh.warehouse.lock import Lock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_PREFIX = "sanjeh-import-"
_LOCK = "lock"


@contextmanager
def open_staging(memory: int, warehouse: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """A connection to an empty database that takes at most ``memory`` megabytes and is gone afterwards.

    It stands in the folder ``tmp`` of ``warehouse``, where there is as much room as the rows will need; without one,
    where the system keeps what is temporary. What killed imports left there is cleared away first.

    Raises:
        WorkspaceError: ``warehouse_write_failed``.
    """
    import duckdb

    home = Path(tempfile.gettempdir()) if warehouse is None else warehouse.absolute() / "tmp"
    with _own_folder(home) as folder:
        connection = duckdb.connect(
            str(folder / "staging.duckdb"),
            config={
                "memory_limit": f"{memory}MB",
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": "false",
            },
        )
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def _own_folder(home: Path) -> Iterator[Path]:
    """A new folder in ``home``, locked as long as the block runs, so that nobody takes it for a leftover."""
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        outer = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
        (inner := outer / "work").mkdir()
        lock = Lock(outer / _LOCK)
        lock.take(5.0)
    try:
        _clear_leftovers(home, outer)
        yield inner
    finally:
        # The lock is given up last: whoever finds it free may clear away what is left.
        shutil.rmtree(inner, ignore_errors=True)
        lock.release()
        shutil.rmtree(outer, ignore_errors=True)


def _clear_leftovers(home: Path, own: Path) -> None:
    """Remove the folders of imports that died: their lock names a holder, and yet it is free.

    A place for everyone's temporary files may hold anything under such a name; only folders of the same user count.
    """
    user = own.lstat().st_uid
    for folder in home.glob(f"{_PREFIX}*"):
        with suppress(OSError, WorkspaceError):
            state = folder.lstat()
            if folder == own or not stat.S_ISDIR(state.st_mode) or state.st_uid != user:
                continue
            if (folder / _LOCK).lstat().st_size:
                lock = Lock(folder / _LOCK)
                lock.take(0.0)
                lock.release()
                shutil.rmtree(folder, ignore_errors=True)
