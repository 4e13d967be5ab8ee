"""Computing takes a question to results: formulas are asked, planned, run by an engine and evaluated over the
answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from sanjeh.calendars import Period, Span
from sanjeh.definitions import KPI, Catalogue, Kind, Measure, ParameterValue, Variant
from sanjeh.errors import CancelledError, Issue, QuestionError, SanjehError
from sanjeh.formula import Evaluator, Scope, mark_open, parse
from sanjeh.plan import (
    Answer,
    Answers,
    Block,
    Collector,
    Difference,
    Holdings,
    Key,
    Need,
    Plan,
    Stated,
    Strategy,
    build_plan,
    choose_binding,
    choose_strategy,
    counted_key,
    find_path,
    flag_key,
    is_flag,
    missing_for,
    path_of,
    read_whole_number,
)
from sanjeh.series import Condition, Mark, Mode, Reason, Series, Slot, Timeline, missing


class Engine(Protocol):
    """What runs a plan; ``connection`` and ``relations`` are its own affair, handed on to its own modules."""

    connection: Any
    relations: Any

    def run(self, plan: Plan) -> Mapping[Key, Answer]:
        """The answer to every need of the plan."""
        ...

    def explain_block(self, block: Block) -> list[tuple[tuple[str, ...], str]]:
        """Each statement of the block: the measures it answers, and its text for reading."""
        ...


TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Reading:
    """A KPI read by its default formula or by one of its variants."""

    kpi: KPI
    variant: Variant | None = None

    @property
    def name(self) -> str:
        """The name by which it is asked: "kpi" or "kpi.variant"."""
        return f"{self.kpi.id}.{self.variant.id}" if self.variant else self.kpi.id

    @property
    def formula(self) -> str:
        """The formula's text."""
        return self.variant.formula if self.variant else self.kpi.formula

    @property
    def unit(self) -> str:
        """The declared unit."""
        return self.variant.unit if self.variant else self.kpi.unit

    @property
    def by_campaign(self) -> bool:
        """Whether there is one value a campaign instead of one a period."""
        return self.kpi.periods == ("campaign",)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: readings, where (periods, or free ``spans``), dimensions and conditions.

    A reading by campaign is taken at the campaigns that begin within the periods or spans instead.
    """

    readings: tuple[Reading, ...]
    periods: tuple[Period, ...]
    by: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    spans: tuple[Span, ...] = ()

    @property
    def whole(self) -> Span | None:
        """From the first day asked to the last, or None where nothing is."""
        spans = [*(period.span for period in self.periods), *self.spans]
        return Span(min(span.start for span in spans), max(span.end for span in spans)) if spans else None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a question stands on: definitions, settings, calendar and instant of knowledge, data, and the engine."""

    catalogue: Catalogue
    settings: Mapping[str, ParameterValue]
    timeline: Timeline
    holdings: Holdings
    stated: Stated
    engine: Engine
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One value or reason of a result, with everything that tells what it is."""

    kpi: str
    variant: str | None
    calendar: str
    grain: str
    period: str
    start: date
    end: date
    members: Mapping[str, str | None]
    value: float | None
    unit: str
    currency: str | None
    reason: str | None
    marks: tuple[str, ...]
    inputs: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Result:
    """One reading's series with its slots, members and inputs; ``parameters`` and ``omitted`` are printed with the
    value.
    """

    reading: Reading
    slots: tuple[Slot, ...]
    by: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    series: Series
    inputs: Mapping[str, Series]
    parameters: tuple[str, ...]
    omitted: tuple[str, ...]
    calendar: str
    currency: str

    def points(self) -> Iterator[Point]:
        """Every point, period by period and member by member."""
        for row, slot in enumerate(self.slots):
            for column, member in enumerate(self.members):
                yield self._point(row, slot, column, member)

    def _point(self, row: int, slot: Slot, column: int, member: tuple[str | None, ...]) -> Point:
        reason = Reason(int(self.series.reasons[row, column]))
        unit = self.reading.unit
        named = slot.name is not None
        start, end = slot.start, slot.last.end if slot.last else slot.end
        return Point(
            kpi=self.reading.kpi.id,
            variant=self.reading.variant.id if self.reading.variant else None,
            calendar=self.calendar,
            grain="campaign" if named else str(slot.grain or TOTAL),
            period=f"campaign {slot.name}" if named else slot.last.label if slot.last else TOTAL,
            start=start,
            end=end,
            members=dict(zip(self.by, member, strict=True)) | ({"campaign": slot.name} if named else {}),
            value=None if reason is not Reason.VALUE else float(self.series.values[row, column]),
            unit=unit,
            currency=(self.currency or None) if "money" in unit else None,
            reason=reason.code,
            marks=Mark(int(self.series.marks[row, column])).codes,
            inputs={name: _value(series, row, column) for name, series in self.inputs.items()},
        )


def _value(series: Series, row: int, column: int) -> float | None:
    if row >= series.shape[0]:
        return None
    column = column if column < series.shape[1] else 0
    return float(series.values[row, column]) if series.reasons[row, column] == Reason.VALUE else None


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a question, the issues met on the way, and stated numbers that do not agree with the rows."""

    results: tuple[Result, ...]
    issues: tuple[Issue, ...] = ()
    differences: tuple[Difference, ...] = ()

    def points(self) -> Iterator[Point]:
        """The points of every result."""
        for result in self.results:
            yield from result.points()


