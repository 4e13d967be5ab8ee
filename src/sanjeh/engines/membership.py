"""A membership is a segment as a query: which keys belong at which instant.

Source of the rules: the definitions of the segments (recent rows, running intervals, flags with dates, the top share).
Rules that look back over a window read the rows once, by atom: no row is compared with every instant.
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Membership, ParameterValue, Rule
from sanjeh.engines.draft import Draft, all_of, any_of, known
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import SegmentQuery

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


def build_membership(relations: Relations, segment: str) -> SegmentQuery:
    """The query (t, key): the keys of ``segment`` at each instant."""
    membership = chosen(relations, segment)
    rows = Rows(Draft(relations), membership.entity)
    key = exp.cast(rows.column(relations.catalogue.segments[segment].key), "VARCHAR")
    match membership.rule:
        case Rule.RECENT:
            tree = _recent(relations, membership, rows, key, segment)
        case Rule.TOP:
            tree = _top(relations, membership, rows, key, segment)
        case Rule.INTERVAL:
            tree = _interval(membership, rows, key, segment)
        case Rule.FLAG:
            tree = _flag(membership, rows, key, segment)
    back = membership.rule in (Rule.RECENT, Rule.TOP)
    window = int(setting(relations, membership.window, 0)) if back else None
    return SegmentQuery(rows.draft.query(tree), window)


def _by_atom(membership: Membership, rows: Rows, key: exp.Expr, owner: str, sums: list[exp.Expr]) -> exp.Select:
    """(atom, key, n, sums...) of the rows that count."""
    tests = [known(key)]
    where = rows.test(membership.where, owner)
    if where is not None:
        tests.append(where)
    items = [exp.alias_(exp.Sum(this=value), f"s{n}") for n, value in enumerate(sums)]
    query = exp.select("a.atom", exp.alias_(key.copy(), "key"), "count(*) AS n", *items).from_(rows.source())
    query = query.join("atoms AS a", on=exp.column("day", table="a").eq(rows.day(membership.time or "")), copy=False)
    return query.where(*tests, copy=False).group_by("a.atom", key.copy(), copy=False)


def _at_instants(per_atom: exp.Select, *items: str) -> exp.Select:
    """``items`` over the atoms ``p`` of each instant ``s.e`` and key."""
    query = exp.select("s.e AS t", "p.key", *items).from_("per_atom AS p")
    query = query.join("atom_spans AS x", on="x.atom = p.atom", copy=False)
    query = query.join("spans AS s", on="s.span = x.span", copy=False)
    return query.group_by("s.e", "p.key", copy=False).with_("per_atom", as_=per_atom, copy=False)


def _recent(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    query = _at_instants(_by_atom(membership, rows, key, owner, []))
    least = int(setting(relations, membership.at_least, 1))
    return query.having(exp.Sum(this=exp.column("n", table="p")) >= least, copy=False) if least > 1 else query


def _top(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    numbers = range(len(membership.by))
    totals = _at_instants(
        _by_atom(membership, rows, key, owner, [rows.column(name) for name in membership.by]),
        *(f"sum(p.s{n}) AS s{n}" for n in numbers),
    )
    order = [exp.Ordered(this=exp.column(f"s{n}"), desc=True, nulls_first=False) for n in numbers]
    order.append(exp.Ordered(this=exp.column("key"), desc=False, nulls_first=False))
    place = exp.Window(this=exp.RowNumber(), partition_by=[exp.column("t")], order=exp.Order(expressions=order))
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[exp.column("t")])
    ranked = exp.select("t", "key", exp.alias_(place, "place"), exp.alias_(count, "n")).from_(
        exp.alias_(totals.subquery(), "totals", table=True)
    )
    share = exp.Literal.number(setting(relations, membership.share, 1.0))
    kept = exp.column("place") <= exp.Ceil(this=exp.Mul(this=share, expression=exp.column("n")))
    return exp.select("t", "key").from_(exp.alias_(ranked.subquery(), "ranked", table=True)).where(kept)


def _at(rows: Rows, key: exp.Expr, tests: list[exp.Expr]) -> exp.Select:
    query = exp.select(exp.alias_(_T.copy(), "t"), exp.alias_(key, "key")).from_(rows.source())
    query = query.join("instants AS i", on=all_of(*tests, known(key)), copy=False)
    return query.group_by(_T.copy(), key.copy(), copy=False)


def _interval(membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    start, end = rows.column(membership.start or ""), rows.column(membership.end or "")
    tests: list[exp.Expr] = [exp.LT(this=start, expression=_T.copy()), end >= _T.copy()]
    where = rows.test(membership.where, owner)
    return _at(rows, key, tests if where is None else [*tests, where])


def _flag(membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    tests: list[exp.Expr] = [rows.expression(membership.where or "true", owner)]
    if membership.start:
        start = rows.column(membership.start)
        tests.append(any_of(start.copy().is_(exp.null()), start <= _T.copy()))
    if membership.end:
        end = rows.column(membership.end)
        tests.append(any_of(end.copy().is_(exp.null()), end > _T.copy()))
    return _at(rows, key, tests)
