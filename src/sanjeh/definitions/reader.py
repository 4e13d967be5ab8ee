"""A reader takes typed values out of a tree and collects what is wrong instead of stopping at the first fault."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from sanjeh.definitions.text import Text
from sanjeh.definitions.tree import Tree
from sanjeh.errors import Datum, Issue, Severity, suggest

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


class Reader:
    """Reads the keys of one mapping; every fault becomes an issue with its place."""

    def __init__(self, tree: Tree, issues: list[Issue], kind: str) -> None:
        self.tree, self.issues, self.kind = tree, issues, kind
        self._asked: set[str] = set()
        self.pairs: Mapping[str, Tree] = tree.value if isinstance(tree.value, dict) else {}
        if not isinstance(tree.value, dict):
            self.fault("not_a_mapping", tree, kind=kind)

    def fault(self, code: str, at: Tree | None = None, suggestion: str | None = None, **data: Datum) -> None:
        """Record an issue at ``at`` (default: the mapping itself)."""
        self.issues.append(Issue(code, data, (at or self.tree).place, Severity.ERROR, suggestion))

    def get(self, key: str) -> Tree | None:
        """The value of ``key``, or None where it is absent or empty."""
        self._asked.add(key)
        found = self.pairs.get(key)
        return None if found is None or found.value is None else found

    def word(self, key: str, default: str = "", *, required: bool = False) -> str:
        """The scalar text of ``key``."""
        found = self.get(key)
        if found is None:
            if required:
                self.fault("missing_key", key=key, kind=self.kind)
            return default
        if not isinstance(found.value, str):
            self.fault("not_a_scalar", found, key=key)
            return default
        return found.value.strip()

    def optional(self, key: str) -> str | None:
        """The scalar text of ``key``, or None."""
        return self.word(key) or None

    def words(self, key: str) -> tuple[str, ...]:
        """The list of scalars of ``key``; one scalar stands for a list of one."""
        found = self.get(key)
        if found is None:
            return ()
        out = []
        for element in found.elements():
            if isinstance(element.value, str):
                out.append(element.value.strip())
            elif element.value is not None:
                self.fault("not_a_scalar", element, key=key)
        return tuple(out)

    def text(self, key: str) -> Text:
        """Words in both languages: a mapping {en, fa}, or one scalar for both."""
        found = self.get(key)
        return Text() if found is None else self.text_of(found, key)

    def text_of(self, found: Tree, key: str) -> Text:
        """The words written at ``found``."""
        if isinstance(found.value, str):
            return Text(found.value.strip(), "")
        if not isinstance(found.value, dict) or not set(found.value) <= {"en", "fa"}:
            self.fault("not_a_text", found, key=key)
            return Text()
        words = {
            language: item.value.strip() if isinstance(item.value, str) else "" for language, item in found.items()
        }
        return Text(words.get("en", ""), words.get("fa", ""))

    def number(self, key: str) -> float | None:
        """The number of ``key``, or None."""
        found = self.get(key)
        return None if found is None else self.number_of(found, key)

    def number_of(self, found: Tree, key: str) -> float | None:
        """The number written at ``found``, or None with an issue."""
        try:
            number = float(found.value) if isinstance(found.value, str) else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.fault("not_a_number", found, key=key, value=str(found.value)[:60])
            return None
        return number

    def flag(self, key: str, default: bool = False) -> bool:
        """The yes or no of ``key``."""
        found = self.get(key)
        if found is None:
            return default
        word = found.value.lower() if isinstance(found.value, str) else ""
        if word not in _TRUE + _FALSE:
            self.fault("not_a_flag", found, key=key, value=word)
        return word in _TRUE

    def choice(self, key: str, options: type[E], default: E) -> E:
        """The member of ``options`` named at ``key``."""
        word = self.word(key)
        if not word:
            return default
        try:
            return options(word)
        except ValueError:
            known = [member.value for member in options]
            self.fault(
                "not_a_choice", self.get(key), suggest(word, known), key=key, value=word, choices=", ".join(known)
            )
            return default

    def each(self, key: str, build: Callable[[Tree], T | None]) -> tuple[T, ...]:
        """What ``build`` makes of each element of the list at ``key``."""
        found = self.get(key)
        built = [build(element) for element in found.elements()] if found is not None else []
        return tuple(item for item in built if item is not None)

    def mapping(self, key: str, build: Callable[[str, Tree], T | None]) -> dict[str, T]:
        """What ``build`` makes of each pair of the mapping at ``key``."""
        found = self.get(key)
        if found is None:
            return {}
        if not isinstance(found.value, dict):
            self.fault("not_a_mapping", found, kind=key)
            return {}
        built = {name: build(name, item) for name, item in found.items()}
        return {name: item for name, item in built.items() if item is not None}

    def close(self, known: Collection[str] = ()) -> None:
        """Report the keys that nobody asked for."""
        allowed = self._asked | set(known)
        for key, item in self.pairs.items():
            if key not in allowed:
                self.fault("unknown_key", item, suggest(key, allowed), key=key, kind=self.kind)
