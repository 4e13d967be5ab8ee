"""Flows add up: sums, counts, cohorts and sets that merge, in one pass over the rows for all needs and dimensions.

Rows meet the day table once and are grouped by atom (a run of days that no asked span cuts) and member; atoms then make
spans by adding sums and by joining exact sets of dense keys, so that no row is read twice and nothing is counted twice.
Keys without dense codes, sets too large for memory and keys that need several rows are grouped as pairs instead.
"""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind
from sanjeh.engines.draft import Draft, all_of, is_true, known
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import Statement
from sanjeh.plan.block import Block, Need

_ROUND = 4096


def build_flow(block: Block, relations: Relations, *, bits: bool = True, mask: str | None = None) -> list[Statement]:
    """The statements for ``block``: one a set of dimensions, and one more for each set of keys that cannot be bits.

    ``mask`` is the type of whole number that has a bit for each atom, where there is one.
    """
    found = []
    for by in dict.fromkeys(need.by for need in block.needs):
        needs = [need for need in block.needs if need.by == by]
        apart = [need for need in needs if _is_apart(need, block, relations, bits)]
        together = tuple(need for need in needs if need not in apart)
        found += [_grouped(together, block, relations)] if together else []
        found += [_paired(need, block, relations, mask) for need in apart]
    return found


def _is_apart(need: Need, block: Block, relations: Relations, bits: bool) -> bool:
    if need.kind is not Kind.DISTINCT:
        return False
    code = Rows(Draft(relations), block.entity).code(need.binding.expression)
    return not bits or code is None or need.measure.having > 1


def _grouped(needs: tuple[Need, ...], block: Block, relations: Relations) -> Statement:
    rows, by = Rows(Draft(relations), block.entity), needs[0].by
    members = rows.members(by, needs[0].measure.id)
    parts = [part for n, need in enumerate(needs) for part in _parts(rows, need, n)]
    atoms = exp.select("a.atom", *members, *parts).from_(rows.source())
    atoms = atoms.join("atoms AS a", on=exp.column("day", table="a").eq(rows.day(block.times[0])), copy=False)
    atoms = atoms.group_by("a.atom", *(member.this.copy() for member in members), copy=False)
    keys = [f"m.d{n}" for n in range(len(by))]
    merged = [item for n, need in enumerate(needs) for item in _merged(need, n)]
    query = exp.select("x.span", *keys, *merged).from_("merged AS m")
    query = query.join("atom_spans AS x", on="x.atom = m.atom", copy=False)
    query = query.group_by("x.span", *keys, copy=False).with_("merged", as_=atoms, copy=False)
    return rows.draft.statement(query, needs, by)


def _parts(rows: Rows, need: Need, n: int) -> list[exp.Expr]:
    flag = rows.flag(need)
    count = is_true(flag, exp.Count(this=exp.Star()))
    if need.kind is Kind.DISTINCT:
        value = _bits(rows, need, flag)
    elif need.kind is Kind.COUNT and need.binding.expression == "1":
        value = count.copy()
    else:
        value = is_true(flag, exp.Sum(this=rows.expression(need.binding.expression, need.measure.id)))
    return [exp.alias_(value, f"v{n}"), exp.alias_(count, f"n{n}")]


def _bits(rows: Rows, need: Need, flag: exp.Expr | None) -> exp.Expr:
    """The set of keys as bits; its size is rounded up, so that a few new keys do not make another statement."""
    name = need.binding.expression
    code = rows.code(name) or exp.null()
    size = rounded(rows.relations.holdings.codes[name])
    bounds = [exp.Literal.number(0), exp.Literal.number(size)]
    tested = known(code) if flag is None else all_of(flag.copy(), known(code))
    return is_true(tested, exp.Anonymous(this="bitstring_agg", expressions=[code, *bounds]))


