"""A stored entity is what a version of the warehouse holds of an entity: its segments, columns and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sanjeh.definitions.entity import ColumnType
from sanjeh.warehouse.money_width import MoneyWidth

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column at rest; ``filled`` is whether any row has a value, ``coded`` whether ``<name>__code`` stands beside it.

    ``own`` marks a dimension that the company's mapping added. Money's ``sql_type`` holds all segments' values exactly.
    """

    name: str
    type: ColumnType
    sql_type: str
    filled: bool
    coded: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """One immutable parquet file with an entity's rows of one partition, ordered by time and row key.

    ``types`` are the file's columns with their SQL types, ``empty`` those without any value, ``days`` first and last
    day by time column. Its name is never used again, so what is computed from a segment may be kept under its name.
    """

    path: Path
    partition: str
    rows: int
    size: int
    types: Mapping[str, str]
    empty: frozenset[str] = frozenset()
    days: Mapping[str, Days] = field(default_factory=dict)
    money: Mapping[str, MoneyWidth] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredEntity:
    """``granularity`` is all, year or month; ``covers_from`` and ``covers_to`` span what imports stated to be complete.

    ``observed`` (of observations only) gives each measure's first and last day. An entity may have columns and no rows:
    a file without rows was imported, so that zero is known.
    """

    name: str
    columns: Mapping[str, StoredColumn]
    segments: tuple[Segment, ...]
    time: str | None
    granularity: str
    imported_at: datetime
    covers_from: date | None = None
    covers_to: date | None = None
    observed: Mapping[str, Days] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """The segments' files."""
        return tuple(segment.path for segment in self.segments)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return sum(segment.rows for segment in self.segments)

    @property
    def first(self) -> dict[str, date]:
        """The first day by time column; columns without values are absent."""
        return {column: days[0] for column, days in self._days().items()}

    @property
    def last(self) -> dict[str, date]:
        """The last day by time column; columns without values are absent."""
        return {column: days[1] for column, days in self._days().items()}

    def _days(self) -> dict[str, Days]:
        found: dict[str, Days] = {}
        for segment in self.segments:
            for column, (first, last) in segment.days.items():
                seen = found.get(column, (first, last))
                found[column] = (min(seen[0], first), max(seen[1], last))
        return found


@dataclass(frozen=True, slots=True)
class Chunk:
    """A parquet file of a dictionary: ``size`` rows of code and value."""

    path: Path
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The values of a domain (a column's name, in whatever entity) with dense codes from 0; a code never changes."""

    chunks: tuple[Chunk, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, in the order of their codes."""
        return tuple(chunk.path for chunk in self.chunks)

    @property
    def size(self) -> int:
        """How many values there are; codes are 0 to size - 1."""
        return sum(chunk.rows for chunk in self.chunks)
