"""Cell queries are what fills the cells of a roll-up, as text that is kept: nothing is compiled to run them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sanjeh.engines.statement import Query


@dataclass(frozen=True, slots=True)
class CellQuery:
    """A query of cells; ``coded`` holds the dictionary of each member column that comes as a code.

    Columns: day, d0, d1 ... and, of sums, v0, n0, v1, n1 ...; of sets, key and n; of firsts, key.
    """

    query: Query
    coded: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CellQueries:
    """What fills a cube: one query for all sums and counts, one for the keys of each set and each first, by tally id.

    ``rows`` is the entity's rows, as it must stand ready. Sums and counts come for every tally but firsts, in order.
    """

    rows: Query
    sums: CellQuery
    keys: Mapping[str, CellQuery]


def queries_to_json(queries: CellQueries) -> dict[str, Any]:
    """``queries`` as values of JSON."""
    return {
        "rows": _plain(queries.rows),
        "sums": _written(queries.sums),
        "keys": {name: _written(found) for name, found in queries.keys.items()},
    }


def queries_of_json(value: Mapping[str, Any]) -> CellQueries:
    """The queries that were written as ``value``; raises KeyError, TypeError or ValueError for anything else."""
    return CellQueries(
        _query(value["rows"]),
        _read(value["sums"]),
        {str(name): _read(found) for name, found in value["keys"].items()},
    )


def _plain(query: Query) -> list[Any]:
    return [query.sql, dict(query.values), {entity: list(columns) for entity, columns in query.reads.items()}]


def _written(found: CellQuery) -> list[Any]:
    return [_plain(found.query), dict(found.coded)]


def _query(value: Any) -> Query:
    sql, values, reads = value
    return Query(str(sql), dict(values), {entity: tuple(columns) for entity, columns in reads.items()})


def _read(value: Any) -> CellQuery:
    query, coded = value
    return CellQuery(_query(query), dict(coded))
