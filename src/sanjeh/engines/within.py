"""Within a span: what must be recomputed for each span, as its parts do not add up or its filter moves with the span.

Medians, measures filtered by a segment at the span's start or end, answers of which only a person's last one counts,
and rows that count when any of several times lies in the span.
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind
from sanjeh.engines.draft import Draft, all_of, any_of, is_true
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import Statement
from sanjeh.plan.block import Block, Need

_PLAIN = (Kind.SUM, Kind.COUNT, Kind.COHORT, Kind.MEDIAN)


def build_within(block: Block, relations: Relations) -> list[Statement]:
    """The statements for ``block``: needs that aggregate the same rows share one, sets of keys have one each."""
    groups: dict[tuple[object, ...], list[Need]] = {}
    for need in block.needs:
        plain = need.kind in _PLAIN
        groups.setdefault((need.by, need.measure.latest_per, None if plain else need.key), []).append(need)
    return [_statement(tuple(needs), block, relations) for needs in groups.values()]


def _statement(needs: tuple[Need, ...], block: Block, relations: Relations) -> Statement:
    rows, by = Rows(Draft(relations), block.entity), needs[0].by
    inner = _in_spans(rows, block, needs)
    query = _aggregated(needs, by) if needs[0].kind in _PLAIN else _counted(needs[0], by)
    return rows.draft.statement(query.with_("within", as_=inner, copy=False), needs, by)


def _in_spans(rows: Rows, block: Block, needs: tuple[Need, ...]) -> exp.Select:
    """Every row once for each span it lies in, with the dimensions, the flags and the expressions of the needs."""
    columns: list[exp.Expr] = [exp.column("span", table="spans")]
    columns += rows.members(needs[0].by, needs[0].measure.id)
    for n, need in enumerate(needs):
        columns.append(exp.alias_(rows.flag(need) or exp.true(), f"f{n}"))
        columns.append(exp.alias_(rows.expression(need.binding.expression, need.measure.id), f"x{n}"))
    latest = needs[0].measure.latest_per
    if latest:
        columns.append(exp.alias_(is_last(rows, block.times[0], latest, "spans"), "is_last"))
    days = [rows.day(time) for time in block.times]
    query = exp.select(*columns).from_(rows.source())
    if len(days) > 1:
        query = query.join("spans", on=any_of(*(_inside(day) for day in days)), copy=False)
    else:
        query = _by_day(query, days[0])
    return rows.joined(query, "spans")


def _inside(day: exp.Expr) -> exp.Expr:
    start, end = exp.column("s", table="spans"), exp.column("e", table="spans")
    return all_of(day.copy() >= start, exp.LT(this=day.copy(), expression=end))


def _by_day(query: exp.Select, day: exp.Expr) -> exp.Select:
    query = query.join("atoms AS a", on=exp.column("day", table="a").eq(day), copy=False)
    query = query.join("atom_spans AS x", on="x.atom = a.atom", copy=False)
    return query.join("spans", on="spans.span = x.span", copy=False)


def is_last(rows: Rows, time: str, latest: tuple[str, ...], span: str) -> exp.Expr:
    """Whether the row is the last of its combination within the span; a row with an empty part always is."""
    parts = [rows.column(name) for name in latest]
    order = [
        exp.Ordered(this=item, desc=True, nulls_first=False) for item in (rows.column(time), rows.column("_row_key"))
    ]
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("span", table=span), *parts],
        order=exp.Order(expressions=order),
    )
    return any_of(exp.paren(place.eq(exp.Literal.number(1))), *(part.copy().is_(exp.null()) for part in parts))


def _aggregated(needs: tuple[Need, ...], by: tuple[str, ...]) -> exp.Select:
    keys = [f"d{n}" for n in range(len(by))]
    items: list[exp.Expr] = []
    for n, need in enumerate(needs):
        flag: exp.Expr = exp.column(f"f{n}")
        if need.measure.latest_per:
            flag = all_of(flag, exp.column("is_last"))
        value = exp.column(f"x{n}")
        aggregate = _median(value) if need.kind is Kind.MEDIAN else exp.Sum(this=value)
        items += [is_true(flag, aggregate), is_true(flag, exp.Count(this=exp.Star()))]
    return exp.select("span", *keys, *items).from_("within").group_by("span", *keys, copy=False)


def _median(value: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="quantile_cont", expressions=[exp.cast(value, "DOUBLE"), exp.Literal.number("0.5")])


def _counted(need: Need, by: tuple[str, ...]) -> exp.Select:
    """How many keys have at least the measure's number of rows in the span."""
    keys = [f"d{n}" for n in range(len(by))]
    flag = "f0 AND is_last" if need.measure.latest_per else "f0"
    inner = exp.select("span", *keys, "x0", f"count(*) FILTER (WHERE {flag}) AS n").from_("within")
    inner = inner.group_by("span", *keys, "x0", copy=False)
    count = f"count(*) FILTER (WHERE n >= {need.measure.having} AND NOT x0 IS NULL)"
    query = exp.select("span", *keys, count, "sum(n)")
    query = query.from_(exp.alias_(inner.subquery(), "counted", table=True))
    return query.group_by("span", *keys, copy=False)
