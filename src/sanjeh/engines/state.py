"""States count the keys of a segment at instants: who is there at the start and the end, left, stayed or came back."""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import Kind, Rule
from sanjeh.engines.draft import Draft, known
from sanjeh.engines.first import stated_first
from sanjeh.engines.membership import chosen, setting
from sanjeh.engines.relation import Relations, is_coded
from sanjeh.engines.rows import Rows, flag_segment, flag_test
from sanjeh.engines.snippet import parse_snippet
from sanjeh.engines.statement import Query, Statement
from sanjeh.engines.stored import table
from sanjeh.plan.block import Block, Need
from sanjeh.plan.choose import weight_binding
from sanjeh.plan.reach import key_entity, path_of
from sanjeh.series import Mode

_STATES = {
    Kind.LOST: "at_start and not at_end",
    Kind.RETAINED: "at_start and at_end",
    Kind.REACTIVATED: "at_end and not at_start and (first_day is null or first_day < s)",
}


def segments_of(need: Need) -> tuple[str, ...]:
    """The segments whose common keys the measure counts."""
    tree = parse_snippet(need.binding.where or "", need.measure.id)
    calls = (node for node in tree.find_all(exp.Anonymous) if node.name.lower() == "segment")
    return tuple(sorted(call.expressions[0].name for call in calls))


def build_state(block: Block, relations: Relations, *, few: bool = False) -> list[Statement]:
    """The statements for ``block``: one for each set of segments, weight, conditions and dimensions.

    ``few`` says that all moments lie in one chunk, so that a key has one row with both ends of a span.
    """
    groups: dict[tuple[object, ...], list[Need]] = {}
    for need in block.needs:
        weight = (need.measure.weight, _weighed_at(need)) if need.measure.weight else None
        groups.setdefault((segments_of(need), weight, need.conditions, need.by), []).append(need)
    return [_State(tuple(needs), relations, few).statement() for needs in groups.values()]


def list_keys(need: Need, relations: Relations) -> tuple[Query, tuple[str, ...]]:
    """The query of the keys behind ``need`` over one span, and the names of its columns."""
    return _State((need,), relations, few=False).listing()


def _weighed_at(need: Need) -> str:
    """The instant before which a key's weight is taken: that of the state, the start where two are compared."""
    return "e" if need.kind is Kind.ACTIVE and need.mode is not Mode.OPENING else "s"


def segment_bits(draft: Draft, segments: tuple[str, ...]) -> exp.Select:
    """(chunk, key, ats) of the keys with the moments at which they are in all ``segments``."""
    ats = " & ".join(f"m{n}.ats" for n in range(len(segments)))
    one = exp.select("m0.chunk", "m0.key", f"{ats} AS ats").from_(draft.segment(segments[0], "m0"))
    for n, segment in enumerate(segments[1:], start=1):
        on = f"m{n}.chunk = m0.chunk and m{n}.key = m0.key"
        one = one.join(draft.segment(segment, f"m{n}"), on=on, copy=False)
    return one


def states_of(one: exp.Select, columns: list[str], *, few: bool) -> exp.Select:
    """``columns`` of the keys ``k`` that are in at the start or the end of a span ``sp``, and at which of the two."""
    ends = exp.select("sp.span", "sp.s", "sp.e", "i.chunk").from_("spans AS sp")
    for name, end in (("opens", "s"), ("closes", "e")):
        ends = ends.select(f"coalesce(max(CASE WHEN i.t = sp.{end} THEN i.bit END), 0) AS {name}", copy=False)
    ends = ends.join("moments AS i", on="i.t = sp.s OR i.t = sp.e", copy=False)
    ends = ends.group_by("sp.span", "sp.s", "sp.e", "i.chunk", copy=False)
    tests = {"at_start": "(k.ats & sp.opens) <> 0", "at_end": "(k.ats & sp.closes) <> 0"}
    flags = [f"{test if few else f'bool_or({test})'} AS {name}" for name, test in tests.items()]
    query = exp.select(*columns, *flags).from_(exp.alias_(one.subquery(), "k", table=True))
    query = query.join(exp.alias_(ends.subquery(), "sp", table=True), on="sp.chunk = k.chunk", copy=False)
    query = query.where("(k.ats & (sp.opens | sp.closes)) <> 0", copy=False)
    return query if few else query.group_by("sp.span", "sp.s", "k.key", copy=False)


