"""The lock is the exact version of every package that the project needs, without the address it came from.

``python -m tools.lock`` writes ``requirements/lock.txt`` (what a user needs, and what builds the package),
``requirements/lock-dev.txt`` (what the tests need beside them) and ``requirements/lock-heavy.txt`` (what the tests
marked heavy need beside those) from the packages of the environment it runs in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
HEAD = "# Written by `python -m tools.lock`; CONTRIBUTING.md tells when and how.\n"
# The editable install asks hatchling for it; no package's metadata says so.
EDITABLE = "editables"
# The extras whose packages only the tests marked heavy use; what these tests need besides is the group "heavy".
HEAVY_EXTRAS = frozenset(["clickhouse", "spark"])


def canonical_name(name: str) -> str:
    """The one spelling of a package's name.

    >>> canonical_name("Ruamel_Yaml")
    'ruamel-yaml'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def find_closure(wanted: Iterable[str]) -> dict[str, str]:
    """Every package that ``wanted`` (requirements as text) leads to, with its installed version."""
    found: dict[str, str] = {}
    seen: dict[str, set[str]] = {}
    todo = [Requirement(text) for text in wanted]
    while todo:
        requirement = todo.pop()
        name = canonical_name(requirement.name)
        extras = seen.get(name, set()) | requirement.extras
        if name in seen and extras == seen[name]:
            continue
        seen[name] = extras
        found[name] = metadata.version(name)
        todo.extend(_needs_of(name, extras))
    return found


def _needs_of(name: str, extras: set[str]) -> Iterator[Requirement]:
    for text in metadata.requires(name) or ():
        need = Requirement(text)
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras | {""}):
            yield need


def write_lock() -> None:
    """The three files, sorted by name; a package stands in the first that needs it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    light = [text for name, group in extras.items() if name not in HEAVY_EXTRAS for text in group]
    heavy = [text for name, group in extras.items() if name in HEAVY_EXTRAS for text in group]
    run = find_closure([*project["project"]["dependencies"], *project["build-system"]["requires"], EDITABLE])
    dev = {**find_closure([*light, *groups["dev"]]), **run}
    FOLDER.mkdir(exist_ok=True)
    _write("lock.txt", "", run)
    _write("lock-dev.txt", "-r lock.txt\n", _beside(dev, run))
    _write("lock-heavy.txt", "-r lock-dev.txt\n", _beside(find_closure([*heavy, *groups["heavy"]]), dev))


def _beside(pins: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    return {name: version for name, version in pins.items() if name not in known}


def _write(name: str, head: str, pins: dict[str, str]) -> None:
    (FOLDER / name).write_text(HEAD + head + _render(pins), encoding="utf-8")


def _render(pins: dict[str, str]) -> str:
    return "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))


if __name__ == "__main__":
    write_lock()
