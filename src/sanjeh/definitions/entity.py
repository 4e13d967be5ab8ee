"""An entity is a canonical table: typed columns, a key, time columns, and the many-to-one relations it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sanjeh.definitions.text import Text
from sanjeh.errors import Place


class ColumnType(StrEnum):
    """What the values of a column are; decides storage, cleaning and what a formula may do with them."""

    KEY = "key"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    INTEGER = "integer"
    MONEY = "money"
    BOOLEAN = "boolean"


AT_ITS_TIME, AHEAD = "at_its_time", "ahead"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an entity, with the words by which exports usually call it.

    An empty value stands for the literal ``default`` (as text), or for what the row has in its column ``default_from``.
    ``value_synonyms`` maps a canonical value to the spellings that exports use for it. ``minimum`` and ``maximum``
    bound a number; values outside are set aside at import (a rating of 11 on 0..10).

    ``known`` says from when on the value is known, for questions about a past day: ``at_its_time`` for the time of an
    outcome (converted_at), ``ahead`` for a plan or a validity (ends_on), else the time column that brings the value
    (closed_at brings the outcome; only the ``known_values`` of it, where there are such). Without it, the value is as
    old as the row.
    """

    name: str
    type: ColumnType
    title: Text = Text()
    required: bool = False
    default: str | None = None
    default_from: str | None = None
    unit: str | None = None
    values: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    value_synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    known: str | None = None
    known_values: tuple[str, ...] = ()

    @property
    def has_default(self) -> bool:
        """Whether an empty value stands for another one."""
        return self.default is not None or self.default_from is not None


@dataclass(frozen=True, slots=True)
class Relation:
    """A many-to-one path to another entity: each row has at most one row there."""

    name: str
    entity: str
    on: str
    to: str


@dataclass(frozen=True, slots=True)
class Join:
    """A sub-select folded to one row per ``on`` before it meets the entity, so that it cannot multiply rows.

    ``select`` is SQL over entity names and must return the column(s) named in ``on``, unique.
    """

    name: str
    select: str
    on: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """A column computed from the row, its relations and folded joins; an own column of that name wins where given."""

    name: str
    type: ColumnType
    expression: str
    joins: tuple[Join, ...] = ()
    title: Text = Text()


@dataclass(frozen=True, slots=True)
class Entity:
    """A canonical table of the model.

    ``keys`` lists the alternatives for what makes a row itself, best first (``(("line_id",), ("order_id",
    "product_id"))``);
    a row of an entity without a usable key is known by its content.
    ``rows`` is SQL that replaces the stored rows (a union, a de-duplication), over entity names, ``self`` being the
    stored rows.
    ``derived_only`` marks an entity that has no rows of its own (touches).
    ``span_grain`` names the column that says how long a stated row lasts (competitor_spend.grain).
    ``coverage_of`` names the entity whose first row decides where zero begins (order_lines: orders).
    """

    id: str
    title: Text
    description: Text
    grain: Text
    keys: tuple[tuple[str, ...], ...]
    times: tuple[str, ...]
    columns: Mapping[str, Column]
    dimensions: tuple[str, ...] = ()
    relations: Mapping[str, Relation] = field(default_factory=dict)
    derived: Mapping[str, Derived] = field(default_factory=dict)
    rows: str | None = None
    derived_only: bool = False
    span_grain: str | None = None
    coverage_of: str | None = None
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: Place | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns without which a row means nothing."""
        return tuple(name for name, column in self.columns.items() if column.required)

    @property
    def dated_by(self) -> tuple[str, ...]:
        """The columns of which the first filled one dates a row, so that a row dated later is not there yet.

        None where rows are plans (targets), have no time (products), or that of a related row (order_lines).
        """
        time = self.columns.get(self.times[0]) if self.times else None
        if time is None or time.known == AHEAD:
            return ()
        return (time.name, *([time.default_from] if time.default_from else []))

    def known_from(self, name: str) -> str | None:
        """The time column from which on the column ``name`` is known, or None where that is the row's own time."""
        known = self.columns[name].known
        return name if known == AT_ITS_TIME else None if known == AHEAD else known
