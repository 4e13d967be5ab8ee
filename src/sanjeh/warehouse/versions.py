"""Versions are the manifests kept beside the current one: old ones are pruned, any one may be restored."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from sanjeh.errors import WorkspaceError
from sanjeh.warehouse.durable import TEMPORARY, remove, sync_folder, write_text
from sanjeh.warehouse.lock import Lock
from sanjeh.warehouse.manifest import (
    CURRENT,
    Manifest,
    check_files,
    current_version,
    manifest_path,
    manifest_text,
    read_manifest,
)
from sanjeh.warehouse.shortage import writing

LOCK = "LOCK"
_DATA_FOLDERS = ("segments", "dictionaries", "faults")


def list_versions(folder: Path) -> tuple[int, ...]:
    """The versions whose manifests are there, oldest first."""
    return tuple(sorted(int(path.stem) for path in (folder / "manifests").glob("*.json") if path.stem.isdigit()))


def publish(folder: Path, manifest: Manifest) -> None:
    """Make ``manifest`` the current version, all of whose files are written: folders first, CURRENT last."""
    for parent in sorted({path.parent for path in manifest.files()}):
        sync_folder(parent)
        sync_folder(parent.parent)
    write_text(manifest_path(folder, manifest.version), manifest_text(manifest, folder))
    try:
        write_text(folder / CURRENT, f"{manifest.version:08d}.json\n")
    except OSError:
        # Once readers are led to the new version it stands, and its files must not be taken for leftovers. Should only
        # the folder's own sync have failed, a crash leads back to the version before, which is whole too.
        if current_version(folder) != manifest.version:
            raise


def clear_leftovers(folder: Path) -> int:
    """The number of files removed that a killed writer left; the caller holds the lock.

    Manifests newer than CURRENT never were current. While a manifest cannot be read, files that no other one names are
    kept: they may be its own, and somebody may want to look.
    """
    current = current_version(folder)
    leftovers = [manifest_path(folder, version) for version in list_versions(folder) if version > current]
    leftovers += [*folder.glob(f"*{TEMPORARY}"), *(folder / "manifests").glob(f"*{TEMPORARY}")]
    for path in leftovers:
        remove(path)
    needed, whole = _needed(folder)
    data = [path for name in _DATA_FOLDERS for path in (folder / name).rglob("*") if path.is_file()]
    unneeded = [path for path in data if path.suffix == TEMPORARY or (whole and path not in needed)]
    for path in unneeded:
        remove(path)
    return len(leftovers) + len(unneeded)


def _needed(folder: Path) -> tuple[set[Path], bool]:
    needed: set[Path] = set()
    whole = True
    for version in list_versions(folder):
        try:
            needed |= read_manifest(folder, version).files()
        except WorkspaceError:
            whole = False
    return needed, whole


def prune(
    folder: Path,
    *,
    now: datetime,
    keep_versions: int = 5,
    min_age: timedelta = timedelta(days=1),
    wait: float = 5.0,
) -> int:
    """The number of old versions removed, with the files that only they needed.

    A version goes when it is not among the last ``keep_versions`` and was superseded longer than ``min_age`` before
    ``now``: a reader that opened it while it was current may still be reading. Raises ``warehouse_locked``.
    """
    folder = folder.absolute()
    if not (folder / "manifests").is_dir():
        return 0
    lock = Lock(folder / LOCK)
    lock.take(wait)
    try:
        versions = [version for version in list_versions(folder) if version <= current_version(folder)]
        limit = (now - min_age).timestamp()
        old = [
            version
            for version, next_one in pairwise(versions)
            if version not in versions[-max(keep_versions, 1) :]
            and manifest_path(folder, next_one).stat().st_mtime < limit
        ]
        for version in old:
            remove(manifest_path(folder, version))
        clear_leftovers(folder)
        return len(old)
    finally:
        lock.release()


def restore(folder: Path, version: int, *, wait: float = 5.0) -> int:
    """The number of a new version whose content is that of the older ``version``, which is checked to be whole first.

    The way back from a damaged manifest or an unwanted import. Raises ``warehouse_damaged``, ``warehouse_locked``.
    """
    folder = folder.absolute()
    lock = Lock(folder / LOCK)
    lock.take(wait)
    try:
        manifest = read_manifest(folder, version)
        check_files(manifest, folder)
        number = max(list_versions(folder), default=0) + 1
        with writing(folder):
            publish(folder, replace(manifest, version=number, previous=version))
        return number
    finally:
        lock.release()
