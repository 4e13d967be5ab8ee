"""A measure is an aggregation of one entity's rows on one time column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sanjeh.definitions.text import Text
from sanjeh.errors import Place


class Kind(StrEnum):
    """How a measure behaves over periods and members; decides roll-up and what a span without rows means."""

    SUM = "sum"
    COUNT = "count"
    DISTINCT = "distinct"
    FIRST = "first"
    RETURNING = "returning"
    ACTIVE = "active"
    LOST = "lost"
    RETAINED = "retained"
    REACTIVATED = "reactivated"
    SPAN = "span"
    SNAPSHOT = "snapshot"
    MEDIAN = "median"
    COHORT = "cohort"
    REPORTED = "reported"

    @property
    def is_balance(self) -> bool:
        """Whether the value is a state at an instant, so that it may stand only inside opening, closing or average."""
        return self in (Kind.ACTIVE, Kind.SPAN, Kind.SNAPSHOT)

    @property
    def adds_over_time(self) -> bool:
        """Whether the values of neighbouring spans add up to the value of the whole."""
        return self in (Kind.SUM, Kind.COUNT, Kind.FIRST, Kind.COHORT)

    @property
    def adds_over_members(self) -> bool:
        """Whether the values of the members add up to the total."""
        return self in (Kind.SUM, Kind.COUNT, Kind.FIRST, Kind.COHORT, Kind.SPAN, Kind.SNAPSHOT)


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a measure's rows come from: an entity, the expression aggregated, the filter, the time column(s).

    ``times`` holds more than one column when a row counts if any of them lies in the span (mql_at or sql_at).
    ``until`` is the column that ends a span-kind row. ``when`` limits the binding to values of parameters
    (``{"customer_basis": "contracts"}``); such a binding comes before the others.
    ``kind`` says that these rows behave otherwise than the measure's own (visitors already counted are only reported).
    Expressions and filters are SQL of the common subset; ``:name`` is a
    parameter; ``relation.column`` follows a many-to-one path; ``segment(name, opening|closing)`` asks membership.
    """

    entity: str
    expression: str = "1"
    where: str | None = None
    times: tuple[str, ...] = ()
    until: str | None = None
    when: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What each member of a segment weighs: a measure summed over a window of days before the span's start."""

    measure: str
    window: str


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregation with its kind, unit and bindings (the first whose entity has rows is used; observations come
    last).

    ``ripe`` names the parameter that holds the ripening days of a cohort. ``having`` keeps keys with at least that
    many rows.
    ``latest_per`` keeps, per span, only the last row of each combination of these columns (rows with an empty one all
    count).
    """

    id: str
    title: Text
    kind: Kind
    unit: str
    bindings: tuple[Binding, ...]
    description: Text = Text()
    ripe: str | None = None
    having: int = 1
    weight: Weight | None = None
    latest_per: tuple[str, ...] = ()
    place: Place | None = None

    @property
    def rests_on_history(self) -> bool:
        """Whether purchases before the data would change it, as it knows customers by their orders."""
        return self.kind in _HISTORY and any(binding.entity in ("orders", "customers") for binding in self.bindings)


_HISTORY = (Kind.FIRST, Kind.RETURNING, Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED)
