"""Listing shows the rows behind a number: those that one measure counted at one span."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from sanjeh.calendars import Span
from sanjeh.definitions import Kind
from sanjeh.engines.duckdb import database_errors
from sanjeh.engines.membership import build_membership
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.state import segments_of
from sanjeh.engines.statement import member_joins, source
from sanjeh.plan import Listing, Need
from sanjeh.series import Mode

PROVENANCE = ("_file", "_line")


def list_rows(
    connection: duckdb.DuckDBPyConnection, relations: Relations, need: Need, span: Span, limit: int
) -> Listing:
    """The first ``limit`` rows behind ``need`` over ``span``, in the order of their time."""
    parameters: dict[str, str] = {}
    connection.execute("CREATE OR REPLACE TEMP TABLE spans AS SELECT 0 AS span, ?::DATE AS s, ?::DATE AS e", [span.start, span.end])
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE instants AS SELECT unnest([?::DATE, ?::DATE]) AS t", [span.start, span.end]
    )
    state = need.kind in (Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED)
    query, columns, entity = (_keys if state else _rows)(relations, need, parameters)
    used = {node.name: parameters[node.name] for node in query.find_all(exp.Placeholder)}
    with database_errors():
        sql = query.sql(dialect="duckdb")
        counted = connection.execute(f"SELECT count(*) FROM ({sql}) AS listed", used or None).fetchone()
        rows = connection.execute(f"{sql} LIMIT {int(limit)}", used or None).fetchall()
    total = int(counted[0]) if counted else 0
    return Listing(need.measure.id, str(need.mode), entity, span, columns, tuple(rows), total)


def _rows(relations: Relations, need: Need, parameters: dict[str, str]) -> tuple[exp.Select, tuple[str, ...], str]:
    entity = need.binding.entity
    rows = Rows(relations, entity, parameters)
    held = relations.holdings.entities.get(entity)
    definition = relations.catalogue.entities[entity]
    shown = [name for name in definition.columns if held is None or name in held.columns]
    shown += [name for name in (held.extra if held else ()) if name not in shown]
    shown += [name for name in PROVENANCE if held is not None and name in held.columns]
    flag = rows.flag(need)
    tests = [flag] if flag is not None else []
    days = [rows.day(time) for time in need.binding.times]
    tests.append(_when(rows, need, days))
    if need.kind in (Kind.DISTINCT, Kind.FIRST, Kind.RETURNING):
        tests.append(exp.not_(rows.expression(need.binding.expression, need.measure.id).is_(exp.null())))
    columns = [exp.alias_(rows.column(name), name, quoted=True) for name in shown]
    order = [day.copy() for day in days[:1]]
    query = exp.select(*columns).from_(source(rows)).join("spans AS instant", on=exp.and_(*tests))
    if need.kind in (Kind.SPAN, Kind.SNAPSHOT):
        query = _with_instant(query, need)
    query = member_joins(query, rows, relations, "instant", parameters)
    return query.order_by(*order), tuple(shown), entity


def _with_instant(query: exp.Select, need: Need) -> exp.Select:
    end = "s" if need.mode is Mode.OPENING else "e"
    inner = exp.select("span", "s", "e", f"{end} AS t").from_("spans")
    joined = exp.alias_(inner.subquery(), "instant", table=True)
    query.args["joins"][0].set("this", joined)
    return query


def _when(rows: Rows, need: Need, days: list[exp.Expr]) -> exp.Expr:
    """When a row counts: within the span, or while it is open at the instant."""
    start, end = exp.column("s", table="instant"), exp.column("e", table="instant")
    if need.kind is Kind.SPAN:
        instant = exp.column("t", table="instant")
        until = rows.day(need.binding.until or need.binding.times[0])
        open_then = exp.paren(exp.or_(until.copy().is_(exp.null()), until >= instant.copy()))
        return exp.and_(exp.LT(this=days[0].copy(), expression=instant), open_then)
    if need.kind is Kind.SNAPSHOT:
        oldest = exp.Interval(this=exp.Literal.string(str(rows.relations.settings["balance_max_age_days"])), unit=exp.var("DAY"))
        instant = exp.column("t", table="instant")
        return exp.and_(
            exp.LT(this=days[0].copy(), expression=instant), days[0].copy() >= exp.Sub(this=instant.copy(), expression=oldest)
        )
    inside = [exp.and_(day.copy() >= start.copy(), exp.LT(this=day.copy(), expression=end.copy())) for day in days]
    return exp.paren(exp.or_(*inside))


def _keys(relations: Relations, need: Need, parameters: dict[str, str]) -> tuple[exp.Select, tuple[str, ...], str]:
    """The keys in the segment at the start and at the end, those that the measure counts."""
    segments = segments_of(need)
    key = relations.catalogue.segments[segments[0]].key
    query = exp.select(
        exp.alias_(exp.column("key", table="k"), key),
        exp.alias_(exp.Max(this=exp.column("t", table="k").eq(exp.column("s", table="sp"))), "at_start"),
        exp.alias_(exp.Max(this=exp.column("t", table="k").eq(exp.column("e", table="sp"))), "at_end"),
    ).from_(f"segment_{segments[0]} AS k")
    query = query.join("spans AS sp", on="true").group_by("k.key")
    tests = {
        Kind.LOST: "at_start and not at_end",
        Kind.RETAINED: "at_start and at_end",
        Kind.REACTIVATED: "at_end and not at_start",
    }
    test = tests.get(need.kind) or ("at_start" if need.mode is Mode.OPENING else "at_end")
    query = query.having(test).order_by("1").with_(
        f"segment_{segments[0]}", as_=build_membership(relations, segments[0], parameters)
    )
    for segment in segments[1:]:
        query = query.with_(f"segment_{segment}", as_=build_membership(relations, segment, parameters))
        query = query.join(f"segment_{segment} AS {segment}", on=f"{segment}.t = k.t and {segment}.key = k.key")
    return query, (key, "at_start", "at_end"), relations.catalogue.segments[segments[0]].id
