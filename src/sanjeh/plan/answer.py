"""Answers turn what the engine returned, and what people stated, into series with reasons and marks.

Coverage decides between zero and missing: a span that ends after the entity's first row is covered, so that no rows
there mean zero for what adds up; everything else without rows is no_data.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from sanjeh.calendars import Grain, Span
from sanjeh.definitions import Binding, Catalogue, Kind, Measure, ParameterValue
from sanjeh.plan.build import Key
from sanjeh.plan.choose import choose_binding
from sanjeh.plan.holdings import Holdings
from sanjeh.plan.stated import (
    Stated,
    StatedValue,
    deflate,
    fill,
    is_split,
    read_event,
    read_observation,
    read_target,
    scope_of,
    whole_end,
)
from sanjeh.plan.whole_number import read_whole_number
from sanjeh.series import BEGINNING, Ask, Mark, Mode, Reason, Series, Slot, checked

Member = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one need came to: (span, member) to (value, number of rows behind it)."""

    values: Mapping[tuple[Span, Member], tuple[float | None, int]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A stated number that does not agree with the rows; the rows win."""

    measure: str
    span: Span
    rows: float
    stated: float


def _is_asked(key: Key, member: Member) -> bool:
    """Whether the conditions leave the member in: who asks for all channels but one does not want that one as zero."""
    _, _, conditions, by = key
    return all(c.keeps(member[by.index(c.dimension)]) for c in conditions if c.dimension in by)


@dataclass(slots=True)
class Answers:
    """The source that formulas are evaluated over.

    ``asked`` and ``names`` are the needs (with spans) and the measures or targets that members are
    taken from; None means all.
    """

    catalogue: Catalogue
    settings: Mapping[str, ParameterValue]
    holdings: Holdings
    stated: Stated
    as_of_end: date
    found: Mapping[Key, Answer]
    differences: list[Difference] = field(default_factory=list)
    asked: Mapping[Key, Container[Span]] | None = None
    names: frozenset[str] | None = None
    _members: dict[tuple[str, ...], tuple[Member, ...]] = field(default_factory=dict)
    _places: dict[tuple[str, ...], dict[Member, int]] = field(default_factory=dict)

    def of_reading(self, asked: Mapping[Key, Container[Span]], goals: Iterable[str]) -> Answers:
        """The same answers with the members that one reading's own needs at its own spans, and its targets, name."""
        names = frozenset(goals) | {key[0] for key in asked}
        return replace(self, asked=asked, names=names, _members={}, _places={})

    def members_of(self, by: tuple[str, ...]) -> tuple[Member, ...]:
        """The members of the dimensions ``by`` that rows or stated numbers name, in order, the empty one last.

        Needs by more dimensions count too: a mean across salespersons by channel asks no need by channel alone.
        """
        if by not in self._members:
            seen: set[Member] = {()} if not by else set(self.stated.members(by, self.names))
            for key, answer in self.found.items():
                if by and set(by) <= set(key[3]) and (self.asked is None or key in self.asked):
                    places, spans = [key[3].index(name) for name in by], self.asked and self.asked[key]
                    own = {member for span, member in answer.values if spans is None or span in spans}
                    own = {member for member in own if _is_asked(key, member)}
                    seen.update(tuple(member[place] for place in places) for member in own)
            ordered = sorted(seen, key=lambda member: tuple((part is None, part or "") for part in member))
            self._members[by] = tuple(ordered)
            self._places[by] = {member: n for n, member in enumerate(ordered)}
        return self._members[by]

    def members(self, by: tuple[str, ...]) -> int:
        """How many members ``by`` has."""
        return len(self.members_of(by))

    def place(self, by: tuple[str, ...], member: Member) -> int | None:
        """The number of ``member`` among the members of ``by``."""
        self.members_of(by)
        return self._places[by].get(member)

    def groups(self, by: tuple[str, ...], inner: tuple[str, ...]) -> NDArray[np.intp]:
        """For each member of ``by``, the number of its member of ``inner``."""
        positions = [by.index(name) for name in inner]
        self.members_of(inner)
        places = self._places[inner]
        return np.array([places.get(tuple(m[p] for p in positions), -1) for m in self.members_of(by)], dtype=np.intp)

    def has_source(self, measure: str) -> bool:
        """Whether rows or observations can feed the measure."""
        known = self.catalogue.measures.get(measure)
        return measure in self.holdings.observed or (
            known is not None and choose_binding(known, self.catalogue, self.holdings, self.settings) is not None
        )

    def target(self, ask: Ask, scenario: str, additive: bool) -> Series:
        """The stated target at each slot and member."""
        rows = [row for row in self.stated.targets if row.name == ask.measure and row.scenario == scenario]
        return fill(ask, self.members_of(ask.by), lambda slot, scope: read_target(rows, slot, scope, additive))

    def deflator(self, slots: Sequence[Slot]) -> Series:
        """The factor into the base month's prices."""
        return deflate(self.stated, slots)

    def measure(self, ask: Ask) -> Series:
        """The measure at each slot and member, from rows where there are any, else from observations."""
        measure = self.catalogue.measures[ask.measure]
        binding = choose_binding(measure, self.catalogue, self.holdings, self.settings)
        if binding is None:
            return self._not_yet(self._observed(measure, ask), ask)
        if binding.entity == "observations":
            return self._not_yet(self._events(measure, ask), ask)
        if (binding.kind or measure.kind) is Kind.REPORTED:
            return self._not_yet(self._reported(measure, ask), ask)
        series = self._from_rows(measure, binding, ask)
        self._compare(measure, binding, ask, series)
        if measure.id in self.holdings.observed:
            series = self._filled(series, measure, binding, ask)
        return self._not_yet(series, ask)

    def _not_yet(self, series: Series, ask: Ask) -> Series:
        cut = np.array([[slot.elapsed is not None and slot.end == self.as_of_end] for slot in ask.slots]).reshape(-1, 1)
        series = series.marked(Mark.PARTIAL, cut)
        future = np.array([[slot.start >= self.as_of_end] for slot in ask.slots]).reshape(-1, 1)
        if not future.any():
            return series
        reasons = np.where(np.broadcast_to(future, series.shape), np.int16(Reason.NOT_YET), series.reasons).astype(
            np.int16
        )
        return Series(np.where(reasons == Reason.VALUE, series.values, np.nan), reasons, series.marks, series.present)

    def _from_rows(self, measure: Measure, binding: Binding, ask: Ask) -> Series:
        values, counts = self._arrays(ask)
        covered = np.array([[self._is_covered(binding, ask.mode, slot)] for slot in ask.slots]).reshape(-1, 1)
        covered = np.broadcast_to(covered, values.shape)
        none, unknown = counts == 0, np.isnan(values)
        if measure.kind in (Kind.MEDIAN, Kind.SNAPSHOT):
            missing = none | unknown
        else:
            missing = ~covered | (unknown & ~none)
            values = np.where(none & unknown, 0.0, values)
        reasons = np.where(missing | ~covered, np.int16(Reason.NO_DATA), np.int16(0)).astype(np.int16)
        series = checked(values, reasons, np.zeros(values.shape, np.int16), counts > 0)
        if binding.entity in self.stated.lasting:
            series = series.where(self._split(binding.entity, ask), Reason.INCOMPARABLE)
        return self._marked(measure, binding, ask, series)

    def _split(self, entity: str, ask: Ask) -> NDArray[np.bool_]:
        """Where a slot (row) would take a part of a number that was stated for a longer span of its member (column)."""
        members = self.members_of(ask.by)
        own = [self.stated.lasting_of(entity, ask.conditions, ask.by, member) for member in members]
        split = [[is_split(spans, slot) for spans in own] for slot in ask.slots]
        return np.array(split, np.bool_).reshape(len(ask.slots), len(members))

    def _filled(self, series: Series, measure: Measure, binding: Binding, ask: Ask) -> Series:
        """The series with stated numbers at the slots that the rows do not cover (the months before a system began)."""
        bare = np.array([[not self._is_covered(binding, ask.mode, slot)] for slot in ask.slots]).reshape(-1, 1)
        if not bare.any():
            return series
        stated = self._observed(measure, ask)
        return stated.take(bare & (stated.reasons != Reason.NO_DATA), series)

    def _arrays(self, ask: Ask) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Values and row counts (slots x members); NaN and 0 where the engine returned nothing."""
        members = self.members_of(ask.by)
        values = np.full((len(ask.slots), len(members)), np.nan)
        counts = np.zeros(values.shape, np.int64)
        answer = self.found.get((ask.measure, ask.mode, ask.conditions, ask.by))
        if answer is None:
            raise LookupError(f"the engine gave no answer for {ask.measure}")
        for row, slot in enumerate(ask.slots):
            for column, member in enumerate(members):
                value, count = answer.values.get((slot.span, member), (None, 0))
                values[row, column] = np.nan if value is None else value
                counts[row, column] = count
        return values, counts

    def _first_day(self, binding: Binding) -> date | None:
        """The first row of the entities whose coverage the binding takes."""
        known = [self._first_of(name) for name in self._covering(binding)]
        return min((day for day in known if day is not None), default=None)

    def _last_day(self, binding: Binding) -> date | None:
        """The last day that the binding's rows can speak of, or None where nothing limits it."""
        known = [self._last_of(name) for name in self._covering(binding) if name in self.holdings.entities]
        return None if None in known else max((day for day in known if day is not None), default=None)

    def _covering(self, binding: Binding) -> tuple[str, ...]:
        """The entity itself, or the ones whose coverage it takes."""
        entity = self.catalogue.entities[binding.entity]
        if entity.id == "customers" and not binding.times:
            return ("contracts" if self.settings.get("customer_basis") == "contracts" else "orders",)
        return tuple(self.holdings.entities) if entity.derived_only else (entity.coverage_of or entity.id,)

    def _first_of(self, entity: str) -> date | None:
        held = self.holdings.entities.get(entity)
        if held is None:
            return None
        columns = self.catalogue.entities[entity].columns
        times = self.catalogue.entities[entity].times
        named = [(time, columns[time].default_from if time in columns else None) for time in times]
        days = [held.first[name] for pair in named for name in pair if name is not None and name in held.first]
        first = days[0] if days else None
        return min(first, held.covers_from) if first and held.covers_from else held.covers_from or first

    def _last_of(self, entity: str) -> date | None:
        """The last day of which a source or an import can have known; rows that lie later speak for themselves."""
        held = self.holdings.entities[entity]
        ends = [day for day in (held.covers_to, held.imported_on) if day is not None]
        return max(min(ends), *held.last.values()) if ends and held.last else min(ends, default=None)

    def _is_covered(self, binding: Binding, mode: Mode, slot: Slot) -> bool:
        first = self._first_day(binding)
        if first is None:
            return False
        instant = slot.start if mode is Mode.OPENING else slot.end
        until = self._last_day(binding)
        return instant > first and (until is None or slot.start <= until)

    def _is_stale(self, binding: Binding, mode: Mode, slot: Slot) -> bool:
        """Whether the rows can have been known for a part of the slot only: nothing new has come since."""
        until = self._last_day(binding)
        end = slot.start if mode is Mode.OPENING else min(slot.end, self.as_of_end)
        return until is not None and until + timedelta(1) < end

    def _marked(self, measure: Measure, binding: Binding, ask: Ask, series: Series) -> Series:
        stale = [[self._is_stale(binding, ask.mode, slot)] for slot in ask.slots]
        series = series.marked(Mark.STALE, np.array(stale).reshape(-1, 1) & (series.reasons == Reason.VALUE))
        if measure.kind is Kind.COHORT and measure.ripe:
            days = timedelta(read_whole_number(self.settings, measure.ripe))
            unripe = [[self.as_of_end < _whole(slot) + days] for slot in ask.slots]
            series = series.marked(Mark.PROVISIONAL, np.array(unripe).reshape(-1, 1))
        if _is_history(measure, binding) and self.settings.get("customer_basis") != "contracts":
            series = series.marked(Mark.PROVISIONAL, self._is_early(binding, measure, ask))
        return series

    def _is_early(self, binding: Binding, measure: Measure, ask: Ask) -> NDArray[np.bool_]:
        """Whether a span begins so soon after the first row that a first purchase before the data may be missed."""
        held = self.holdings.entities.get("customers")
        first = self.stated.history_from or self._first_day(binding)
        if first is None or (held is not None and "first_order_at" in held.columns - held.empty):
            return np.zeros((len(ask.slots), 1), np.bool_)
        until = first + timedelta(read_whole_number(self.settings, "lost_after_days"))
        return np.array([[BEGINNING < slot.start < until] for slot in ask.slots]).reshape(-1, 1)

    def _observed(self, measure: Measure, ask: Ask) -> Series:
        rows = [row for row in self.stated.observations if row.name == measure.id]
        oldest = read_whole_number(self.settings, "balance_max_age_days", 31)
        series = fill(
            ask,
            self.members_of(ask.by),
            lambda slot, scope: read_observation(measure, rows, slot, ask.mode, scope, oldest),
        )
        if measure.kind is Kind.COHORT and measure.ripe:
            return self._marked(measure, measure.bindings[0], ask, series)
        return series

    def _events(self, measure: Measure, ask: Ask) -> Series:
        """The number of what is only ever stated."""
        rows = [row for row in self.stated.observations if row.name == measure.id]
        present = np.zeros((len(ask.slots), len(self.members_of(ask.by))), np.bool_)
        values, reasons = np.full(present.shape, np.nan), np.full(present.shape, Reason.NO_DATA, np.int16)
        for column, member in enumerate(self.members_of(ask.by)):
            scope = scope_of(ask.conditions, ask.by, member)
            for n, slot in enumerate(ask.slots):
                values[n, column], reasons[n, column], present[n, column] = read_event(measure, rows, slot, scope)
        return checked(values, reasons, np.zeros(values.shape, np.int16), present)

    def _reported(self, measure: Measure, ask: Ask) -> Series:
        """The number stated for exactly the span and scope; incomparable where only finer rows exist."""
        rows = [row for row in self.stated.observations if row.name == measure.id]
        values, counts = self._arrays(ask)
        reasons = np.full(values.shape, Reason.NO_DATA, np.int16)
        for column, member in enumerate(self.members_of(ask.by)):
            scope = scope_of(ask.conditions, ask.by, member)
            own = [row for row in rows if scope is not None and row.scope == scope]
            for n, slot in enumerate(ask.slots):
                day_value = values[n, column] if slot.grain is Grain.DAY and counts[n, column] == 1 else np.nan
                values[n, column], reasons[n, column] = _report(own, slot, day_value, bool(counts[n, column]))
        return checked(values, reasons, np.zeros(values.shape, np.int16), reasons == Reason.VALUE)

    def _compare(self, measure: Measure, binding: Binding, ask: Ask, series: Series) -> None:
        """Note where a stated number and the rows differ by more than half a percent."""
        if measure.id not in self.holdings.observed or ask.by or ask.conditions:
            return
        stated = self._observed(measure, ask)
        for n, slot in enumerate(ask.slots):
            if series.reasons[n, 0] == stated.reasons[n, 0] == Reason.VALUE:
                rows, said = float(series.values[n, 0]), float(stated.values[n, 0])
                if abs(rows - said) > 0.005 * max(abs(rows), abs(said)):
                    difference = Difference(measure.id, slot.span, rows, said)
                    if difference not in self.differences:
                        self.differences.append(difference)


def _is_history(measure: Measure, binding: Binding) -> bool:
    """Whether the measure knows customers by their orders, so that purchases before the data would change it."""
    return measure.kind in _HISTORY and binding.entity in ("orders", "customers")


_HISTORY = (Kind.FIRST, Kind.RETURNING, Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED)


def _whole(slot: Slot) -> date:
    return whole_end(slot)


def _report(own: Sequence[StatedValue], slot: Slot, day_value: float, has_rows: bool) -> tuple[float, int]:
    whole = Span(slot.start, whole_end(slot))
    for row in own:
        if row.span == whole:
            return row.value, Reason.VALUE
    if not np.isnan(day_value):
        return day_value, Reason.VALUE
    finer = any(whole.start <= row.span.start and row.span.end <= whole.end for row in own)
    return float("nan"), Reason.INCOMPARABLE if finer or has_rows else Reason.NO_DATA
