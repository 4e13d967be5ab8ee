"""States count the keys of a segment at instants: who is there at the start, at the end, who left, stayed or came back."""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind, Rule
from sanjeh.engines.membership import chosen, setting
from sanjeh.engines.relation import Relations
from sanjeh.engines.rows import Rows, flag_segment
from sanjeh.engines.snippet import parse_snippet
from sanjeh.engines.statement import Statement, source, with_membership
from sanjeh.errors import Issue, QuestionError
from sanjeh.plan.block import Block, Need
from sanjeh.plan.reach import path_of
from sanjeh.series import Mode

_STATES = {
    Kind.LOST: "at_start and not at_end",
    Kind.RETAINED: "at_start and at_end",
    Kind.REACTIVATED: "at_end and not at_start and (first_day is null or first_day < s)",
}


def segments_of(need: Need) -> tuple[str, ...]:
    """The segments whose common keys the measure counts."""
    tree = parse_snippet(need.binding.where or "", need.measure.id)
    calls = [node for node in tree.walk() if hasattr(node, "name") and node.name.lower() == "segment"]
    return tuple(call.expressions[0].name for call in calls if getattr(call, "expressions", None))


def build_state(block: Block, relations: Relations) -> list[Statement]:
    """The statements for ``block``: one for each set of segments, weight, conditions and dimensions."""
    groups: dict[tuple[object, ...], list[Need]] = {}
    for need in block.needs:
        groups.setdefault((segments_of(need), need.measure.weight, need.conditions, need.by), []).append(need)
    return [_statement(tuple(needs), relations) for needs in groups.values()]


def key_entity(relations: Relations, key: str) -> str | None:
    """The entity that has one row a key, where the workspace has it."""
    for entity in relations.catalogue.entities.values():
        if entity.keys and entity.keys[0] == (key,) and relations.holdings.has(entity.id):
            return entity.id
    return None


def _statement(needs: tuple[Need, ...], relations: Relations) -> Statement:
    parameters: dict[str, str] = {}
    need = needs[0]
    segments = segments_of(need)
    key = relations.catalogue.segments[segments[0]].key
    states = exp.select("sp.span", "sp.s", "b.key", "b.at_start", "b.at_end").from_("both AS b")
    states = states.join("spans AS sp", on="sp.span = b.span")
    columns: list[exp.Expr] = []
    tests: list[exp.Expr] = []
    if any(_needs_rows(relations, c.dimension) for c in need.conditions) or need.by:
        states, columns, tests = _described(states, need, relations, key, parameters)
    for condition in need.conditions:
        segment = flag_segment(relations, condition.dimension)
        if segment is not None:
            states, test = _flagged(states, segment.id, relations, parameters)
            tests.append(exp.not_(test) if condition.negated != (condition.values == ("false",)) else test)
    states = _with_first(states, needs, segments[0], relations, parameters)
    states = _with_weight(states, need, relations, parameters)
    states = states.select(*columns)
    if tests:
        states = states.where(exp.and_(*tests))
    states = states.with_("both", as_=_both(segments, relations))
    for segment_id in segments:
        states = with_membership(states, segment_id, relations, parameters)
    query = _counted(needs)
    common = states.args["with_"].expressions
    states.set("with_", None)
    for item in sorted(common, key=lambda item: item.alias == "both"):
        query = query.with_(item.alias, as_=item.this)
    return Statement(query.with_("states", as_=states), needs, need.by, parameters)


def _needs_rows(relations: Relations, dimension: str) -> bool:
    return flag_segment(relations, dimension) is None


def _both(segments: tuple[str, ...], relations: Relations) -> exp.Select:
    """(span, key, at_start, at_end) of every key that is in all segments at one end of the span or the other."""
    one = exp.select("m0.t", "m0.key").from_(f"segment_{segments[0]} AS m0")
    for n, segment in enumerate(segments[1:], start=1):
        one = one.join(f"segment_{segment} AS m{n}", on=f"m{n}.t = m0.t and m{n}.key = m0.key")
    ends = []
    for end, at_start in (("s", True), ("e", False)):
        flags = [exp.alias_(exp.convert(at_start), "at_start"), exp.alias_(exp.convert(not at_start), "at_end")]
        ends.append(
            exp.select("sp.span", "k.key", *flags)
            .from_(exp.alias_(one.copy().subquery(), "k", table=True))
            .join("spans AS sp", on=f"sp.{end} = k.t")
        )
    either = exp.union(ends[0], ends[1], distinct=False)
    query = exp.select("span", "key", "max(at_start) AS at_start", "max(at_end) AS at_end")
    return query.from_(exp.alias_(either.subquery(), "ends", table=True)).group_by("span", "key")


