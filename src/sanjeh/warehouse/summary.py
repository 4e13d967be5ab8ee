"""A summary is what a manifest says of an entity, drawn from its segments: filled columns, exact money types, days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from sanjeh.warehouse.history import SourceRecord
from sanjeh.warehouse.layout import Layout
from sanjeh.warehouse.money_width import widest
from sanjeh.warehouse.relation import relation_sql
from sanjeh.warehouse.segment import narrow
from sanjeh.warehouse.stored import Days, Segment, StoredEntity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OBSERVATIONS = "observations"


def summarise(
    name: str, layout: Layout, granularity: str, segments: tuple[Segment, ...], imported_at: datetime
) -> StoredEntity:
    """The stored entity that these segments make; what imports stated is not known to it yet."""
    money = {
        column: widest(segment.money[column] for segment in segments if column in segment.money)
        for column in layout.money
    }
    columns = {}
    for column in narrow(layout.columns, money):
        filled = any(column.name in segment.types and column.name not in segment.empty for segment in segments)
        columns[column.name] = replace(column, filled=filled)
    return StoredEntity(name, columns, segments, layout.time, granularity, imported_at)


def state_cover(entity: StoredEntity, before: StoredEntity | None, source: SourceRecord | None) -> StoredEntity:
    """The entity with the hull of the days that earlier imports and this one state to be complete."""
    given = [each for each in (before, source) if each is not None]
    starts: list[date] = [each.covers_from for each in given if each.covers_from]
    ends: list[date] = [each.covers_to for each in given if each.covers_to]
    return replace(entity, covers_from=min(starts, default=None), covers_to=max(ends, default=None))


def state_observed(connection: DuckDBPyConnection, entity: StoredEntity) -> StoredEntity:
    """The entity, and where it is observations, the first and last day stated of each measure."""
    if entity.name != OBSERVATIONS or "measure" not in entity.columns or entity.time is None or not entity.segments:
        return replace(entity, observed={})
    query = (
        f'SELECT measure, min("{entity.time}__day"), max("{entity.time}__day") FROM {relation_sql(entity)}'
        f' WHERE measure IS NOT NULL AND "{entity.time}" IS NOT NULL GROUP BY measure ORDER BY measure'
    )
    found: dict[str, Days] = {row[0]: (row[1], row[2]) for row in connection.execute(query).fetchall()}
    return replace(entity, observed=found)
