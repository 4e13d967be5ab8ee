"""A membership is a segment as a query: which keys belong at which moments, as bits of one number a key.

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
_BITS = "bit_or(i.bit) AS ats"


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
    """The query (chunk, key, ats): the keys of ``segment`` with the moments of each chunk at which they belong."""
    membership = chosen(relations, segment)
    rows = Rows(Draft(relations), membership.entity)
    key = rows.key(relations.catalogue.segments[segment].key)
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


def _tests(membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> list[exp.Expr]:
    """What a row must satisfy to count."""
    where = rows.test(membership.where, owner)
    return [known(key), *([where] if where is not None else [])]


def _recent(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    least = int(setting(relations, membership.at_least, 1))
    if least > 1:
        counted = _at_instants(_by_atom(membership, rows, key, owner, []))
        return _as_bits(counted.having(exp.Sum(this=exp.column("n", table="p")) >= least, copy=False))
    # A day's bits are the moments that look back on it: each row sets its own, and no row meets every moment.
    days = exp.select("a.day", "i.chunk", _BITS).from_("atoms AS a")
    days = days.join("atom_spans AS x", on="x.atom = a.atom", copy=False)
    days = days.join("spans AS s", on="s.span = x.span", copy=False)
    days = days.join("moments AS i", on="i.t = s.e", copy=False).group_by("a.day", "i.chunk", copy=False)
    query = exp.select("d.chunk", exp.alias_(key.copy(), "key"), "bit_or(d.ats) AS ats").from_(rows.source())
    query = query.join("days AS d", on=exp.column("day", table="d").eq(rows.day(membership.time or "")), copy=False)
    query = query.where(*_tests(membership, rows, key, owner), copy=False)
    return query.group_by("d.chunk", key.copy(), copy=False).with_("days", as_=days, copy=False)


def _as_bits(pairs: exp.Select) -> exp.Select:
    """The pairs (t, key) as the bits of each key."""
    query = exp.select("i.chunk", "q.key", _BITS).from_(exp.alias_(pairs.subquery(), "q", table=True))
    return query.join("moments AS i", on="i.t = q.t", copy=False).group_by("i.chunk", "q.key", copy=False)


def _by_atom(membership: Membership, rows: Rows, key: exp.Expr, owner: str, sums: list[exp.Expr]) -> exp.Select:
    """(atom, key, n, sums...) of the rows that count."""
    items = [exp.alias_(exp.Sum(this=value), f"s{n}") for n, value in enumerate(sums)]
    query = exp.select("a.atom", exp.alias_(key.copy(), "key"), "count(*) AS n", *items).from_(rows.source())
    query = query.join("atoms AS a", on=exp.column("day", table="a").eq(rows.day(membership.time or "")), copy=False)
    query = query.where(*_tests(membership, rows, key, owner), copy=False)
    return query.group_by("a.atom", key.copy(), copy=False)


def _at_instants(per_atom: exp.Select, *items: str) -> exp.Select:
    """``items`` over the atoms ``p`` of each instant ``s.e`` and key."""
    query = exp.select("s.e AS t", "p.key", *items).from_("per_atom AS p")
    query = query.join("atom_spans AS x", on="x.atom = p.atom", copy=False)
    query = query.join("spans AS s", on="s.span = x.span", copy=False)
    return query.group_by("s.e", "p.key", copy=False).with_("per_atom", as_=per_atom, copy=False)


def _top(relations: Relations, membership: Membership, rows: Rows, key: exp.Expr, owner: str) -> exp.Select:
    numbers = range(len(membership.by))
    per_atom = _by_atom(membership, rows, key, owner, [rows.column(name) for name in membership.by])
    # Of keys that rank alike the first by its letters is taken, whatever number it has here.
    word = exp.cast(rows.column(relations.catalogue.segments[owner].key), "VARCHAR")
    per_atom = per_atom.select(exp.alias_(exp.Min(this=word), "word"), copy=False)
    totals = _at_instants(per_atom, *(f"sum(p.s{n}) AS s{n}" for n in numbers), "min(p.word) AS word")
    order = [exp.Ordered(this=exp.column(f"s{n}"), desc=True, nulls_first=False) for n in numbers]
    order.append(exp.Ordered(this=exp.column("word"), desc=False, nulls_first=False))
    place = exp.Window(this=exp.RowNumber(), partition_by=[exp.column("t")], order=exp.Order(expressions=order))
    count = exp.Window(this=exp.Count(this=exp.Star()), partition_by=[exp.column("t")])
    ranked = exp.select("t", "key", exp.alias_(place, "place"), exp.alias_(count, "n")).from_(
        exp.alias_(totals.subquery(), "totals", table=True)
    )
    share = exp.Literal.number(setting(relations, membership.share, 1.0))
    kept = exp.column("place") <= exp.Ceil(this=exp.Mul(this=share, expression=exp.column("n")))
    return _as_bits(exp.select("t", "key").from_(exp.alias_(ranked.subquery(), "ranked", table=True)).where(kept))


def _at(rows: Rows, key: exp.Expr, tests: list[exp.Expr]) -> exp.Select:
    query = exp.select("i.chunk", exp.alias_(key, "key"), _BITS).from_(rows.source())
    query = query.join("moments AS i", on=all_of(*tests, known(key)), copy=False)
    return query.group_by("i.chunk", key.copy(), copy=False)


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
