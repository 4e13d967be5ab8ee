"""The language of a command line: the one it names, that of the workspace it works in, or the machine's."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from pathlib import Path

LANGUAGES = ("en", "fa")
VARIABLE = "SANJEH_WORKSPACE"
FILE = "sanjeh.toml"


def nearest_folder(given: Path | None) -> Path | None:
    """The workspace's folder: the one given, the one in SANJEH_WORKSPACE, or the nearest one at or above here."""
    if given is not None:
        return given
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    try:
        here = Path.cwd()
    except OSError:
        return None
    return next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), None)


def user_language() -> str:
    """The language that the machine's locale asks for: fa for Persian, else en."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fa" if value.lower().startswith("fa") else "en"
    return "en"


def spoken_language(arguments: Sequence[str]) -> str:
    """The language in which to help with the command of these ``arguments``, or to say why it failed.

    What says it is read as it stands: the arguments and the settings may be the very thing that is wrong.
    """
    named = given_option(arguments, "--language")
    if named in LANGUAGES:
        return named
    folder = given_option(arguments, "--workspace", "-w")
    nearest = nearest_folder(Path(folder) if folder else None)
    return (_written(nearest) if nearest else "") or user_language()


def _written(folder: Path) -> str:
    """The language that a workspace's settings name (English where they name none), "" where they cannot be read."""
    try:
        with (folder / FILE).open("rb") as file:
            found = tomllib.load(file).get("language", "en")
    except (OSError, ValueError):
        return ""
    return found if found in LANGUAGES else ""


def given_option(arguments: Sequence[str], *names: str) -> str:
    """The value of an option as it stands in the arguments; "" where it does not."""
    for place, word in enumerate(arguments):
        for name in names:
            if word == name:
                return next(iter(arguments[place + 1 : place + 2]), "")
            if word.startswith(f"{name}=") or (len(name) == 2 and word.startswith(name)):
                return word[len(name) :].removeprefix("=")
    return ""
