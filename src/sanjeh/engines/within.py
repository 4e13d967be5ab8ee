"""Within a span: what must be recomputed for each span, because its parts do not add up or its filter moves with the span.

Medians, keys with several rows, measures filtered by a segment at the span's start or end, answers of which only a person's
last one counts, and rows that count when any of several times lies in the span.
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import ROWS, Rows
from sanjeh.engines.statement import Statement, is_true, member_joins, source
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
    parameters: dict[str, str] = {}
    rows = Rows(relations, block.entity, parameters)
    by = needs[0].by
    query = _aggregated(rows, needs, by) if needs[0].kind in _PLAIN else _counted(rows, needs[0], by)
    inner = _in_spans(rows, block, relations, needs, parameters)
    for common in inner.args["with_"].expressions if inner.args.get("with_") else []:
        query = query.with_(common.alias, as_=common.this)
    inner.set("with_", None)
    return Statement(query.with_("within", as_=inner), needs, by, parameters)


def _in_spans(
    rows: Rows, block: Block, relations: Relations, needs: tuple[Need, ...], parameters: dict[str, str]
) -> exp.Select:
    """Every row once for each span it lies in, with the dimensions, the flags and the expressions of the needs."""
    columns: list[exp.Expr] = [exp.column("span", table="spans")]
    columns += [exp.alias_(rows.dimension(name, needs[0].measure.id), f"d{n}") for n, name in enumerate(needs[0].by)]
    for n, need in enumerate(needs):
        columns.append(exp.alias_(rows.flag(need) or exp.true(), f"f{n}"))
        columns.append(exp.alias_(rows.expression(need.binding.expression, need.measure.id), f"x{n}"))
    latest = needs[0].measure.latest_per
    if latest:
        columns.append(exp.alias_(_is_last(rows, block.times[0], latest), "is_last"))
    days = [rows.day(time) for time in block.times]
    query = exp.select(*columns).from_(source(rows))
    query = query.join("spans", on=exp.or_(*(_inside(day) for day in days))) if len(days) > 1 else _by_day(query, days[0])
    return member_joins(query, rows, relations, "spans", parameters)


def _inside(day: exp.Expr) -> exp.Expr:
    start, end = exp.column("s", table="spans"), exp.column("e", table="spans")
    return exp.and_(day.copy() >= start, exp.LT(this=day.copy(), expression=end))


def _by_day(query: exp.Select, day: exp.Expr) -> exp.Select:
    query = query.join("atoms AS a", on=exp.column("day", table="a").eq(day))
    query = query.join("atom_spans AS x", on=exp.column("atom", table="x").eq(exp.column("atom", table="a")))
    return query.join("spans", on=exp.column("span", table="spans").eq(exp.column("span", table="x")))


def _is_last(rows: Rows, time: str, latest: tuple[str, ...]) -> exp.Expr:
    """Whether the row is the last of its combination within the span; a row with an empty part always is."""
    parts = [rows.column(name) for name in latest]
    order = [exp.Ordered(this=item, desc=True, nulls_first=False) for item in (rows.column(time), rows.column("_row_key"))]
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("span", table="spans"), *parts],
        order=exp.Order(expressions=order),
    )
    return exp.or_(exp.paren(place.eq(exp.Literal.number(1))), *(part.copy().is_(exp.null()) for part in parts))


def _aggregated(rows: Rows, needs: tuple[Need, ...], by: tuple[str, ...]) -> exp.Select:
    keys = [exp.column(f"d{n}") for n in range(len(by))]
    items: list[exp.Expr] = []
    for n, need in enumerate(needs):
        flag: exp.Expr = exp.column(f"f{n}")
        if need.measure.latest_per:
            flag = exp.and_(flag, exp.column("is_last"))
        value = exp.column(f"x{n}")
        aggregate = _median(value) if need.kind is Kind.MEDIAN else exp.Sum(this=value)
        items += [is_true(flag, aggregate), is_true(flag, exp.Count(this=exp.Star()))]
    query = exp.select(exp.column("span"), *keys, *items).from_("within")
    return query.group_by(exp.column("span"), *(key.copy() for key in keys))


def _median(value: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this="quantile_cont", expressions=[exp.cast(value, "DOUBLE"), exp.Literal.number("0.5")])


def _counted(rows: Rows, need: Need, by: tuple[str, ...]) -> exp.Select:
    """How many keys have at least the measure's number of rows in the span."""
    keys = [exp.column(f"d{n}") for n in range(len(by))]
    flag: exp.Expr = exp.and_(exp.column("f0"), exp.not_(exp.column("x0").is_(exp.null())))
    if need.measure.latest_per:
        flag = exp.and_(flag, exp.column("is_last"))
    inner = exp.select(exp.column("span"), *keys, exp.alias_(exp.Count(this=exp.Star()), "n")).from_("within").where(flag)
    inner = inner.group_by(exp.column("span"), *(key.copy() for key in keys), exp.column("x0"))
    if need.measure.having > 1:
        inner = inner.having(exp.Count(this=exp.Star()) >= need.measure.having)
    query = exp.select(exp.column("span"), *keys, exp.Count(this=exp.Star()), exp.Sum(this=exp.column("n")))
    return query.from_(exp.alias_(inner.subquery(), "counted", table=True)).group_by(
        exp.column("span"), *(key.copy() for key in keys)
    )


__all__ = ["ROWS", "build_within"]
