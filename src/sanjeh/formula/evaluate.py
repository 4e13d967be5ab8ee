"""Evaluation turns a formula's tree into a series; where measures come from is the source's concern.

The same walk runs twice: once against a source that only notes what is asked, once against the answers. So what is
planned
and what is computed cannot drift apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

import numpy as np

from sanjeh.calendars import Span
from sanjeh.definitions import Catalogue, Direction, ParameterValue
from sanjeh.errors import Datum, DefinitionError, Issue, Place, QuestionError
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word
from sanjeh.formula.parse import parse
from sanjeh.series import (
    BEGINNING,
    Ask,
    Condition,
    Mark,
    Mode,
    Reason,
    Series,
    Slot,
    Timeline,
    combine,
    constant,
    divide,
    missing,
    widest,
)


class Source(Protocol):
    """Where the values of measures, targets and the price index come from."""

    def measure(self, ask: Ask) -> Series:
        """The measure at each slot (rows) and member (columns)."""
        ...

    def target(self, ask: Ask, scenario: str, additive: bool) -> Series:
        """The target of the measure or KPI named in ``ask``, tiled from parts only when ``additive``."""
        ...

    def deflator(self, slots: Sequence[Slot]) -> Series:
        """What a nominal amount of each slot is multiplied by to be in the base month's prices; one column."""
        ...

    def has_source(self, measure: str) -> bool:
        """Whether the workspace has any data for the measure."""
        ...

    def members(self, by: tuple[str, ...]) -> int:
        """How many members the dimensions ``by`` have."""
        ...

    def place(self, by: tuple[str, ...], member: tuple[str | None, ...]) -> int | None:
        """The number of ``member`` among the members of ``by``, or None."""
        ...

    def groups(self, by: tuple[str, ...], inner: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """For each member of ``by``, the number of its member of ``inner``, a part of ``by``."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds around a node: slots, conditions, dimensions, the mode of balances, and the words that lead here."""

    slots: tuple[Slot, ...]
    conditions: tuple[Condition, ...] = ()
    by: tuple[str, ...] = ()
    mode: Mode = Mode.FLOW
    path: tuple[str, ...] = ()
    quiet: bool = False


@dataclass(slots=True)
class Evaluator:
    """Evaluates formulas over one source; keeps the inputs that each evaluation used."""

    catalogue: Catalogue
    settings: Mapping[str, ParameterValue]
    timeline: Timeline
    source: Source
    inputs: dict[str, Series] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    omitted: set[str] = field(default_factory=set)

    def evaluate(self, node: Node, scope: Scope) -> Series:
        """The series of ``node`` in ``scope``: one row a slot, one column a member of ``scope.by`` (or one for all)."""
        periods = len(scope.slots)
        match node:
            case Number(value=value):
                return constant(value, periods)
            case Negative(operand=operand):
                return self.evaluate(operand, scope).map(np.negative)
            case Binary(operator=operator, left=left, right=right):
                return _OPERATIONS[operator](self.evaluate(left, scope), self.evaluate(right, scope))
            case Filtered(operand=operand, condition=condition):
                return self.evaluate(operand, replace(scope, conditions=(*scope.conditions, condition)))
            case VariantName(kpi=kpi, variant=variant):
                return self.evaluate(
                    parse(self.catalogue.kpis[kpi].variants[variant].formula, f"{kpi}.{variant}"), scope
                )
            case Name(id=name):
                return self.name(name, scope)
            case Call():
                return _FUNCTIONS[node.function](self, node.arguments, scope)
            case Word():
                data: dict[str, Datum] = {"text": node.value, "owner": "formula", "column": node.column}
                raise DefinitionError(Issue("bad_formula", data, Place("formula", 1, node.column)))

    def name(self, name: str, scope: Scope) -> Series:
        """A measure first, then a KPI, a parameter, ``days`` or ``periods_per_year``."""
        if name in self.catalogue.measures:
            return self.measure(name, scope)
        if name in self.catalogue.kpis:
            return self.evaluate(parse(self.catalogue.kpis[name].formula, name), scope)
        if name == "days":
            return _per_slot([float(slot.days) for slot in scope.slots])
        if name == "periods_per_year":
            return _per_slot([float(self.timeline.periods_per_year(slot) or np.nan) for slot in scope.slots])
        return constant(self.number(name), len(scope.slots))

    def number(self, name: str) -> float:
        """The value of a parameter used as a number."""
        value = self.settings.get(name)
        if not isinstance(value, (int, float)):
            raise QuestionError(Issue("not_a_number_parameter", {"name": name, "value": str(value)}))
        self.used.add(name)
        return float(value)

    def whole_number(self, name: str) -> int:
        """The value of a parameter used as a number of days or periods."""
        value = self.number(name)
        if not math.isfinite(value) or value != int(value):
            raise QuestionError(Issue("bad_parameter", {"name": name, "value": str(value)}))
        return int(value)

    def count(self, node: Node, scope: Scope) -> int:
        """The whole number that ``node`` stands for: a number, a parameter or sums of these."""
        match node:
            case Number(value=value):
                return int(value)
            case Name(id="periods_per_year"):
                grains = {self.timeline.periods_per_year(slot) for slot in scope.slots}
                return next(iter(grains)) or 1 if len(grains) == 1 else max(grain or 1 for grain in grains)
            case Name(id=name):
                return self.whole_number(name)
            case Binary(operator="+", left=left, right=right):
                return self.count(left, scope) + self.count(right, scope)
            case Binary(operator="-", left=left, right=right):
                return self.count(left, scope) - self.count(right, scope)
            case _:
                raise DefinitionError(Issue("not_a_count", {}, Place("formula", 1, node.column)))

    def measure(self, name: str, scope: Scope) -> Series:
        """The measure, with its place in the formula noted among the inputs."""
        if scope.slots and scope.slots[0].name is not None and self.is_campaign_cost(name):
            return self.campaign_cost(name, scope)
        mode = scope.mode if self.catalogue.measures[name].kind.is_balance else Mode.FLOW
        series = self.source.measure(Ask(name, mode, scope.conditions, scope.by, scope.slots))
        label = name + "".join(f"[{condition}]" for condition in scope.conditions)
        self.note(f"{mode}({label})" if mode else label, series, scope)
        return series

    def is_campaign_cost(self, name: str) -> bool:
        """Whether the measure is spend that rows ascribe to a campaign, so that a campaign's own counts at any date."""
        measure = self.catalogue.measures[name]
        return measure.unit == "money" and measure.bindings[0].entity in ("marketing_spend", "ad_daily")

    def campaign_cost(self, name: str, scope: Scope) -> Series:
        """Each campaign's own spend, whatever its date."""
        ever = self.timeline.free(Span(BEGINNING, self.timeline.as_of_end))
        series = self.source.measure(Ask(name, Mode.FLOW, scope.conditions, ("campaign",), (ever,)))
        places = [self.source.place(("campaign",), (slot.name,)) for slot in scope.slots]
        parts = [missing(Reason.NO_DATA, 1) if place is None else series.columns(np.array([place])) for place in places]
        result = _stack(parts)
        self.note(f"{name}[campaign]", result, scope)
        return result

    def note(self, label: str, series: Series, scope: Scope) -> None:
        """Keep ``series`` as an input under its label and the functions around it."""
        if not scope.quiet:
            for word in reversed(scope.path):
                label = f"{word}({label})"
            self.inputs[label] = series


Operation = Callable[[Series, Series], Series]
_OPERATIONS: dict[str, Operation] = {
    "+": lambda left, right: combine(np.add, left, right),
    "-": lambda left, right: combine(np.subtract, left, right),
    "*": lambda left, right: combine(np.multiply, left, right),
    "/": divide,
}


def _per_slot(values: Sequence[float]) -> Series:
    series = constant(0.0, len(values))
    return combine(np.add, series, replace(series, values=np.array(values, dtype=np.float64).reshape(-1, 1)))


def _moved(move: Callable[[Timeline, Slot, int], Slot], word: str, default: int | None = None) -> Callable[..., Series]:
    """A function that only moves the slots of what is inside it."""

    def run(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
        n = evaluator.count(arguments[1], scope) if len(arguments) > 1 else (default or 0)
        slots = _moved_slots(evaluator, scope, lambda slot: move(evaluator.timeline, slot, n))
        return evaluator.evaluate(arguments[0], replace(scope, slots=slots, path=(*scope.path, word)))

    return run


def _moved_slots(evaluator: Evaluator, scope: Scope, move: Callable[[Slot], Slot]) -> tuple[Slot, ...]:
    try:
        return tuple(move(slot) for slot in scope.slots)
    except (OverflowError, ValueError):
        raise QuestionError(Issue("out_of_calendar", {"calendar": evaluator.timeline.calendar.code})) from None


def _mode(mode: Mode) -> Callable[..., Series]:
    def run(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
        return evaluator.evaluate(arguments[0], replace(scope, mode=mode))

    return run


def _average(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    if evaluator.settings.get("average_method") == "daily":
        return _over_days(evaluator, arguments[0], replace(scope, mode=Mode.CLOSING, path=(*scope.path, "average")))
    ends = [evaluator.evaluate(arguments[0], replace(scope, mode=mode)) for mode in (Mode.OPENING, Mode.CLOSING)]
    return combine(np.add, *ends).map(lambda values: values / 2)


def _daily(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    return _over_days(evaluator, arguments[0], replace(scope, path=(*scope.path, "daily")))


# A hundred years: a span that began before all data (to_date) has no mean day.
_MOST_DAYS = 36_525


def _over_days(evaluator: Evaluator, node: Node, scope: Scope) -> Series:
    """The mean over each slot's days; a day without a value takes its reason to the whole slot."""
    longest = max((slot.days for slot in scope.slots), default=0)
    if longest > _MOST_DAYS:
        raise QuestionError(Issue("too_many_days", {"days": longest, "limit": _MOST_DAYS}))
    days = [evaluator.timeline.each_day(slot) for slot in scope.slots]
    flat = tuple(day for slot_days in days for day in slot_days)
    series = evaluator.evaluate(node, replace(scope, slots=flat, quiet=True))
    edges = np.cumsum([0, *(len(slot_days) for slot_days in days)])
    parts = [series.rows(np.arange(low, high)) for low, high in pairwise(edges)]
    means = _stack([_mean_of_rows(part) for part in parts])
    evaluator.note(_label(node), means, replace(scope, quiet=False))
    return means


def _mean_of_rows(part: Series) -> Series:
    if part.shape[0] == 0:
        return missing(Reason.NOT_YET, 1, part.shape[1])
    bad = part.reasons != Reason.VALUE
    first = np.take_along_axis(part.reasons, bad.argmax(axis=0)[None, :], axis=0)
    with np.errstate(all="ignore"):
        values = part.values.mean(axis=0, keepdims=True)
    marks = np.bitwise_or.reduce(part.marks, axis=0).reshape(1, -1)
    reasons = np.where(bad.any(axis=0, keepdims=True), first, np.int16(Reason.VALUE)).astype(np.int16)
    present = np.asarray(part.present.any(axis=0)).reshape(1, -1)
    return Series(np.where(reasons == Reason.VALUE, values, np.nan), reasons, marks, present)


def _stack(parts: Sequence[Series]) -> Series:
    return Series(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.reasons for part in parts]),
        np.concatenate([part.marks for part in parts]),
        np.concatenate([part.present for part in parts]),
    )


def _baseline(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    n = evaluator.count(arguments[1], scope) if len(arguments) > 1 else 1
    total: Series | None = None
    for back in range(1, n + 1):
        slots = _moved_slots(evaluator, scope, lambda slot, back=back: evaluator.timeline.shift(slot, -back))  # type: ignore[misc]
        part = evaluator.evaluate(arguments[0], replace(scope, slots=slots, quiet=True))
        total = part if total is None else combine(np.add, total, part)
    mean = missing(Reason.UNDEFINED, len(scope.slots)) if total is None else total.map(lambda values: values / n)
    evaluator.note(_label(arguments[0]), mean, replace(scope, path=(*scope.path, "baseline")))
    return mean


def _label(node: Node) -> str:
    return node.id if isinstance(node, Name) else "x"


def _total(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    series = evaluator.evaluate(arguments[0], replace(scope, by=(), path=(*scope.path, "total")))
    return series.stretch(evaluator.source.members(scope.by)) if scope.by else series


def _share(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    return divide(evaluator.evaluate(arguments[0], scope), _total(evaluator, arguments, scope))


def _goal(scenario: str) -> Callable[..., Series]:
    def run(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
        return evaluator_goal(evaluator, arguments[0], scope, scenario)

    return run


def evaluator_goal(evaluator: Evaluator, node: Node, scope: Scope, scenario: str) -> Series:
    """The target or budget of the measure or KPI that ``node`` names."""
    name = node.id if isinstance(node, Name) else f"{node.kpi}.{node.variant}" if isinstance(node, VariantName) else ""
    measure = evaluator.catalogue.measures.get(name)
    additive = measure is not None and measure.kind.adds_over_time
    series = evaluator.source.target(Ask(name, Mode.FLOW, scope.conditions, scope.by, scope.slots), scenario, additive)
    evaluator.note(f"{scenario}({name})", series, scope)
    return series


def _on_target(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    down = _direction(evaluator.catalogue, arguments[0]) is Direction.MINIMIZE
    actual = evaluator.evaluate(arguments[0], scope)
    goal = evaluator_goal(evaluator, arguments[0], scope, "target")
    compare = np.less_equal if down else np.greater_equal
    reached = combine(lambda left, right: compare(left, right).astype(np.float64), actual, goal)
    return reached.where(goal.reasons != Reason.VALUE, Reason.NO_DATA)


def _direction(catalogue: Catalogue, node: Node) -> Direction:
    """Which way is good for the KPI or variant that ``node`` names; a measure without a KPI is better when larger."""
    match node:
        case VariantName(kpi=kpi, variant=variant):
            return catalogue.kpis[kpi].variants[variant].direction
        case Name(id=name) if name in catalogue.kpis:
            return catalogue.kpis[name].direction
        case _:
            return Direction.MAXIMIZE


def _real(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    factor = evaluator.source.deflator(scope.slots)
    evaluator.note("price_factor", factor, scope)
    return combine(np.multiply, evaluator.evaluate(arguments[0], scope), factor)


def _extreme(function: Callable[..., object]) -> Callable[..., Series]:
    def run(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
        series = [evaluator.evaluate(argument, scope) for argument in arguments]
        result = series[0]
        for other in series[1:]:
            result = combine(function, result, other)  # type: ignore[arg-type]
        return result

    return run


def _positive(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    series = evaluator.evaluate(arguments[0], scope)
    return series.where(series.values <= 0, Reason.UNDEFINED)


def _part_of(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    part, whole = (evaluator.evaluate(argument, scope) for argument in arguments)
    members = widest(part, whole)
    part, whole = part.stretch(members), whole.stretch(members)
    bad = ~((whole.values > 0) & (part.values >= 0) & (part.values <= whole.values))
    known = (part.reasons == Reason.VALUE) & (whole.reasons == Reason.VALUE)
    return divide(part, whole).where(bad & known, Reason.UNDEFINED)


def _plus(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    here = [argument for argument in arguments if _has_source(evaluator, argument)]
    evaluator.omitted.update(_label(argument) for argument in arguments if argument not in here)
    if not here:
        return missing(Reason.NO_DATA, len(scope.slots))
    result = evaluator.evaluate(here[0], scope)
    for argument in here[1:]:
        result = combine(np.add, result, evaluator.evaluate(argument, scope))
    return result


def _has_source(evaluator: Evaluator, node: Node) -> bool:
    while isinstance(node, Filtered):
        node = node.operand
    return not isinstance(node, Name) or evaluator.source.has_source(node.id)


def _across(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    inner, dimension, how = arguments
    name = dimension.id if isinstance(dimension, Name) else ""
    word = how.value if isinstance(how, Word) else ""
    by = scope.by if name in scope.by else (*scope.by, name)
    series = evaluator.evaluate(inner, replace(scope, by=by, quiet=True)).stretch(evaluator.source.members(by))
    groups = evaluator.source.groups(by, scope.by)
    columns = [
        _reduce(series.columns(np.flatnonzero(groups == n)), word) for n in range(evaluator.source.members(scope.by))
    ]
    result = _beside(columns) if columns else missing(Reason.NO_DATA, len(scope.slots), 0)
    evaluator.note(f"{_label(inner)} by {name}", result, replace(scope, path=(*scope.path, word)))
    return result


def _beside(columns: Sequence[Series]) -> Series:
    return Series(
        np.concatenate([column.values for column in columns], axis=1),
        np.concatenate([column.reasons for column in columns], axis=1),
        np.concatenate([column.marks for column in columns], axis=1),
        np.concatenate([column.present for column in columns], axis=1),
    )


def _reduce(part: Series, how: str) -> Series:
    """One column from many: the members that have rows and a value."""
    periods = part.shape[0]
    result = missing(Reason.NO_DATA, periods)
    values, reasons = result.values.copy(), result.reasons.copy()
    for n in range(periods):
        found = part.values[n][(part.reasons[n] == Reason.VALUE) & part.present[n]]
        if found.size or how == "count":
            values[n, 0] = _REDUCTIONS[how](found)
            reasons[n, 0] = Reason.VALUE
    marks = np.bitwise_or.reduce(part.marks, axis=1, initial=0)[:, None].astype(np.int16)
    return Series(values, reasons, marks, np.asarray(part.present.any(axis=1)).reshape(-1, 1))


_REDUCTIONS: dict[str, Callable[..., float]] = {
    "mean": np.mean,
    "median": np.median,
    "min": np.min,
    "max": np.max,
    "sum": np.sum,
    "count": np.size,
}


def _count_back(evaluator: Evaluator, arguments: tuple[Node, ...], scope: Scope) -> Series:
    """Three years of earlier periods at most; what is then not used up has no data to be measured by."""
    left = evaluator.evaluate(arguments[0], replace(scope, mode=Mode.CLOSING))
    days = constant(0.0, len(scope.slots)).stretch(left.shape[1]).values.copy()
    rest, reasons, marks = left.values.copy(), left.reasons.copy(), left.marks.copy()
    done = (rest <= 0) | (reasons != Reason.VALUE)
    steps = 3 * max((evaluator.timeline.periods_per_year(slot) or 4) for slot in scope.slots) if scope.slots else 0
    for back in range(min(steps, 400) + 1):
        # Stock is sold off over whole earlier periods, however little of this one has gone by.
        whole = scope.slots if back == 0 else tuple(replace(slot, elapsed=None) for slot in scope.slots)
        moved = replace(scope, slots=whole)
        slots = _moved_slots(evaluator, moved, lambda slot, back=back: evaluator.timeline.shift(slot, -back))  # type: ignore[misc]
        sales = evaluator.evaluate(arguments[1], replace(scope, slots=slots, quiet=back > 0)).stretch(left.shape[1])
        length = np.array([[float(slot.days)] for slot in slots])
        marks = np.where(done, marks, marks | sales.marks).astype(np.int16)
        reasons = np.where(~done & (sales.reasons != Reason.VALUE), sales.reasons, reasons).astype(np.int16)
        done = done | (reasons != Reason.VALUE)
        with np.errstate(all="ignore"):
            share = np.where(sales.values > 0, np.clip(rest / sales.values, 0, 1), 1.0)
        days = np.where(done, days, days + length * share)
        rest = np.where(done, rest, rest - np.maximum(sales.values, 0))
        done = done | (rest <= 0)
    reasons = np.where(done, reasons, np.int16(Reason.NO_DATA)).astype(np.int16)
    values = np.where(reasons == Reason.VALUE, days, np.nan)
    return Series(values, reasons, marks, left.present)


_FUNCTIONS: dict[str, Callable[[Evaluator, tuple[Node, ...], Scope], Series]] = {
    "prior": _moved(lambda timeline, slot, n: timeline.shift(slot, -n), "prior", 1),
    "year_ago": _moved(lambda timeline, slot, n: timeline.year_ago(slot), "year_ago"),
    "rolling": _moved(lambda timeline, slot, n: timeline.rolling(slot, n), "rolling"),
    "to_date": _moved(lambda timeline, slot, n: timeline.to_date(slot), "to_date"),
    "year_to_date": _moved(lambda timeline, slot, n: timeline.year_to_date(slot), "year_to_date"),
    "lagged": _moved(lambda timeline, slot, n: timeline.lagged(slot, n), "lagged"),
    "opening": _mode(Mode.OPENING),
    "closing": _mode(Mode.CLOSING),
    "average": _average,
    "baseline": _baseline,
    "total": _total,
    "share": _share,
    "target": _goal("target"),
    "budget": _goal("budget"),
    "real": _real,
    "abs": lambda evaluator, arguments, scope: evaluator.evaluate(arguments[0], scope).map(np.abs),
    "min": _extreme(np.minimum),
    "max": _extreme(np.maximum),
    "positive": _positive,
    "part_of": _part_of,
    "plus": _plus,
    "daily": _daily,
    "across": _across,
    "on_target": _on_target,
    "count_back": _count_back,
}


def mark_open(series: Series, slots: Sequence[Slot]) -> Series:
    """The series with ``partial`` on every slot that was cut at the instant of knowledge."""
    return series.marked(Mark.PARTIAL, np.array([[slot.elapsed is not None] for slot in slots]))
