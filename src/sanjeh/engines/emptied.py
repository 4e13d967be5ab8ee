"""Emptied are the columns in which no row had a value yet on a past day, though rows have one now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sanjeh.definitions import Catalogue, Entity
from sanjeh.engines.stored import DAY
from sanjeh.plan import Held, Holdings


def with_emptied(connection: Any, holdings: Holdings, catalogue: Catalogue, as_of_end: date) -> Holdings:
    """``holdings``, which are cut at ``as_of_end``, with the columns empty that no row then known has a value in."""
    entities = {
        name: replace(held, empty=held.empty | _emptied(connection, held, catalogue.entities[name], as_of_end))
        if name in catalogue.entities
        else held
        for name, held in holdings.entities.items()
    }
    return replace(holdings, entities=entities)


def _emptied(connection: Any, held: Held, entity: Entity, as_of_end: date) -> set[str]:
    days = [_quoted(name + DAY) for name in entity.dated_by if name in held.columns]
    names = sorted((held.columns & set(entity.columns)) - held.empty)
    if not days or not names or not held.rows:
        return set()
    tests = [f"max(CASE WHEN {_is_known(name, held, entity, as_of_end)} THEN 1 ELSE 0 END)" for name in names]
    day = f"coalesce({', '.join(days)})"
    sql = f"SELECT {', '.join(tests)} FROM \"raw_{entity.id}\" WHERE {day} IS NULL OR {day} < DATE '{as_of_end}'"
    (found,) = connection.execute(sql).fetchall()
    return {name for name, has_value in zip(names, found, strict=True) if not has_value}


def _is_known(name: str, held: Held, entity: Entity, as_of_end: date) -> str:
    """Whether a row has a value that had come by then; one that a later time brings had not."""
    source, brought = entity.known_from(name), entity.columns[name].known_values
    test = f"{_quoted(name)} IS NOT NULL"
    if source in held.columns and not brought:
        test += f" AND ({_quoted(source + DAY)} IS NULL OR {_quoted(source + DAY)} < DATE '{as_of_end}')"
    return test


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
