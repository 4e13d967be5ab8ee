"""An example is run like a company: its rows in a private database, its period, its as-of day; then the values
compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sanjeh.calendars import Grain, make_calendar
from sanjeh.compute import Ground, Question, Reading, Result, compute
from sanjeh.definitions import KPI, Catalogue, Example, ParameterValue, Variant
from sanjeh.engines import load_engine
from sanjeh.errors import Issue, QuestionError
from sanjeh.formula import parse_conditions
from sanjeh.series import Timeline

FOREVER = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example's variant came to, and what was expected."""

    kpi: KPI
    example: Example
    variant: str
    value: float | None
    reason: str | None
    marks: tuple[str, ...]

    @property
    def expected(self) -> float | str:
        """The number or reason that the example states."""
        return self.example.expect[self.variant]

    @property
    def holds(self) -> bool:
        """Whether the value (within 1e-6 of its size), or the reason, and the marks stated are as expected."""
        marks = self.example.marks.get(self.variant)
        if marks is not None and tuple(sorted(marks)) != tuple(sorted(self.marks)):
            return False
        if isinstance(self.expected, str):
            return self.reason == self.expected
        return self.value is not None and abs(self.value - self.expected) <= 1e-6 * max(1.0, abs(self.expected))

    def issue(self) -> Issue:
        """The issue that tells how the example fails."""
        name = f"{self.kpi.id}.{self.variant}" if self.variant else self.kpi.id
        found = self.reason if self.value is None else f"{self.value:g}"
        data = {"kpi": name, "expected": str(self.expected), "found": f"{found} {' '.join(self.marks)}".strip()}
        return Issue("example_fails", data, self.example.place)


def run_examples(kpi: KPI, catalogue: Catalogue) -> Iterator[Outcome]:
    """The outcome of every variant of every example of ``kpi``."""
    for example in kpi.examples:
        ground, question = lay_ground(kpi, example, catalogue)
        results = compute(question, ground).results
        for variant, result in zip(example.expect, results, strict=True):
            yield outcome_of(kpi, example, variant, result)


def outcome_of(kpi: KPI, example: Example, variant: str, result: Result) -> Outcome:
    """What ``result``, the reading of ``variant``, came to beside what the example expects."""
    point = next(iter(result.points()), None)
    if point is None:
        return Outcome(kpi, example, variant, None, "no_data", ())
    return Outcome(kpi, example, variant, point.value, point.reason, point.marks)


def lay_ground(kpi: KPI, example: Example, catalogue: Catalogue) -> tuple[Ground, Question]:
    """The ground and the question of one example."""
    memory = load_engine("memory").build_memory(catalogue, example.rows)
    calendar = make_calendar(example.calendar)
    settings = catalogue.settings(chosen_settings(example.parameters, catalogue))
    as_of = calendar.parse_day(example.as_of) if example.as_of else FOREVER
    timeline = Timeline(calendar, as_of + timedelta(1))
    stated = load_engine("stating").read_stated(memory.connection, memory.holdings, calendar, settings, catalogue)
    engine = load_engine("duckdb").build(memory.connection, catalogue, settings, memory.holdings, timeline.as_of_end)
    ground = Ground(catalogue, settings, timeline, memory.holdings, stated, engine)
    readings = tuple(reading_of(kpi, variant) for variant in example.expect)
    conditions = parse_conditions(example.where) if example.where else ()
    if example.period.startswith("campaign "):
        name = example.period.removeprefix("campaign ")
        campaigns = tuple(campaign for campaign in stated.campaigns if campaign.name == name)
        ground = replace(ground, stated=replace(stated, campaigns=campaigns))
        periods = tuple(calendar.period_of(Grain.MONTH, campaign.span.start) for campaign in campaigns)
    else:
        periods = (calendar.parse_period(example.period),)
    return ground, Question(readings, periods, (), conditions)


def reading_of(kpi: KPI, variant: str) -> Reading:
    """The reading of ``kpi`` that ``variant`` ("" the default) names."""
    chosen: Variant | None = kpi.variants[variant] if variant else None
    return Reading(kpi, chosen)


def chosen_settings(given: Mapping[str, str | float], catalogue: Catalogue) -> dict[str, ParameterValue]:
    """The given values as parameters: lists split at commas, unknown names refused."""
    chosen: dict[str, ParameterValue] = {}
    for name, value in given.items():
        if name not in catalogue.parameters:
            raise QuestionError(Issue("unknown_name", {"kind": "parameter", "name": name}))
        is_list = isinstance(catalogue.parameters[name].default, tuple)
        chosen[name] = tuple(part.strip() for part in str(value).split(",")) if is_list else value
    return chosen
