"""A statement is one finished query with what must stand ready when it runs and how to read what it returns.

The tables ``spans(span, s, e)``, ``atoms(day, atom)``, ``atom_spans(atom, span)``, ``instants(t)`` and, for segments,
``moments(t, chunk, bit)`` stand ready; so do ``rows_<entity>`` for what it reads and ``segment_<id>(chunk, key, ats)``
for the segments it asks: a key belongs at the moment whose bit is among ``ats``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sanjeh.plan.block import Need

Reads = Mapping[str, tuple[str, ...]]
AS_OF = "as_of"
_AS_OF_OR_QUOTED = re.compile(rf"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\${AS_OF}\b""")


@dataclass(frozen=True, slots=True)
class Query:
    """Text of SQL with the values bound in it and the columns that it reads of each entity's rows."""

    sql: str
    values: Mapping[str, str] = field(default_factory=dict)
    reads: Reads = field(default_factory=dict)
    segments: tuple[str, ...] = ()

    def bound(self, as_of_end: date) -> dict[str, str]:
        """The values by name; the instant of knowledge is filled in when the query runs."""
        return {name: as_of_end.isoformat() if name == AS_OF else value for name, value in self.values.items()}

    def written(self, as_of_end: date) -> str:
        """The text with the instant of knowledge written in, for a view, which can have no values bound in it."""
        return _AS_OF_OR_QUOTED.sub(lambda found: found[1] or f"'{as_of_end.isoformat()}'", self.sql)


@dataclass(frozen=True, slots=True)
class Statement:
    """A query whose rows are (span number, members of ``by``..., then value and row count of each need in order)."""

    query: Query
    needs: tuple[Need, ...]
    by: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The text of the query."""
        return self.query.sql


@dataclass(frozen=True, slots=True)
class SegmentQuery:
    """The query that returns (chunk, key, ats) of a segment: over ``spans`` that end at each moment when it looks back
    over a window of days, else over ``moments``."""

    query: Query
    window: int | None = None