def join_results(parts: Sequence[Results]) -> Results:
    """The results of several questions as one; what differs, is left out, or is read by campaign whatever the grain
    stands there once.
    """
    if len(parts) == 1:
        return parts[0]
    found = [result for part in parts for result in part.results]
    widest: dict[str, Result] = {}
    for result in (result for result in found if result.reading.by_campaign):
        known = widest.get(result.reading.name)
        if known is None or len(result.slots) > len(known.slots):
            widest[result.reading.name] = result
    issues = [issue for part in parts for issue in part.issues]
    return Results(
        tuple(result for result in found if widest.get(result.reading.name, result) is result),
        tuple(issue for place, issue in enumerate(issues) if issue not in issues[:place]),
        tuple(dict.fromkeys(item for part in parts for item in part.differences)),
    )


@dataclass(slots=True)
class _Asked:
    reading: Reading
    scope: Scope
    asked: dict[Key, dict[Span, None]] = field(default_factory=dict)
    goals: dict[str, None] = field(default_factory=dict)


def compute(question: Question, ground: Ground, *, strict: bool = True) -> Results:
    """The results of ``question``.

    A reading that cannot be broken down or filtered as asked raises QuestionError; with ``strict`` off it is left out
    and
    named among the issues, so that a question about every KPI is not stopped by one.
    """
    issues: list[Issue] = []
    asked = list(_ask(question, ground, strict, issues))
    if issues and all(item.reading.by_campaign for item in asked):
        raise QuestionError(issues[0])
    spans: dict[Key, dict[Span, None]] = {}
    for item in asked:
        for key, wanted in item.asked.items():
            spans.setdefault(key, {}).update(wanted)
    plan = build_plan(spans, ground.catalogue, ground.holdings, ground.settings)
    found = _run(plan, ground.engine, strict, issues)
    asked = [item for item in asked if found.keys() >= _planned(item, plan)]
    answers = Answers(
        ground.catalogue,
        ground.settings,
        ground.holdings,
        ground.stated,
        ground.timeline.as_of_end,
        found,
    )
    results = tuple(_evaluate(item, ground, answers.of_reading(item.asked, item.goals)) for item in asked)
    return Results(results, tuple(issues), tuple(answers.differences))


def plan_of(question: Question, ground: Ground) -> Plan:
    """The blocks that answer ``question``, without the readings that cannot be broken down or filtered as asked."""
    spans: dict[Key, dict[Span, None]] = {}
    for item in _ask(question, ground, False, []):
        for key, wanted in item.asked.items():
            spans.setdefault(key, {}).update(wanted)
    return build_plan(spans, ground.catalogue, ground.holdings, ground.settings)


