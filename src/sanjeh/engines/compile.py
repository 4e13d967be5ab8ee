"""Compiling turns blocks, entities and segments into SQL; each strategy is one module. Only here is SQLGlot loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from sanjeh.engines.balance import build_balance, build_snapshot
from sanjeh.engines.draft import Draft
from sanjeh.engines.first import build_first
from sanjeh.engines.flow import build_flow
from sanjeh.engines.membership import build_membership
from sanjeh.engines.relation import Relations
from sanjeh.engines.size import is_large, mask_type
from sanjeh.engines.state import build_state
from sanjeh.engines.statement import Query, SegmentQuery, Statement
from sanjeh.engines.terms import Terms
from sanjeh.engines.within import build_within
from sanjeh.plan.block import Block, Strategy

_BUILD: dict[Strategy, Callable[[Block, Relations], list[Statement]]] = {
    Strategy.WITHIN: build_within,
    Strategy.FIRST: build_first,
    Strategy.RETURNING: build_first,
    Strategy.SNAPSHOT: build_snapshot,
}


def compile_block(
    block: Block, terms: Terms, *, large: bool = False, mask: str | None = None, few: bool = False
) -> list[Statement]:
    """The statements that answer every need of ``block``; a ``large`` one is spared what grows too fast.

    ``few`` says that the moments of all segments lie in one chunk.
    """
    relations = relations_of(terms)
    if block.strategy is Strategy.FLOW:
        return build_flow(block, relations, bits=not large, mask=mask)
    if block.strategy is Strategy.BALANCE:
        return build_balance(block, relations, sweep=large)
    if block.strategy is Strategy.STATE:
        return build_state(block, relations, few=few)
    return _BUILD[block.strategy](block, relations)


def compile_rows(entity: str, columns: Sequence[str], terms: Terms) -> Query:
    """The query of the entity's rows with the logical ``columns``."""
    return Draft(relations_of(terms)).query(relations_of(terms).select(entity, columns))


def compile_segment(segment: str, terms: Terms) -> SegmentQuery:
    """The query of the segment's keys at each instant."""
    return build_membership(relations_of(terms), segment)


def relations_of(terms: Terms) -> Relations:
    """The relations under ``terms``."""
    as_of_end, dialect = terms.as_of_end, terms.dialect
    return Relations(terms.catalogue, terms.settings, terms.holdings, as_of_end, terms.money, dialect=dialect)


def pretty(sql: str, dialect: str = "duckdb") -> str:
    """``sql`` laid out for reading."""
    import sqlglot

    tree: exp.Expr = sqlglot.parse_one(sql, read=dialect)
    return tree.sql(dialect=dialect, pretty=True)


def explain_block(block: Block, terms: Terms) -> list[tuple[tuple[str, ...], str]]:
    """Each statement of ``block`` with what stands ready for it: the measures it answers, and the SQL for reading.

    The rows of the entities and the segments that it reads come before it, as the common tables that they amount to.
    """
    found = []
    for statement in compile_block(block, terms, large=is_large(block, terms), mask=mask_type(block, terms.dialect)):
        names = tuple(dict.fromkeys(need.measure.id for need in statement.needs))
        found.append((names, _whole(statement.query, terms)))
    return found


def _whole(query: Query, terms: Terms) -> str:
    """The query with the rows and segments it reads put before it, laid out for reading."""
    reads = {entity: dict.fromkeys(columns) for entity, columns in query.reads.items()}
    parts: list[str] = []
    for segment in query.segments:
        made = compile_segment(segment, terms).query
        parts.append(f"-- who is in the segment {segment} at each instant: segment_{segment}\n{pretty(made.sql)};")
        for entity, columns in made.reads.items():
            reads.setdefault(entity, {}).update(dict.fromkeys(columns))
    rows = [
        f"-- the rows of {entity}: rows_{entity}\n{pretty(compile_rows(entity, sorted(columns), terms).sql)};"
        for entity, columns in reads.items()
    ]
    return "\n\n".join([*rows, *parts, pretty(query.sql) + ";"])
