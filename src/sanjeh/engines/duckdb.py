"""DuckDB is the embedded engine: it runs a plan's statements over the tables of one connection."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from pathlib import Path
from weakref import WeakKeyDictionary

import duckdb

from sanjeh.calendars import Span, WorkingWeek
from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.engines.grid import BITS, Grid, build_grid, chunk_moments
from sanjeh.engines.refusal import refusal_of
from sanjeh.engines.registry import load_engine
from sanjeh.engines.shelf import Shelf
from sanjeh.engines.size import is_small
from sanjeh.engines.statement import Query, SegmentQuery, Statement
from sanjeh.engines.terms import Money, Terms
from sanjeh.engines.watch import current
from sanjeh.errors import Issue, QuestionError
from sanjeh.plan import Answer, Block, Holdings, Key, Plan
from sanjeh.plan.answer import Member

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
_owners: WeakKeyDictionary[duckdb.DuckDBPyConnection, object] = WeakKeyDictionary()


@dataclass(slots=True)
class DuckDB:
    """Runs blocks over a connection that has the tables ``raw_<entity>``; holds no state but temporary tables.

    Rows and segments that several statements read are worked out once and stay for the questions that follow.
    """

    connection: duckdb.DuckDBPyConnection
    relations: Terms
    week: WorkingWeek = field(default_factory=WorkingWeek)
    shelf: Shelf | None = None
    statements: list[tuple[Block, Statement]] = field(default_factory=list)
    _worked: bool = False
    _rows: dict[str, frozenset[str]] = field(default_factory=dict)
    _segments: set[str] = field(default_factory=set)
    _moments: tuple[date, ...] = ()
    _laid: tuple[Span, ...] = ()
    _mark: object = field(default_factory=object)

    def run(self, plan: Plan) -> dict[Key, Answer]:
        """The answer to every need of ``plan``."""
        with self._whole():
            return self._run(plan)

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        """After what is not carried to its end, the temporary tables count as nobody's: some may be half made."""
        try:
            yield
        except BaseException:
            _owners.pop(self.connection, None)
            raise

    def _run(self, plan: Plan) -> dict[Key, Answer]:
        self.shelf = self.shelf or Shelf(self.relations)
        pairs = self._compile(plan, few=True)
        if len(_moments_of((block.spans, statement.query) for block, statement in pairs)) > BITS:
            pairs = self._compile(plan, few=False)
        self._own()
        watch = current()
        watch.begin(self.connection, len(pairs))
        self._prepare([(block.spans, statement.query) for block, statement in pairs])
        found: dict[Key, Answer] = {}
        for block, statement in sorted(pairs, key=lambda pair: pair[0].spans):
            self.statements.append((block, statement))
            self._lay(block.spans)
            found.update(_read(statement, block.spans, self._fetch(statement.query)))
            watch.step()
        self.shelf.save()
        return found

    def _compile(self, plan: Plan, *, few: bool) -> list[tuple[Block, Statement]]:
        shelf = self.shelf or Shelf(self.relations)
        return [(block, item) for block in plan.blocks for item in shelf.block(block, few=few)]

    def _own(self) -> None:
        """Take the connection's temporary tables as one's own; those that another runner left are made anew."""
        if _owners.get(self.connection) is not self._mark:
            self._rows.clear()
            self._segments.clear()
            self._moments = ()
            self._laid = ()
            _owners[self.connection] = self._mark

    def run_block(self, block: Block) -> dict[Key, Answer]:
        """The answers to the needs of ``block``."""
        return self.run(Plan((block,)))

    def explain_block(self, block: Block) -> list[tuple[tuple[str, ...], str]]:
        """Each statement of ``block``: the measures it answers, and the SQL for reading."""
        return list(load_engine("compile").explain_block(block, self.relations))

    def list_rows(self, query: Query, span: Span, limit: int) -> tuple[int, list[tuple[object, ...]]]:
        """How many rows ``query`` has over the one ``span``, and the first ``limit`` of them."""
        with self._whole():
            return self._list(query, span, limit)

    def _list(self, query: Query, span: Span, limit: int) -> tuple[int, list[tuple[object, ...]]]:
        self._own()
        current().begin(self.connection, 1)
        self._prepare([((span,), query)])
        self._lay((span,))
        counted = self._fetch(replace(query, sql=f"SELECT count(*) FROM ({query.sql}) AS listed"))
        rows = self._fetch(replace(query, sql=f"{query.sql} LIMIT {int(limit)}"))
        return int(str(counted[0][0])), rows

    def _prepare(self, pairs: Sequence[tuple[tuple[Span, ...], Query]]) -> None:
        """Work out the rows that are read more than once, and the members of every segment at every instant asked."""
        shelf = self.shelf or Shelf(self.relations)
        moments = _moments_of(pairs)
        segments: dict[str, SegmentQuery] = {}
        for _, query in pairs:
            segments.update({name: shelf.segment(name) for name in query.segments if name not in segments})
        self._keep_rows([*(query for _, query in pairs), *(item.query for item in segments.values())])
        if moments:
            self._number(sorted(moments))
        watch = current()
        watch.begin(self.connection, len(segments))
        for name, segment in segments.items():
            if name not in self._segments:
                self._make_segment(name, segment)
            watch.step()

    def _number(self, days: Sequence[date]) -> None:
        """Give each of the ``days`` its bit; memberships at other moments must be worked out again."""
        if set(self._moments) >= set(days) and (len(self._moments) <= BITS or len(days) > BITS):
            return
        self._moments = tuple(days)
        self._segments.clear()
        self._fill("moments", {"t": "DATE", "chunk": "INTEGER", "bit": "BIGINT"}, chunk_moments(days))

    def _make_segment(self, name: str, segment: SegmentQuery) -> None:
        back = timedelta(segment.window or 1)
        self._lay([Span(day - back, day) for day in self._moments if day - date.min >= back])
        self._open_rows(segment.query)
        self._execute(
            f"CREATE OR REPLACE TEMP TABLE {quote_name(f'segment_{name}')} AS {segment.query.sql}", segment.query
        )
        self._segments.add(name)

    def _keep_rows(self, queries: Sequence[Query]) -> None:
        wanted: dict[str, dict[str, None]] = {}
        uses: dict[str, int] = {}
        for query in queries:
            for entity, read in query.reads.items():
                wanted.setdefault(entity, {}).update(dict.fromkeys(read))
                uses[entity] = uses.get(entity, 0) + 1
        for entity, needed in wanted.items():
            columns = frozenset(needed)
            standing = self._rows.get(entity, frozenset())
            if uses[entity] > 1 and not standing >= columns and is_small(entity, self.relations, len(columns)):
                self._make_rows(entity, standing | columns)

    def _make_rows(self, entity: str, columns: Iterable[str]) -> None:
        names = sorted(columns)
        query, kept = (self.shelf or Shelf(self.relations)).rows(entity, names), quote_name(f"kept_{entity}")
        self._execute(f"CREATE OR REPLACE TEMP TABLE {kept} AS {query.sql}", query)
        self._execute(f"CREATE OR REPLACE TEMP VIEW {quote_name(f'rows_{entity}')} AS SELECT * FROM {kept}")
        self._rows[entity] = frozenset(names)

    def _open_rows(self, query: Query) -> None:
        """Let ``rows_<entity>`` stand for what ``query`` reads: kept rows where they have its columns, else a view."""
        for entity, columns in query.reads.items():
            if self._rows.get(entity, frozenset()) >= set(columns):
                continue
            made = (self.shelf or Shelf(self.relations)).rows(entity, sorted(columns))
            text = made.written(self.relations.as_of_end)
            self._execute(f"CREATE OR REPLACE TEMP VIEW {quote_name(f'rows_{entity}')} AS {text}")
            self._rows.pop(entity, None)

    def _lay(self, spans: Sequence[Span]) -> None:
        """Let the tables of time stand for ``spans``."""
        if self._laid == tuple(spans):
            return
        self._laid = tuple(spans)
        grid: Grid = build_grid(spans, EARLIEST, LATEST)
        self._fill("spans", {"span": "INTEGER", "s": "DATE", "e": "DATE"}, grid.spans)
        self._fill("pieces", {"atom": "INTEGER", "low": "DATE", "high": "DATE"}, grid.pieces)
        self._fill("atom_spans", {"atom": "INTEGER", "span": "INTEGER"}, grid.atom_spans)
        self._fill("instants", {"t": "DATE"}, [(day,) for day in grid.instants])
        self._execute(
            "CREATE OR REPLACE TEMP TABLE atoms AS SELECT"
            " CAST(unnest(range(low::TIMESTAMP, high::TIMESTAMP, INTERVAL 1 DAY)) AS DATE) AS day, atom FROM pieces"
        )

    def stand_for(self, entity: str, query: Query) -> None:
        """Let ``rows_<entity>`` stand for ``query``."""
        text = query.written(self.relations.as_of_end)
        self._execute(f"CREATE OR REPLACE TEMP VIEW {quote_name(f'rows_{entity}')} AS {text}")
        self._rows.pop(entity, None)

    def execute(self, sql: str, query: Query | None = None) -> None:
        """Run ``sql`` with the values of ``query``; the rows are fetched from the connection."""
        self._execute(sql, query)

    def _fill(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        lists = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in columns]
        items = ", ".join(f"unnest(?::{kind}[]) AS {column}" for column, kind in columns.items())
        with database_errors():
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {items}", lists)

    def _fetch(self, query: Query) -> list[tuple[object, ...]]:
        self._open_rows(query)
        self._execute(query.sql, query)
        with database_errors():
            return list(self.connection.fetchall())

    def _execute(self, sql: str, query: Query | None = None) -> None:
        current().check()
        if "WORKED_UNTIL(" in sql.upper():
            self._lay_working_days()
        with database_errors():
            statements = self.connection.extract_statements(sql)
            if len(statements) != 1:
                raise QuestionError(Issue("database_error", {"problem": f"{len(statements)} statements"}))
            bound = query.bound(self.relations.as_of_end) if query else None
            self.connection.execute(statements[0], bound or None)

    def _lay_working_days(self) -> None:
        """The working minutes before and on each day, so that two look-ups give the minutes between two times."""
        if self._worked:
            return
        table = self.week.table(Span(date(1990, 1, 1), self.relations.as_of_end + timedelta(800)))
        days, before, minutes = (
            [row.day for row in table],
            [row.before for row in table],
            [row.minutes for row in table],
        )
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE working_days AS"
            " SELECT unnest(?::DATE[]) AS day, unnest(?::DOUBLE[]) AS before, unnest(?::DOUBLE[]) AS minutes",
            [days, before, minutes],
        )
        opens = int(self.week.opening_minute)
        self.connection.execute(
            "CREATE OR REPLACE TEMP MACRO worked_until(moment) AS (SELECT any_value(w.before)"
            " + least(any_value(w.minutes), greatest(0.0,"
            f" date_diff('second', date_trunc('day', moment), moment) / 60.0 - {opens}))"
            " FROM working_days w WHERE w.day = CAST(moment AS DATE))"
        )
        self._worked = True


