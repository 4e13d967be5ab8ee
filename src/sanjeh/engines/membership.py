"""A membership is a segment as a query: which keys belong at which instant.

Source of the rules: the definitions of the segments (recent rows, running intervals, flags with dates, the top share).
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Membership, ParameterValue, Rule
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import ROWS, Rows

_T = exp.column("t", table="i")


def chosen(relations: Relations, segment: str) -> Membership:
    """The way of deciding who belongs that the company's settings choose."""
    definition = relations.catalogue.segments[segment]
    if definition.chosen_by is None:
        return next(iter(definition.choices.values()))
    value = str(relations.settings[definition.chosen_by])
    return definition.choices[value]


def setting(relations: Relations, name: str | None, default: float) -> float:
    """The number that a membership's parameter (or a literal number) stands for."""
    if name is None:
        return default
    value: ParameterValue = relations.settings.get(name, name)
    return float(value) if not isinstance(value, tuple) else default


def build_membership(relations: Relations, segment: str, parameters: dict[str, str]) -> exp.Select:
    """The query (t, key) over the table ``instants``: the keys of ``segment`` at each instant."""
    membership = chosen(relations, segment)
    rows = Rows(relations, membership.entity, parameters)
    key = exp.cast(rows.column(relations.catalogue.segments[segment].key), "VARCHAR")
    build = {
        Rule.RECENT: _recent,
        Rule.INTERVAL: _interval,
        Rule.FLAG: _flag,
        Rule.TOP: _top,
    }[membership.rule]
    return build(relations, membership, rows, key, segment)


def _from(rows: Rows, query: exp.Select, on: exp.Expr) -> exp.Select:
    return query.from_(exp.alias_(rows.query().subquery(), ROWS, table=True)).join("instants AS i", on=on)


def _recent_rows(relations: Relations, membership: Membership, rows: Rows, owner: str) -> exp.Expr:
    """Rows of the window that ends before the instant."""
    day = rows.day(membership.time or "")
    window = int(setting(relations, membership.window, 0))
    tests = [day >= _T.copy() - _days(window), exp.LT(this=day.copy(), expression=_T.copy())]
    if membership.where:
        tests.append(rows.expression(membership.where, owner))
    return exp.and_(*tests)


def _days(n: int) -> exp.Interval:
    return exp.Interval(this=exp.Literal.string(str(n)), unit=exp.var("DAY"))


def _recent(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    on = exp.and_(_recent_rows(relations, membership, rows, owner), exp.not_(key.copy().is_(exp.null())))
    query = _from(rows, exp.select(exp.alias_(_T.copy(), "t"), exp.alias_(key, "key")), on).group_by(_T.copy(), key.copy())
    least = int(setting(relations, membership.at_least, 1))
    return query.having(exp.Count(this=exp.Star()) >= least) if least > 1 else query


def _interval(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    start, end = rows.column(membership.start or ""), rows.column(membership.end or "")
    tests = [exp.LT(this=start, expression=_T.copy()), end >= _T.copy(), exp.not_(key.copy().is_(exp.null()))]
    if membership.where:
        tests.append(rows.expression(membership.where, owner))
    query = exp.select(exp.alias_(_T.copy(), "t"), exp.alias_(key, "key"))
    return _from(rows, query, exp.and_(*tests)).group_by(_T.copy(), key.copy())


def _flag(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    tests = [rows.expression(membership.where or "true", owner), exp.not_(key.copy().is_(exp.null()))]
    if membership.start:
        start = rows.column(membership.start)
        tests.append(exp.paren(exp.or_(start.copy().is_(exp.null()), start <= _T.copy())))
    if membership.end:
        end = rows.column(membership.end)
        tests.append(exp.paren(exp.or_(end.copy().is_(exp.null()), end > _T.copy())))
    query = exp.select(exp.alias_(_T.copy(), "t"), exp.alias_(key, "key"))
    return _from(rows, query, exp.and_(*tests)).group_by(_T.copy(), key.copy())


def _top(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    sums = [exp.Sum(this=rows.column(name)) for name in membership.by]
    order = [exp.Ordered(this=item, desc=True, nulls_first=False) for item in sums]
    order.append(exp.Ordered(this=key.copy(), desc=False, nulls_first=False))
    partition = [_T.copy()]
    place = exp.Window(this=exp.RowNumber(), partition_by=partition, order=exp.Order(expressions=order))
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[_T.copy()])
    on = exp.and_(_recent_rows(relations, membership, rows, owner), exp.not_(key.copy().is_(exp.null())))
    ranked = _from(
        rows,
        exp.select(exp.alias_(_T.copy(), "t"), exp.alias_(key, "key"), exp.alias_(place, "place"), exp.alias_(count, "n")),
        on,
    ).group_by(_T.copy(), key.copy())
    share = exp.Literal.number(setting(relations, membership.share, 1.0))
    kept = exp.column("place") <= exp.Ceil(this=exp.Mul(this=share, expression=exp.column("n")))
    return exp.select("t", "key").from_(exp.alias_(ranked.subquery(), "ranked", table=True)).where(kept)
