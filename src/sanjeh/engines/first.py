"""First rows: keys whose earliest row lies in the span, and keys in the span that were there before.

The earliest row is taken over all history; a first date stated on the related row (customers.first_order_at) wins.
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind, Segment
from sanjeh.engines.draft import Draft, all_of, known, opening_of
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows, flag_segment, flag_test
from sanjeh.engines.statement import Statement
from sanjeh.plan.block import Block, Need
from sanjeh.series import Condition


def build_first(block: Block, relations: Relations) -> list[Statement]:
    """One statement for each need of ``block``."""
    build = {Kind.FIRST: _first, Kind.RETURNING: _returning}
    return [build[need.kind](need, block, relations) for need in block.needs]


def _key(rows: Rows, need: Need) -> exp.Expr:
    return rows.code(need.binding.expression) or exp.cast(
        rows.expression(need.binding.expression, need.measure.id), "VARCHAR"
    )


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


def _history(rows: Rows, need: Need, time: str) -> list[exp.Expr]:
    """What a row must satisfy to belong to the history of its key."""
    where = rows.test(need.binding.where, need.measure.id)
    return [known(_key(rows, need)), known(rows.day(time)), *([where] if where is not None else [])]


def _first_day(rows: Rows, need: Need, time: str) -> exp.Expr:
    """The day that makes the key of an earliest row known: the one stated of it, else the row's."""
    day, stated = rows.day(time), stated_first(rows.relations, rows.entity, need.binding.expression)
    return exp.Coalesce(this=exp.cast(rows.column(stated), "DATE"), expressions=[day]) if stated else day


def _over_history(rows: Rows, need: Need, time: str, function: exp.Expr) -> exp.Expr:
    """``function`` over the rows of the same key, earliest first."""
    order = [exp.Ordered(this=item, nulls_first=False) for item in (rows.column(time), rows.column("_row_key"))]
    return exp.Window(this=function, partition_by=[_key(rows, need)], order=exp.Order(expressions=order))


def counted_rows(rows: Rows, need: Need, s: exp.Expr, e: exp.Expr) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The tests of the rows that make the number over [s, e): those of the history, and those judged within it.

    Of a new customer that is the first row; of a returning one, the rows of the span.
    """
    time = need.binding.times[0]
    conditions = [rows.condition(condition, need.measure.id) for condition in need.conditions]
    day = _first_day(rows, need, time)
    if need.kind is Kind.FIRST:
        place = _over_history(rows, need, time, exp.RowNumber()).eq(exp.Literal.number(1))
        inside = [day >= s.copy(), exp.LT(this=day.copy(), expression=e.copy())]
        return _history(rows, need, time), [place, *inside, *conditions]
    first, own = _over_history(rows, need, time, exp.FirstValue(this=day)), rows.day(time)
    inside = [own >= s.copy(), exp.LT(this=own.copy(), expression=e.copy())]
    return _history(rows, need, time), [exp.LT(this=first, expression=s.copy()), *inside, *conditions]


def earliest_rows(rows: Rows, need: Need, time: str) -> exp.Select:
    """(key, members..., first day) of each key's earliest row, for which the conditions of the need must hold."""
    key, first, tests = _key(rows, need), _first_day(rows, need, time), _history(rows, need, time)
    if not need.by and not need.conditions:
        query = exp.select(exp.alias_(key, "key"), exp.alias_(exp.Min(this=first), "first_day")).from_(rows.source())
        return query.where(*tests, copy=False).group_by(key.copy(), copy=False)
    flags = _flags(rows, need)
    plain = [condition for condition in need.conditions if condition not in [flag for flag, _ in flags]]
    conditions = [rows.condition(condition, need.measure.id) for condition in plain]
    columns = [
        exp.alias_(key.copy(), "key"),
        *rows.members(need.by, need.measure.id),
        exp.alias_(first.copy(), "first_day"),
        exp.alias_(all_of(*conditions) if conditions else exp.true(), "counts"),
    ]
    for n, (_, segment) in enumerate(flags):
        columns.append(exp.alias_(rows.key(segment.key), f"flagged{n}"))
    return _only_first(rows, key, rows.column(time), tests, columns)


