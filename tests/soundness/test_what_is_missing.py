"""What is missing is named exactly: take a table or column away, and each KPI still computes or says what it lacks.

The tables hold only the columns that are there, as a warehouse does, so that SQL that reads what is not held fails.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from sanjeh.calendars import make_calendar
from sanjeh.compute import Ground, Question, Reading, compute, missing_of
from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.memory import Memory
from sanjeh.plan import Held, Holdings
from sanjeh.series import Timeline

CATALOGUE = load_catalogue()
READINGS = tuple(Reading(kpi, variant) for kpi in CATALOGUE.kpis.values() for variant in (None, *kpi.variants.values()))
UNTIL = date(2024, 8, 22)
SETTINGS = CATALOGUE.settings({"own_domains": ("shop.ir",), "payment_domains": ("shaparak.ir",)})


# Tables that cannot be taken from the hand-made company, which has none, and why it has none.
LEFT_OUT = {
    "touches": "never stored: worked out from what is",
    "products": "its order lines name goods that nobody described",
    "web_daily": "its visits are known one by one, so no tool's daily counts are needed",
    "exchange_rates": "all its amounts are in one currency",
    "calendar_events": "its calendar has no days of its own",
}
# Tables of which it fills only what is required, so that no column can be taken away.
BARE = ("user_activity", "headcount", "cpi")
TABLES = [name for name in CATALOGUE.entities if name not in LEFT_OUT]


@dataclass(frozen=True, slots=True)
class Tiny:
    """The hand-made company, with some of its tables and columns out of sight."""

    memory: Memory

    def ground(self, holdings: Holdings) -> Ground:
        """What questions stand on when the company has only ``holdings``."""
        connection = self.memory.connection
        for name, held in holdings.entities.items():
            stored = [name for (name, *_) in connection.execute(f'DESCRIBE memory.main."raw_{name}"').fetchall()]
            # A column's day and code go with it.
            kept = [column for column in stored if column.partition("__")[0] in held.columns or column == "_row_key"]
            columns = ", ".join(f'"{column}"' for column in kept)
            connection.execute(
                f'CREATE OR REPLACE TEMP VIEW "raw_{name}" AS SELECT {columns} FROM memory.main."raw_{name}"'
            )
        for name in CATALOGUE.entities.keys() - holdings.entities.keys():
            connection.execute(f'DROP VIEW IF EXISTS temp."raw_{name}"')
            if name in self.memory.holdings.entities:
                connection.execute(f'CREATE TEMP VIEW "raw_{name}" AS SELECT 1 AS nothing')
        calendar = make_calendar("jalali")
        stated = load_engine("stating").read_stated(connection, holdings, calendar, SETTINGS, CATALOGUE)
        engine = load_engine("duckdb").build(connection, CATALOGUE, SETTINGS, holdings, UNTIL)
        return Ground(CATALOGUE, SETTINGS, Timeline(calendar, UNTIL), holdings, stated, engine)


@cache
def tiny(folder: Path) -> Tiny:
    """The company whose rows lie in ``folder``."""
    rows = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.stem] = [{k: v for k, v in row.items() if v} for row in csv.DictReader(file)]
    return Tiny(load_engine("memory").build_memory(CATALOGUE, rows))


@pytest.fixture
def company(shared: Path) -> Tiny:
    """The hand-made company."""
    return tiny(shared / "spec" / "tiny" / "rows")


def without_entity(holdings: Holdings, entity: str) -> Holdings:
    """The holdings less a table."""
    rest = {name: held for name, held in holdings.entities.items() if name != entity}
    observed = frozenset() if entity == "observations" else holdings.observed
    return replace(holdings, entities=rest, observed=observed)


def without_field(holdings: Holdings, entity: str, field: str) -> Holdings:
    """The holdings less a column."""
    held = holdings.entities[entity]
    times = {name: day for name, day in held.first.items() if name != field}
    less: Held = replace(held, columns=held.columns - {field}, first=times)
    return replace(holdings, entities={**holdings.entities, entity: less})


@dataclass(frozen=True, slots=True)
class Uses:
    """What each reading lacks in the whole company, and the SQL of the rows that it reads there."""

    lacks: dict[str, tuple[str, ...]]
    sql: dict[str, str]

    def of(self, table: str, column: str = "") -> tuple[Reading, ...]:
        """The readings whose rows come from ``table``, and mention ``column`` where one is given."""
        texts = {name: text for name, text in self.sql.items() if f"raw_{table}" in text}
        return tuple(r for r in READINGS if r.name in texts and (not column or f'"{column}' in texts[r.name]))


@cache
def uses_of(folder: Path) -> Uses:
    """What the readings use when everything is there."""
    whole = tiny(folder)
    ground = whole.ground(whole.memory.holdings)
    lacks = {reading.name: missing_of(reading, ground) for reading in READINGS}
    sql: dict[str, str] = {}
    engine = ground.engine
    for reading in READINGS:
        engine.statements.clear()  # type: ignore[attr-defined]
        run((reading,), ground)
        queries = [statement.query for _, statement in engine.statements]  # type: ignore[attr-defined]
        queries += [engine.shelf.segment(name).query for query in queries for name in query.segments]  # type: ignore[attr-defined]
        reads = {(name, tuple(sorted(columns))) for query in queries for name, columns in query.reads.items()}
        sql[reading.name] = "\n".join(engine.shelf.rows(*read).sql for read in sorted(reads))  # type: ignore[attr-defined]
    return Uses(lacks, sql)


@pytest.fixture
def uses(shared: Path) -> Uses:
    """What the readings use in the hand-made company."""
    return uses_of(shared / "spec" / "tiny" / "rows")


def run(readings: tuple[Reading, ...], ground: Ground) -> int:
    """Compute the readings over two months; how many gave values or reasons."""
    periods = tuple(ground.timeline.calendar.parse_period(label) for label in ("1403-02", "1403-03"))
    results = compute(Question(readings, periods), ground).results
    return sum(1 for result in results if all(p.reason or p.value is not None for p in result.points()))


# Read as stated numbers, so that they stand in nobody's rows.
STATED = ("observations", "targets", "cpi", "campaigns")
# A stand-in that lacks something itself: revenue may come from the ledger, of which only a region is wanting.
STAND_INS = {("orders", "ledger.region")}


def check(company: Tiny, uses: Uses, holdings: Holdings, readings: tuple[Reading, ...], lack: str) -> None:
    """Of ``readings``, what now lacks something lacks what was taken away; the rest computes."""
    ground = company.ground(holdings)
    able = []
    for reading in readings:
        found = missing_of(reading, ground)
        news = [item for item in found if item not in uses.lacks[reading.name]]
        for item in news:
            near = item == lack or item.startswith(f"{lack}.") or (lack, item) in STAND_INS
            assert near or item in OWN_WORDS.get(lack, ()), (reading.name, found)
        if not found:
            able.append(reading)
    assert run(tuple(able), ground) == len(able)


# A column that a source may also give itself is named by its own name, not by what it is worked out from.
OWN_WORDS = {"leads": ("deals.lead_created_at",), "deals.lead_id": ("deals.lead_created_at",)}


def test_the_whole_company_lacks_nothing_that_can_be_computed(uses: Uses) -> None:
    """With every table there, only what the hand-made company really has not is named."""
    assert sum(1 for found in uses.lacks.values() if found) <= 3, {k: v for k, v in uses.lacks.items() if v}


def test_what_is_left_out_is_only_what_the_hand_made_company_has_not(company: Tiny) -> None:
    """The lists above are neither too long nor too short."""
    held = company.memory.holdings.entities
    assert LEFT_OUT.keys() == CATALOGUE.entities.keys() - held.keys()
    assert [name for name in CATALOGUE.entities if CATALOGUE.entities[name].derived_only] == ["touches"]
    assert {name for name in held if not optional_columns(held[name], name)} == set(BARE)


def optional_columns(held: Held, entity: str) -> list[str]:
    """The columns that are filled and that a company may leave out."""
    columns = CATALOGUE.entities[entity].columns
    return [name for name in sorted(held.columns) if name in columns and not columns[name].required]


@pytest.mark.parametrize("entity", TABLES)
def test_a_table_taken_away_is_named_or_not_needed(company: Tiny, uses: Uses, entity: str) -> None:
    """For each table of the company in turn."""
    readings = READINGS if entity in STATED else uses.of(entity)
    check(company, uses, without_entity(company.memory.holdings, entity), readings, entity)


@pytest.mark.parametrize("entity", [name for name in TABLES if name not in BARE])
def test_a_column_taken_away_is_named_or_not_needed(company: Tiny, uses: Uses, entity: str) -> None:
    """For each optional column that is filled and used, of each table in turn."""
    for field in optional_columns(company.memory.holdings.entities[entity], entity):
        less = without_field(company.memory.holdings, entity, field)
        check(company, uses, less, uses.of(entity, field), f"{entity}.{field}")


def test_every_measure_binds_when_all_tables_are_there_but_empty() -> None:
    """Each binding of each measure is SQL that the database accepts over tables without a value."""
    assert list(load_engine("binding").check_bindings(CATALOGUE)) == []


def test_a_company_without_anything_lacks_something_of_every_kpi() -> None:
    """Nothing computes from nothing, and nothing falls over."""
    memory = load_engine("memory").build_memory(CATALOGUE, {})
    ground = Tiny(memory).ground(memory.holdings)
    assert [reading.name for reading in READINGS if not missing_of(reading, ground)] == []
