"""A tree is a YAML document in which every value remembers its line and column.

Scalars stay text as written (``0012`` is not twelve); the reader of a definition decides what a value means.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanjeh.errors import DefinitionError, Issue, Place

_FORMAT = 3
_MOST_BYTES = 4_000_000
_MOST_DEPTH = 40
_MOST_NODES = 400_000
_MOST_REPEATED = 20_000  # values that aliases repeat: a few lines of them can stand for billions


@dataclass(frozen=True, slots=True)
class Tree:
    """One value of a document: a mapping, a list, text or None, with its place."""

    value: dict[str, Tree] | list[Tree] | str | None
    place: Place

    def items(self) -> Iterator[tuple[str, Tree]]:
        """The pairs of a mapping; nothing for any other value."""
        if isinstance(self.value, dict):
            yield from self.value.items()

    def elements(self) -> list[Tree]:
        """The elements of a list; a scalar stands for a list of one."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value is None else [self]


def load_tree(path: Path, *, cache: Path | None = None, name: str | None = None) -> Tree:
    """The document of ``path``; parsed once per content when a ``cache`` folder is given.

    ``name`` is the file name that places show (default: the path as given).
    Raises DefinitionError (``bad_yaml``, ``yaml_too_large``, ``yaml_too_deep``, ``duplicate_key``) with the place of
    the fault.
    """
    content = path.read_bytes()
    name = name or str(path)
    if len(content) > _MOST_BYTES:
        raise DefinitionError(Issue("yaml_too_large", {"file": name, "limit": _MOST_BYTES}, Place(name)))
    kept = cache / f"{hashlib.sha256(content).hexdigest()[:32]}.{_FORMAT}.json" if cache else None
    if kept is not None and kept.is_file():
        try:
            return _thaw(json.loads(kept.read_text(encoding="utf-8")), name)
        except (ValueError, OSError, TypeError, IndexError):
            kept.unlink(missing_ok=True)
    frozen = _parse(content, name)
    if kept is not None:
        _keep(kept, frozen)
    return _thaw(frozen, name)


def parse_tree(text: str, name: str = "<text>") -> Tree:
    """The document written in ``text``.

    >>> parse_tree("a: [1, x]").value["a"].elements()[1].place.column
    8
    """
    return _thaw(_parse(text.encode(), name), name)


def _keep(path: Path, frozen: Any) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(frozen, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        return  # a cache that cannot be written only costs time


def _parse(content: bytes, name: str) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(content, Loader=loader)
        return _freeze(node, name, _Measured(), 0) if node is not None else [None, 1, 1]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        raise DefinitionError(Issue("bad_yaml", {"problem": error.problem or ""}, place)) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise DefinitionError(Issue("bad_yaml", {"problem": type(error).__name__}, Place(name))) from None


@dataclass(slots=True)
class _Measured:
    """How many values were met, and how many of them again through an alias."""

    met: set[int] = field(default_factory=set)
    repeated: int = 0

    def add(self, node: Any) -> bool:
        """Whether there is still room after ``node``."""
        if id(node) in self.met:
            self.repeated += 1
        self.met.add(id(node))
        return len(self.met) <= _MOST_NODES and self.repeated <= _MOST_REPEATED


def _freeze(node: Any, name: str, measured: _Measured, depth: int) -> Any:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if depth > _MOST_DEPTH or not measured.add(node):
        raise DefinitionError(Issue("yaml_too_deep", {"limit": _MOST_DEPTH}, Place(name, line, column)))
    if node.id == "mapping":
        pairs: dict[str, Any] = {}
        for key, value in node.value:
            if key.id != "scalar":
                raise DefinitionError(
                    Issue(
                        "bad_yaml", {"problem": "key"}, Place(name, key.start_mark.line + 1, key.start_mark.column + 1)
                    )
                )
            if key.value in pairs:
                place = Place(name, key.start_mark.line + 1, key.start_mark.column + 1)
                raise DefinitionError(Issue("duplicate_key", {"key": key.value}, place))
            pairs[key.value] = _freeze(value, name, measured, depth + 1)
        return [pairs, line, column]
    if node.id == "sequence":
        return [[_freeze(item, name, measured, depth + 1) for item in node.value], line, column]
    empty = node.tag == "tag:yaml.org,2002:null"
    return [None if empty else node.value, line, column]


def _thaw(frozen: Any, name: str) -> Tree:
    value, line, column = frozen
    place = Place(name, line, column)
    if isinstance(value, dict):
        return Tree({key: _thaw(item, name) for key, item in value.items()}, place)
    if isinstance(value, list):
        return Tree([_thaw(item, name) for item in value], place)
    return Tree(value, place)
