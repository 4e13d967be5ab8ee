"""A draft is a statement while it is written: the rows, segments and values that its parts have asked for so far."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from sanjeh.engines.relation import Relations
from sanjeh.engines.spelling import spell
from sanjeh.engines.statement import AS_OF, Query, Statement
from sanjeh.engines.stored import table
from sanjeh.plan.block import Need
from sanjeh.series import BEGINNING


class Draft:
    """What one statement needs besides its own text."""

    def __init__(self, relations: Relations) -> None:
        self.relations = relations
        self.values: dict[str, str] = {}
        self.reads: dict[str, dict[str, None]] = {}
        self.segments: dict[str, None] = {}
        self.coded: dict[str, str] = {}

    def bind(self, value: str) -> exp.Expr:
        """A bound parameter that holds ``value``."""
        for name, known in self.values.items():
            if known == value:
                return exp.Placeholder(this=name)
        name = f"p{len(self.values)}"
        self.values[name] = value
        return exp.Placeholder(this=name)

    def rows(self, entity: str, alias: str) -> exp.Expr:
        """The entity's rows as a FROM item."""
        self.reads.setdefault(entity, {})
        return exp.alias_(table(f"rows_{entity}"), alias, table=True, copy=False)

    def segment(self, name: str, alias: str) -> exp.Expr:
        """The membership of a segment as a FROM item; raises DefinitionError for one that no definition has."""
        self.segments[self.relations.catalogue.segment(name).id] = None
        return exp.alias_(table(f"segment_{name}"), alias, table=True, copy=False)

    def with_member(self, query: exp.Select, segment: str, alias: str, instant: exp.Expr, key: exp.Expr) -> exp.Select:
        """``query`` with the membership of ``key`` at ``instant``: ``alias.key`` is empty for a key that is not in."""
        moment = f"at_{alias}"
        moments = exp.alias_(table("moments"), moment, table=True, copy=False)
        query = query.join(moments, on=exp.column("t", table=moment).eq(instant), copy=False)
        ats, bit = exp.column("ats", table=alias), exp.column("bit", table=moment)
        on = all_of(
            exp.column("chunk", table=alias).eq(exp.column("chunk", table=moment)),
            exp.column("key", table=alias).eq(key),
            exp.paren(exp.BitwiseAnd(this=ats, expression=bit)).neq(exp.Literal.number(0)),
        )
        return query.join(self.segment(segment, alias), on=on, join_type="LEFT", copy=False)

    def query(self, tree: exp.Expr) -> Query:
        """``tree`` as text, with what it needs."""
        found = {node.name for node in tree.find_all(exp.Placeholder)}
        values = {name: value for name, value in self.values.items() if name in found}
        if AS_OF in found:
            values[AS_OF] = ""
        reads = {entity: tuple(columns) for entity, columns in self.reads.items()}
        return Query(spell(tree, self.relations), values, reads, tuple(self.segments))

    def statement(self, tree: exp.Expr, needs: tuple[Need, ...], by: tuple[str, ...]) -> Statement:
        """The finished statement: members that are dense codes so far become words again."""
        if self.coded:
            query = exp.select(_spelled(self.coded)).from_(exp.alias_(exp.Subquery(this=tree), "q", table=True))
            for name, domain in self.coded.items():
                words = exp.alias_(table(f"dict_{domain}"), f"{name}_words", table=True)
                query = query.join(words, on=f"{name}_words.code = q.{name}", join_type="LEFT", copy=False)
            tree = query
        return Statement(self.query(tree), needs, by)


def _spelled(coded: Mapping[str, str]) -> exp.Expr:
    """Every column, with the words of coded members in the place of their codes."""
    words = [exp.alias_(exp.column("value", table=f"{name}_words"), name) for name in coded]
    return exp.Column(this=exp.Star(replace=words), table=exp.to_identifier("q"))


def opening_of(span: str) -> exp.Expr:
    """The instant at which a flag is read for the span in the table ``span``: its start; of all to date, its end.

    Nobody had a flag with a date on the first day of the calendar.
    """
    start, end = exp.column("s", table=span), exp.column("e", table=span)
    beginning = exp.cast(exp.Literal.string(BEGINNING.isoformat()), "DATE")
    return exp.Case().when(start.copy().eq(beginning), end).else_(start)


def is_true(flag: exp.Expr | None, aggregate: exp.Expr) -> exp.Expr:
    """``aggregate`` over the rows for which ``flag`` holds."""
    if flag is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=flag.copy()))


def known(value: exp.Expr) -> exp.Expr:
    """Whether ``value`` is not empty."""
    return exp.not_(value.copy().is_(exp.null()), copy=False)


def all_of(*tests: exp.Expr) -> exp.Expr:
    """Whether every test holds."""
    return exp.and_(*tests, copy=False)


def any_of(*tests: exp.Expr) -> exp.Expr:
    """Whether one test holds, in brackets."""
    return exp.paren(exp.or_(*tests, copy=False), copy=False)