def _only_first(
    rows: Rows, key: exp.Expr, time: exp.Expr, tests: list[exp.Expr], columns: list[exp.Expr]
) -> exp.Select:
    """``columns`` of each key's first row by time, then by the row's own key: few rows share a key's first time."""
    begins = exp.select(exp.alias_(key.copy(), "key"), exp.alias_(exp.Min(this=time), "at")).from_(rows.source())
    begins = begins.where(*(test.copy() for test in tests), copy=False).group_by(key.copy(), copy=False)
    order = exp.Order(expressions=[exp.Ordered(this=rows.column("_row_key"), nulls_first=False)])
    place = exp.Window(this=exp.RowNumber(), partition_by=[key.copy()], order=order)
    same = all_of(exp.column("key", table="b").eq(key.copy()), exp.column("at", table="b").eq(time.copy()))
    query = exp.select(*columns, exp.alias_(place, "place")).from_(rows.source())
    query = query.join(exp.alias_(begins.subquery(), "b", table=True), on=same, copy=False)
    found = exp.alias_(query.where(*tests, copy=False).subquery(), "ranked", table=True)
    return exp.select("*").from_(found).where("place = 1", "counts", copy=False)


def _flags(rows: Rows, need: Need) -> list[tuple[Condition, Segment]]:
    """The conditions on flags that are read as of an instant, each with its segment."""
    pairs = [(condition, flag_segment(rows.relations, condition.dimension)) for condition in need.conditions]
    return [(condition, segment) for condition, segment in pairs if segment is not None]


def _flagged(query: exp.Select, rows: Rows, need: Need) -> exp.Select:
    """``query`` over first rows ``f`` with the flags as of the start of the span that the first day lies in."""
    flags = _flags(rows, need)
    if flags:
        query = query.join("spans AS sp", on="sp.span = x.span", copy=False)
    for n, (condition, segment) in enumerate(flags):
        opening, key = opening_of("sp"), exp.column(f"flagged{n}", table="f")
        query = rows.draft.with_member(query, segment.id, f"flag{n}", opening, key)
        query = query.where(flag_test(condition, known(exp.column("key", table=f"flag{n}"))), copy=False)
    return query


def _first(need: Need, block: Block, relations: Relations) -> Statement:
    draft = Draft(relations)
    rows = Rows(draft, block.entity)
    earliest = earliest_rows(rows, need, block.times[0])
    keys = [f"f.d{n}" for n in range(len(need.by))]
    query = exp.select("x.span", *keys, "count(*)", "count(*)").from_("earliest AS f")
    query = query.join("atoms AS a", on="a.day = f.first_day", copy=False)
    query = query.join("atom_spans AS x", on="x.atom = a.atom", copy=False)
    query = _flagged(query, rows, need)
    query = query.group_by("x.span", *keys, copy=False).with_("earliest", as_=earliest, copy=False)
    return draft.statement(query, (need,), need.by)


def _returning(need: Need, block: Block, relations: Relations) -> Statement:
    draft = Draft(relations)
    rows = Rows(draft, block.entity)
    base = Need(need.measure, need.binding, need.mode, (), ())
    earliest = earliest_rows(Rows(draft, block.entity), base, block.times[0])
    key, flag = _key(rows, need), rows.flag(need)
    members = rows.members(need.by, need.measure.id)
    tests = [known(key), *([flag] if flag is not None else [])]
    pairs = exp.select("x.span", exp.alias_(key, "key"), *members).distinct(copy=False).from_(rows.source())
    pairs = pairs.join("atoms AS a", on=exp.column("day", table="a").eq(rows.day(block.times[0])), copy=False)
    pairs = pairs.join("atom_spans AS x", on="x.atom = a.atom", copy=False).where(*tests, copy=False)
    if rows.segments:
        pairs = rows.joined(pairs.join("spans AS sp", on="sp.span = x.span", copy=False), "sp")
    keys = [f"p.d{n}" for n in range(len(need.by))]
    counted = "count(*) FILTER (WHERE f.first_day < spans.s)"
    query = exp.select("p.span", *keys, counted, "count(*)").from_("pairs AS p")
    query = query.join("spans", on="spans.span = p.span", copy=False)
    query = query.join("earliest AS f", on="f.key = p.key", copy=False)
    query = query.group_by("p.span", *keys, copy=False).with_("pairs", as_=pairs, copy=False)
    return draft.statement(query.with_("earliest", as_=earliest, copy=False), (need,), need.by)
