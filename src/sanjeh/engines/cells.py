"""Cells are an entity's rows grouped by day and members: what roll-ups keep, as queries over ``rows_<entity>``.

Members come as dense codes where rows have them, so that the caller spells each member once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from sanjeh.definitions import Binding, Kind, Measure, Text
from sanjeh.engines.cell_query import CellQueries, CellQuery
from sanjeh.engines.compile import compile_rows, relations_of
from sanjeh.engines.draft import Draft, all_of, is_true, known
from sanjeh.engines.first import earliest_rows, stated_first
from sanjeh.engines.relation import is_coded
from sanjeh.engines.rows import Rows
from sanjeh.engines.statement import AS_OF
from sanjeh.engines.terms import Terms
from sanjeh.plan import Need, Tally, TallyKind
from sanjeh.series import Mode

_RAW = re.compile(r"\braw_(\w+)")
_OVER = re.compile(r"\bOVER\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reach:
    """What the numbers of a tally depend on besides each row's own columns.

    ``apart`` says that its rows can be told one from another without looking at the entity's other rows, so that a part
    of them may be grouped alone; ``others`` are the entities besides its own that it reads.
    """

    apart: bool
    others: tuple[str, ...]


def find_reach(tally: Tally, by: tuple[str, ...], terms: Terms) -> Reach | None:
    """What ``tally`` depends on, or None where cells cannot hold it: its keys are mere text, or it moves with time."""
    queries = build_cells((tally,), by, terms)
    if queries is None:
        return None
    texts = [queries.rows, queries.sums.query, *(found.query for found in queries.keys.values())]
    if any(AS_OF in query.values for query in texts) or any(set(query.reads) - {tally.entity} for query in texts):
        return None
    named = [found for query in texts for found in _RAW.findall(query.sql)]
    apart = named.count(tally.entity) == 1 and not _OVER.search(queries.rows.sql)
    return Reach(apart, tuple(sorted(set(named) - {tally.entity})))


def build_cells(tallies: Sequence[Tally], by: tuple[str, ...], terms: Terms) -> CellQueries | None:
    """The queries of ``tallies``, all of one entity and time; None where keys of one are mere text."""
    found = {tally.id: _keys(tally, by, terms) for tally in tallies if tally.kind is not TallyKind.SUM}
    keys = {name: query for name, query in found.items() if query is not None}
    if len(keys) < len(found):
        return None
    sums = _sums([tally for tally in tallies if tally.kind is not TallyKind.FIRST], tallies[0], by, terms)
    entity = tallies[0].entity
    columns = {name for query in (sums, *keys.values()) for name in query.query.reads.get(entity, ())}
    return CellQueries(compile_rows(entity, sorted(columns), terms), sums, keys)


def _sums(tallies: Sequence[Tally], any_one: Tally, by: tuple[str, ...], terms: Terms) -> CellQuery:
    rows = Rows(Draft(relations_of(terms)), any_one.entity)
    members, day = rows.members(by, any_one.id), rows.day(any_one.time)
    items: list[exp.Expr] = []
    for n, tally in enumerate(tallies):
        flag = rows.test(tally.where or None, tally.id, priced=tally.priced)
        count = is_true(flag, exp.Count(this=exp.Star()))
        value = (
            count.copy()
            if tally.counts_rows
            else is_true(flag, exp.Sum(this=rows.expression(tally.expression, tally.id)))
        )
        items += [exp.alias_(value, f"v{n}"), exp.alias_(count, f"n{n}")]
    query = exp.select(exp.alias_(day, "day"), *members, *items).from_(rows.source()).where(known(day), copy=False)
    query = query.group_by(day.copy(), *(member.this.copy() for member in members), copy=False)
    return CellQuery(rows.draft.query(query), dict(rows.draft.coded))


def _keys(tally: Tally, by: tuple[str, ...], terms: Terms) -> CellQuery | None:
    """The keys of a set or a first; None where rows know them by their text alone."""
    rows = Rows(Draft(relations_of(terms)), tally.entity)
    if not is_coded(rows.relations, tally.expression):
        return None
    return _firsts(tally, by, rows) if tally.kind is TallyKind.FIRST else _set(tally, by, rows)


def _set(tally: Tally, by: tuple[str, ...], rows: Rows) -> CellQuery:
    members, day, key = rows.members(by, tally.id), rows.day(tally.time), rows.key(tally.expression)
    flag = rows.test(tally.where or None, tally.id, priced=tally.priced)
    tests = all_of(known(day), known(key), *([flag] if flag is not None else []))
    query = exp.select(exp.alias_(day, "day"), *members, exp.alias_(key, "key"), "count(*) AS n").from_(rows.source())
    groups = [day.copy(), *(member.this.copy() for member in members), key.copy()]
    return CellQuery(rows.draft.query(query.where(tests, copy=False).group_by(*groups, copy=False)), rows.draft.coded)


def _firsts(tally: Tally, by: tuple[str, ...], rows: Rows) -> CellQuery | None:
    if rows.code(tally.expression) is None or stated_first(rows.relations, tally.entity, tally.expression):
        return None
    binding = Binding(tally.entity, tally.expression, tally.where or None, (tally.time,))
    measure = Measure(tally.id, Text(), Kind.FIRST, "number", (binding,))
    earliest = earliest_rows(rows, Need(measure, binding, Mode.FLOW, (), by), tally.time)
    columns = ["first_day AS day", *(f"d{n}" for n in range(len(by))), "key"]
    query = exp.select(*columns).from_(exp.alias_(earliest.subquery(), "f", table=True))
    return CellQuery(rows.draft.query(query), dict(rows.draft.coded))
