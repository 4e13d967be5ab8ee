"""DuckDB is the embedded engine: it runs a plan's statements over the tables of one connection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

import duckdb


from sanjeh.calendars import Span, WorkingWeek
from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.engines.compile import compile_block
from sanjeh.engines.grid import Grid, build_grid
from sanjeh.engines.relation import Money, Relations
from sanjeh.engines.statement import Statement
from sanjeh.errors import Issue, QuestionError
from sanjeh.plan import Answer, Block, Holdings, Key, Plan
from sanjeh.plan.answer import Member

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(slots=True)
class DuckDB:
    """Runs blocks over a connection that has the tables ``raw_<entity>``; holds no state but temporary tables."""

    connection: duckdb.DuckDBPyConnection
    relations: Relations
    week: WorkingWeek = field(default_factory=WorkingWeek)
    statements: list[tuple[Block, Statement]] = field(default_factory=list)
    _worked: bool = False

    def run(self, plan: Plan) -> dict[Key, Answer]:
        """The answer to every need of ``plan``."""
        found: dict[Key, Answer] = {}
        for block in plan.blocks:
            found.update(self.run_block(block))
        return found

    def run_block(self, block: Block) -> dict[Key, Answer]:
        """The answers to the needs of ``block``, one statement after another over the same grid."""
        self._lay(build_grid(block.spans, *self._bounds()))
        found: dict[Key, Answer] = {}
        for statement in compile_block(block, self.relations):
            self.statements.append((block, statement))
            rows = self._fetch(statement)
            found.update(_read(statement, block.spans, rows))
        return found

    def _bounds(self) -> tuple[date, date]:
        """The days that rows can have: nothing lies before the first day of any time column of any entity."""
        first = [day for held in self.relations.holdings.entities.values() for day in held.first.values()]
        return max(EARLIEST, min(first, default=EARLIEST)), LATEST

    def _lay(self, grid: Grid) -> None:
        tables: dict[str, tuple[str, Sequence[Sequence[object]]]] = {
            "spans": ("span INTEGER, s DATE, e DATE", grid.spans),
            "atoms": ("day DATE, atom INTEGER", grid.atoms),
            "atom_spans": ("atom INTEGER, span INTEGER", grid.atom_spans),
            "instants": ("t DATE", [(day,) for day in grid.instants]),
        }
        for name, (columns, rows) in tables.items():
            names = [column.split()[0] for column in columns.split(", ")]
            types = [column.split()[1] for column in columns.split(", ")]
            lists = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
            items = ", ".join(f"unnest(?::{kind}[]) AS {column}" for column, kind in zip(names, types, strict=True))
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {items}", lists)

    def _fetch(self, statement: Statement) -> list[tuple[object, ...]]:
        sql = statement.query.sql(dialect="duckdb")
        if "WORKED_UNTIL(" in sql.upper():
            self._lay_working_days()
        with database_errors():
            return self.connection.execute(sql, statement.bound() or None).fetchall()

    def _lay_working_days(self) -> None:
        """The working minutes before and on each day, so that two look-ups give the minutes between two times."""
        if self._worked:
            return
        table = self.week.table(Span(date(1990, 1, 1), self.relations.as_of_end + timedelta(800)))
        days, before, minutes = [row.day for row in table], [row.before for row in table], [row.minutes for row in table]
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE working_days AS"
            " SELECT unnest(?::DATE[]) AS day, unnest(?::DOUBLE[]) AS before, unnest(?::DOUBLE[]) AS minutes",
            [days, before, minutes],
        )
        opens = int(self.week.opening_minute)
        self.connection.execute(
            "CREATE OR REPLACE TEMP MACRO worked_until(moment) AS (SELECT any_value(w.before) + least(any_value(w.minutes),"
            f" greatest(0.0, date_diff('second', date_trunc('day', moment), moment) / 60.0 - {opens}))"
            " FROM working_days w WHERE w.day = CAST(moment AS DATE))"
        )
        self._worked = True


@contextlib.contextmanager
def database_errors() -> Iterator[None]:
    """DuckDB's own errors as ours."""
    try:
        yield
    except duckdb.Error as error:
        raise QuestionError(Issue("database_error", {"problem": str(error).splitlines()[0][:300]})) from error


def _read(statement: Statement, spans: Sequence[Span], rows: Sequence[tuple[object, ...]]) -> dict[Key, Answer]:
    width = len(statement.by)
    tables: list[dict[tuple[Span, Member], tuple[float | None, int]]] = [{} for _ in statement.needs]
    for row in rows:
        span = spans[int(str(row[0]))]
        member: Member = tuple(None if part is None else str(part) for part in row[1 : 1 + width])
        for n, table in enumerate(tables):
            value, count = row[1 + width + 2 * n], row[2 + width + 2 * n]
            table[(span, member)] = (None if value is None else float(value), int(count or 0))  # type: ignore[arg-type, call-overload]
    return {need.key: Answer(table) for need, table in zip(statement.needs, tables, strict=True)}


def connect(memory_limit: str = "2GB", threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory connection that may neither install nor load extensions."""
    config: Mapping[str, str | int] = {
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        **({"threads": threads} if threads else {}),
    }
    return duckdb.connect(":memory:", config=dict(config))


def build(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    settings: Mapping[str, ParameterValue],
    holdings: Holdings,
    as_of_end: date,
    money: Money | None = None,
    holidays: frozenset[date] = frozenset(),
) -> DuckDB:
    """The engine over the tables of ``connection``."""
    relations = Relations(catalogue, settings, holdings, as_of_end, money or Money())
    return DuckDB(connection, relations, working_week(settings, holidays))


def working_week(settings: Mapping[str, ParameterValue], holidays: frozenset[date]) -> WorkingWeek:
    """The working week that the parameter ``working_week`` ("sat 09:00-17:00", ...) describes, less ``holidays``."""
    value = settings.get("working_week", ())
    items = [part.split() for part in (value if isinstance(value, tuple) else str(value).split(","))]
    try:
        days = frozenset(_WEEKDAYS.index(day[:3].lower()) for day, _ in items)
        opens, closes = (time.fromisoformat(part) for part in items[0][1].split("-"))
    except (ValueError, IndexError):
        raise QuestionError(Issue("bad_parameter", {"name": "working_week", "value": str(value)})) from None
    return WorkingWeek(days, opens, closes, holidays)


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
