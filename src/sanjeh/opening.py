"""Opening a workspace is the first thing a program does; what that needs is imported then."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sanjeh.part import load_part

if TYPE_CHECKING:
    from sanjeh.workspace import Workspace


def open_workspace(folder: str | Path, *, today: date | None = None) -> Workspace:
    """The workspace in ``folder``; ``today`` replaces the machine's date.

    Raises WorkspaceError (``not_a_workspace``, ``bad_setting``) and DefinitionError with every fault of own
    definitions.
    """
    return cast("Workspace", load_part("workspace").open_workspace(folder, today=today))