@contextlib.contextmanager
def database_errors() -> Iterator[None]:
    """DuckDB's own errors as ours."""
    try:
        yield
    except duckdb.Error as error:
        raise refusal_of(error) from error


def _read(statement: Statement, spans: Sequence[Span], rows: Sequence[tuple[object, ...]]) -> dict[Key, Answer]:
    width = len(statement.by)
    tables: list[dict[tuple[Span, Member], tuple[float | None, int]]] = [{} for _ in statement.needs]
    for row in rows:
        span = spans[int(str(row[0]))]
        member: Member = tuple(None if part is None else str(part) for part in row[1 : 1 + width])
        for n, table in enumerate(tables):
            value, count = row[1 + width + 2 * n], row[2 + width + 2 * n]
            table[(span, member)] = (None if value is None else float(str(value)), int(str(count or 0)))
    return {need.key: Answer(table) for need, table in zip(statement.needs, tables, strict=True)}


def _moments_of(pairs: Iterable[tuple[Sequence[Span], Query]]) -> set[date]:
    """The instants at which the queries may ask who is in a segment."""
    return {day for spans, query in pairs if query.segments for span in spans for day in (span.start, span.end)}


def connect(
    memory_limit: str = "2GB", threads: int | None = None, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A private in-memory connection that may neither install nor load extensions; what exceeds the memory goes to the
    folder ``spill``, which it makes and removes.
    """
    config: Mapping[str, str | int] = {
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        **({"threads": threads} if threads else {}),
        **({"temp_directory": str(spill)} if spill else {}),
    }
    connection = duckdb.connect(":memory:", config=dict(config))
    # Counted for whoever asks how far a statement is, and never drawn by DuckDB itself.
    connection.execute("SET enable_progress_bar_print = false")
    connection.execute("SET enable_progress_bar = true")
    return connection


def quote_name(name: str) -> str:
    """``name`` as an identifier of SQL, whatever its letters.

    >>> quote_name('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def shut(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path] = ()) -> None:
    """From now on the connection reads and writes no file but below ``folders``; it cannot be opened again."""
    allowed = dict.fromkeys(path for folder in folders for path in (str(folder), str(folder.resolve())))
    with database_errors():
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in allowed)
        connection.execute(f"SET allowed_directories = [{listed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")


def build(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    settings: Mapping[str, ParameterValue],
    holdings: Holdings,
    as_of_end: date,
    money: Money | None = None,
    holidays: frozenset[date] = frozenset(),
    cache: Path | None = None,
) -> DuckDB:
    """The engine over the tables of ``connection``; compiled statements are kept in the folder ``cache``."""
    terms = Terms(catalogue, settings, holdings, as_of_end, money or Money())
    return DuckDB(connection, terms, working_week(settings, holidays), Shelf(terms, cache))


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
