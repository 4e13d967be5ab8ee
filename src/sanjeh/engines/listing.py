"""Listing shows the rows behind a number: those that one measure counted at one span."""

from __future__ import annotations

import duckdb
from sqlglot import exp

from sanjeh.calendars import Span
from sanjeh.definitions import Kind
from sanjeh.engines.compile import relations_of
from sanjeh.engines.draft import Draft, all_of, any_of, known
from sanjeh.engines.duckdb import DuckDB
from sanjeh.engines.first import counted_rows
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.state import list_keys, segments_of
from sanjeh.engines.statement import Query
from sanjeh.engines.terms import Terms
from sanjeh.engines.within import is_last
from sanjeh.plan import Listing, Need
from sanjeh.series import Mode

PROVENANCE = ("_file", "_line")
_STATES = (Kind.ACTIVE, Kind.LOST, Kind.RETAINED, Kind.REACTIVATED)


def list_rows(connection: duckdb.DuckDBPyConnection, terms: Terms, need: Need, span: Span, limit: int) -> Listing:
    """The first ``limit`` rows behind ``need`` over ``span``, in the order of their time."""
    query, columns, entity = (_keys if need.kind in _STATES else _rows)(relations_of(terms), need)
    runner = DuckDB(connection, terms) if isinstance(connection, duckdb.DuckDBPyConnection) else connection
    total, rows = runner.list_rows(query, span, limit)
    return Listing(need.measure.id, str(need.mode), entity, span, columns, tuple(rows), total)


def _rows(relations: Relations, need: Need) -> tuple[Query, tuple[str, ...], str]:
    entity = need.binding.entity
    rows = Rows(Draft(relations), entity)
    held = relations.holdings.entities.get(entity)
    definition = relations.catalogue.entities[entity]
    shown = [name for name in definition.columns if held is None or name in held.columns]
    shown += [name for name in (held.extra if held else ()) if name not in shown]
    shown += [name for name in PROVENANCE if held is not None and name in held.columns]
    columns = [exp.alias_(rows.column(name), name, quoted=True) for name in shown]
    if _is_computed(need, shown):
        value = rows.expression(need.binding.expression, need.measure.id)
        columns.append(exp.alias_(value, need.measure.id, quoted=True))
        shown.append(need.measure.id)
    days = [rows.day(time) for time in need.binding.times]
    where, judged = _tests(rows, need, days)
    query = exp.select(*columns).from_(rows.source()).join(_instant(need), on="true", copy=False)
    query = rows.joined(rows.looked(query, "instant"), "instant").where(*where, copy=False)
    if judged:
        query.set("qualify", exp.Qualify(this=all_of(*judged)))
    return rows.draft.query(query.order_by(*(day.copy() for day in days[:1]))), tuple(shown), entity


def _is_computed(need: Need, shown: list[str]) -> bool:
    """Whether the value a row adds is worked out from the row, so that the cells alone do not tell it."""
    plain = need.binding.expression in (*shown, "1")
    return need.kind in (Kind.SUM, Kind.COHORT, Kind.MEDIAN, Kind.SPAN, Kind.SNAPSHOT) and not plain


def _tests(rows: Rows, need: Need, days: list[exp.Expr]) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """What a row must satisfy to count, and what is judged among the rows that do: which is the first or the last."""
    if need.kind in (Kind.FIRST, Kind.RETURNING):
        return counted_rows(rows, need, exp.column("s", table="instant"), exp.column("e", table="instant"))
    when, flag = _when(rows, need, days), rows.flag(need)
    counted = [flag] if flag is not None else []
    if need.kind is Kind.DISTINCT:
        counted.append(known(rows.expression(need.binding.expression, need.measure.id)))
    if need.measure.latest_per:  # the last answer is found before the filter, as the measure does
        return [when], [*counted, is_last(rows, need.binding.times[0], need.measure.latest_per, "instant")]
    return [when, *counted], []


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
    query, columns = list_keys(need, relations)
    return query, columns, segments_of(need)[0]
