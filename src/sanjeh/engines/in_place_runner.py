"""An in-place runner runs a plan over the company's own tables, each statement as one text that only reads.

Nothing is copied and nothing laid down: time, rows and segments are common tables of the statement, and what comes back
is aggregated. The link says which engine it is; everything here is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from sanjeh.calendars import Span, WorkingWeek
from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.engines.duckdb import EARLIEST, LATEST, working_week
from sanjeh.engines.grid import BITS
from sanjeh.engines.raw_table import RawTable
from sanjeh.engines.registry import load_engine
from sanjeh.engines.reply import read_reply
from sanjeh.engines.shelf import Shelf
from sanjeh.engines.statement import Query, Statement
from sanjeh.engines.terms import Money, Terms
from sanjeh.engines.whole import WHOLE, WORKED, Composer, Script, moments_of, raw_parts, with_parts
from sanjeh.plan import Answer, Block, Holdings, Key, Plan

_FIRST_WORKED = date(1990, 1, 1)
_DAYS_AHEAD = timedelta(800)


class Link(Protocol):
    """What the class ``Link`` of each ``link_<engine>`` has: a connection that only reads, and how to speak to it."""

    @property
    def dialect(self) -> str:
        """The engine's name in ``spelling``."""
        ...

    @property
    def script(self) -> Script:
        """How the engine's statements are put together."""
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Everything fetched inside sees one state of the data, where the engine can do that."""
        ...

    def fetch(self, sql: str, values: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
        """The rows of ``sql``."""
        ...

    def describe(self, sql: str) -> tuple[tuple[str, str], ...]:
        """The names and the database's types of the columns of ``sql``."""
        ...


@dataclass(slots=True)
class TableReader:
    """The raw tables under their names, for whoever reads them directly: stated numbers, doubts about the data."""

    link: Link
    raw: Mapping[str, RawTable]
    found: list[tuple[object, ...]] = field(default_factory=list, repr=False, kw_only=True)

    def execute(self, sql: str) -> TableReader:
        """Run ``sql``, which may name raw tables; the rows are fetched from what is returned."""
        script = self.link.script
        self.found = self.link.fetch(with_parts(raw_parts(self.raw, sql), script) + script.escape(sql), {})
        return self

    def fetchall(self) -> list[tuple[object, ...]]:
        """The rows of what was run last."""
        return self.found


@dataclass(slots=True)
class Tables(TableReader):
    """The raw tables with what runs queries over them: the rows of a statement, the rows behind a number."""

    composer: Composer
    week: WorkingWeek

    def fetch(self, query: Query, spans: Sequence[Span], ending: str = WHOLE) -> list[tuple[object, ...]]:
        """The rows of ``query`` over ``spans``; ``ending`` reads them from ``answer``."""
        return self.link.fetch(*self.compose(query, spans, ending))

    def compose(self, query: Query, spans: Sequence[Span], ending: str = WHOLE) -> tuple[str, Mapping[str, object]]:
        """The whole text of ``query`` over ``spans``, and the values that are bound in it."""
        whole = self.composer.compose(query, spans, ending)
        values: dict[str, object] = dict(whole.values)
        if any(name in WORKED for name in self.link.script.bound_names(whole.sql)):
            values |= self._worked()
        return whole.sql, values

    def list_rows(self, query: Query, span: Span, limit: int) -> tuple[int, list[tuple[object, ...]]]:
        """How many rows ``query`` has over the one ``span``, and the first ``limit`` of them."""
        with self.link.reading():
            ((counted,),) = self.fetch(query, (span,), "SELECT count(*) FROM answer")
            rows = self.fetch(query, (span,), f"SELECT * FROM answer LIMIT {int(limit)}")
        return int(str(counted)), [tuple(_plain(cell) for cell in row) for row in rows]

    def _worked(self) -> Mapping[str, object]:
        """The working minutes before and on each day that rows can have."""
        first = max(self.composer.first - timedelta(1), _FIRST_WORKED)
        last = min(self.composer.last, self.composer.as_of_end) + _DAYS_AHEAD
        rows = self.week.table(Span(first, max(last, first + timedelta(1))))
        before, minutes = [row.before for row in rows], [row.minutes for row in rows]
        return dict(zip(WORKED, (first, before, minutes, int(self.week.opening_minute)), strict=True))


