"""First rows: keys whose earliest row lies in the span, and keys in the span that were there before.

The earliest row is taken over all history; a first date stated on the related row (customers.first_order_at) wins.
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import Statement, source
from sanjeh.plan.block import Block, Need


def build_first(block: Block, relations: Relations) -> list[Statement]:
    """One statement for each need of ``block``."""
    build = {Kind.FIRST: _first, Kind.RETURNING: _returning}
    return [build[need.kind](need, block, relations) for need in block.needs]


def _key(rows: Rows, need: Need) -> exp.Expr:
    return exp.cast(rows.expression(need.binding.expression, need.measure.id), "VARCHAR")


def stated_first(relations: Relations, entity: str, key: str) -> str | None:
    """The path of a stated first date of ``key``: a related entity's own column called first_..., if it holds data."""
    for relation in relations.catalogue.entities[entity].relations.values():
        held = relations.holdings.entities.get(relation.entity)
        if relation.on != key or held is None:
            continue
        for name in relations.catalogue.entities[relation.entity].derived:
            if name.startswith("first_") and name in held.columns:
                return f"{relation.name}.{name}"
    return None


def _earliest(rows: Rows, need: Need, time: str) -> exp.Select:
    """(key, members..., first day) of each key's earliest row; the condition of the need is applied to that row."""
    where = need.binding.where
    key = _key(rows, need)
    tests = [exp.not_(key.copy().is_(exp.null())), exp.not_(rows.day(time).is_(exp.null()))]
    if where:
        tests.append(rows.expression(where, need.measure.id))
    day = rows.day(time)
    stated = stated_first(rows.relations, rows.entity, need.binding.expression)
    first = exp.Coalesce(this=exp.cast(rows.column(stated), "DATE"), expressions=[day]) if stated else day
    order = [exp.Ordered(this=item, nulls_first=False) for item in (rows.column(time), rows.column("_row_key"))]
    place = exp.Window(this=exp.RowNumber(), partition_by=[key.copy()], order=exp.Order(expressions=order))
    conditions = [rows.condition(condition, need.measure.id) for condition in need.conditions]
    columns = [
        exp.alias_(key, "key"),
        *(exp.alias_(rows.dimension(name, need.measure.id), f"d{n}") for n, name in enumerate(need.by)),
        exp.alias_(first, "first_day"),
        exp.alias_(place, "place"),
        exp.alias_(exp.and_(*conditions) if conditions else exp.true(), "counts"),
    ]
    return exp.select(*columns).from_(source(rows)).where(exp.and_(*tests))


def _first(need: Need, block: Block, relations: Relations) -> Statement:
    parameters: dict[str, str] = {}
    rows = Rows(relations, block.entity, parameters)
    earliest = _earliest(rows, need, block.times[0])
    keys = [exp.column(f"d{n}", table="f") for n in range(len(need.by))]
    count = exp.Count(this=exp.Star())
    query = exp.select(exp.column("span", table="x"), *keys, count, count.copy()).from_("earliest AS f")
    query = query.join("atoms AS a", on=exp.column("day", table="a").eq(exp.column("first_day", table="f")))
    query = query.join("atom_spans AS x", on=exp.column("atom", table="x").eq(exp.column("atom", table="a")))
    query = query.where(exp.and_(exp.column("place", table="f").eq(1), exp.column("counts", table="f")))
    query = query.group_by(exp.column("span", table="x"), *(key.copy() for key in keys)).with_("earliest", as_=earliest)
    return Statement(query, (need,), need.by, parameters)


def _returning(need: Need, block: Block, relations: Relations) -> Statement:
    parameters: dict[str, str] = {}
    rows = Rows(relations, block.entity, parameters)
    base = Need(need.measure, need.binding, need.mode, (), ())
    earliest = _earliest(Rows(relations, block.entity, parameters), base, block.times[0])
    key = _key(rows, need)
    members = [exp.alias_(rows.dimension(name, need.measure.id), f"d{n}") for n, name in enumerate(need.by)]
    tests = [exp.not_(key.copy().is_(exp.null()))]
    flag = rows.flag(need)
    if flag is not None:
        tests.append(flag)
    pairs = exp.select(exp.column("span", table="x"), exp.alias_(key, "key"), *members).distinct()
    day = rows.day(block.times[0])
    pairs = pairs.from_(source(rows)).join("atoms AS a", on=exp.column("day", table="a").eq(day))
    pairs = pairs.join("atom_spans AS x", on=exp.column("atom", table="x").eq(exp.column("atom", table="a")))
    pairs = pairs.where(exp.and_(*tests))
    keys = [exp.column(f"d{n}", table="p") for n in range(len(need.by))]
    before = exp.LT(this=exp.column("first_day", table="f"), expression=exp.column("s", table="spans"))
    counted = exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=before))
    query = exp.select(exp.column("span", table="p"), *keys, counted, exp.Count(this=exp.Star())).from_("pairs AS p")
    query = query.join("spans", on=exp.column("span", table="spans").eq(exp.column("span", table="p")))
    query = query.join("earliest AS f", on=exp.column("key", table="f").eq(exp.column("key", table="p")))
    query = query.where(exp.column("place", table="f").eq(1))
    query = query.group_by(exp.column("span", table="p"), *(k.copy() for k in keys))
    return Statement(query.with_("pairs", as_=pairs).with_("earliest", as_=earliest), (need,), need.by, parameters)
