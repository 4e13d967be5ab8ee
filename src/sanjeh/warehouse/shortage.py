"""A shortage is what the machine has too little of for the work at hand: room on the disk, or memory."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from sanjeh.errors import Issue, WorkspaceError

_FULL = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)))
# What DuckDB says where the room that it may take for spilling is used up; its class is that of too little memory.
_SPILL_LIMIT = "max_temp_directory_size"


def is_full(error: BaseException) -> bool:
    """Whether ``error`` (of the system or of DuckDB) tells that a file could not grow: a full disk, a quota, a limit.

    >>> is_full(OSError(28, "No space left on device")), is_full(ValueError("no"))
    (True, False)
    """
    text = str(error)
    return any(words in text for words in _FULL) or _SPILL_LIMIT in text


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` tells that the memory allowed, or that of the machine, is not enough."""
    import duckdb

    return isinstance(error, (duckdb.OutOfMemoryException, MemoryError)) and not is_full(error)


def reason_of(error: BaseException) -> str:
    """Why a file could not be written, in the system's words where there are any."""
    text = str(error)
    named = next((words for words in _FULL if words in text), None)
    if named is None and _SPILL_LIMIT in text:
        named = _FULL[0]
    if named is None and isinstance(error, OSError):
        named = error.strerror
    return named or (text.splitlines() or [type(error).__name__])[0][:300]


def find_shortage(error: BaseException, folder: Path) -> Issue | None:
    """The issue that ``error`` is for people where the machine fell short; ``folder`` is where was written."""
    if is_full(error):
        return Issue("warehouse_write_failed", {"folder": str(folder), "reason": reason_of(error)})
    if is_out_of_memory(error):
        return Issue("import_memory", {"folder": str(folder)})
    return None


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a full disk, too little memory and other failures to write into WorkspaceError.

    Raises:
        WorkspaceError: ``warehouse_write_failed``, ``import_memory``.
    """
    import duckdb

    try:
        yield
    except (OSError, MemoryError, duckdb.Error) as error:
        short = find_shortage(error, folder)
        if short is None and isinstance(error, (OSError, duckdb.IOException)):
            short = Issue("warehouse_write_failed", {"folder": str(folder), "reason": reason_of(error)})
        if short is None:
            raise
        raise WorkspaceError(short) from error
