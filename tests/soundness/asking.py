"""Asking puts a formula to a few rows, as a company would, and returns its values by period and member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sanjeh.calendars import Calendar, Grain, Period, make_calendar
from sanjeh.compute import Ground, Question, Reading, Results, compute
from sanjeh.definitions import KPI, Catalogue, Direction, ParameterValue, Perspective, Text, Timing, load_catalogue
from sanjeh.definitions.read_model import parse_rows
from sanjeh.engines import load_engine
from sanjeh.engines.terms import Money
from sanjeh.formula import parse_conditions
from sanjeh.horizon import find_knowledge
from sanjeh.plan import Holdings
from sanjeh.series import Timeline

CATALOGUE = load_catalogue()
FAR = date(2099, 12, 31)
Rows = Mapping[str, str | Sequence[Mapping[str, str]]]
Found = dict[tuple[str | None, ...], float | str]


def reading_of(formula: str, name: str = "asked") -> Reading:
    """A KPI with that formula and nothing else to it."""
    text = Text(name, name)
    kpi = KPI(name, text, text, text, formula, "number", Direction.MAXIMIZE, Timing.LAGGING, Perspective.FINANCIAL)
    return Reading(kpi)


@dataclass(frozen=True, slots=True)
class Company:
    """Rows in a private database with a calendar, settings and an instant of knowledge."""

    ground: Ground
    calendar: Calendar

    def periods(self, first: str, last: str | None = None) -> tuple[Period, ...]:
        """The periods from ``first`` to ``last``."""
        start, end = self.calendar.parse_period(first), self.calendar.parse_period(last or first)
        return tuple(self.calendar.period_at(start.grain, n) for n in range(start.ordinal, end.ordinal + 1))

    def results(self, formulas: Iterable[str], first: str, last: str | None, by: str, where: str) -> Results:
        """The results of the formulas."""
        conditions = parse_conditions(where) if where else ()
        readings = tuple(reading_of(formula, f"asked_{n}") for n, formula in enumerate(formulas))
        dimensions = tuple(name for name in by.split(",") if name)
        return compute(Question(readings, self.periods(first, last), dimensions, conditions), self.ground)

    def ask(self, formula: str, first: str, last: str | None = None, *, by: str = "", where: str = "") -> Found:
        """(period, members...) to value or reason."""
        points = self.results([formula], first, last, by, where).points()
        return {(p.period, *p.members.values()): p.reason if p.value is None else p.value for p in points}

    def one(self, formula: str, period: str, *, where: str = "") -> float | str:
        """The value or reason of one period."""
        (value,) = self.ask(formula, period, where=where).values()
        return value

    def marks(self, formula: str, period: str) -> tuple[str, ...]:
        """The marks of one period."""
        (point,) = self.results([formula], period, None, "", "").points()
        return point.marks

    def reads(self, entity: str) -> bool:
        """Whether any statement run so far, or the rows that it stands on, reads the table of ``entity``."""
        engine = self.ground.engine
        texts = [statement.sql for _, statement in engine.statements]  # type: ignore[attr-defined]
        for _, statement in engine.statements:  # type: ignore[attr-defined]
            for name, columns in statement.query.reads.items():
                texts.append(engine.shelf.rows(name, sorted(columns)).sql)  # type: ignore[attr-defined]
        return any(f"raw_{entity} " in f"{text} " or f"raw_{entity})" in text for text in texts)


def company(
    rows: Rows,
    *,
    calendar: str = "gregorian",
    as_of: date = FAR,
    parameters: Mapping[str, ParameterValue] | None = None,
    money: Money | None = None,
    codes: bool = True,
    cut: bool = True,
    catalogue: Catalogue = CATALOGUE,
) -> Company:
    """The company that has ``rows`` (entity to CSV text or records); without ``codes`` no key has a dictionary.

    Without ``cut`` the rows are taken to be those of the day of knowledge, whatever they say.
    """
    records = {name: parse_rows(given) if isinstance(given, str) else given for name, given in rows.items()}
    memory = load_engine("memory").build_memory(catalogue, records)
    made, settings = make_calendar(calendar), catalogue.settings(parameters)
    holdings = memory.holdings
    if not codes:
        holdings = Holdings(holdings.entities, holdings.observed, {}, holdings.version)
    stated = load_engine("stating").read_stated(memory.connection, holdings, made, settings, catalogue)
    until = as_of + timedelta(1)
    if cut:
        until, holdings, stated = find_knowledge(catalogue, holdings, stated, settings, FAR, as_of)
    engine = load_engine("duckdb").build(memory.connection, catalogue, settings, holdings, until, money)
    return Company(Ground(catalogue, settings, Timeline(made, until), holdings, stated, engine), made)


__all__ = ["CATALOGUE", "Company", "Found", "Grain", "company", "reading_of"]
