"""The place of a command: which workspace it works in, and the language it speaks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sanjeh.errors import Issue, SanjehError, WorkspaceError
from sanjeh.settings import FILE, LANGUAGES, load_settings
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


def spoken_language(arguments: Sequence[str]) -> str:
    """The language in which to say why the command with these ``arguments`` failed: the one it names, that of its
    workspace, or the machine's.
    """
    named = _given(arguments, "--language")
    if named in LANGUAGES:
        return named
    folder = _given(arguments, "--workspace", "-w")
    try:
        return load_settings(find_folder(Path(folder) if folder else None)).language
    except (SanjehError, OSError):
        return user_language()


def _given(arguments: Sequence[str], *names: str) -> str:
    """The value of an option as it stands in the arguments, which may be the very thing that could not be parsed."""
    for place, word in enumerate(arguments):
        for name in names:
            if word == name:
                return next(iter(arguments[place + 1 : place + 2]), "")
            if word.startswith(f"{name}=") or (len(name) == 2 and word.startswith(name)):
                return word[len(name) :].removeprefix("=")
    return ""
