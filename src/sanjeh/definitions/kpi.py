"""A KPI is a formula over measures and KPIs, with a unit, a direction, a timing and a place on the scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sanjeh.definitions.text import Text
from sanjeh.errors import Place


class Direction(StrEnum):
    """Which way is good."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"
    RANGE = "range"


class Timing(StrEnum):
    """Whether the KPI speaks of what will come (leading) or of what has happened (lagging)."""

    LEADING = "leading"
    LAGGING = "lagging"


class Perspective(StrEnum):
    """The four groups of a balanced scorecard."""

    FINANCIAL = "financial"
    CUSTOMER = "customer"
    PROCESS = "process"
    LEARNING = "learning"


@dataclass(frozen=True, slots=True)
class Example:
    """Rows of entities and what the formula makes of them.

    ``rows`` maps an entity to its rows (column to cell, as text). ``expect`` maps a variant ("" the default) to a
    number or a
    reason code. ``marks`` maps a variant to the marks expected. ``where`` filters like the command line's --where.
    """

    period: str
    rows: Mapping[str, tuple[Mapping[str, str], ...]]
    expect: Mapping[str, float | str]
    calendar: str = "gregorian"
    as_of: str | None = None
    parameters: Mapping[str, str | float] = field(default_factory=dict)
    where: str | None = None
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: Text = Text()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A named other reading of a KPI; may declare its own unit, direction and timing."""

    id: str
    title: Text
    formula: str
    unit: str
    direction: Direction
    timing: Timing
    description: Text = Text()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class KPI:
    """A KPI of the standard catalogue or of a workspace.

    ``periods`` are the grains it is usually read at ("campaign" means one value per campaign). ``breakdown`` is the
    dimension it is usually read by; with ``needs_breakdown`` it means nothing in data without that dimension.
    ``basis`` says on what it stands where its name or its neighbours suggest another. ``limits`` of the natural range
    (lower, upper), None where open.
    """

    id: str
    title: Text
    description: Text
    question: Text
    formula: str
    unit: str
    direction: Direction
    timing: Timing
    perspective: Perspective
    periods: tuple[str, ...] = ("month",)
    packs: tuple[str, ...] = ()
    list_items: tuple[str, ...] = ()
    variants: Mapping[str, Variant] = field(default_factory=dict)
    pitfalls: tuple[Text, ...] = ()
    breakdown: str | None = None
    needs_breakdown: bool = False
    basis: Text = Text()
    limits: tuple[float | None, float | None] = (None, None)
    sources: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    own: bool = False
    place: Place | None = None