def _run(plan: Plan, engine: Engine, strict: bool, issues: list[Issue]) -> Mapping[Key, Answer]:
    """The answers to ``plan``; unless ``strict``, a block that cannot be run is left out and named among the issues."""
    try:
        return engine.run(plan)
    except CancelledError:
        raise
    except SanjehError:
        if strict:
            raise
    found: dict[Key, Answer] = {}
    for block in plan.blocks:
        try:
            found.update(engine.run(Plan((block,))))
        except CancelledError:
            raise
        except SanjehError as error:
            issues.extend(error.issues)
    return found


def _planned(item: _Asked, plan: Plan) -> set[Key]:
    """The keys of the reading that blocks of the plan answer."""
    return {need.key for block in plan.blocks for need in block.needs} & item.asked.keys()


def _ask(question: Question, ground: Ground, strict: bool, issues: list[Issue]) -> Iterator[_Asked]:
    known = frozenset(name for name in ground.catalogue.measures if has_source(name, ground))
    for reading in question.readings:
        scope = Scope(
            slots_of(reading, question, ground), question.conditions, () if reading.by_campaign else question.by
        )
        collector = Collector(known=known)
        if not scope.slots:
            yield _Asked(reading, scope)
            continue
        try:
            _evaluator(ground, collector).evaluate(parse(reading.formula, reading.name), scope)
            for key in collector.asked:
                _check_reach(key, ground)
        except SanjehError as error:
            if strict:
                raise
            issues.extend(error.issues)
            continue
        yield _Asked(reading, scope, collector.asked, collector.goals)


def slots_of(reading: Reading, question: Question, ground: Ground) -> tuple[Slot, ...]:
    """Where the reading is taken: the periods asked, or each campaign that begins within them."""
    timeline, whole = ground.timeline, question.whole
    if not reading.by_campaign:
        periods = tuple(timeline.at(period) for period in question.periods)
        return (*periods, *(timeline.free(span) for span in question.spans))
    if whole is None:
        return ()
    window = timedelta(read_whole_number(ground.settings, "campaign_window_days", 14))
    return tuple(
        timeline.free(Span(campaign.span.start, campaign.span.end + window), campaign.name)
        for campaign in ground.stated.campaigns
        if whole.contains(campaign.span.start)
    )


def has_source(measure: str, ground: Ground) -> bool:
    """Whether rows or observations can feed the measure."""
    known = ground.catalogue.measures[measure]
    return measure in ground.holdings.observed or (
        choose_binding(known, ground.catalogue, ground.holdings, ground.settings) is not None
    )


def _check_reach(key: Key, ground: Ground) -> None:
    """Refuse dimensions that the measure's rows cannot reach without being multiplied."""
    name, mode, conditions, by = key
    measure = ground.catalogue.measures[name]
    binding = choose_binding(measure, ground.catalogue, ground.holdings, ground.settings)
    if binding is None:
        return
    need = Need(measure, binding, mode, conditions, by)
    _check_flags(need, ground)
    asked = [*by, *(c.dimension for c in conditions if not is_flag(ground.catalogue, c.dimension))]
    if choose_strategy(need, ground.catalogue) is Strategy.STATE and binding.entity not in ground.holdings.entities:
        if asked:
            raise QuestionError(
                Issue("unreachable_dimension", {"dimension": asked[0], "measure": name, "entity": binding.entity})
            )
        return
    for dimension in asked:
        path_of(ground.catalogue, ground.holdings, binding.entity, dimension, name)


def _check_flags(need: Need, ground: Ground) -> None:
    """Refuse a flag that is read as of an instant (is_key_account) where the rows do not know whose it is."""
    for condition in need.conditions:
        key = flag_key(ground.catalogue, condition.dimension)
        if key is None:
            continue
        if choose_strategy(need, ground.catalogue) is Strategy.STATE:
            # The keys counted must be those that have the flag: no popular product is a key account.
            reached = counted_key(ground.catalogue, need.binding.where or "") == key
        else:
            reached = find_path(ground.catalogue, ground.holdings, need.binding.entity, key) is not None
        if not reached:
            data = {"dimension": condition.dimension, "measure": need.measure.id, "entity": need.binding.entity}
            raise QuestionError(Issue("unreachable_dimension", data))


def _evaluator(ground: Ground, source: Collector | Answers) -> Evaluator:
    return Evaluator(ground.catalogue, ground.settings, ground.timeline, source)


