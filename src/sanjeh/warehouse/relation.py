"""A relation is the FROM source of an entity: its segments as one table whose columns have one type each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sanjeh.warehouse import sql
from sanjeh.warehouse.layout import physical_columns
from sanjeh.warehouse.stored import Dictionary, Segment, StoredEntity


def relation_sql(entity: StoredEntity) -> str:
    """What stands after FROM to read the entity's rows in DuckDB; see ``segments_sql``."""
    return segments_sql(entity.segments, physical_columns(tuple(entity.columns.values())))


def relation_of(entity: StoredEntity, segment: Segment | None) -> str:
    """The same for one segment of ``entity``, or for all (None)."""
    segments = entity.segments if segment is None else (segment,)
    return segments_sql(segments, physical_columns(tuple(entity.columns.values())))


def segments_sql(segments: Iterable[Segment], physical: Mapping[str, str]) -> str:
    """The FROM source over ``segments`` with exactly the columns ``physical`` (name to SQL type) in that order.

    Segments of one shape are read together. DuckDB's union_by_name is not used: meeting DECIMAL(18,2) and
    DECIMAL(38,0) it settles on DECIMAL(38,0) and drops the decimals without a word; so other shapes are cast and
    joined by UNION ALL.
    """
    groups: dict[tuple[tuple[str, str], ...], list[Segment]] = {}
    for segment in segments:
        groups.setdefault(tuple(segment.types.items()), []).append(segment)
    wanted = tuple(physical.items())
    if set(groups) == {wanted}:
        return sql.read(segment.path for segment in groups[wanted])
    if not groups:
        return f"(SELECT {_columns({}, physical)} WHERE false)"
    selects = (
        f"SELECT {_columns(dict(shape), physical)} FROM {sql.read(segment.path for segment in members)}"
        for shape, members in groups.items()
    )
    return f"({' UNION ALL '.join(selects)})"


def _columns(shape: Mapping[str, str], physical: Mapping[str, str]) -> str:
    parts = []
    for column, sql_type in physical.items():
        quoted = sql.name(column)
        if column not in shape:
            parts.append(f"CAST(NULL AS {sql_type}) AS {quoted}")
        elif shape[column] != sql_type:
            parts.append(f"CAST({quoted} AS {sql_type}) AS {quoted}")
        else:
            parts.append(quoted)
    return ", ".join(parts)


def dictionary_sql(dictionary: Dictionary) -> str:
    """The FROM source of a dictionary: ``code`` INTEGER and ``value`` VARCHAR."""
    if not dictionary.chunks:
        return "(SELECT CAST(NULL AS INTEGER) AS code, CAST(NULL AS VARCHAR) AS value WHERE false)"
    return sql.read(dictionary.files)
