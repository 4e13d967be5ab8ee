"""A statement is one query with how to read what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from sanjeh.engines.membership import build_membership
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import ROWS, Rows
from sanjeh.plan.block import Need


@dataclass(frozen=True, slots=True)
class Statement:
    """A query whose rows are (span number, members of ``by``..., then value and row count of each need in order).

    ``parameters`` are bound. The tables ``spans(span, s, e)``, ``atoms(day, atom)``, ``atom_spans(atom, span)`` and
    ``instants(t)`` stand ready when it runs.
    """

    query: exp.Expr
    needs: tuple[Need, ...]
    by: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)

    def bound(self) -> dict[str, str]:
        """The parameters that stand in the query (a block's statements share one numbering)."""
        return {node.name: self.parameters[node.name] for node in self.query.find_all(exp.Placeholder)}


def member_joins(query: exp.Select, rows: Rows, relations: Relations, span: str, parameters: dict[str, str]) -> exp.Select:
    """``query`` joined with the memberships that the rows' expressions ask for, at the start or end of ``span``."""
    for (segment, mode), _ in rows.segments.items():
        alias = f"member_{segment}_{mode}"
        key = exp.cast(rows.column(rows.key_path(relations.catalogue.segments[segment].key)), "VARCHAR")
        instant = exp.column("s" if mode == "opening" else "e", table=span)
        on = exp.and_(exp.column("t", table=alias).eq(instant), exp.column("key", table=alias).eq(key))
        query = query.join(exp.alias_(exp.to_table(f"segment_{segment}"), alias, table=True), on=on, join_type="LEFT")
        query = with_membership(query, segment, relations, parameters)
    return query


def with_membership(query: exp.Select, segment: str, relations: Relations, parameters: dict[str, str]) -> exp.Select:
    """``query`` with the membership of ``segment`` as a common table, once."""
    name = f"segment_{segment}"
    known = query.args.get("with_") or query.args.get("with")
    if known is not None and any(item.alias == name for item in known.expressions):
        return query
    return query.with_(name, as_=build_membership(relations, segment, parameters))


def source(rows: Rows) -> exp.Expr:
    """The rows as a FROM item."""
    return exp.alias_(rows.query().subquery(), ROWS, table=True)


def is_true(flag: exp.Expr | None, aggregate: exp.Expr) -> exp.Expr:
    """``aggregate`` over the rows for which ``flag`` holds."""
    if flag is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=flag.copy()))
