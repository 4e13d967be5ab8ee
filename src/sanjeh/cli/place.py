"""The place of a command: which workspace it works in, and the language it speaks."""

from __future__ import annotations

import os
from pathlib import Path

from sanjeh.errors import Issue, WorkspaceError
from sanjeh.settings import FILE
from sanjeh.workspace import Workspace, open_workspace

VARIABLE = "SANJEH_WORKSPACE"


def find_folder(given: Path | None) -> Path:
    """The workspace's folder: the one given, the one in SANJEH_WORKSPACE, or the nearest one at or above here."""
    if given is not None:
        return given
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / FILE).is_file():
            return folder
    raise WorkspaceError(Issue("not_a_workspace", {"folder": str(here)}))


def open_here(given: Path | None) -> Workspace:
    """The workspace that a command works in."""
    return open_workspace(find_folder(given))


def user_language() -> str:
    """The language that the machine's locale asks for: fa for Persian, else en."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fa" if value.lower().startswith("fa") else "en"
    return "en"
