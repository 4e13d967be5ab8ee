"""A rewrite makes an entity's next segments: of touched partitions, or of all when rows are cut or coded anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.definitions.entity import ColumnType
from sanjeh.errors import Issue, WorkspaceError
from sanjeh.warehouse import sql
from sanjeh.warehouse.arrival import CHANGES, GONE, RAW, count
from sanjeh.warehouse.layout import PROVENANCE, Layout, physical_columns
from sanjeh.warehouse.money_width import MoneyWidth, digits_sql, scale_sql, widest
from sanjeh.warehouse.partition import partition_name, partition_sql
from sanjeh.warehouse.relation import dictionary_sql, relation_sql
from sanjeh.warehouse.segment import Contents, write_segment
from sanjeh.warehouse.stored import Dictionary, Segment, StoredEntity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def add_kept_rows(connection: DuckDBPyConnection, layout: Layout, stored: StoredEntity) -> None:
    """Put the stored rows that stay into ``wh_raw`` beside the new ones, for everything is to be written anew."""
    import duckdb

    columns = {c.name: c.sql_type for c in layout.columns if c.name in stored.columns} | dict(PROVENANCE)
    listed = ", ".join(f"CAST({sql.name(name)} AS {kind}) AS {sql.name(name)}" for name, kind in columns.items())
    try:
        connection.execute(
            f"INSERT INTO {RAW} BY NAME SELECT {listed} FROM {relation_sql(stored)}"
            f" WHERE _row_key NOT IN (SELECT k FROM {GONE})"
        )
    except duckdb.ConversionException as error:
        data = {"entity": stored.name, "reason": str(error).splitlines()[0]}
        raise WorkspaceError(Issue("warehouse_type_changed", data)) from error


def make_changes(
    connection: DuckDBPyConnection, layout: Layout, granularity: str, dictionaries: Mapping[str, Dictionary]
) -> None:
    """Fill ``wh_changes`` from ``wh_raw``: codes and days beside their columns, the partition's number ``_part``."""
    parts: list[str] = []
    joins: list[str] = []
    for number, column in enumerate(layout.columns):
        value = f"r.{sql.name(column.name)}"
        parts.append(value)
        if column.coded:
            alias = f"d{number}"
            parts.append(f"{alias}.code AS {sql.name(column.name + '__code')}")
            source = dictionary_sql(dictionaries.get(column.name, Dictionary()))
            joins.append(f"LEFT JOIN {source} {alias} ON {alias}.value = CAST({value} AS VARCHAR)")
        if column.type in (ColumnType.DATE, ColumnType.TIME):
            parts.append(f"CAST({value} AS DATE) AS {sql.name(column.name + '__day')}")
    parts += [f"r.{name}" for name in PROVENANCE]
    parts.append(f"{partition_sql(granularity, layout.time)} AS _part")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {CHANGES} AS SELECT {', '.join(parts)} FROM {RAW} r {' '.join(joins)}"
    )
    connection.execute(f"DROP TABLE {RAW}")


def make_no_changes(connection: DuckDBPyConnection, layout: Layout) -> None:
    """An empty ``wh_changes``, for a rewrite that only takes rows out."""
    columns = {**physical_columns(layout.columns), "_part": "INTEGER"}
    listed = ", ".join(f"{sql.name(name)} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {CHANGES} ({listed})")


@dataclass(frozen=True, slots=True)
class _Part:
    number: int
    money: dict[str, MoneyWidth]


def _changed_parts(connection: DuckDBPyConnection, layout: Layout, granularity: str) -> dict[str, _Part]:
    measured = "".join(f", {scale_sql(sql.name(name))}, {digits_sql(sql.name(name))}" for name in layout.money)
    found = connection.execute(f"SELECT _part{measured} FROM {CHANGES} GROUP BY _part ORDER BY _part").fetchall()
    parts = {}
    for number, *widths in found:
        pairs = zip(layout.money, zip(widths[::2], widths[1::2], strict=True), strict=True)
        money = {name: MoneyWidth(digits or 1, scale or 0) for name, (scale, digits) in pairs}
        parts[partition_name(granularity, number)] = _Part(number, money)
    return parts


def rewrite(
    connection: DuckDBPyConnection,
    folder: Path,
    layout: Layout,
    granularity: str,
    before: Sequence[Segment],
    touched: frozenset[str],
) -> tuple[Segment, ...]:
    """The entity's next segments: ``before``, with those anew that lose keys (``touched``: file names) or gain rows.

    Gives each written segment durable content and its final name; the folder is left to be synced by the caller.
    """
    folder.mkdir(parents=True, exist_ok=True)
    changed = _changed_parts(connection, layout, granularity)
    same = [s for s in before if s.partition not in changed and s.path.name not in touched]
    todo = sorted({segment.partition for segment in before} - {s.partition for s in same} | set(changed))
    has_gone = count(connection, f"SELECT count(*) FROM {GONE}") > 0
    written = []
    for partition in todo:
        kept = [segment for segment in before if segment.partition == partition]
        part = changed.get(partition)
        widths = [part.money] if part else []
        widths += [dict(segment.money) for segment in kept]
        money = {name: widest(each[name] for each in widths if name in each) for name in layout.money}
        select = f"SELECT * EXCLUDE (_part) FROM {CHANGES} WHERE _part = {part.number}" if part else None
        segment = write_segment(
            connection, folder, layout, Contents(partition, kept, GONE if has_gone else None, select, money)
        )
        if segment:
            written.append(segment)
    return tuple(sorted([*same, *written], key=lambda each: each.partition))
