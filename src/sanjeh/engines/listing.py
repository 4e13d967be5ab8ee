"""Listing shows the rows behind a number: those that one measure counted at one span."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from sanjeh.calendars import Span
from sanjeh.definitions import Kind
from sanjeh.engines.compile import relations_of
from sanjeh.engines.draft import Draft, all_of, any_of, known
from sanjeh.engines.duckdb import DuckDB
from sanjeh.engines.relation import Relations, is_coded, table
from sanjeh.engines.rows import Rows
from sanjeh.engines.state import segment_bits, segments_of, states_of
from sanjeh.engines.statement import Query
from sanjeh.engines.terms import Terms
from sanjeh.plan import Listing, Need
from sanjeh.series import Mode

PROVENANCE = ("_file", "_line")
_STATES = (Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED)


def list_rows(connection: duckdb.DuckDBPyConnection, terms: Terms, need: Need, span: Span, limit: int) -> Listing:
    """The first ``limit`` rows behind ``need`` over ``span``, in the order of their time."""
    query, columns, entity = (_keys if need.kind in _STATES else _rows)(relations_of(terms), need)
    total, rows = DuckDB(connection, terms).list_rows(query, span, limit)
    return Listing(need.measure.id, str(need.mode), entity, span, columns, tuple(rows), total)


def _rows(relations: Relations, need: Need) -> tuple[Query, tuple[str, ...], str]:
    entity = need.binding.entity
    rows = Rows(Draft(relations), entity)
    held = relations.holdings.entities.get(entity)
    definition = relations.catalogue.entities[entity]
    shown = [name for name in definition.columns if held is None or name in held.columns]
    shown += [name for name in (held.extra if held else ()) if name not in shown]
    shown += [name for name in PROVENANCE if held is not None and name in held.columns]
    flag = rows.flag(need)
    days = [rows.day(time) for time in need.binding.times]
    where, counted = [_when(rows, need, days)], [flag] if flag is not None else []
    if need.kind in (Kind.DISTINCT, Kind.FIRST, Kind.RETURNING):
        counted.append(known(rows.expression(need.binding.expression, need.measure.id)))
    columns = [exp.alias_(rows.column(name), name, quoted=True) for name in shown]
    if _is_computed(need, shown):
        value = rows.expression(need.binding.expression, need.measure.id)
        columns.append(exp.alias_(value, need.measure.id, quoted=True))
        shown.append(need.measure.id)
    if need.measure.latest_per:
        counted.append(_is_last(rows, need))  # judged before the filter, as the measure does
    elif need.kind is Kind.FIRST:
        where, counted = counted, [_is_first(rows, need), *where]
    else:
        where += counted
        counted = []
    query = exp.select(*columns).from_(rows.source()).join(_instant(need), on="true", copy=False)
    query = rows.joined(rows.looked(query, "instant"), "instant").where(*where, copy=False)
    if counted:
        query.set("qualify", exp.Qualify(this=all_of(*counted)))
    return rows.draft.query(query.order_by(*(day.copy() for day in days[:1]))), tuple(shown), entity


def _is_computed(need: Need, shown: list[str]) -> bool:
    """Whether the value a row adds is worked out from the row, so that the cells alone do not tell it."""
    plain = need.binding.expression in (*shown, "1")
    return need.kind in (Kind.SUM, Kind.COHORT, Kind.MEDIAN, Kind.SPAN, Kind.SNAPSHOT) and not plain


def _order(rows: Rows, time: str, *, desc: bool) -> exp.Order:
    parts = (rows.column(time), rows.column("_row_key"))
    return exp.Order(expressions=[exp.Ordered(this=part, desc=desc, nulls_first=False) for part in parts])


def _is_last(rows: Rows, need: Need) -> exp.Expr:
    """Whether the row is the last of its combination within the span; a row with an empty part always is."""
    parts = [rows.column(name) for name in need.measure.latest_per]
    order = _order(rows, need.binding.times[0], desc=True)
    place = exp.Window(this=exp.RowNumber(), partition_by=[part.copy() for part in parts], order=order)
    return any_of(exp.paren(place.eq(exp.Literal.number(1))), *(part.copy().is_(exp.null()) for part in parts))


def _is_first(rows: Rows, need: Need) -> exp.Expr:
    """Whether the row is the first that its key ever had."""
    key = rows.expression(need.binding.expression, need.measure.id)
    order = _order(rows, need.binding.times[0], desc=False)
    return exp.Window(this=exp.RowNumber(), partition_by=[key], order=order).eq(exp.Literal.number(1))


def _instant(need: Need) -> exp.Expr:
    end = "s" if need.mode is Mode.OPENING else "e"
    inner = exp.select("span", "s", "e", f"{end} AS t").from_("spans")
    return exp.alias_(inner.subquery(), "instant", table=True)


def _when(rows: Rows, need: Need, days: list[exp.Expr]) -> exp.Expr:
    """When a row counts: within the span, or while it is open at the instant."""
    start, end, instant = (exp.column(name, table="instant") for name in ("s", "e", "t"))
    if need.kind is Kind.SPAN:
        until = rows.day(need.binding.until or need.binding.times[0])
        open_then = any_of(until.copy().is_(exp.null()), until >= instant.copy())
        return all_of(exp.LT(this=days[0].copy(), expression=instant), open_then)
    if need.kind is Kind.SNAPSHOT:
        days_kept = exp.Literal.string(str(rows.relations.settings["balance_max_age_days"]))
        oldest = exp.Interval(this=days_kept, unit=exp.var("DAY"))
        recent = days[0].copy() >= exp.Sub(this=instant.copy(), expression=oldest)
        return all_of(exp.LT(this=days[0].copy(), expression=instant), recent)
    return any_of(*(all_of(d.copy() >= start.copy(), exp.LT(this=d.copy(), expression=end.copy())) for d in days))


def _keys(relations: Relations, need: Need) -> tuple[Query, tuple[str, ...], str]:
    """The keys in the segment at the start and at the end, those that the measure counts."""
    draft, segments = Draft(relations), segments_of(need)
    key = relations.catalogue.segments[segments[0]].key
    one = segment_bits(draft, segments)
    states = states_of(one, ["k.key"], few=False)
    word = exp.column("key", table="k")
    query = exp.select("k.at_start", "k.at_end").from_(exp.alias_(states.subquery(), "k", table=True))
    if is_coded(relations, key):
        query = query.join(exp.alias_(table(f"dict_{key}"), "w", table=True), on="w.code = k.key", copy=False)
        word = exp.column("value", table="w")
    query.set("expressions", [exp.alias_(word, key, quoted=True), *query.expressions])
    tests = {
        Kind.LOST: "at_start and not at_end",
        Kind.RETAINED: "at_start and at_end",
        Kind.REACTIVATED: "at_end and not at_start",
    }
    test = tests.get(need.kind) or ("at_start" if need.mode is Mode.OPENING else "at_end")
    query = query.where(test, copy=False).order_by("1", copy=False)
    return draft.query(query), (key, "at_start", "at_end"), relations.catalogue.segments[segments[0]].id
