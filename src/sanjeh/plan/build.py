"""Building a plan: what the formulas ask is gathered, then grouped into the fewest blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sanjeh.calendars import Span
from sanjeh.definitions import Catalogue, Kind, ParameterValue, Rule
from sanjeh.plan.block import Block, Need, Plan, Strategy
from sanjeh.plan.choose import choose_binding
from sanjeh.plan.holdings import Holdings
from sanjeh.series import Ask, Condition, Mode, Reason, Series, Slot, missing, of_values

Key = tuple[str, Mode, tuple[Condition, ...], tuple[str, ...]]


@dataclass(slots=True)
class Collector:
    """A source that answers nothing and notes everything asked of it."""

    asked: dict[Key, dict[Span, None]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    goals: dict[str, None] = field(default_factory=dict)
    deflated: bool = False

    def measure(self, ask: Ask) -> Series:
        """A blank of the right number of periods; the ask is noted."""
        key = (ask.measure, ask.mode, ask.conditions, ask.by)
        self.asked.setdefault(key, {}).update({slot.span: None for slot in ask.slots})
        return of_values(np.ones((len(ask.slots), 1)))

    def target(self, ask: Ask, scenario: str, additive: bool) -> Series:
        """A blank; targets are few and need no plan."""
        self.goals[ask.measure] = None
        return of_values(np.ones((len(ask.slots), 1)))

    def deflator(self, slots: Sequence[Slot]) -> Series:
        """A blank."""
        self.deflated = True
        return missing(Reason.NO_DATA, len(slots))

    def has_source(self, measure: str) -> bool:
        """Whether the measure has data, so that what ``plus`` leaves out is not asked."""
        return measure in self.known

    def members(self, by: tuple[str, ...]) -> int:
        """One: members are not known yet."""
        return 1

    def groups(self, by: tuple[str, ...], inner: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """The only member belongs to the only group."""
        return np.zeros(1, dtype=np.intp)

    def place(self, by: tuple[str, ...], member: tuple[str | None, ...]) -> int | None:
        """Nothing is known yet."""
        return None


def build_plan(
    asked: Mapping[Key, Mapping[Span, None]],
    catalogue: Catalogue,
    holdings: Holdings,
    settings: Mapping[str, ParameterValue],
) -> Plan:
    """The blocks that answer ``asked``; measures without rows of their own are left to observations."""
    groups: dict[tuple[Strategy, str, tuple[str, ...], str | None, bool], tuple[list[Need], dict[Span, None]]] = {}
    for (name, mode, conditions, by), spans in asked.items():
        measure = catalogue.measures[name]
        binding = choose_binding(measure, catalogue, holdings, settings)
        if binding is None or binding.entity == "observations":
            continue
        need = Need(measure, binding, mode, conditions, by)
        strategy = choose_strategy(need, catalogue)
        by_day = len(spans) > 1 and all(span.days == 1 for span in spans)
        key = (strategy, binding.entity, binding.times, binding.until, by_day)
        needs, all_spans = groups.setdefault(key, ([], {}))
        needs.append(need)
        all_spans.update(spans)
    return Plan(
        tuple(
            Block(strategy, entity, times, tuple(needs), tuple(sorted(spans)))
            for (strategy, entity, times, _, _), (needs, spans) in groups.items()
        )
    )


_STATES = (Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED)
_BY_KIND = {
    Kind.MEDIAN: Strategy.WITHIN,
    Kind.FIRST: Strategy.FIRST,
    Kind.RETURNING: Strategy.RETURNING,
    Kind.SPAN: Strategy.BALANCE,
    Kind.SNAPSHOT: Strategy.SNAPSHOT,
    **dict.fromkeys(_STATES, Strategy.STATE),
}


def choose_strategy(need: Need, catalogue: Catalogue) -> Strategy:
    """How ``need`` is computed: by its kind, or within each span where its filter moves with the span."""
    fixed = _BY_KIND.get(need.kind)
    if fixed is not None:
        return fixed
    moving = "segment(" in (need.binding.where or "") or any(is_flag(catalogue, c.dimension) for c in need.conditions)
    holistic = need.measure.latest_per or len(need.binding.times) > 1
    return Strategy.WITHIN if moving or holistic else Strategy.FLOW


def is_flag(catalogue: Catalogue, dimension: str) -> bool:
    """Whether the dimension is a flag that is read as of the span's start (is_key_account)."""
    return flag_key(catalogue, dimension) is not None


def flag_key(catalogue: Catalogue, dimension: str) -> str | None:
    """The key whose rows carry the flag ``dimension``, or None where it is no flag."""
    for segment in catalogue.segments.values():
        for membership in segment.choices.values():
            if membership.rule is Rule.FLAG and membership.where == dimension:
                return segment.key
    return None
