"""A need is one measure to be aggregated at spans; a block is the needs that one pass over an entity answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sanjeh.calendars import Span
from sanjeh.definitions import Binding, Kind, Measure
from sanjeh.series import Condition, Mode


class Strategy(StrEnum):
    """How a block is computed; decided by the measure's kind and its filter."""

    FLOW = "flow"
    WITHIN = "within"
    FIRST = "first"
    RETURNING = "returning"
    STATE = "state"
    BALANCE = "balance"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Need:
    """One measure through one of its bindings, at a mode, under conditions, by dimensions."""

    measure: Measure
    binding: Binding
    mode: Mode
    conditions: tuple[Condition, ...]
    by: tuple[str, ...]

    @property
    def kind(self) -> Kind:
        """How the rows of this binding behave."""
        return self.binding.kind or self.measure.kind

    @property
    def key(self) -> tuple[str, Mode, tuple[Condition, ...], tuple[str, ...]]:
        """What tells this need from another within one plan."""
        return (self.measure.id, self.mode, self.conditions, self.by)


@dataclass(frozen=True, slots=True)
class Block:
    """Needs of one entity, time column(s) and strategy, over the same spans."""

    strategy: Strategy
    entity: str
    times: tuple[str, ...]
    needs: tuple[Need, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The blocks that answer a question."""

    blocks: tuple[Block, ...]
