"""A durable file is one that a crash right after writing it cannot undo: written beside, synced, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

TEMPORARY = ".tmp"


def make_name(stem: str, suffix: str) -> str:
    """A file name that was never used before, so that a reader can never see other content under a name it knows."""
    return f"{stem}-{secrets.token_hex(6)}{suffix}"


def sync_file(path: Path) -> None:
    """Have the operating system put the file's content on the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Have the operating system put the folder's list of names on the disk (Windows has no such call)."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def seal(temporary: Path, final: Path) -> None:
    """Sync ``temporary`` and give it its final name in one step; the folder is left to be synced by the caller."""
    sync_file(temporary)
    temporary.replace(final)


def write_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new content whole, and a crash leaves one of them."""
    temporary = path.with_name(path.name + TEMPORARY)
    try:
        temporary.write_bytes(text.encode("utf-8"))
        seal(temporary, path)
    finally:
        remove(temporary)
    sync_folder(path.parent)


def remove(path: Path) -> None:
    """Delete a file nobody needs; one that is gone or held (Windows) is left for the next clean-up."""
    with contextlib.suppress(OSError):
        path.unlink()
