"""A whole is a statement as one text, for engines in which nothing may be laid down before it runs.

Time, the entities' rows and the segments become common tables before the query. Nothing is written, no value stands in
the text but days and numbers of ours: the others stay bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from sanjeh.calendars import Span
from sanjeh.engines.grid import Grid, build_grid
from sanjeh.engines.raw_table import RAW, RawTable
from sanjeh.engines.shelf import Shelf
from sanjeh.engines.statement import AS_OF, Query, SegmentQuery

_NAMED = re.compile(r'"?\b(raw_\w+|spans|pieces|atoms|atom_spans|instants|moments)\b"?')
WHOLE = "SELECT * FROM answer"
# Values that the runner binds where working minutes are asked: the first day, lists by day, the opening minute.
WORKED = ("worked_base", "worked_before", "worked_minutes", "worked_opens")
_NEEDS = {"atoms": ("pieces",), "atom_spans": ("pieces", "spans")}


class Script(Protocol):
    """What a module ``script_<engine>`` has; ``RAW_HINT`` stands before the query of a raw table."""

    RAW_HINT: str

    def time_tables(self, grid: Grid) -> Iterator[tuple[str, str]]:
        """(name with columns, query) of each table of time."""
        ...

    def moment_table(self, days: Sequence[date]) -> tuple[str, str]:
        """(name with columns, query) of the moments at which memberships are known."""
        ...

    def rename(self, sql: str, name: Callable[[str], str]) -> str:
        """``sql`` with the names of bound values changed."""
        ...

    def bound_names(self, sql: str) -> tuple[str, ...]:
        """The names of the values bound in ``sql``."""
        ...

    def shown(self, sql: str) -> str:
        """``sql`` for reading: bound values as ``:name``."""
        ...

    def escape(self, sql: str) -> str:
        """``sql`` without bound values, as the driver reads it."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """The text with the values bound in it, by name."""

    sql: str
    values: Mapping[str, str]


@dataclass(slots=True)
class Composer:
    """Makes wholes out of what the shelf has; ``raw`` holds each ``raw_<entity>``.

    ``first`` and ``last`` are the days that rows can have; no day table goes beyond them.
    """

    shelf: Shelf
    raw: Mapping[str, RawTable]
    script: Script
    first: date
    last: date
    as_of_end: date
    shared: frozenset[str] = frozenset()
    _values: dict[str, str] = field(default_factory=dict)

    def compose(self, query: Query, spans: Sequence[Span], ending: str = WHOLE) -> Whole:
        """The whole of ``query`` over ``spans``; ``ending`` reads its rows from ``answer``."""
        self._values = {}
        segments = {name: self.shelf.segment(name) for name in query.segments}
        rows = self._rows([query, *(segment.query for segment in segments.values())])
        rest = [(f"segment_{name}", self._segment(segment, spans)) for name, segment in segments.items()]
        rest.append(("answer", self._text(query)))
        texts = [*rows, *rest]
        grid = build_grid(spans, self.first, self.last)
        named = _named(text for _, text in texts)
        raw = raw_parts(self.raw, " ".join(text for _, text in texts))
        parts = [*self._time(grid, named, moments_of(spans)), *raw, *texts]
        return Whole(with_parts(parts, self.script) + ending, self._values)

    def _rows(self, queries: Sequence[Query]) -> list[tuple[str, str]]:
        wanted: dict[str, dict[str, None]] = {}
        for query in queries:
            for entity, columns in query.reads.items():
                wanted.setdefault(entity, {}).update(dict.fromkeys(columns))
        made = ((entity, self.shelf.rows(entity, sorted(columns))) for entity, columns in wanted.items())
        return [(f"rows_{entity}", self._text(query)) for entity, query in made]

    def _segment(self, segment: SegmentQuery, spans: Sequence[Span]) -> str:
        """The keys of a segment at every instant of ``spans``, with its own time in front."""
        days = moments_of(spans)
        back = timedelta(segment.window or 1)
        own = [Span(day - back, day) for day in days if day - date.min >= back]
        text = self._text(segment.query)
        time = self._time(build_grid(own, self.first, self.last), _named([text]), days)
        parts = [*time, ("made", text)]
        return with_parts(parts, self.script) + "SELECT * FROM made"

    def _text(self, query: Query) -> str:
        """The text of ``query`` with its values under names that no other part has."""
        number, bound = len(self._values), query.bound(self.as_of_end)

        def name(own: str) -> str:
            if own in self.shared:
                return own
            new = own if own == AS_OF else f"{own}_{number}"
            self._values[new] = bound[own]
            return new

        return self.script.rename(query.sql, name)

    def _time(self, grid: Grid, named: set[str], moments: Sequence[date]) -> list[tuple[str, str]]:
        tables = [*self.script.time_tables(grid), self.script.moment_table(moments)]
        return [(name, sql) for name, sql in tables if name.partition(" ")[0] in named]


def moments_of(spans: Sequence[Span]) -> list[date]:
    """The days at which a block over ``spans`` may ask who belongs to a segment."""
    return sorted({day for span in spans for day in (span.start, span.end)})


def _named(texts: Iterable[str]) -> set[str]:
    """The tables of time and the raw tables that the texts name, with those that these need."""
    found = {match[1] for text in texts for match in _NAMED.finditer(text)}
    return found | {other for name in found for other in _NEEDS.get(name, ())}


def raw_parts(raw: Mapping[str, RawTable], text: str) -> list[tuple[str, str]]:
    """(name, query) of each raw table that ``text`` names, with the columns that it may name."""
    named = _named([text])
    return [(f"{RAW}{name}", table.query(text)) for name, table in raw.items() if f"{RAW}{name}" in named]


def with_parts(parts: Sequence[tuple[str, str]], script: Script) -> str:
    """The parts as common tables, to stand before a query; nothing where there are none."""
    hints = [script.RAW_HINT if name.startswith(RAW) else "" for name, _ in parts]
    texts = [f"{name} AS {hint}(\n{sql}\n)" for hint, (name, sql) in zip(hints, parts, strict=True)]
    return "WITH " + ",\n".join(texts) + "\n" if texts else ""
