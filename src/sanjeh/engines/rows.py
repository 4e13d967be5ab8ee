"""Rows are one entity's relation inside a statement, growing the columns that the needs of a block mention."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from sanjeh.definitions import Rule, Segment
from sanjeh.engines.draft import Draft, all_of, any_of, known, opening_of
from sanjeh.engines.language import rewrite
from sanjeh.engines.relation import PRICED, Relations, carries, is_coded, sets_aside
from sanjeh.engines.snippet import parse_snippet
from sanjeh.engines.stored import CODE, DAY, table
from sanjeh.errors import DefinitionError, Issue, suggest
from sanjeh.plan.block import Need
from sanjeh.plan.reach import find_path, path_of
from sanjeh.series import Condition

ROWS = "r"
MODES = ("opening", "closing")


class Rows:
    """The columns, parameters, segments and look-backs that expressions over one entity ask for."""

    def __init__(self, draft: Draft, entity: str, alias: str = ROWS) -> None:
        self.draft, self.entity, self.alias = draft, entity, alias
        self.relations: Relations = draft.relations
        self.segments: dict[tuple[str, str], None] = {}
        self.looks: dict[tuple[str, ...], tuple[str, exp.Select]] = {}

    def source(self) -> exp.Expr:
        """The rows as a FROM item."""
        return self.draft.rows(self.entity, self.alias)

    def column(self, name: str) -> exp.Expr:
        """The logical column ``name`` of the rows."""
        self.draft.reads.setdefault(self.entity, {})[name] = None
        return exp.column(name, table=self.alias, quoted=True)

    def day(self, time: str) -> exp.Expr:
        """The day of the time column ``time``."""
        return self.column(time + DAY)

    def dimension(self, name: str, measure: str) -> exp.Expr:
        """The member of the dimension ``name``, as text."""
        path = path_of(self.relations.catalogue, self.relations.holdings, self.entity, name, measure)
        return exp.cast(self.column(path), "VARCHAR")

    def members(self, by: Sequence[str], measure: str) -> list[exp.Expr]:
        """The members of the dimensions ``by`` as d0, d1, ...: dense codes where rows have them, words at the end."""
        found: list[exp.Expr] = []
        for n, name in enumerate(by):
            path = path_of(self.relations.catalogue, self.relations.holdings, self.entity, name, measure)
            column = path.rpartition(".")[2]
            if carries(self.relations, self._holder(path), column):
                self.draft.coded[f"d{n}"] = column
                value = self.column(path + CODE)
            else:
                value = self.dimension(name, measure)
            found.append(exp.alias_(value, f"d{n}"))
        return found

    def code(self, name: str) -> exp.Expr | None:
        """The dense integer code of the key ``name``, or None where the rows have none."""
        return self.column(name + CODE) if carries(self.relations, self.entity, name) else None

    def key(self, name: str) -> exp.Expr:
        """The key ``name``, own or related, as keys are compared: its dense code where all rows have one, else text."""
        path = self.key_path(name)
        coded = is_coded(self.relations, name)
        if coded and carries(self.relations, self._holder(path), name):
            return self.column(path + CODE)
        text = exp.cast(self.column(path), "VARCHAR")
        if not coded:
            return text
        # Rows that other entities lend (touches) come without codes; the dictionary has them.
        words = exp.select("w.code").from_(exp.alias_(table(f"dict_{name}"), "w", table=True))
        return words.where(exp.column("value", table="w").eq(text), copy=False).subquery()

    def _holder(self, path: str) -> str:
        """The entity at the end of ``path``."""
        entity, entities = self.entity, self.relations.catalogue.entities
        for step in path.split(".")[:-1]:
            entity = entities[entity].relations[step].entity
        return entity

    def test(self, sql: str | None, owner: str, *, priced: bool = True) -> exp.Expr | None:
        """The filter ``sql`` over the rows, or None where everything passes; ``priced`` leaves out what has no rate."""
        tests = [self.column(PRICED)] if priced and sets_aside(self.relations, self.entity) else []
        tests += [] if sql is None or sql == "true" else [self.expression(sql, owner)]
        return all_of(*tests) if tests else None

    def expression(self, sql: str, owner: str) -> exp.Expr:
        """The snippet ``sql`` over the rows; ``t`` is the instant, segments become memberships."""
        tree = self._looked(parse_snippet(sql, owner).copy(), owner)
        tree = self._membered(tree)

        def column(node: exp.Column) -> exp.Expr:
            name = ".".join(part.name for part in node.parts)
            if name == "t" or node.table.startswith(("member_", "look_")):
                return exp.column("t", table="instant") if name == "t" else node
            return self.column(name)

        return rewrite(tree, self.relations, owner, column)

    def flag(self, need: Need) -> exp.Expr | None:
        """What a row must satisfy to count for ``need``: the measure's filter and the conditions asked."""
        # An amount without a rate is empty by itself: its row stands, so that only such rows are unknown and not zero.
        where = self.test(need.binding.where, need.measure.id, priced=not need.measure.unit.startswith("money"))
        parts = [where] if where is not None else []
        parts += [self.condition(condition, need.measure.id) for condition in need.conditions]
        return all_of(*parts) if parts else None

    def condition(self, condition: Condition, measure: str) -> exp.Expr:
        """The restriction to the members of ``condition``; values are bound, never written."""
        segment = flag_segment(self.relations, condition.dimension)
        if segment is not None:
            test = self._member(segment.id, "opening")
            return flag_test(condition, test)
        member = self.dimension(condition.dimension, measure)
        values = condition.values
        tests = [member.copy().is_(exp.null()) if v is None else member.copy().eq(self.draft.bind(v)) for v in values]
        test = any_of(*tests) if tests else exp.false()
        if not condition.negated:
            return test
        kept = exp.not_(test, copy=False)
        return kept if None in values else any_of(member.copy().is_(exp.null()), kept)

    def _membered(self, tree: exp.Expr) -> exp.Expr:
        def change(node: exp.Expr) -> exp.Expr:
            if isinstance(node, exp.Anonymous) and node.name.lower() == "segment":
                name, *mode = (argument.name for argument in node.expressions)
                return self._member(name, mode[0] if mode else "closing")
            return node

        return tree.transform(change)

    def _member(self, segment: str, mode: str) -> exp.Expr:
        self.relations.catalogue.segment(segment)
        if mode not in MODES:
            raise DefinitionError(
                Issue("unknown_name", {"kind": "mode", "name": mode}, suggestion=suggest(mode, MODES))
            )
        self.segments[(segment, mode)] = None
        return known(exp.column("key", table=f"member_{segment}_{mode}"))

    def joined(self, query: exp.Select, span: str) -> exp.Select:
        """``query`` joined with the memberships that the expressions asked for, at the start or end of ``span``."""
        for segment, mode in self.segments:
            instant = opening_of(span) if mode == "opening" else exp.column("e", table=span)
            key = self.key(self.relations.catalogue.segments[segment].key)
            query = self.draft.with_member(query, segment, f"member_{segment}_{mode}", instant, key)
        return query

    def looked(self, query: exp.Select, span: str) -> exp.Select:
        """``query`` joined with the look-backs that the expressions asked for, at the instant of ``span``."""
        for (_, _, key, _), (alias, look) in self.looks.items():
            on = all_of(
                exp.column("t", table=alias).eq(exp.column("t", table=span)),
                exp.column("key", table=alias).eq(self.column(key)),
            )
            query = query.join(exp.alias_(look.subquery(), alias, table=True), on=on, join_type="LEFT", copy=False)
        return query

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
        if not self.relations.holdings.has(other):
            return exp.null()
        signature = (other, time, key, condition)
        if signature in self.looks:
            return exp.column("at", table=self.looks[signature][0])
        alias = f"look_{len(self.looks)}"
        rows = Rows(self.draft, other, "b")
        when, match, test = rows.column(time), rows.column(key), rows.expression(condition, owner)
        instant = exp.column("t", table="i")
        query = exp.select(
            exp.alias_(instant, "t"), exp.alias_(match, "key"), exp.alias_(exp.Max(this=when.copy()), "at")
        ).from_(rows.source())
        query = query.join("instants AS i", on=all_of(test, exp.LT(this=when.copy(), expression=instant.copy())))
        self.looks[signature] = (alias, query.group_by(instant.copy(), match.copy()))
        return exp.column("at", table=alias)


def flag_test(condition: Condition, test: exp.Expr) -> exp.Expr:
    """What ``condition`` asks of a flag, ``test`` being whether a key has it: a flag is true or false, nothing else."""
    has, lacks = (word in condition.values for word in ("true", "false"))
    if has == lacks:
        return exp.convert(has != condition.negated)
    return test if has != condition.negated else exp.not_(test, copy=False)


def flag_segment(relations: Relations, dimension: str) -> Segment | None:
    """The segment whose membership is the flag ``dimension``, so that the flag is read as of an instant."""
    for segment in relations.catalogue.segments.values():
        for membership in segment.choices.values():
            if membership.rule is Rule.FLAG and membership.where == dimension:
                return segment
    return None
