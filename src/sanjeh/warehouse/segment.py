"""A segment is written once: a partition's kept and changed rows, in order, as a parquet file that never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.definitions.entity import ColumnType
from sanjeh.warehouse import sql
from sanjeh.warehouse.durable import TEMPORARY, make_name, remove, seal
from sanjeh.warehouse.layout import Layout, physical_columns
from sanjeh.warehouse.money_width import MoneyWidth
from sanjeh.warehouse.relation import segments_sql
from sanjeh.warehouse.stored import Days, Segment, StoredColumn

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Version 2 encodings with zstd: on order rows a quarter of the size of version 1 with snappy, and faster to write and
# scan.
PARQUET = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, USE_TMP_FILE false"


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a segment: ``kept`` segments less the keys in table ``gone``, and the SELECT ``changes``."""

    partition: str
    kept: Sequence[Segment]
    gone: str | None
    changes: str | None
    money: dict[str, MoneyWidth]


def write_segment(connection: DuckDBPyConnection, folder: Path, layout: Layout, contents: Contents) -> Segment | None:
    """The segment written (synced, with its final name; its folder not yet synced), or None when no row is left."""
    physical = physical_columns(narrow(layout.columns, contents.money))
    final = folder / make_name(contents.partition, ".parquet")
    temporary = final.with_name(final.name + TEMPORARY)
    try:
        target = sql.path(temporary, reading=False)
        connection.execute(f"COPY ({_select(layout, contents, physical)}) TO {target} ({PARQUET})")
        segment = _measure(connection, temporary, final, physical, contents)
        if segment.rows == 0:
            return None
        seal(temporary, final)
        return segment
    finally:
        remove(temporary)


def narrow(columns: tuple[StoredColumn, ...], money: dict[str, MoneyWidth]) -> tuple[StoredColumn, ...]:
    """The columns with money in the narrowest type that holds ``money``'s widths."""
    return tuple(
        replace(c, sql_type=money.get(c.name, MoneyWidth()).sql_type) if c.type is ColumnType.MONEY else c
        for c in columns
    )


def _select(layout: Layout, contents: Contents, physical: dict[str, str]) -> str:
    parts = []
    if contents.kept:
        kept = f"SELECT * FROM {segments_sql(contents.kept, physical)}"
        parts.append(kept + (f" WHERE _row_key NOT IN (SELECT k FROM {contents.gone})" if contents.gone else ""))
    if contents.changes:
        listed = ", ".join(f"CAST({sql.name(column)} AS {kind})" for column, kind in physical.items())
        parts.append(f"SELECT {listed} FROM ({contents.changes})")
    order = f"{sql.name(layout.time)} NULLS LAST, _row_key" if layout.time else "_row_key"
    names = ", ".join(sql.name(column) for column in physical)
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS part({names}) ORDER BY {order}"


def _measure(
    connection: DuckDBPyConnection, file: Path, final: Path, physical: dict[str, str], contents: Contents
) -> Segment:
    query = (
        "SELECT path_in_schema, sum(num_values)::BIGINT, sum(stats_null_count)::BIGINT, min(stats_min_value),"
        f" max(stats_max_value) FROM parquet_metadata({sql.path(file)}) GROUP BY ALL"
    )
    empty: set[str] = set()
    days: dict[str, Days] = {}
    rows = 0
    for column, values, nulls, first, last in connection.execute(query).fetchall():
        rows = max(rows, values)
        if nulls == values:
            empty.add(column)
        elif column.endswith("__day") and physical.get(column) == "DATE":
            days[column.removesuffix("__day")] = (date.fromisoformat(first), date.fromisoformat(last))
    size = file.stat().st_size
    empty &= {column for column in physical if not column.endswith(("__code", "__day")) and not column.startswith("_")}
    return Segment(final, contents.partition, rows, size, physical, frozenset(empty), days, contents.money)
