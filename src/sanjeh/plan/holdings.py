"""Holdings say what a workspace has: which entities, which of their columns, from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sanjeh.definitions import ColumnType


@dataclass(frozen=True, slots=True)
class Held:
    """One entity's rows at rest: the columns that have values, the first and last day of each time column.

    ``extra`` holds the types of columns that the model does not know (own dimensions of a source's mapping).
    ``empty`` names those of the columns that no row has a value in. ``covers_from`` is the day from which the source
    says it is complete, whether or not rows exist.
    """

    columns: frozenset[str]
    rows: int
    first: Mapping[str, date] = field(default_factory=dict)
    last: Mapping[str, date] = field(default_factory=dict)
    extra: Mapping[str, ColumnType] = field(default_factory=dict)
    covers_from: date | None = None
    covers_to: date | None = None
    imported_on: date | None = None
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is to ask; ``codes`` holds the size of each key's dictionary, ``version`` changes with the data.

    ``is_cut`` says that the rows at rest go on after the day of knowledge, so that statements must leave out the rest.
    """

    entities: Mapping[str, Held] = field(default_factory=dict)
    observed: frozenset[str] = frozenset()
    codes: Mapping[str, int] = field(default_factory=dict)
    version: str = ""
    is_cut: bool = False

    def has(self, entity: str) -> bool:
        """Whether the entity has rows."""
        held = self.entities.get(entity)
        return held is not None and held.rows > 0
