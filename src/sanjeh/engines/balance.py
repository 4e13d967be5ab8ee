"""Balances: rows open at an instant, and the last stated value before it."""

from __future__ import annotations

from sqlglot import exp

from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import Statement, is_true, member_joins, source
from sanjeh.plan.block import Block, Need
from sanjeh.series import Mode


def build_balance(block: Block, relations: Relations) -> list[Statement]:
    """The statements for open-row balances: one for each mode and set of dimensions."""
    groups: dict[tuple[object, ...], list[Need]] = {}
    for need in block.needs:
        groups.setdefault((need.mode, need.by), []).append(need)
    return [_open_rows(tuple(needs), block, relations) for needs in groups.values()]


def _instants(mode: Mode) -> exp.Expr:
    """The spans with the instant that the mode means."""
    end = "s" if mode is Mode.OPENING else "e"
    query = exp.select("span", "s", "e", f"{end} AS t").from_("spans")
    return exp.alias_(query.subquery(), "instant", table=True)


def _open_rows(needs: tuple[Need, ...], block: Block, relations: Relations) -> Statement:
    parameters: dict[str, str] = {}
    rows = Rows(relations, block.entity, parameters)
    first = needs[0]
    members = [exp.alias_(rows.dimension(name, first.measure.id), f"d{n}") for n, name in enumerate(first.by)]
    instant = exp.column("t", table="instant")
    items: list[exp.Expr] = []
    for need in needs:
        flag = rows.flag(need)
        items.append(is_true(flag, exp.Sum(this=rows.expression(need.binding.expression, need.measure.id))))
        items.append(is_true(flag, exp.Count(this=exp.Star())))
    start, end = rows.day(first.binding.times[0]), rows.day(first.binding.until or first.binding.times[0])
    on = exp.and_(
        exp.LT(this=start, expression=instant),
        exp.paren(exp.or_(end.copy().is_(exp.null()), end >= instant.copy())),
    )
    query = exp.select(exp.column("span", table="instant"), *members, *items).from_(source(rows))
    query = query.join(_instants(first.mode), on=on)
    query = _looked(query, rows)
    query = member_joins(query, rows, relations, "instant", parameters)
    query = query.group_by(exp.column("span", table="instant"), *(member.this.copy() for member in members))
    return Statement(query, needs, first.by, parameters)


def _looked(query: exp.Select, rows: Rows) -> exp.Select:
    for key, look in rows.looks.items():
        alias = "look_" + next(iter(name for name in rows.relations.catalogue.entities if _reads(look, name)))
        on = exp.and_(
            exp.column("t", table=alias).eq(exp.column("t", table="instant")),
            exp.column("key", table=alias).eq(rows.column(key)),
        )
        query = query.join(exp.alias_(look.subquery(), alias, table=True), on=on, join_type="LEFT")
    return query


def _reads(look: exp.Expr, entity: str) -> bool:
    return any(table.name == f"raw_{entity}" for table in look.find_all(exp.Table))


def build_snapshot(block: Block, relations: Relations) -> list[Statement]:
    """The statements for stated balances: one for each need."""
    return [_stated(need, block, relations) for need in block.needs]


def _stated(need: Need, block: Block, relations: Relations) -> Statement:
    """The last row of each stated member before the instant, not older than the company allows, summed."""
    parameters: dict[str, str] = {}
    rows = Rows(relations, block.entity, parameters)
    time = block.times[0]
    members = [exp.alias_(rows.dimension(name, need.measure.id), f"d{n}") for n, name in enumerate(need.by)]
    parts = [rows.column(name) for name in relations.catalogue.entities[block.entity].keys[0] if name != time]
    day, instant = rows.day(time), exp.column("t", table="instant")
    oldest = exp.Interval(this=exp.Literal.string(str(relations.settings["balance_max_age_days"])), unit=exp.var("DAY"))
    on = exp.and_(
        exp.LT(this=day, expression=instant), day.copy() >= exp.Sub(this=instant.copy(), expression=oldest)
    )
    flag = rows.flag(need)
    place = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column("span", table="instant"), *parts],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=item, desc=True, nulls_first=False) for item in (rows.column(time), rows.column("_row_key"))
            ]
        ),
    )
    value = exp.alias_(rows.expression(need.binding.expression, need.measure.id), "value")
    columns = [exp.column("span", table="instant"), *members, value, exp.alias_(place, "place")]
    last = exp.select(*columns).from_(source(rows)).join(_instants(need.mode), on=on)
    last = member_joins(last, rows, relations, "instant", parameters)
    if flag is not None:
        last = last.where(flag)
    keys = [exp.column(f"d{n}") for n in range(len(need.by))]
    query = exp.select(exp.column("span"), *keys, exp.Sum(this=exp.column("value")), exp.Count(this=exp.Star()))
    common = last.args.get("with_")
    last.set("with_", None)
    query = query.from_(exp.alias_(last.subquery(), "last", table=True)).where(exp.column("place").eq(1))
    query = query.group_by(exp.column("span"), *(key.copy() for key in keys))
    for item in common.expressions if common else []:
        query = query.with_(item.alias, as_=item.this)
    return Statement(query, (need,), need.by, parameters)
