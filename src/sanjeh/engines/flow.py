"""Flows add up: sums, counts, cohorts and sets that merge, in one pass over the rows for all needs and dimensions.

Rows meet the day table once and are grouped by atom (a run of days that no asked span cuts) and member; atoms then make
spans by adding sums and by joining exact sets of dense keys, so that no row is read twice and nothing is counted twice.
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import Statement, is_true, source
from sanjeh.plan.block import Block, Need

MOST_SET_BYTES = 512_000_000


def build_flow(block: Block, relations: Relations) -> list[Statement]:
    """The statements for ``block``: one a set of dimensions, over one shared grouping of the rows."""
    parameters: dict[str, str] = {}
    rows = Rows(relations, block.entity, parameters)
    by_sets = list(dict.fromkeys(need.by for need in block.needs))
    return [_grouped(block, relations, rows, by, parameters) for by in by_sets]


def _grouped(block: Block, relations: Relations, rows: Rows, by: tuple[str, ...], parameters: dict[str, str]) -> Statement:
    needs = tuple(need for need in block.needs if need.by == by)
    members = [exp.alias_(rows.dimension(name, needs[0].measure.id), f"d{n}") for n, name in enumerate(by)]
    parts = [part for n, need in enumerate(needs) for part in _parts(rows, need, n)]
    on = _in_atom(rows, block.times)
    atoms = exp.select(exp.column("atom", table="a"), *members, *parts).from_(source(rows))
    atoms = atoms.join("atoms AS a", on=on).group_by(
        exp.column("atom", table="a"), *(member.this.copy() for member in members)
    )
    keys = [exp.column(f"d{n}", table="m") for n in range(len(by))]
    merged = [item for n, need in enumerate(needs) for item in _merged(rows, need, n)]
    query = exp.select(exp.column("span", table="x"), *keys, *merged).from_("merged AS m")
    query = query.join("atom_spans AS x", on=exp.column("atom", table="x").eq(exp.column("atom", table="m")))
    query = query.group_by(exp.column("span", table="x"), *(key.copy() for key in keys)).with_("merged", as_=atoms)
    return Statement(query, needs, by, dict(parameters))


def _in_atom(rows: Rows, times: tuple[str, ...]) -> exp.Expr:
    return exp.column("day", table="a").eq(rows.day(times[0]))


def _parts(rows: Rows, need: Need, n: int) -> list[exp.Expr]:
    flag = rows.flag(need)
    count = is_true(flag, exp.Count(this=exp.Star()))
    if need.kind is Kind.DISTINCT:
        code = rows.code(need.binding.expression)
        known = exp.not_(_key(rows, need).is_(exp.null()))
        tested = known if flag is None else exp.and_(flag.copy(), known)
        value = is_true(tested, _bits(rows, need, code) if code is not None else _listed(rows, need))
    elif need.kind is Kind.COUNT and need.binding.expression == "1":
        value = count.copy()
    else:
        value = is_true(flag, exp.Sum(this=rows.expression(need.binding.expression, need.measure.id)))
    return [exp.alias_(value, f"v{n}"), exp.alias_(count, f"n{n}")]


def _key(rows: Rows, need: Need) -> exp.Expr:
    return rows.expression(need.binding.expression, need.measure.id)


def _bits(rows: Rows, need: Need, code: exp.Expr) -> exp.Expr:
    size = max(1, rows.relations.holdings.codes[need.binding.expression])
    bounds = [exp.Literal.number(0), exp.Literal.number(size)]
    return exp.Anonymous(this="bitstring_agg", expressions=[code, *bounds])


def _listed(rows: Rows, need: Need) -> exp.Expr:
    return exp.Anonymous(this="list", expressions=[exp.Distinct(expressions=[_key(rows, need)])])


def _merged(rows: Rows, need: Need, n: int) -> list[exp.Expr]:
    value, count = exp.column(f"v{n}", table="m"), exp.Sum(this=exp.column(f"n{n}", table="m"))
    if need.kind is not Kind.DISTINCT:
        return [exp.Sum(this=value), count]
    if rows.code(need.binding.expression) is not None:
        return [exp.Anonymous(this="bit_count", expressions=[exp.Anonymous(this="bit_or", expressions=[value])]), count]
    flat = exp.Anonymous(this="flatten", expressions=[exp.Anonymous(this="list", expressions=[value])])
    unique = exp.Anonymous(this="list_distinct", expressions=[flat])
    return [exp.Anonymous(this="len", expressions=[unique]), count]


def set_bytes(block: Block, relations: Relations, members: int) -> int:
    """How many bytes the exact sets of ``block`` may take at ``members`` members."""
    sizes = (relations.holdings.codes.get(n.binding.expression, 0) for n in block.needs if n.kind is Kind.DISTINCT)
    return sum(sizes) // 8 * (2 * len(block.spans) + 1) * members