@dataclass(slots=True)
class Runner:
    """Runs plans over a link; ``connection`` and ``relations`` are what other modules of the engine are given."""

    connection: Tables
    relations: Terms
    shelf: Shelf
    statements: list[tuple[Block, Statement]] = field(default_factory=list)

    def run(self, plan: Plan) -> dict[Key, Answer]:
        """The answer to every need of ``plan``; all of them from one state of the data."""
        pairs = [(block, statement) for block in plan.blocks for statement in self._statements(block)]
        found: dict[Key, Answer] = {}
        if pairs:
            with self.connection.link.reading():
                for block, statement in pairs:
                    self.statements.append((block, statement))
                    rows = self.connection.fetch(statement.query, block.spans)
                    found.update(read_reply(statement, block.spans, rows))
        self.shelf.save()
        return found

    def _statements(self, block: Block) -> list[Statement]:
        return self.shelf.block(block, few=len(moments_of(block.spans)) <= BITS)

    def run_block(self, block: Block) -> dict[Key, Answer]:
        """The answers to the needs of ``block``."""
        return self.run(Plan((block,)))

    def list_rows(self, query: Query, span: Span, limit: int) -> tuple[int, list[tuple[object, ...]]]:
        """How many rows ``query`` has over the one ``span``, and the first ``limit`` of them."""
        return self.connection.list_rows(query, span, limit)

    def explain_block(self, block: Block) -> list[tuple[tuple[str, ...], str]]:
        """Each statement of ``block``: the measures it answers, and the whole text as it is sent, for reading."""
        composer, link = self.connection.composer, self.connection.link
        found = []
        for statement in self._statements(block):
            names = tuple(dict.fromkeys(need.measure.id for need in statement.needs))
            sql = link.script.shown(composer.compose(statement.query, block.spans).sql)
            found.append((names, _laid_out(sql, link.dialect)))
        return found


def _plain(cell: object) -> object:
    """An amount without the zeros that only its type brings: 200, not 200.000000000."""
    if not isinstance(cell, Decimal) or not cell.is_finite():
        return cell
    text = format(cell, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _laid_out(sql: str, dialect: str) -> str:
    """``sql`` laid out for reading; as it is where a company's own SQL is beyond SQLGlot."""
    try:
        return str(load_engine("compile").pretty(sql, dialect)) + ";"
    except ValueError:  # the root of SQLGlot's errors
        return sql + ";"


def build(
    link: Link,
    raw: Mapping[str, RawTable],
    catalogue: Catalogue,
    settings: Mapping[str, ParameterValue],
    holdings: Holdings,
    as_of_end: date,
    money: Money | None = None,
    holidays: frozenset[date] = frozenset(),
    cache: Path | None = None,
) -> Runner:
    """The runner over the tables that ``raw`` holds by entity; compiled statements are kept in ``cache``."""
    terms = Terms(catalogue, settings, holdings, as_of_end, money or Money(), dialect=link.dialect)
    shelf = Shelf(terms, cache)
    first, last = days_of(holdings)
    composer = Composer(shelf, raw, link.script, first, last, as_of_end, frozenset(WORKED))
    return Runner(Tables(link, raw, composer, working_week(settings, holidays)), terms, shelf)


def days_of(holdings: Holdings) -> tuple[date, date]:
    """From the first day that rows have to the day after the last; a derived day may lie some days beyond both."""
    held = holdings.entities.values()
    first = min((day for item in held for day in item.first.values()), default=EARLIEST)
    last = max((day for item in held for day in item.last.values()), default=EARLIEST)
    return max(min(first, LATEST), EARLIEST), max(min(last + _DAYS_AHEAD, LATEST), EARLIEST + timedelta(1))
