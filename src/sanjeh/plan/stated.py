"""Stated numbers are few and typed by people: observations, targets and budgets, the price index, campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from sanjeh.calendars import Span
from sanjeh.definitions import Measure
from sanjeh.series import Ask, Condition, Mode, Reason, Series, Slot, checked, missing
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
class Stated:
    """Everything stated in a workspace; ``lasting`` holds, for entities whose rows last for a span, these spans."""

    observations: tuple[StatedValue, ...] = ()
    targets: tuple[StatedValue, ...] = ()
    prices: PriceIndex | None = None
    price_base: date | None = None
    campaigns: tuple[Campaign, ...] = ()
    lasting: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    def is_split(self, entity: str, slot: Slot) -> bool:
        """Whether the slot is shorter than a number stated for a span around it, which is never split."""
        whole = Span(slot.start, max(whole_end(slot), slot.start))
        spans = self.lasting.get(entity, ())
        return any(span.days > whole.days and span.overlaps(whole) for span in spans)

    def members(self, dimension: str) -> set[str]:
        """The members of ``dimension`` that targets or observations name."""
        rows = (*self.targets, *self.observations)
        return {value for row in rows for name, value in row.scope if name == dimension}


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
    parts = sorted((row for row in own if row.span.start >= whole.start and row.span.end <= whole.end), key=_start)
    tiled = bool(parts) and parts[0].span.start == whole.start and parts[-1].span.end == whole.end
    tiled = tiled and all(a.span.end == b.span.start for a, b in pairwise(parts))
    if additive and tiled:
        return sum(row.value for row in parts), Reason.VALUE
    return float("nan"), Reason.NO_DATA


def _start(row: StatedValue) -> date:
    return row.span.start


def read_observation(
    measure: Measure, rows: Sequence[StatedValue], slot: Slot, mode: Mode, scope: Scope | None, oldest: int
) -> tuple[float, Reason]:
    """The observed number for a slot: the state seen last, the sum of the parts, or the one of exactly this span."""
    own = [row for row in rows if scope is not None and row.scope == scope]
    if measure.kind.is_balance:
        instant = slot.start if mode is Mode.OPENING else slot.end
        seen = [row for row in own if instant - timedelta(oldest) <= row.span.start < instant]
        return (max(seen, key=_start).value, Reason.VALUE) if seen else (float("nan"), Reason.NO_DATA)
    end = whole_end(slot)
    inside = [row for row in own if slot.start <= row.span.start < end]
    if not inside:
        covering = any(row.span.start < slot.start < row.span.end for row in own)
        return float("nan"), Reason.INCOMPARABLE if covering else Reason.NO_DATA
    if any(row.span.end > end for row in inside):
        return float("nan"), Reason.INCOMPARABLE
    if measure.kind.adds_over_time:
        return sum(row.value for row in inside), Reason.VALUE
    exact = [row for row in inside if row.span == Span(slot.start, end)]
    return (exact[-1].value, Reason.VALUE) if exact else (float("nan"), Reason.INCOMPARABLE)


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