class _State:
    """The query of needs that share segments, weight, conditions and dimensions."""

    def __init__(self, needs: tuple[Need, ...], relations: Relations, few: bool) -> None:
        self.needs, self.need, self.relations, self.few = needs, needs[0], relations, few
        self.draft = Draft(relations)
        self.segments = segments_of(self.need)
        self.key = relations.catalogue.segment(self.segments[0]).key
        self.columns: list[exp.Expr] = []
        self.tests: list[exp.Expr] = []

    def statement(self) -> Statement:
        """The statement that counts the states."""
        return self.draft.statement(self._over_states(_counted(self.needs)), self.needs, self.need.by)

    def listing(self) -> tuple[Query, tuple[str, ...]]:
        """The query of the keys that the one need counts, with the ends of the span at which they belong."""
        names, shown = [self.key, "at_start", "at_end"], ["at_start", "at_end"]
        if self.need.measure.weight is not None:
            names.append(self.need.measure.id)
            shown.append("weight")
        word, states = exp.column("key", table="states"), exp.select().from_("states")
        if is_coded(self.relations, self.key):
            words = exp.alias_(table(f"dict_{self.key}"), "words", table=True)
            states = states.join(words, on="words.code = states.key", join_type="LEFT", copy=False)
            word = exp.column("value", table="words")
        cells = [word, *(exp.column(cell, table="states") for cell in shown)]
        items = [exp.alias_(cell, name, quoted=True) for cell, name in zip(cells, names, strict=True)]
        query = states.select(*items).where(_test(self.need)).order_by("1", copy=False)
        return self.draft.query(self._over_states(query)), tuple(names)

    def _over_states(self, query: exp.Select) -> exp.Select:
        """``query`` with the states that it reads: every key of a span, where it belongs, what it weighs."""
        states = exp.select("b.span", "b.s", "b.key", "b.at_start", "b.at_end", "b.n").from_("both AS b")
        if self._is_described():
            states = self._described(states)
        states = self._flagged(states)
        states = self._with_weight(self._with_first(states)).select(*self.columns, copy=False)
        if self.tests:
            states = states.where(*self.tests, copy=False)
        return query.with_("both", as_=self._both(), copy=False).with_("states", as_=states, copy=False)

    def _is_described(self) -> bool:
        return bool(self.need.by) or any(not self._is_flag(c.dimension) for c in self.need.conditions)

    def _is_plain(self) -> bool:
        """Whether nothing is asked of a key but when it belongs, so that keys with the same bits count as one."""
        asked = self.need.by or self.need.conditions or self.need.measure.weight
        return not asked and all(need.kind is not Kind.REACTIVATED for need in self.needs)

    def _is_flag(self, dimension: str) -> bool:
        return flag_segment(self.relations, dimension) is not None

    def _both(self) -> exp.Select:
        """(span, s, key, at_start, at_end, n) of every key that is in all segments at an end of the span."""
        one = segment_bits(self.draft, self.segments)
        if self._is_plain() and self.few:
            one = exp.select("chunk", "ats", "count(*) AS n").from_(exp.alias_(one.subquery(), "k", table=True))
            one = one.group_by("chunk", "ats", copy=False)
            key, n = "cast(null as varchar) AS key", "k.n"
        else:
            key, n = "k.key", "1 AS n"
        return states_of(one, ["sp.span", "sp.s", key, n], few=self.few)

    def _described(self, states: exp.Select) -> exp.Select:
        """``states`` joined with the entity that has the keys' dimensions."""
        name = (*self.need.by, *(c.dimension for c in self.need.conditions if not self._is_flag(c.dimension)))[0]
        catalogue, holdings, measure = self.relations.catalogue, self.relations.holdings, self.need.measure.id
        path_of(catalogue, holdings, self.need.binding.entity, name, measure)
        rows = Rows(self.draft, key_entity(catalogue, holdings, self.need.binding.where or "") or "")
        self.columns += rows.members(self.need.by, measure)
        self.tests += [rows.condition(c, measure) for c in self.need.conditions if not self._is_flag(c.dimension)]
        on = rows.key(self.key).eq(exp.column("key", table="b"))
        return states.join(rows.source(), on=on, join_type="LEFT", copy=False)

    def _flagged(self, states: exp.Select) -> exp.Select:
        """``states`` joined with the flags' membership at the span's start: one set above and below a ratio's line."""
        for n, condition in enumerate(c for c in self.need.conditions if self._is_flag(c.dimension)):
            segment = flag_segment(self.relations, condition.dimension)
            alias, opening, key = f"member_{n}", exp.column("s", table="b"), exp.column("key", table="b")
            states = self.draft.with_member(states, segment.id if segment else "", alias, opening, key)
            test = known(exp.column("key", table=alias))
            self.tests.append(flag_test(condition, test))
        return states

    def _with_first(self, states: exp.Select) -> exp.Select:
        """``states`` with each key's first day, for telling who came back from who is new."""
        if not any(need.kind is Kind.REACTIVATED for need in self.needs):
            return states.select("cast(null as date) AS first_day", copy=False)
        membership = chosen(self.relations, self.segments[0])
        rows = Rows(self.draft, membership.entity, "f")
        key = rows.key(self.key)
        day = rows.day((membership.time if membership.rule is Rule.RECENT else membership.start) or "")
        stated = stated_first(self.relations, membership.entity, self.key)
        if stated is not None and membership.rule is Rule.RECENT:
            day = exp.Coalesce(this=exp.cast(rows.column(stated), "DATE"), expressions=[day])
        query = exp.select(exp.alias_(key, "key"), exp.alias_(exp.Min(this=day), "first_day"))
        where = rows.test(membership.where, self.segments[0])
        query = query.from_(rows.source()).group_by(key.copy(), copy=False)
        query = query if where is None else query.where(where, copy=False)
        firsts = exp.alias_(query.subquery(), "firsts", table=True)
        states = states.join(firsts, on="firsts.key = b.key", join_type="LEFT", copy=False)
        return states.select("firsts.first_day", copy=False)

    def _with_weight(self, states: exp.Select) -> exp.Select:
        """``states`` with what each key weighs: 1, or a measure over the window before the instant."""
        weight = self.need.measure.weight
        if weight is None:
            return states.select("1 AS weight", copy=False)
        measure = self.relations.catalogue.measures[weight.measure]
        binding = weight_binding(measure)
        rows = Rows(self.draft, binding.entity, "w")
        key, day = rows.key(self.key), rows.day(binding.times[0])
        days = exp.Literal.string(str(int(setting(self.relations, weight.window, 0))))
        instant = exp.column(_weighed_at(self.need), table="ws")
        opens = exp.Sub(this=instant, expression=exp.Interval(this=days, unit=exp.var("DAY")))
        tests: list[exp.Expr] = [day >= opens, exp.LT(this=day.copy(), expression=instant.copy())]
        where = rows.test(binding.where, measure.id)
        value = exp.Sum(this=rows.expression(binding.expression, measure.id))
        query = exp.select("ws.span", exp.alias_(key, "key"), exp.alias_(value, "weight")).from_(rows.source())
        query = query.join("spans AS ws", on=exp.and_(*tests, where), copy=False)
        query = query.group_by("ws.span", key.copy(), copy=False)
        weights = exp.alias_(query.subquery(), "weights", table=True)
        on = "weights.key = b.key and weights.span = b.span"
        states = states.join(weights, on=on, join_type="LEFT", copy=False)
        return states.select("coalesce(weights.weight, 0) AS weight", copy=False)


def _test(need: Need) -> exp.Expr:
    """Whether the need counts a state."""
    test = _STATES.get(need.kind) or ("at_start" if need.mode is Mode.OPENING else "at_end")
    return parse_snippet(test, need.measure.id).copy()


def _counted(needs: tuple[Need, ...]) -> exp.Select:
    keys = [f"d{n}" for n in range(len(needs[0].by))]
    items: list[exp.Expr] = []
    for need in needs:
        where = exp.Where(this=_test(need))
        items.append(exp.Filter(this=exp.Sum(this=exp.column("weight") * exp.column("n")), expression=where))
        items.append(exp.Filter(this=exp.Sum(this=exp.column("n")), expression=where.copy()))
    query = exp.select("span", *keys, *items).from_("states")
    return query.group_by("span", *keys, copy=False)