def _described(
    states: exp.Select, need: Need, relations: Relations, key: str, parameters: dict[str, str]
) -> tuple[exp.Select, list[exp.Expr], list[exp.Expr]]:
    """``states`` joined with the entity that has the keys' dimensions."""
    entity = key_entity(relations, key)
    if entity is None:
        name = (*need.by, *(c.dimension for c in need.conditions))[0]
        data = {"dimension": name, "measure": need.measure.id, "entity": key.removesuffix("_id")}
        raise QuestionError(Issue("unreachable_dimension", data))
    rows = Rows(relations, entity, parameters)
    members = []
    for n, name in enumerate(need.by):
        path_of(relations.catalogue, relations.holdings, entity, name, need.measure.id)
        members.append(exp.alias_(rows.dimension(name, need.measure.id), f"d{n}"))
    plain = [c for c in need.conditions if _needs_rows(relations, c.dimension)]
    tests = [rows.condition(condition, need.measure.id) for condition in plain]
    on = exp.cast(rows.column(key), "VARCHAR").eq(exp.column("key", table="b"))
    return states.join(source(rows), on=on, join_type="LEFT"), members, tests


def _flagged(
    states: exp.Select, segment: str, relations: Relations, parameters: dict[str, str]
) -> tuple[exp.Select, exp.Expr]:
    """``states`` joined with a flag's membership at the span's start: the same set above and below a ratio's line."""
    alias = f"member_{segment}"
    states = states.join(
        f"segment_{segment} AS {alias}", on=f"{alias}.t = sp.s and {alias}.key = b.key", join_type="LEFT"
    )
    states = with_membership(states, segment, relations, parameters)
    return states, exp.not_(exp.column("key", table=alias).is_(exp.null()))


def _with_first(
    states: exp.Select, needs: tuple[Need, ...], segment: str, relations: Relations, parameters: dict[str, str]
) -> exp.Select:
    """``states`` with each key's first day, for telling who came back from who is new."""
    if not any(need.kind is Kind.REACTIVATED for need in needs):
        return states.select(exp.alias_(exp.cast(exp.null(), "DATE"), "first_day"))
    membership = chosen(relations, segment)
    rows = Rows(relations, membership.entity, parameters)
    key = exp.cast(rows.column(relations.catalogue.segments[segment].key), "VARCHAR")
    time = membership.time if membership.rule is Rule.RECENT else membership.start
    day = exp.Min(this=rows.day(time or ""))
    query = exp.select(exp.alias_(key, "key"), exp.alias_(day, "first_day"))
    if membership.where:
        query = query.where(rows.expression(membership.where, segment))
    query = query.from_(source(rows)).group_by(key.copy())
    states = states.join(exp.alias_(query.subquery(), "firsts", table=True), on="firsts.key = b.key", join_type="LEFT")
    return states.select("firsts.first_day")


def _with_weight(states: exp.Select, need: Need, relations: Relations, parameters: dict[str, str]) -> exp.Select:
    """``states`` with what each key weighs: 1, or a measure over the window before the span's start."""
    weight = need.measure.weight
    if weight is None:
        return states.select(exp.alias_(exp.Literal.number(1), "weight"))
    measure = relations.catalogue.measures[weight.measure]
    binding = next(b for b in measure.bindings if not b.when)
    rows = Rows(relations, binding.entity, parameters)
    key = exp.cast(rows.column("customer_id"), "VARCHAR")
    day = rows.day(binding.times[0])
    window = exp.Interval(this=exp.Literal.string(str(int(setting(relations, weight.window, 0)))), unit=exp.var("DAY"))
    start = exp.column("s", table="w")
    tests = [day >= exp.Sub(this=start, expression=window), exp.LT(this=day.copy(), expression=start.copy())]
    if binding.where:
        tests.append(rows.expression(binding.where, measure.id))
    value = exp.Sum(this=rows.expression(binding.expression, measure.id))
    query = exp.select(exp.column("span", table="w"), exp.alias_(key, "key"), exp.alias_(value, "weight"))
    query = query.from_(source(rows)).join("spans AS w", on=exp.and_(*tests))
    query = query.group_by(exp.column("span", table="w"), key.copy())
    states = states.join(
        exp.alias_(query.subquery(), "weights", table=True),
        on="weights.key = b.key and weights.span = b.span",
        join_type="LEFT",
    )
    return states.select("coalesce(weights.weight, 0) AS weight")


def _counted(needs: tuple[Need, ...]) -> exp.Select:
    keys = [exp.column(f"d{n}") for n in range(len(needs[0].by))]
    items: list[exp.Expr] = []
    for need in needs:
        test = _STATES.get(need.kind) or ("at_start" if need.mode is Mode.OPENING else "at_end")
        where = exp.Where(this=parse_snippet(test, need.measure.id).copy())
        items.append(exp.Filter(this=exp.Sum(this=exp.column("weight")), expression=where))
        items.append(exp.Filter(this=exp.Count(this=exp.Star()), expression=where.copy()))
    query = exp.select(exp.column("span"), *keys, *items).from_("states")
    return query.group_by(exp.column("span"), *(key.copy() for key in keys))
