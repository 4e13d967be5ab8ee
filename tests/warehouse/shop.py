"""A shop is a small company's two entities, and the steps to stage rows of them and import them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from sanjeh.definitions.entity import Column, ColumnType, Entity
from sanjeh.definitions.text import Text
from sanjeh.warehouse import LoadCount, SourceFile, SourceRecord, Writer, open_snapshot

WHEN = datetime(2024, 6, 1, 12)


def make_entity(
    name: str, columns: dict[str, str], *, key: str, times: Sequence[str] = (), dimensions: Sequence[str] = ()
) -> Entity:
    """An entity with columns given as name to type."""
    typed = {each: Column(each, ColumnType(kind)) for each, kind in columns.items()}
    return Entity(name, Text(name), Text(), Text(), ((key,),), tuple(times), typed, tuple(dimensions))


ORDERS = make_entity(
    "orders",
    {
        "order_id": "key",
        "ordered_at": "time",
        "net_amount": "money",
        "customer_id": "key",
        "channel": "text",
        "is_online": "boolean",
        "items": "integer",
        "note": "text",
    },
    key="order_id",
    times=["ordered_at"],
    dimensions=["channel", "is_online"],
)
CUSTOMERS = make_entity(
    "customers", {"customer_id": "key", "joined_on": "date", "score": "number"}, key="customer_id", times=["joined_on"]
)
OBSERVATIONS = make_entity(
    "observations", {"measure": "text", "date": "date", "value": "number"}, key="measure", times=["date"]
)


def make_source(name: str = "orders.csv", *, source: str = "shop", **more: Any) -> SourceRecord:
    """What an importer says of one file."""
    return SourceRecord(source, (SourceFile(name, f"fingerprint of {name}"),), WHEN, **more)


def stage(connection: duckdb.DuckDBPyConnection, columns: str, *rows: str, table: str = "staging") -> str:
    """A staging table: ``columns`` and each of ``rows`` as text, with lines numbered from 2 (below the header)."""
    lines = ", ".join(f"({row}, 0, {number})" for number, row in enumerate(rows, start=2))
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM (VALUES {lines}) AS given({columns}, _file, _line)"
    )
    return table


ORDER_COLUMNS = "_row_key, order_id, ordered_at, net_amount, customer_id, channel"


def order(key: str, day: str, amount: str, customer: str = "A", channel: str = "web") -> str:
    """The text of one staged order."""
    amount_sql = f"{amount}::DECIMAL(38,9)"
    return f"'{key}', '{key}', TIMESTAMP '{day} 10:00:00', {amount_sql}, '{customer}', '{channel}'"


def load_orders(
    connection: duckdb.DuckDBPyConnection, folder: Path, *rows: str, source: SourceRecord | None = None
) -> LoadCount:
    """Import these orders and commit."""
    stage(connection, ORDER_COLUMNS, *rows)
    with Writer(folder) as writer:
        counted = writer.load(connection, ORDERS, "staging", source or make_source())
        writer.commit()
    return counted


def read(connection: duckdb.DuckDBPyConnection, folder: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows of ``query`` over the current version's views."""
    open_snapshot(folder).attach(connection)
    return connection.execute(query).fetchall()


def files_on_disk(folder: Path) -> set[Path]:
    """Every data file in the warehouse's folder, leftovers too."""
    return {
        path for name in ("segments", "dictionaries", "faults") for path in (folder / name).rglob("*") if path.is_file()
    }
