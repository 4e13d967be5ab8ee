"""Stated numbers are few and typed by people: observations, targets and budgets, the price index, campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from sanjeh.calendars import Span
from sanjeh.definitions import Measure
from sanjeh.series import BEGINNING, Ask, Condition, Mode, Reason, Series, Slot, checked, missing
from sanjeh.units import PriceIndex

Scope = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A number that somebody wrote down: for a measure or KPI, a span and a scope; ``scenario`` for targets."""

    name: str
    span: Span
    value: float
    scope: Scope = frozenset()
    scenario: str = ""
    grain: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign's name and the span [first day, day after the last day)."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Lasting:
    """The span of a row that lasts for one (a rival's monthly spend), and the row's dimensions."""

    span: Span
    members: Mapping[str, str | None] = field(default_factory=dict)

    def meets(self, condition: Condition) -> bool:
        """Whether the condition lets the row in; one on a dimension that is not the row's own always does."""
        if condition.dimension not in self.members:
            return True
        return (self.members[condition.dimension] in condition.values) is not condition.negated


def is_split(spans: Iterable[Span], slot: Slot) -> bool:
    """Whether the slot is shorter than a number stated for one of ``spans`` around it, which is never split."""
    whole = Span(slot.start, whole_end(slot))
    return any(span.days > whole.days and span.overlaps(whole) for span in spans)


@dataclass(frozen=True, slots=True)
class Stated:
    """Everything stated in a workspace; ``lasting`` holds, for entities whose rows last for a span, these
    spans with the dimensions of their rows. No customer's purchase before ``history_from`` is missing that anybody
    would need."""

    observations: tuple[StatedValue, ...] = ()
    targets: tuple[StatedValue, ...] = ()
    prices: PriceIndex | None = None
    price_base: date | None = None
    campaigns: tuple[Campaign, ...] = ()
    lasting: Mapping[str, tuple[Lasting, ...]] = field(default_factory=dict)
    history_from: date | None = None

    def lasting_of(
        self, entity: str, conditions: Iterable[Condition], by: Sequence[str], member: Sequence[str | None]
    ) -> tuple[Span, ...]:
        """The spans of the entity's lasting rows that conditions and a member let in."""
        wanted = [*conditions, *(Condition(name, (value,)) for name, value in zip(by, member, strict=True))]
        return tuple(row.span for row in self.lasting.get(entity, ()) if all(row.meets(each) for each in wanted))

    def members(self, by: Sequence[str], names: frozenset[str] | None = None) -> set[tuple[str, ...]]:
        """The members of the dimensions ``by`` that targets or observations (of ``names``, default: all) name."""
        rows = (row for row in (*self.targets, *self.observations) if names is None or row.name in names)
        scopes = {row.scope for row in rows}
        found = (dict(scope) for scope in scopes)
        return {tuple(scope[name] for name in by) for scope in found if all(name in scope for name in by)}


def scope_of(conditions: Iterable[Condition], by: Sequence[str], member: Sequence[str | None]) -> Scope | None:
    """The scope that conditions and a member mean, or None where no stated row could mean exactly that."""
    pairs: dict[str, str] = {}
    for condition in conditions:
        if condition.negated or len(condition.values) != 1 or condition.values[0] is None:
            return None
        pairs[condition.dimension] = condition.values[0]
    for name, value in zip(by, member, strict=True):
        if value is None or pairs.get(name, value) != value:
            return None
        pairs[name] = value
    return frozenset(pairs.items())


def whole_end(slot: Slot) -> date:
    """The end of the slot's period, were it not cut at the instant of knowledge."""
    return slot.last.end if slot.last else slot.end


def read_target(rows: Sequence[StatedValue], slot: Slot, scope: Scope | None, additive: bool) -> tuple[float, Reason]:
    """The target of exactly the slot's span and scope; else, when additive, the sum of rows that tile it."""
    whole = Span(slot.start, whole_end(slot))
    own = [row for row in rows if scope is not None and row.scope == scope]
    for row in own:
        if row.span == whole:
            return row.value, Reason.VALUE
    parts = tile(own, whole.start, whole.end, whole.end) if additive else None
    return (float("nan"), Reason.NO_DATA) if parts is None else (sum(row.value for row in parts), Reason.VALUE)


def tile(rows: Sequence[StatedValue], start: date, least: date, end: date) -> list[StatedValue] | None:
    """Rows side by side from ``start`` to at least ``least`` and at most ``end``, longer ones first; None without."""
    by_start: dict[date, list[StatedValue]] = {}
    for row in sorted(rows, key=lambda row: row.span.days):
        if start <= row.span.start and row.span.end <= end:
            by_start.setdefault(row.span.start, []).append(row)
    chosen: list[StatedValue] = []
    while (reached := chosen[-1].span.end if chosen else start) < least:
        # What was tried from a day is taken out, so that a dead end is entered once.
        if by_start.get(reached):
            chosen.append(by_start[reached].pop())
        elif chosen:
            chosen.pop()
        else:
            return None
    return chosen


def _start(row: StatedValue) -> date:
    return row.span.start


