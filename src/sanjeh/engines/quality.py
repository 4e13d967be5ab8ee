"""Quality finds what in the data may make numbers wrong: orphans, amounts without a rate, statuses nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from sanjeh.engines.duckdb import database_errors, quote_name
from sanjeh.engines.terms import Terms
from sanjeh.errors import Datum, Issue, Severity


def find_doubts(connection: duckdb.DuckDBPyConnection, relations: Terms) -> Iterator[Issue]:
    """The doubts about the data at hand, as warnings and notes."""
    yield from _orphans(connection, relations)
    yield from _without_rate(connection, relations)
    yield from _unknown_statuses(connection, relations)
    yield from _without_customer(connection, relations)


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    with database_errors():
        rows = connection.execute(sql).fetchall()
    return int(rows[0][0] or 0) if rows else 0


def _orphans(connection: duckdb.DuckDBPyConnection, relations: Terms) -> Iterator[Issue]:
    """Rows that name a row which does not exist on the other side of a relation."""
    for name, held in relations.holdings.entities.items():
        entity = relations.catalogue.entities.get(name)
        for relation in entity.relations.values() if entity else ():
            other = relations.holdings.entities.get(relation.entity)
            if other is None or relation.on not in held.columns or relation.to not in other.columns:
                continue
            here, there = quote_name(f"raw_{name}"), quote_name(f"raw_{relation.entity}")
            on, to = quote_name(relation.on), quote_name(relation.to)
            count = _one(
                connection,
                f"SELECT count(*) FROM {here} a WHERE a.{on} IS NOT NULL AND NOT EXISTS"
                f" (SELECT 1 FROM {there} b WHERE b.{to} = a.{on})",
            )
            if count:
                data: dict[str, Datum] = {
                    "entity": name,
                    "other": relation.entity,
                    "column": relation.on,
                    "count": count,
                    "rows": held.rows,
                }
                yield Issue("orphan_rows", data, severity=Severity.WARNING)


def _without_rate(connection: duckdb.DuckDBPyConnection, relations: Terms) -> Iterator[Issue]:
    """Amounts in a currency that neither a constant nor a rate ties to the company's: they are left out."""
    known = {relations.money.currency, *relations.money.constants}
    rates: set[str] = set()
    if relations.holdings.has("exchange_rates"):
        with database_errors():
            rates = {
                str(row[0])
                for row in connection.execute('SELECT DISTINCT currency FROM "raw_exchange_rates"').fetchall()
            }
    for name, held in relations.holdings.entities.items():
        if "currency" not in held.columns or name == "exchange_rates":
            continue
        with database_errors():
            found = connection.execute(
                f"SELECT currency, count(*) FROM {quote_name(f'raw_{name}')}"
                " WHERE currency IS NOT NULL GROUP BY 1 ORDER BY 1"
            ).fetchall()
        for currency, count in found:
            if str(currency) not in known | rates:
                data: dict[str, Datum] = {"entity": name, "currency": str(currency), "count": int(count)}
                yield Issue("no_rate", data, severity=Severity.WARNING)


def _unknown_statuses(connection: duckdb.DuckDBPyConnection, relations: Terms) -> Iterator[Issue]:
    """Statuses that are neither among those of the definition nor called successful: their rows count as nothing."""
    successful = relations.settings.get("successful_statuses", ())
    own = successful if isinstance(successful, tuple) else (str(successful),)
    for name, held in relations.holdings.entities.items():
        entity = relations.catalogue.entities.get(name)
        column = entity.columns.get("status") if entity else None
        if column is None or not column.values or "status" not in held.columns:
            continue
        with database_errors():
            found = connection.execute(
                f"SELECT status, count(*) FROM {quote_name(f'raw_{name}')}"
                " WHERE status IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()
        for status, count in found:
            if str(status) not in (*column.values, *own):
                data: dict[str, Datum] = {"entity": name, "status": str(status), "count": int(count), "rows": held.rows}
                yield Issue("unknown_status", data, severity=Severity.WARNING)


def _without_customer(connection: duckdb.DuckDBPyConnection, relations: Terms) -> Iterator[Issue]:
    held = relations.holdings.entities.get("orders")
    if held is None or "customer_id" not in held.columns or not held.rows:
        return
    count = _one(connection, 'SELECT count(*) FROM "raw_orders" WHERE customer_id IS NULL')
    if count:
        data: dict[str, Datum] = {"count": count, "rows": held.rows, "share": round(100 * count / held.rows, 1)}
        yield Issue("orders_without_customer", data, severity=Severity.NOTE)
