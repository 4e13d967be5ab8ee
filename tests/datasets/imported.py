"""An imported set is an example's workspace with files of reference data in it, and the report of their import."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from sanjeh.cli import run
from sanjeh.workspace import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
# An entity with the rows of it that were read and loaded.
Counted = tuple[str, int, int]


class Imported(NamedTuple):
    """A workspace with the set's files in it, and the report that the command line gave of the import."""

    space: Workspace
    report: Mapping[str, Any]

    @property
    def tables(self) -> list[Counted]:
        """What was read and loaded of each table of each file, in the order of the files."""
        tables = [table for file in self.report["files"] for table in file["tables"]]
        return [(table["entity"], table["read"], table["loaded"]) for table in tables]

    def total(self, what: str, entity: str) -> int:
        """How many rows of the entity were filtered, replaced, ... in all files."""
        tables = [table for file in self.report["files"] for table in file["tables"] if table["entity"] == entity]
        return sum(table[what] for table in tables)

    def copy(self, folder: Path) -> Workspace:
        """The same data in a workspace of its own in ``folder``, for a test that adds to them."""
        shutil.copytree(self.space.folder, folder / self.space.folder.name)
        return open_workspace(folder / self.space.folder.name)


def summed(tables: Sequence[Counted]) -> list[Counted]:
    """One line for each entity."""
    found: dict[str, tuple[int, int]] = {}
    for entity, read, loaded in tables:
        before = found.get(entity, (0, 0))
        found[entity] = (before[0] + read, before[1] + loaded)
    return [(entity, *counts) for entity, counts in found.items()]


def type_in(*words: str | Path) -> str:
    """What ``sanjeh WORDS`` prints; it must not have been used wrongly."""
    out, err = io.StringIO(), io.StringIO()
    argv, sys.argv = sys.argv, ["sanjeh", *map(str, words)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as done:
            run()
    finally:
        sys.argv = argv
    assert done.value.code in (None, 0, 1) and out.getvalue(), err.getvalue()
    return out.getvalue()


def import_files(space: Path, files: Sequence[Path]) -> Mapping[str, Any]:
    """The report of importing ``files`` through the command line; every file must find its mapping."""
    report: Mapping[str, Any] = json.loads(type_in("import", *files, "--yes", "--format", "json", "-w", space))
    unread = [(file["file"], file["issues"]) for file in report["files"] if file["outcome"] != "imported"]
    assert not unread, unread
    return report


def build_workspace(name: str, folder: Path, files: Sequence[Path]) -> Imported:
    """The example's workspace with ``files`` imported into it."""
    space = folder / name
    shutil.copytree(EXAMPLES / name, space)
    report = import_files(space, files)
    return Imported(open_workspace(space), report)