def read_observation(
    measure: Measure, rows: Sequence[StatedValue], slot: Slot, mode: Mode, scope: Scope | None, oldest: int
) -> tuple[float, Reason]:
    """The observed number for a slot: the state seen last, the sum of the parts, or the one of exactly this span."""
    own = [row for row in rows if scope is not None and row.scope == scope]
    if measure.kind.is_balance:
        instant = slot.start if mode is Mode.OPENING else slot.end
        seen = [row for row in own if row.span.start < instant <= row.span.start + timedelta(oldest)]
        return (max(seen, key=_start).value, Reason.VALUE) if seen else (float("nan"), Reason.NO_DATA)
    end = whole_end(slot)
    exact = [row for row in own if row.span == Span(slot.start, end)]
    if exact:
        return exact[-1].value, Reason.VALUE
    near = [row for row in own if row.span.start < end and slot.start < row.span.end]
    if not near:
        return float("nan"), Reason.NO_DATA
    start = min(row.span.start for row in near) if slot.start == BEGINNING else slot.start
    parts = tile(near, start, slot.end, end) if measure.kind.adds_over_time else None
    if parts is not None:
        return sum(row.value for row in parts), Reason.VALUE
    if measure.kind.adds_over_time and all(row.span.days == 1 for row in near):
        return sum(row.value for row in near), Reason.VALUE  # what was logged day by day; a day without is none
    return float("nan"), _why_not(measure, near, Span(slot.start, end))


def _why_not(measure: Measure, near: Sequence[StatedValue], whole: Span) -> Reason:
    """No data where only some of the parts were stated; incomparable where what was stated cannot be added up."""
    inside = all(whole.start <= row.span.start and row.span.end <= whole.end for row in near)
    return Reason.NO_DATA if measure.kind.adds_over_time and inside else Reason.INCOMPARABLE


def read_event(
    measure: Measure, rows: Sequence[StatedValue], slot: Slot, scope: Scope | None
) -> tuple[float, Reason, bool]:
    """The number of what is only ever stated (hours of training), and whether a row stands behind it.

    After the first row, what was not stated did not happen. Where the scope itself was never stated, its parts are
    added, if all are parts by the same dimensions.
    """
    own = [row for row in rows if row.scope == scope]
    finer = [row for row in rows if scope is not None and row.scope > scope]
    if not own and len({frozenset(name for name, _ in row.scope) for row in finer}) == 1:
        parts = [read_event(measure, finer, slot, part) for part in sorted({row.scope for row in finer}, key=sorted)]
        known = [value for value, reason, _ in parts if reason is Reason.VALUE]
        bad = next((reason for _, reason, _ in parts if reason not in (Reason.VALUE, Reason.NO_DATA)), None)
        if bad is not None or not known:
            return float("nan"), bad or Reason.NO_DATA, False
        return sum(known), Reason.VALUE, any(there for _, _, there in parts)
    value, reason = read_observation(measure, own, slot, Mode.FLOW, scope, 0)
    if reason is not Reason.NO_DATA:
        return value, reason, reason is Reason.VALUE
    first = min((row.span.start for row in own), default=slot.end)
    inside = _apart([row for row in own if slot.start <= row.span.start < whole_end(slot)])
    total = sum(row.value for row in inside)
    return (total, Reason.VALUE, bool(inside)) if first < slot.end else (float("nan"), Reason.NO_DATA, False)


def _apart(rows: Sequence[StatedValue]) -> list[StatedValue]:
    """Those of ``rows`` that share no day, a longer one before the shorter ones within it."""
    chosen: list[StatedValue] = []
    for row in sorted(rows, key=lambda row: -row.span.days):
        if not any(row.span.overlaps(other.span) for other in chosen):
            chosen.append(row)
    return chosen


def deflate(stated: Stated, slots: Sequence[Slot]) -> Series:
    """Base-month index over the index in force at each slot's start, as one column; no_data where either is unknown."""
    if stated.prices is None:
        return missing(Reason.NO_DATA, len(slots))
    values = np.full((len(slots), 1), np.nan)
    for n, slot in enumerate(slots):
        factor = stated.prices.factor(slot.start, stated.price_base) if stated.price_base else None
        values[n, 0] = np.nan if factor is None else float(factor)
    reasons = np.where(np.isnan(values), np.int16(Reason.NO_DATA), np.int16(0)).astype(np.int16)
    return checked(values, reasons, np.zeros(values.shape, np.int16), reasons == 0)


def fill(
    ask: Ask,
    members: Sequence[tuple[str | None, ...]],
    read: Callable[[Slot, Scope | None], tuple[float, Reason]],
) -> Series:
    """The series of ``read(slot, scope)`` at every slot and member."""
    values = np.full((len(ask.slots), len(members)), np.nan)
    reasons = np.full(values.shape, Reason.NO_DATA, np.int16)
    for column, member in enumerate(members):
        scope = scope_of(ask.conditions, ask.by, member)
        for row, slot in enumerate(ask.slots):
            value, reason = read(slot, scope)
            values[row, column], reasons[row, column] = value, reason
    return checked(values, reasons, np.zeros(values.shape, np.int16), reasons == Reason.VALUE)
