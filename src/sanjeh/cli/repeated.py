"""A repeated issue is one of several that say the same of different things; a person reads it once, with a count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sanjeh.errors import Datum, Issue, load_messages

# Of a kind that has no sentence for many, so many are told before the rest is counted.
TOLD = 5
_NAMED = 8


def fold_issues(issues: Iterable[Issue], language: str) -> Iterator[tuple[Issue, int]]:
    """What to tell of ``issues``, in the order they came, each with the number of those left untold after it.

    Issues of a code with a sentence for many (``many.CODE`` in the messages) are told in that one sentence: ``count``
    and ``names``, the values of the data in which they differ. Of any other code the first are told, the rest counted.
    """
    groups: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.code, issue.severity), []).append(issue)
    for group in groups.values():
        yield from _fold(group, language)


def _fold(group: Sequence[Issue], language: str) -> Iterator[tuple[Issue, int]]:
    merged = _merged(group, language)
    if merged is not None:
        yield merged, 0
        return
    last = len(group) - 1 if len(group) <= TOLD + 1 else TOLD - 1
    for place, issue in enumerate(group[: last + 1]):
        yield issue, len(group) - 1 - last if place == last else 0


def _merged(group: Sequence[Issue], language: str) -> Issue | None:
    """The one issue that stands for the group, or None where the messages have no sentence for many."""
    first, code = group[0], f"many.{group[0].code}"
    if len(group) == 1 or code not in load_messages(language)[0]:
        return None
    differing = [key for key in first.data if len({issue.data.get(key) for issue in group}) > 1]
    if len(differing) > 1:
        return None
    name = differing[0] if differing else next(iter(first.data), "")
    values = list(dict.fromkeys(str(issue.data.get(name, "")) for issue in group))
    shown = ("، " if language == "fa" else ", ").join(values[:_NAMED]) + (" …" if len(values) > _NAMED else "")
    data: dict[str, Datum] = {**first.data, "count": len(group), "names": shown}
    return replace(first, code=code, data=data, suggestion=None)
