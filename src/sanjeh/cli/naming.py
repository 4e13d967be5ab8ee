"""Naming turns the titles that people write into the ids of the model, and ids back into titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sanjeh.compute import Result
from sanjeh.definitions import Catalogue, Text, fold_title, load_catalogue
from sanjeh.errors import Issue, SanjehError
from sanjeh.formula import measures_in
from sanjeh.present import to_persian, word
from sanjeh.workspace import Workspace, cache_folder


def dimension_id(space: Workspace, name: str) -> str:
    """The dimension of that title ("منطقه"); ``name`` itself where the data has a column of it, or nothing has it."""
    if name in _columns(space):
        return name
    folded = fold_title(name)
    named = (each for each, title in _dimensions(space.catalogue) if folded in map(fold_title, title.each))
    return next(named, name)


def dimension_ids(space: Workspace, names: Sequence[str] | None) -> tuple[str, ...]:
    """The dimensions of those ids or titles."""
    return tuple(dimension_id(space, name) for name in names or ())


# What stands in quotes in a condition is a member.
_QUOTED = re.compile(r"""('[^']*'|"[^"]*")""")
_ANY_OF = {"ی": "[یيى]", "ک": "[کك]", "ه": "[هة]", "ٔ": "ٔ?", "\u200c": r"[\s\u200c]*", " ": r"[\s\u200c]*"}


def condition_of(space: Workspace, where: str | None) -> str | None:
    """The condition with titles of dimensions replaced by their ids."""
    if not where:
        return where
    own = _columns(space)
    titles = {words: name for name, title in _dimensions(space.catalogue) for words in title.each if words not in own}
    pattern = "|".join(_loose(words) for words in sorted(titles, key=len, reverse=True))
    outside = re.compile(rf"(?<![\w\u200c])(?:{pattern})(?![\w\u200c])", re.IGNORECASE)
    ids = {fold_title(words): name for words, name in titles.items()}
    parts = _QUOTED.split(where)
    parts[::2] = [outside.sub(lambda found: ids.get(fold_title(found[0]), found[0]), part) for part in parts[::2]]
    return "".join(parts)


def _loose(words: str) -> str:
    return "".join(_ANY_OF.get(sign, re.escape(sign)) for sign in words)


def _columns(space: Workspace) -> frozenset[str]:
    return frozenset(name for held in space.ground().holdings.entities.values() for name in held.columns)


def _dimensions(catalogue: Catalogue) -> Iterator[tuple[str, Text]]:
    """Every dimension with its title, entity by entity."""
    for entity in catalogue.entities.values():
        for name in entity.dimensions:
            column = entity.columns.get(name) or entity.derived.get(name)
            if column is not None:
                yield name, column.title


def column_title(catalogue: Catalogue, name: str, language: str, entity: str = "") -> str:
    """The title of a column or dimension, of ``entity`` where it has it, else of the first that does; else ``name``."""
    own = catalogue.entities.get(entity)
    for each in ([own] if own else []) + list(catalogue.entities.values()):
        column = each.columns.get(name) or each.derived.get(name)
        if column is not None and column.title.get(language):
            return column.title.get(language)
    return name


def dimension_titles(results: Iterable[Result], space: Workspace, language: str) -> dict[str, str]:
    """The titles of the dimensions by which ``results`` are broken down, as the rows behind them call these."""
    found: dict[str, str] = {}
    for result in results:
        if result.by:
            measures = measures_in(result.reading.formula, space.catalogue)
            entity = next((measure.bindings[0].entity for measure in measures if measure.bindings), "")
            found |= {name: column_title(space.catalogue, name, language, entity) for name in result.by}
    return found


# The ids that sentences speak of, by the key of their data.
_SPOKEN = ("entity", "other", "measure", "kpi", "dimension", "entities", "calendar")
_TITLED = {
    *("unreachable_dimension", "unknown_dimension", "member_without_rows", "stated_differs", "no_rows_behind"),
    *("orphan_rows", "no_rate", "unknown_status", "bad_measure", "nothing_understood", "rows_superseded"),
    *("group_continued", "content_known", "opposite_superseded", "unrecognised_file", "required_column_missing"),
}
_CALENDARS = {"bad_date", "bad_period", "bad_moment", "calendar_mismatch", "out_of_calendar", "moment_of_calendar"}
_CALENDARS |= {"two_digit_year_calendar", "mixed_calendars"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# What a person typed is told as it was typed.
_TYPED = ("text", "label", "value", "name", "member", "file", "folder", "suggestion")


def titled(issue: Issue, language: str) -> Issue:
    """The issue with ids of the model and of calendars in words, and in Persian its days in Persian digits."""
    data = dict(issue.data)
    if issue.code in _CALENDARS:
        data |= {k: word("calendar", str(data[k]), language) for k in ("calendar", "other") if k in data}
    elif issue.code in _TITLED:
        try:
            catalogue = load_catalogue(cache_folder=cache_folder())
        except (SanjehError, OSError):
            return issue
        data |= {k: _spoken(catalogue, k, str(data[k]), language) for k in _SPOKEN if k in data}
    if language == "fa":
        data |= {
            key: to_persian(value.replace("-", "/"))
            for key, value in data.items()
            if isinstance(value, str) and key not in _TYPED and _DAY.fullmatch(value)
        }
    return replace(issue, data=data)


def _spoken(catalogue: Catalogue, key: str, name: str, language: str) -> str:
    if key == "entities":
        ids = [part.strip() for part in name.split(",")]
        return word("list", "comma", language).join(_with_id(catalogue, each, language) for each in ids)
    if key in ("entity", "other"):
        found = catalogue.entities.get(name)
        return found.title.get(language) if found else name
    if key == "dimension":
        title = column_title(catalogue, name, language)
        return name if fold_title(title) == fold_title(name) else f"{title} ({name})"
    kpi, _, variant = name.partition(".")
    if key == "measure" and name in catalogue.measures:
        return catalogue.measures[name].title.get(language)
    if kpi not in catalogue.kpis:
        return name
    chosen = catalogue.kpis[kpi].variants.get(variant) if variant else None
    return (chosen.title if chosen else catalogue.kpis[kpi].title).get(language) or name


def _with_id(catalogue: Catalogue, name: str, language: str) -> str:
    """An entity whose id is to be typed: its title with the id."""
    found = catalogue.entities.get(name)
    return f"{found.title.get(language)} ({name})" if found else name
