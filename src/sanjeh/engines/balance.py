"""Balances: rows open at an instant, and the last stated value before it."""

from __future__ import annotations

from sqlglot import exp

from sanjeh.engines.draft import Draft, all_of, any_of, is_true, known
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import Statement
from sanjeh.plan.block import Block, Need
from sanjeh.series import Mode


def build_balance(block: Block, relations: Relations, *, sweep: bool = False) -> list[Statement]:
    """The statements for open-row balances: one for each mode and set of dimensions.

    With ``sweep``, rows are not compared with every instant: what opened and what closed between two instants is added
    up. Filters that move with the instant cannot be swept.
    """
    groups: dict[tuple[object, ...], list[Need]] = {}
    for need in block.needs:
        groups.setdefault((need.mode, need.by, sweep and not _moves(need, relations)), []).append(need)
    return [(_swept if key[2] else _open_rows)(tuple(needs), block, relations) for key, needs in groups.items()]


def _moves(need: Need, relations: Relations) -> bool:
    """Whether the filter of ``need`` depends on the instant."""
    rows = Rows(Draft(relations), need.binding.entity)
    flag = rows.flag(need)
    return bool(rows.segments or rows.looks) or (
        flag is not None and any(column.table == "instant" for column in flag.find_all(exp.Column))
    )


def _instants(mode: Mode) -> exp.Expr:
    """The spans with the instant that the mode means."""
    end = "s" if mode is Mode.OPENING else "e"
    query = exp.select("span", "s", "e", f"{end} AS t").from_("spans")
    return exp.alias_(query.subquery(), "instant", table=True)


def _open_rows(needs: tuple[Need, ...], block: Block, relations: Relations) -> Statement:
    rows = Rows(Draft(relations), block.entity)
    first = needs[0]
    members = rows.members(first.by, first.measure.id)
    instant = exp.column("t", table="instant")
    items: list[exp.Expr] = []
    for need in needs:
        flag = rows.flag(need)
        items.append(is_true(flag, exp.Sum(this=rows.expression(need.binding.expression, need.measure.id))))
        items.append(is_true(flag, exp.Count(this=exp.Star())))
    start, end = rows.day(first.binding.times[0]), rows.day(first.binding.until or first.binding.times[0])
    on = all_of(exp.LT(this=start, expression=instant), any_of(end.copy().is_(exp.null()), end >= instant.copy()))
    query = exp.select("instant.span", *members, *items).from_(rows.source())
    query = query.join(_instants(first.mode), on=on, copy=False)
    query = rows.joined(rows.looked(query, "instant"), "instant")
    query = query.group_by("instant.span", *(member.this.copy() for member in members), copy=False)
    return rows.draft.statement(query, needs, first.by)


def _swept(needs: tuple[Need, ...], block: Block, relations: Relations) -> Statement:
    """What opened on a day counts from the next instant on, what closed no longer does; a row never closes early."""
    rows = Rows(Draft(relations), block.entity)
    first = needs[0]
    start, end = rows.day(first.binding.times[0]), rows.day(first.binding.until or first.binding.times[0])
    columns: list[exp.Expr] = [exp.alias_(start, "opened")]
    columns.append(exp.alias_(exp.Greatest(this=end, expressions=[start.copy()], ignore_nulls=True), "closed"))
    columns.append(exp.alias_(end.copy().is_(exp.null()), "is_open"))
    columns += rows.members(first.by, first.measure.id)
    for n, need in enumerate(needs):
        flag = rows.flag(need)
        value = rows.expression(need.binding.expression, need.measure.id)
        columns.append(exp.alias_(value if flag is None else exp.Case().when(flag, value), f"v{n}"))
        columns.append(
            exp.alias_(exp.true() if flag is None else exp.func("coalesce", flag.copy(), exp.false()), f"f{n}")
        )
    moved = exp.select(*columns).from_(rows.source()).where(start.copy().is_(exp.null()).not_(), copy=False)
    keys = [f"d{n}" for n in range(len(first.by))]
    parts = []
    for day, sign, test in (("opened", "", "true"), ("closed", "-", "not is_open")):
        sums = [
            text
            for n in range(len(needs))
            for text in (f"{sign}sum(v{n}) AS v{n}", f"{sign}count(*) FILTER (WHERE f{n}) AS n{n}")
        ]
        part = exp.select(f"{day} AS day", *keys, *sums).from_("moved").where(test)
        parts.append(part.group_by(day, *keys, copy=False))
    changes = exp.union(parts[0], parts[1], distinct=False)
    totals = [
        text for n in range(len(needs)) for text in (f"CASE WHEN sum(c.n{n}) <> 0 THEN sum(c.v{n}) END", f"sum(c.n{n})")
    ]
    query = exp.select("instant.span", *(f"c.{key}" for key in keys), *totals).from_("changes AS c")
    query = query.join(_instants(first.mode), on="c.day < instant.t", copy=False)
    query = query.group_by("instant.span", *(f"c.{key}" for key in keys), copy=False)
    query = query.with_("moved", as_=moved, copy=False).with_("changes", as_=changes, copy=False)
    return rows.draft.statement(query, needs, first.by)


def build_snapshot(block: Block, relations: Relations) -> list[Statement]:
    """The statements for stated balances: one for each need."""
    return [_stated(need, block, relations) for need in block.needs]


def _stated(need: Need, block: Block, relations: Relations) -> Statement:
    """The last row with a value of each stated member before the instant, not older than the company allows, summed."""
    rows = Rows(Draft(relations), block.entity)
    time = block.times[0]
    members = rows.members(need.by, need.measure.id)
    parts = [rows.column(name) for name in relations.catalogue.entities[block.entity].keys[0] if name != time]
    day, instant = rows.day(time), exp.column("t", table="instant")
    oldest = exp.Interval(this=exp.Literal.string(str(relations.settings["balance_max_age_days"])), unit=exp.var("DAY"))
    on = all_of(exp.LT(this=day, expression=instant), day.copy() >= exp.Sub(this=instant.copy(), expression=oldest))
    latest = (rows.column(time), rows.column("_row_key"))
    order = exp.Order(expressions=[exp.Ordered(this=item, desc=True, nulls_first=False) for item in latest])
    partition = [exp.column("span", table="instant"), *parts]
    place = exp.Window(this=exp.RowNumber(), partition_by=partition, order=order)
    amount = rows.expression(need.binding.expression, need.measure.id)
    value = exp.alias_(amount, "value")
    flag = rows.flag(need)
    last = exp.select("instant.span", *members, value, exp.alias_(place, "place")).from_(rows.source())
    last = last.join(_instants(need.mode), on=on, copy=False)
    last = rows.joined(last, "instant")
    # A row that is silent on the balance (an account's reach without its followers) states none.
    last = last.where(*([flag] if flag is not None else []), known(amount), copy=False)
    keys = [f"d{n}" for n in range(len(need.by))]
    query = exp.select("span", *keys, "sum(value)", "count(*)").from_(exp.alias_(last.subquery(), "last", table=True))
    query = query.where("place = 1", copy=False).group_by("span", *keys, copy=False)
    return rows.draft.statement(query, (need,), need.by)