def rounded(size: int) -> int:
    """The number of bits for a dictionary of ``size`` keys.

    >>> rounded(10), rounded(5000)
    (4096, 8192)
    """
    return (size // _ROUND + 1) * _ROUND


def _merged(need: Need, n: int) -> list[str]:
    value = f"coalesce(bit_count(bit_or(m.v{n})), 0)" if need.kind is Kind.DISTINCT else f"sum(m.v{n})"
    return [value, f"sum(m.n{n})"]


def _paired(need: Need, block: Block, relations: Relations, mask: str | None) -> Statement:
    """Keys with at least the measure's number of rows in each span, from pairs of atom and key."""
    rows, by = Rows(Draft(relations), block.entity), need.by
    members = rows.members(by, need.measure.id)
    key = rows.code(need.binding.expression) or rows.expression(need.binding.expression, need.measure.id)
    count = exp.alias_(is_true(rows.flag(need), exp.Count(this=exp.Star())), "n")
    pairs = exp.select("a.atom", exp.alias_(key, "key"), *members, count).from_(rows.source())
    pairs = pairs.join("atoms AS a", on=exp.column("day", table="a").eq(rows.day(block.times[0])), copy=False)
    pairs = pairs.group_by("a.atom", key.copy(), *(member.this.copy() for member in members), copy=False)
    keys = [f"d{n}" for n in range(len(by))]
    if mask is None or need.measure.having > 2:
        query, parts = _by_span_and_key(need.measure.having, keys)
    else:
        query, parts = _by_mask(need.measure.having, keys, mask)
    for name, part in (("pairs", pairs), *parts):
        query = query.with_(name, as_=part, copy=False)
    return rows.draft.statement(query, (need,), by)


_Parts = tuple[exp.Select, tuple[tuple[str, exp.Select], ...]]


def _by_span_and_key(having: int, keys: list[str]) -> _Parts:
    """Counted by span and key, then by span: right for any number of spans and rows."""
    whole = exp.select("x.span", "p.key", *(f"p.{name}" for name in keys), "sum(p.n) AS n").from_("pairs AS p")
    whole = whole.join("atom_spans AS x", on="x.atom = p.atom", copy=False)
    whole = whole.group_by("x.span", "p.key", *(f"p.{name}" for name in keys), copy=False)
    several = f"count(*) FILTER (WHERE n >= {having} AND NOT key IS NULL)"
    query = exp.select("span", *keys, several, "sum(n)").from_("whole").group_by("span", *keys, copy=False)
    return query, (("whole", whole),)


def _by_mask(having: int, keys: list[str], mask: str) -> _Parts:
    """Each key once, with the atoms in which it has one row and those in which it has several as bits of two numbers.

    A key has two rows in a span where an atom of the span has two, or two atoms have one: no key meets a span's atoms
    one by one.
    """
    bit = f"bit_or(CAST(1 AS {mask}) << atom)"
    masks = exp.select("key", *keys, f"{bit} FILTER (WHERE n >= 1) AS one", f"{bit} FILTER (WHERE n >= 2) AS two")
    masks = masks.from_("pairs").where("NOT key IS NULL").group_by("key", *keys, copy=False)
    spanned = exp.select("span", f"bit_or(CAST(1 AS {mask}) << atom) AS atoms").from_("atom_spans").group_by("span")
    test = "(k.one & s.atoms) <> 0" if having == 1 else "bit_count(k.one & s.atoms) >= 2 OR (k.two & s.atoms) <> 0"
    shown = [f"k.{name}" for name in keys]
    counted = exp.select("s.span", *shown, f"count(*) FILTER (WHERE {test}) AS keys").from_("masks AS k")
    counted = counted.join("spanned AS s", on="true", copy=False).group_by("s.span", *shown, copy=False)
    whole = exp.select("x.span", *(f"p.{name}" for name in keys), "sum(p.n) AS n").from_("pairs AS p")
    whole = whole.join("atom_spans AS x", on="x.atom = p.atom", copy=False)
    whole = whole.group_by("x.span", *(f"p.{name}" for name in keys), copy=False)
    on = ["c.span = w.span", *(f"c.{name} IS NOT DISTINCT FROM w.{name}" for name in keys)]
    query = exp.select("w.span", *(f"w.{name}" for name in keys), "coalesce(c.keys, 0)", "w.n").from_("whole AS w")
    query = query.join("counted AS c", on=exp.and_(*on), join_type="LEFT", copy=False)
    return query, (("masks", masks), ("spanned", spanned), ("counted", counted), ("whole", whole))
