"""Two engines are asked the same of the same rows: DuckDB over a copy, a database over tables of other names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from database import Database, Records, lay_tables

from sanjeh.calendars import Calendar, Period, make_calendar
from sanjeh.compute import Ground, Point, Question, Reading, compute
from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.engines import load_engine
from sanjeh.engines.terms import Money
from sanjeh.formula import parse_conditions
from sanjeh.horizon import find_knowledge
from sanjeh.plan import Holdings
from sanjeh.series import Timeline

FAR = date(2099, 12, 31)
Cell = tuple[str, str | None, str, tuple[tuple[str, str | None], ...]]


@dataclass(frozen=True, slots=True)
class Both:
    """One company asked twice."""

    duckdb: Ground
    in_place: Ground
    calendar: Calendar

    def periods(self, first: str, last: str | None = None) -> tuple[Period, ...]:
        """The periods from ``first`` to ``last``."""
        start, end = self.calendar.parse_period(first), self.calendar.parse_period(last or first)
        return tuple(self.calendar.period_at(start.grain, n) for n in range(start.ordinal, end.ordinal + 1))

    def points(
        self, readings: Iterable[Reading], periods: Sequence[Period], *, by: str = "", where: str = ""
    ) -> tuple[dict[Cell, Point], dict[Cell, Point]]:
        """The points of DuckDB and those of the database, by what they are of."""
        dimensions = tuple(name for name in by.split(",") if name)
        question = Question(tuple(readings), tuple(periods), dimensions, parse_conditions(where) if where else ())
        return _points(question, self.duckdb), _points(question, self.in_place)


def _points(question: Question, ground: Ground) -> dict[Cell, Point]:
    results = compute(question, ground, strict=False)
    faults = [str(issue) for issue in results.issues if issue.code.startswith("database")]
    assert not faults, "\n".join(faults)
    return {(p.kpi, p.variant, p.period, tuple(p.members.items())): p for p in results.points()}


def differences(left: Mapping[Cell, Point], right: Mapping[Cell, Point]) -> list[str]:
    """What differs: cells that one side lacks, values beyond 1e-9 of their size, reasons, marks."""
    found = [f"{cell} is on one side only" for cell in left.keys() ^ right.keys()]
    for cell in left.keys() & right.keys():
        one, other = left[cell], right[cell]
        if (one.reason, one.marks) != (other.reason, other.marks) or not _is_near(one.value, other.value):
            found.append(f"{cell}: {one.value} {one.reason} {one.marks} / {other.value} {other.reason} {other.marks}")
    return found


def _is_near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def open_both(
    database: Database,
    records: Records,
    catalogue: Catalogue,
    *,
    schema: str,
    calendar: str = "gregorian",
    as_of: date = FAR,
    parameters: Mapping[str, ParameterValue] | None = None,
    is_cut: bool = False,
    money: Money | None = None,
) -> Both:
    """``records`` in a private DuckDB, and as tables of ``schema`` in ``database``.

    With ``is_cut`` the rows go on after ``as_of``, which is a past day.
    """
    made, settings = make_calendar(calendar), catalogue.settings(parameters)
    memory = load_engine("memory").build_memory(catalogue, records)
    link, raw, held = lay_in(database, records, catalogue, schema)
    engines, stating = load_engine(database.engine), load_engine("stating")
    grounds = []
    for holdings, reader in ((memory.holdings, memory.connection), (held, engines.TableReader(link, raw))):
        stated = stating.read_stated(reader, holdings, made, settings, catalogue)
        until = as_of + timedelta(1)
        if is_cut:
            until, holdings, stated = find_knowledge(catalogue, holdings, stated, settings, FAR, as_of)
        if reader is memory.connection:
            engine = load_engine("duckdb").build(reader, catalogue, settings, holdings, until, money)
        else:
            engine = engines.build(link, raw, catalogue, settings, holdings, until, money)
        grounds.append(Ground(catalogue, settings, Timeline(made, until), holdings, stated, engine))
    return Both(grounds[0], grounds[1], made)


def lay_in(database: Database, records: Records, catalogue: Catalogue, schema: str) -> tuple[Any, Any, Holdings]:
    """A link, the raw tables of ``records`` in ``schema`` of ``database``, and what they hold."""
    tables = lay_tables(database, records, catalogue, schema)
    link, hold = database.link(), load_engine(f"hold_{database.engine}")
    raw = hold.build_raw(link, tables, catalogue, "UTC")
    return link, raw, hold.read_holdings(link, raw, tables, catalogue, "1")


def every_reading(catalogue: Catalogue) -> tuple[Reading, ...]:
    """Every KPI and every variant of one."""
    kpis = catalogue.kpis.values()
    return tuple(Reading(kpi, variant) for kpi in kpis for variant in (None, *kpi.variants.values()))


def moved_into(database: Database, ground: Ground, records: Records, schema: str) -> Ground:
    """The same ground with the rows in tables of ``schema``, stated numbers too."""
    link, raw, held = lay_in(database, records, ground.catalogue, schema)
    engines, calendar, until = load_engine(database.engine), ground.timeline.calendar, ground.timeline.as_of_end
    reader = engines.TableReader(link, raw)
    stated = load_engine("stating").read_stated(reader, held, calendar, ground.settings, ground.catalogue)
    engine = engines.build(link, raw, ground.catalogue, ground.settings, held, until)
    return replace(ground, holdings=held, stated=stated, engine=engine)
