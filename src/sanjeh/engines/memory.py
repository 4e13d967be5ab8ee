"""A memory holds a few rows of each entity in a private connection, typed like the warehouse: for examples and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from sanjeh.definitions import Catalogue, ColumnType, Entity
from sanjeh.engines.duckdb import connect, database_errors
from sanjeh.plan import Held, Holdings

SQL_TYPES = {
    ColumnType.KEY: "VARCHAR",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: "DECIMAL(38, 9)",
    ColumnType.BOOLEAN: "BOOLEAN",
}
Rows = Mapping[str, Sequence[Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Memory:
    """A connection with the tables ``raw_<entity>`` and what they hold."""

    connection: duckdb.DuckDBPyConnection
    holdings: Holdings


def build_memory(catalogue: Catalogue, rows: Rows) -> Memory:
    """The memory that holds ``rows`` (entity to rows of column to text); unknown columns become own dimensions."""
    connection = connect("500MB", threads=1)
    held: dict[str, Held] = {}
    codes: dict[str, int] = {}
    for name, records in rows.items():
        if records:
            held[name] = _load(connection, catalogue.entities[name], records, codes)
    observed = {row.get("measure", "") for row in rows.get("observations", ())}
    return Memory(connection, Holdings(held, frozenset(observed - {""}), codes, "memory"))


def _load(
    connection: duckdb.DuckDBPyConnection, entity: Entity, records: Sequence[Mapping[str, str]], codes: dict[str, int]
) -> Held:
    given = dict.fromkeys(name for record in records for name in record)
    types = {name: entity.columns[name].type if name in entity.columns else ColumnType.TEXT for name in given}
    items = [f'CAST(unnest(?::VARCHAR[]) AS {SQL_TYPES[kind]}) AS "{name}"' for name, kind in types.items()]
    lists: list[list[str | None]] = [[record.get(name) or None for record in records] for name in types]
    missing = [name for name in entity.columns if name not in types]
    items += [f'CAST(NULL AS {SQL_TYPES[entity.columns[name].type]}) AS "{name}"' for name in missing]
    numbered = [f"{n:09d}" for n in range(len(records))]
    with database_errors():
        table = f'"raw_{entity.id}"'
        connection.execute(
            f"CREATE TABLE {table} AS SELECT {', '.join(items)}, unnest(?::VARCHAR[]) AS _row_key", [*lists, numbered]
        )
        _add_companions(connection, entity, types, codes)
        times = [name for name, kind in types.items() if kind in (ColumnType.DATE, ColumnType.TIME)]
        ends = {name: connection.execute(f'SELECT min("{name}")::DATE, max("{name}")::DATE FROM {table}').fetchone() for name in times}
    first = {name: pair[0] for name, pair in ends.items() if pair and pair[0] is not None}
    last = {name: pair[1] for name, pair in ends.items() if pair and pair[1] is not None}
    extra = {name: kind for name, kind in types.items() if name not in entity.columns}
    return Held(frozenset(types), len(records), first, last, extra)


def _add_companions(
    connection: duckdb.DuckDBPyConnection, entity: Entity, types: Mapping[str, ColumnType], codes: dict[str, int]
) -> None:
    """The day beside each time and the dense code beside each key, as the warehouse stores them."""
    table = f'"raw_{entity.id}"'
    items = []
    for name in entity.columns:
        kind = entity.columns[name].type
        if kind in (ColumnType.DATE, ColumnType.TIME):
            items.append(f'CAST("{name}" AS DATE) AS "{name}__day"')
        elif kind is ColumnType.KEY:
            items.append(_code(name))
            if name in types:
                found = connection.execute(f'SELECT count(DISTINCT "{name}") FROM {table}').fetchone()
                codes[name] = max(codes.get(name, 0), int(found[0]) if found else 0)
    if items:
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT *, {', '.join(items)} FROM {table}")


def _code(name: str) -> str:
    return f'CAST(CASE WHEN "{name}" IS NULL THEN NULL ELSE dense_rank() OVER (ORDER BY "{name}") - 1 END AS INTEGER) AS "{name}__code"'
