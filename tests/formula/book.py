"""A book is a source of a few dated amounts, small enough to add up by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sanjeh.calendars import Period, make_calendar
from sanjeh.definitions import load_catalogue
from sanjeh.formula import Evaluator, Scope, parse
from sanjeh.series import Ask, Mode, Reason, Series, Slot, Timeline, missing, of_values

REGIONS = ("North", "South", "West")
FAR = date(2100, 1, 1)


@dataclass(slots=True)
class Book:
    """``flows``: (day, region, amount) by measure. ``states``: (day, amount) by balance, good from the next day on."""

    flows: Mapping[str, Sequence[tuple[date, str, float]]] = field(default_factory=dict)
    states: Mapping[str, Sequence[tuple[date, float]]] = field(default_factory=dict)
    goals: Mapping[tuple[str, str], float] = field(default_factory=dict)
    factors: Mapping[date, float] = field(default_factory=dict)
    asked: list[Ask] = field(default_factory=list)

    def measure(self, ask: Ask) -> Series:
        self.asked.append(ask)
        members = REGIONS if ask.by else (None,)
        if ask.measure in self.states:
            return of_values(np.array([[self._state(ask, slot)] for slot in ask.slots]))
        if ask.measure not in self.flows:
            return missing(Reason.NO_DATA, len(ask.slots), len(members))
        rows = [[self._rows(ask, slot, member) for member in members] for slot in ask.slots]
        series = of_values(np.array([[np.nan if cell is None else sum(cell) for cell in row] for row in rows]))
        return Series(
            series.values, series.reasons, series.marks, np.array([[bool(cell) for cell in row] for row in rows])
        )

    def _state(self, ask: Ask, slot: Slot) -> float:
        instant = slot.start if ask.mode is Mode.OPENING else slot.end
        stated = [amount for day, amount in self.states[ask.measure] if day < instant]
        return stated[-1] if stated else np.nan

    def _rows(self, ask: Ask, slot: Slot, member: str | None) -> list[float] | None:
        rows = self.flows[ask.measure]
        if slot.end <= min(day for day, _, _ in rows):
            return None
        regions = {member} if member else set(REGIONS)
        for condition in ask.conditions:
            named = set(condition.values)
            regions = regions - named if condition.negated else regions & named
        return [amount for day, region, amount in rows if slot.start <= day < slot.end and region in regions]

    def target(self, ask: Ask, scenario: str, additive: bool) -> Series:
        goal = self.goals.get((scenario, ask.measure))
        shape = (len(ask.slots), len(REGIONS) if ask.by else 1)
        return missing(Reason.NO_DATA, *shape) if goal is None else of_values(np.full(shape, goal))

    def deflator(self, slots: Sequence[Slot]) -> Series:
        return of_values(np.array([[self.factors.get(slot.start, np.nan)] for slot in slots]))

    def has_source(self, measure: str) -> bool:
        return measure in self.flows or measure in self.states

    def members(self, by: tuple[str, ...]) -> int:
        return len(REGIONS) if by else 1

    def place(self, by: tuple[str, ...], member: tuple[str | None, ...]) -> int | None:
        return REGIONS.index(member[0]) if member[0] in REGIONS else None

    def groups(self, by: tuple[str, ...], inner: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        return np.arange(len(REGIONS)) if inner else np.zeros(len(REGIONS), dtype=np.intp)


def evaluator(book: Book, calendar: str = "jalali", as_of_end: date = FAR, **settings: float | str) -> Evaluator:
    """An evaluator of the standard catalogue over ``book``."""
    catalogue = load_catalogue()
    return Evaluator(catalogue, catalogue.settings(settings), Timeline(make_calendar(calendar), as_of_end), book)


def evaluate(
    formula: str, book: Book, *labels: str, by: tuple[str, ...] = (), as_of_end: date = FAR, **settings: float | str
) -> list[list[float | str]]:
    """The points of ``formula`` at the Jalali periods ``labels``: numbers or reasons, one row a period."""
    made = evaluator(book, as_of_end=as_of_end, **settings)
    slots = tuple(made.timeline.at(_period(label)) for label in labels)
    return points(made.evaluate(parse(formula), Scope(slots, by=by)))


def points(series: Series) -> list[list[float | str]]:
    """Numbers (to six places) and the codes of reasons."""
    return [
        [Reason(reason).code or round(float(value), 6) for value, reason in zip(*row, strict=True)]
        for row in zip(series.values, series.reasons, strict=True)
    ]


def _period(label: str) -> Period:
    return make_calendar("jalali").parse_period(label)
