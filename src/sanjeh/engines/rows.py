"""Rows are one entity's relation inside a statement, growing the columns that the needs of a block mention."""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Rule, Segment
from sanjeh.engines.relation import CODE, DAY, Relations, rewrite
from sanjeh.engines.snippet import parse_snippet
from sanjeh.plan.block import Need
from sanjeh.plan.reach import find_path, path_of
from sanjeh.series import Condition

ROWS = "r"


class Rows:
    """The columns, parameters, segments and look-backs that expressions over one entity ask for."""

    def __init__(self, relations: Relations, entity: str, parameters: dict[str, str]) -> None:
        self.relations, self.entity, self.parameters = relations, entity, parameters
        self.wanted: dict[str, None] = {}
        self.segments: dict[tuple[str, str], None] = {}
        self.looks: dict[str, exp.Select] = {}

    def query(self) -> exp.Select:
        """The relation with every column wanted so far."""
        return self.relations.select(self.entity, self.wanted)

    def column(self, name: str) -> exp.Expr:
        """The logical column ``name`` of the rows."""
        self.wanted[name] = None
        return exp.column(name, table=ROWS, quoted=True)

    def day(self, time: str) -> exp.Expr:
        """The day of the time column ``time``."""
        return self.column(time + DAY)

    def dimension(self, name: str, measure: str) -> exp.Expr:
        """The member of the dimension ``name``, as text."""
        path = path_of(self.relations.catalogue, self.relations.holdings, self.entity, name, measure)
        return exp.cast(self.column(path), "VARCHAR")

    def code(self, name: str) -> exp.Expr | None:
        """The dense integer code of the key ``name``, or None where the rows have none."""
        entity = self.relations.catalogue.entities[self.entity]
        held = self.relations.holdings.entities.get(self.entity)
        plain = entity.rows is None and held is not None and name in held.columns and name not in entity.derived
        return self.column(name + CODE) if plain and name in self.relations.holdings.codes else None

    def expression(self, sql: str, owner: str) -> exp.Expr:
        """The snippet ``sql`` over the rows; ``t`` is the instant, segments become memberships."""
        tree = self._looked(parse_snippet(sql, owner).copy(), owner)
        tree = self._membered(tree)

        def column(node: exp.Column) -> exp.Expr:
            name = ".".join(part.name for part in node.parts)
            if name == "t" or node.table in ("instant", "member", "look") or node.table.startswith(("member_", "look_")):
                return exp.column("t", table="instant") if name == "t" else node
            return self.column(name)

        return rewrite(tree, self.relations, owner, column)

    def flag(self, need: Need) -> exp.Expr | None:
        """What a row must satisfy to count for ``need``: the measure's filter and the conditions asked."""
        where = need.binding.where
        parts = [self.expression(where, need.measure.id)] if where and where != "true" else []
        parts += [self.condition(condition, need.measure.id) for condition in need.conditions]
        return exp.and_(*parts) if parts else None

    def condition(self, condition: Condition, measure: str) -> exp.Expr:
        """The restriction to the members of ``condition``; values are bound, never written."""
        segment = flag_segment(self.relations, condition.dimension)
        if segment is not None:
            test = self._member(segment.id, "opening")
            return exp.not_(test) if condition.negated != (condition.values == ("false",)) else test
        member = self.dimension(condition.dimension, measure)
        tests = [member.copy().is_(exp.null()) if v is None else member.copy().eq(self.bind(v)) for v in condition.values]
        test = exp.or_(*tests)
        if not condition.negated:
            return exp.paren(test)
        kept = exp.not_(exp.paren(test))
        return kept if None in condition.values else exp.paren(exp.or_(member.copy().is_(exp.null()), kept))

    def bind(self, value: str) -> exp.Expr:
        """A bound parameter that holds ``value``."""
        for name, known in self.parameters.items():
            if known == value:
                return exp.Placeholder(this=name)
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return exp.Placeholder(this=name)

    def _membered(self, tree: exp.Expr) -> exp.Expr:
        def change(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Anonymous) and node.name.lower() == "segment":
                name, *mode = (argument.name for argument in node.expressions)
                return self._member(name, mode[0] if mode else "closing")
            return node

        return tree.transform(change)

    def _member(self, segment: str, mode: str) -> exp.Expr:
        self.segments[(segment, mode)] = None
        key = self.relations.catalogue.segments[segment].key
        self.column(self.key_path(key))
        return exp.not_(exp.column("key", table=f"member_{segment}_{mode}").is_(exp.null()))

    def key_path(self, key: str) -> str:
        """Where the rows have the key of a segment: their own column or a related one."""
        return find_path(self.relations.catalogue, self.relations.holdings, self.entity, key) or key

    def _looked(self, tree: exp.Expr, owner: str) -> exp.Expr:
        def change(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Anonymous) and node.name.lower() == "last_before":
                other, time, key, condition = node.expressions
                return self._look(other.name, time.name, key.name, condition.name, owner)
            return node

        return tree.transform(change)

    def _look(self, other: str, time: str, key: str, condition: str, owner: str) -> exp.Expr:
        """The last ``time`` of ``other`` before the instant, for the row's ``key``."""
        alias = f"look_{other}"
        rows = Rows(self.relations, other, self.parameters)
        when, match, test = rows.column(time), rows.column(key), rows.expression(condition, owner)
        self.column(key)
        if not self.relations.holdings.has(other):
            return exp.null()
        query = exp.select(
            exp.alias_(exp.column("t", table="i"), "t"), exp.alias_(match, "key"), exp.alias_(exp.Max(this=when.copy()), "at")
        )
        query = query.from_(exp.alias_(rows.query().subquery(), ROWS, table=True))
        on = exp.and_(test, exp.LT(this=when.copy(), expression=exp.column("t", table="i")))
        self.looks[key] = query.join("instants AS i", on=on).group_by(exp.column("t", table="i"), match.copy())
        return exp.column("at", table=alias)


def flag_segment(relations: Relations, dimension: str) -> Segment | None:
    """The segment whose membership is the flag ``dimension``, so that the flag is read as of an instant."""
    for segment in relations.catalogue.segments.values():
        for membership in segment.choices.values():
            if membership.rule is Rule.FLAG and membership.where == dimension:
                return segment
    return None
