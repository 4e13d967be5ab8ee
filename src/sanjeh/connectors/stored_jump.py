"""A stored jump is a file whose typical amount is about ten times that of the rows imported before: rial for toman."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.apply import AppliedTable
from sanjeh.connectors.cleaning import quote_name, unit_jump
from sanjeh.definitions import ColumnType
from sanjeh.errors import Issue
from sanjeh.warehouse import open_snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Fewer rows than these have no typical amount.
_LEAST_ROWS, _MOST_ROWS = 5, 10_000


def check_stored_jump(
    connection: DuckDBPyConnection, warehouse: Path, applied: AppliedTable, label: str
) -> tuple[Issue, ...]:
    """A warning for each amount of the file whose median is about ten times that of the latest stored rows."""
    snapshot = open_snapshot(warehouse)
    stored = snapshot.entities.get(applied.entity.id)
    if stored is None or not stored.segments:
        return ()
    relation = snapshot.relation_sql(applied.entity.id)
    # Prices rise over the years: the file is held against as many of the last rows, not against all.
    [[rows]] = connection.execute(f"SELECT count(*) FROM {quote_name(applied.table)}").fetchall()
    most = min(max(int(rows), _LEAST_ROWS), _MOST_ROWS)
    time = f" ORDER BY {quote_name(stored.time)} DESC NULLS LAST" if stored.time else ""
    found = []
    for name, column in applied.entity.columns.items():
        is_there = name in stored.columns and applied.mapping.field_of(name) is not None
        if column.type is not ColumnType.MONEY or not is_there:
            continue
        amount = quote_name(name)
        latest = f"(SELECT {amount} FROM {relation} WHERE {amount} <> 0{time} LIMIT {most})"
        medians = [
            (text, *_median(connection, amount, source))
            for text, source in (("…", latest), (label, quote_name(applied.table)))
        ]
        if all(rows >= _LEAST_ROWS for _, _, rows in medians):
            issue = unit_jump([(text, median) for text, median, _ in medians], column=name)
            found += [issue] if issue else []
    return tuple(found)


def _median(connection: DuckDBPyConnection, amount: str, source: str) -> tuple[float, int]:
    [[median, rows]] = connection.execute(
        f"SELECT coalesce(median(abs(CAST({amount} AS DOUBLE))), 0), count(*) FROM {source} WHERE {amount} <> 0"
    ).fetchall()
    return float(median), int(rows)
