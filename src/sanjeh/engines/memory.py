"""A memory holds a few rows of each entity in a private connection, typed like the warehouse, for examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from sanjeh.definitions import Catalogue, ColumnType, Entity
from sanjeh.engines.duckdb import connect, database_errors, quote_name, shut
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
    shut(connection)
    held: dict[str, Held] = {}
    domains: dict[str, dict[str, int]] = {}
    for name, records in rows.items():
        if records:
            held[name] = _load(connection, catalogue.entities[name], records, domains)
    for name, domain in domains.items():
        _load_dictionary(connection, name, domain)
    observed = {row.get("measure", "") for row in rows.get("observations", ())}
    codes = {name: len(domain) for name, domain in domains.items()}
    return Memory(connection, Holdings(held, frozenset(observed - {""}), codes, "memory"))


def _load(
    connection: duckdb.DuckDBPyConnection,
    entity: Entity,
    records: Sequence[Mapping[str, str]],
    domains: dict[str, dict[str, int]],
) -> Held:
    given = dict.fromkeys(name for record in records for name in record)
    types = {name: entity.columns[name].type if name in entity.columns else ColumnType.TEXT for name in given}
    lists: dict[str, list[str | None]] = {name: [record.get(name) or None for record in records] for name in types}
    items = [f"CAST(unnest(?::VARCHAR[]) AS {SQL_TYPES[kind]}) AS {quote_name(name)}" for name, kind in types.items()]
    values: list[object] = [*lists.values(), [f"{n:09d}" for n in range(len(records))]]
    items.append("unnest(?::VARCHAR[]) AS _row_key")
    for name in [name for name in types if _is_coded(entity, name)]:
        domain = domains.setdefault(name, {})
        values.append([None if v is None else domain.setdefault(v, len(domain)) for v in lists[name]])
        items.append(f"unnest(?::INTEGER[]) AS {quote_name(f'{name}__code')}")
    outer = ["*", *_companions(entity, types)]
    times = [name for name, kind in types.items() if kind in (ColumnType.DATE, ColumnType.TIME)]
    days = [quote_name(f"{name}__day") for name in times]
    ends = ", ".join(f"min({day}), max({day})" for day in days)
    table = quote_name(f"raw_{entity.id}")
    with database_errors():
        connection.execute(
            f"CREATE TABLE {table} AS SELECT {', '.join(outer)} FROM (SELECT {', '.join(items)})", values
        )
        row = connection.execute(f"SELECT {ends} FROM {table}").fetchone() if times else None
    found = list(row or ())
    first = {name: day for name, day in zip(times, found[::2], strict=True) if day is not None}
    last = {name: day for name, day in zip(times, found[1::2], strict=True) if day is not None}
    extra = {name: kind for name, kind in types.items() if name not in entity.columns}
    return Held(frozenset(types), len(records), first, last, extra)


def _load_dictionary(connection: duckdb.DuckDBPyConnection, name: str, domain: Mapping[str, int]) -> None:
    items = "SELECT unnest(?::INTEGER[]) AS code, unnest(?::VARCHAR[]) AS value"
    with database_errors():
        connection.execute(f"CREATE TABLE {quote_name(f'dict_{name}')} AS {items}", [[*domain.values()], [*domain]])


def _is_coded(entity: Entity, name: str) -> bool:
    """Whether the warehouse would store a dense code beside the column: of keys, and of dimensions in words."""
    column = entity.columns.get(name)
    if column is None:
        return True
    return column.type is ColumnType.KEY or (column.type is ColumnType.TEXT and name in entity.dimensions)


def _companions(entity: Entity, types: Mapping[str, ColumnType]) -> list[str]:
    """The columns of the entity that are not given, and the day beside each time, as the warehouse stores them."""
    items = []
    for name, column in entity.columns.items():
        if name not in types:
            items.append(f"CAST(NULL AS {SQL_TYPES[column.type]}) AS {quote_name(name)}")
            if _is_coded(entity, name):
                items.append(f"CAST(NULL AS INTEGER) AS {quote_name(f'{name}__code')}")
        if column.type in (ColumnType.DATE, ColumnType.TIME):
            day = f"CAST({quote_name(name)} AS DATE)" if name in types else "CAST(NULL AS DATE)"
            items.append(f"{day} AS {quote_name(f'{name}__day')}")
    return items