def _evaluate(item: _Asked, ground: Ground, answers: Answers) -> Result:
    evaluator = _evaluator(ground, answers)
    members = answers.members_of(item.scope.by)
    if item.scope.slots:
        series = evaluator.evaluate(parse(item.reading.formula, item.reading.name), item.scope)
    else:
        series = missing(Reason.NO_DATA, 0)  # no campaign begins where it is asked
    series = series.stretch(len(members))
    series = mark_open(series, item.scope.slots) if item.scope.slots else series
    return Result(
        reading=item.reading,
        slots=item.scope.slots,
        by=item.scope.by,
        members=members,
        series=series,
        inputs=dict(evaluator.inputs),
        parameters=tuple(sorted(evaluator.used)),
        omitted=tuple(sorted(evaluator.omitted)),
        calendar=ground.timeline.calendar.code,
        currency=ground.currency,
    )


def missing_of(reading: Reading, ground: Ground) -> tuple[str, ...]:
    """The entities or fields without which the reading cannot be computed, in the order of the formula."""
    collector = Collector(known=frozenset(n for n in ground.catalogue.measures if has_source(n, ground)))
    try:
        scope = Scope(
            (ground.timeline.free(Span(date(2020, 1, 1), date(2020, 1, 2)), "x" if reading.by_campaign else None),)
        )
        evaluator = _evaluator(ground, collector)
        evaluator.evaluate(parse(reading.formula, reading.name), scope)
    except SanjehError as error:
        return tuple(str(value) for issue in error.issues for value in issue.data.values())[:1]
    lacks = [lack for key in collector.asked for lack in _missing_for_key(key, ground)]
    lacks += [
        f"targets.{name}" for name in collector.goals if not any(row.name == name for row in ground.stated.targets)
    ]
    if collector.deflated and ground.stated.prices is None:
        lacks.append("cpi")
    if reading.by_campaign and not ground.stated.campaigns:
        lacks.append("campaigns")
    if reading.kpi.needs_breakdown and reading.kpi.breakdown:
        lacks += [lack for key in collector.asked for lack in _missing_dimension(key[0], reading.kpi.breakdown, ground)]
    if not collector.asked and not collector.goals:
        lacks += [
            lack for name in sorted(evaluator.omitted) for lack in _missing_for_key((name, Mode.FLOW, (), ()), ground)
        ]
    return tuple(dict.fromkeys(lacks))


def _missing_for_key(key: Key, ground: Ground) -> Iterator[str]:
    name, _, conditions, by = key
    measure = ground.catalogue.measures[name]
    lacks: Sequence[str] = missing_for(measure, ground.catalogue, ground.holdings, ground.settings)
    yield from lacks
    binding = choose_binding(measure, ground.catalogue, ground.holdings, ground.settings)
    if binding is None:
        return
    for dimension in [*by, *(c.dimension for c in conditions)]:
        if is_flag(ground.catalogue, dimension):
            if dimension not in (
                ground.holdings.entities["customers"].columns if ground.holdings.has("customers") else ()
            ):
                yield "customers" if not ground.holdings.has("customers") else f"customers.{dimension}"
            yield from _missing_owner(dimension, binding.entity, measure, ground)
            continue
        yield from _missing_dimension(name, dimension, ground)


def _missing_dimension(measure: str, dimension: str, ground: Ground) -> Iterator[str]:
    """The column that the rows of ``measure`` lack to know the dimension; nothing where they have no rows at all."""
    known = ground.catalogue.measures[measure]
    binding = choose_binding(known, ground.catalogue, ground.holdings, ground.settings)
    if binding is None:
        return
    try:
        path_of(ground.catalogue, ground.holdings, binding.entity, dimension, measure)
    except QuestionError:
        yield f"{binding.entity}.{dimension}"


def _missing_owner(flag: str, entity: str, measure: Measure, ground: Ground) -> Iterator[str]:
    """The column that would say whose the rows are, where a flag of its owner is asked of them."""
    key = flag_key(ground.catalogue, flag)
    knows = key is None or find_path(ground.catalogue, ground.holdings, entity, key) is not None
    if not knows and measure.kind not in (Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED):
        yield f"{entity}.{key}"
