"""The place of a command: the workspace it works in, speaking the language asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sanjeh.cli.language import LANGUAGES, nearest_folder
from sanjeh.errors import Issue, QuestionError, WorkspaceError, suggest
from sanjeh.workspace import Workspace, open_workspace


def find_folder(given: Path | None) -> Path:
    """The workspace's folder: the one given, the one in SANJEH_WORKSPACE, or the nearest one at or above here."""
    found = nearest_folder(given)
    if found is None:
        raise WorkspaceError(Issue("not_a_workspace", {"folder": str(Path.cwd())}))
    return found


def open_here(given: Path | None, language: str | None = None) -> Workspace:
    """The workspace that a command works in; ``language`` speaks in place of its own."""
    chosen = checked_language(language)
    space = open_workspace(find_folder(given))
    if chosen:
        space.settings = replace(space.settings, language=chosen)
    return space


def checked_language(language: str | None) -> str:
    """The language named, "" where none is; raises QuestionError (``unknown_name``)."""
    if language and language not in LANGUAGES:
        close = suggest(language, LANGUAGES) or LANGUAGES[0]
        raise QuestionError(Issue("unknown_name", {"kind": "language", "name": language}, suggestion=close))
    return language or ""
