"""An issue is what is wrong, where and how to mend it; an error carries issues to the caller.

Code holds codes and data only. The sentences, in English and Persian, are data files under ``sanjeh/messages``, so
that a
Python traceback and a Persian screen say the same thing.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources

Datum = str | int | float


class Severity(StrEnum):
    """How bad an issue is: an error stops, a warning may give a wrong number, a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue stands: a file (or a formula's owner), with line and column counted from 1 when known."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong: a code, the data for its sentence, its place and a suggestion.

    >>> print(Issue("unknown_name", {"name": "revnue", "kind": "measure"}, suggestion="revenue"))
    There is no measure named 'revnue'. Did you mean 'revenue'?
    """

    code: str
    data: Mapping[str, Datum] = field(default_factory=dict)
    place: Place | None = None
    severity: Severity = Severity.ERROR
    suggestion: str | None = None

    def render(self, language: str = "en") -> str:
        """The whole sentence in ``language`` ("en" or "fa"): place, what, how to mend."""
        sentences, hints = load_messages(language)
        parts = [_fill(sentences.get(self.code, self.code), self.data)]
        if self.suggestion:
            parts.append(_fill(sentences["did_you_mean"], {"suggestion": self.suggestion}))
        elif self.code in hints:
            parts.append(_fill(hints[self.code], self.data))
        head = f"{self.place}: " if self.place else ""
        return head + " ".join(parts)

    def __str__(self) -> str:
        return self.render()


class SanjehError(Exception):
    """The root of every error that Sanjeh raises; holds one or more issues.

    >>> SanjehError(Issue("unknown_name", {"name": "x", "kind": "KPI"})).code
    'unknown_name'
    """

    def __init__(self, issues: Issue | Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = (issues,) if isinstance(issues, Issue) else tuple(issues)
        super().__init__(self.issues)

    @property
    def code(self) -> str:
        """The code of the first issue."""
        return self.issues[0].code

    def __str__(self) -> str:
        return "\n".join(str(issue) for issue in self.issues)


class DefinitionError(SanjehError):
    """A definition, formula or mapping that cannot be used as written."""


class DataError(SanjehError):
    """A file or row that cannot be understood."""


class QuestionError(SanjehError):
    """A question that has no honest answer: an unknown name, a breakdown that would multiply rows."""


class CancelledError(QuestionError):
    """A question that was ended before it was answered."""


class WorkspaceError(SanjehError):
    """A folder that is not a workspace, or one whose stored data is damaged or locked."""


def suggest(name: str, known: Iterable[str]) -> str | None:
    """The known name that ``name`` was probably meant to be, or None.

    >>> suggest("revnue", ["revenue", "orders"])
    'revenue'
    """
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return close[0] if close else None


def near_names(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known names that are most like ``name``, best first, at most ``most``; none where none is like it.

    >>> near_names("amount", ["net_amount", "order_id"])
    ('net_amount',)
    """
    from rapidfuzz import fuzz, process

    found = process.extract(name, list(dict.fromkeys(known)), scorer=fuzz.WRatio, limit=most, score_cutoff=60)
    return tuple(str(match[0]) for match in found)


def choose_form(slot: str, data: Mapping[str, Datum]) -> str | None:
    """The word that a slot "name|one|many" stands for by the number ``name`` of the data; None for any other slot.

    >>> choose_form("count|row|rows", {"count": 1}), choose_form("count|row|rows", {"count": "2"})
    ('row', 'rows')
    """
    name, *forms = slot.split("|")
    if len(forms) != 2 or name not in data:
        return None
    return forms[0] if str(data[name]) in ("1", "۱") else forms[1]


class _Data(dict[str, Datum]):
    def __missing__(self, key: str) -> str:
        chosen = choose_form(key, self)
        return "{" + key + "}" if chosen is None else chosen


def _fill(sentence: str, data: Mapping[str, Datum]) -> str:
    return sentence.format_map(_Data(data))


@cache
def load_messages(language: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The sentences and the hints of ``language`` by code, read once from the package's message files."""
    sentences: dict[str, str] = {}
    hints: dict[str, str] = {}
    folder = resources.files("sanjeh") / "messages"
    for part in sorted((folder / "parts").iterdir(), key=lambda item: item.name):
        if part.name.endswith(f".{language}.toml"):
            table = tomllib.loads(part.read_text(encoding="utf-8"))
            hints.update(table.pop("hint", {}))
            sentences.update(table)
    return sentences, hints
