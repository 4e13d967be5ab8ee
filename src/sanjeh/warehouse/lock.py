"""A lock is the right to write, held by one process at a time and given up by the system when its holder dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

from sanjeh.errors import Issue, WorkspaceError

_POLL_SECONDS = 0.05
# Far behind the text: Windows locks bytes for reading too, and a waiting writer must be able to read the holder's id.
_LOCKED_BYTE = 1 << 20

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    return os.read(handle, 20).decode("ascii", "replace").strip()


class Lock:
    """The writer's lock of a folder; ``take`` waits up to ``wait`` seconds, then raises ``warehouse_locked``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self, wait: float) -> bool:
        """Hold the lock; returns whether its last holder died. Raises ``warehouse_locked`` with the holder's id."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        deadline = time.monotonic() + wait
        while True:
            try:
                _take(handle)
                break
            except OSError:
                if time.monotonic() >= deadline:
                    holder = _read(handle)
                    os.close(handle)
                    data = {"file": str(self._path), "process": holder or "?"}
                    raise WorkspaceError(Issue("warehouse_locked", data)) from None
                time.sleep(_POLL_SECONDS)
        self._handle = handle
        died = bool(_read(handle))
        # The lock is held whether or not its holder's id could be written (a full disk).
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
            os.lseek(handle, 0, os.SEEK_SET)
            os.write(handle, str(os.getpid()).encode("ascii"))
        return died

    def release(self) -> None:
        """Give the lock up; harmless when it is not held. The file stays: removing it would let two writers in."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None
