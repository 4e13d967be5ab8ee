"""A mapped table is a table or query of the company's own database that stands for an entity, nothing copied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sanjeh.errors import Place


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One logical column: ``sql`` over the table's columns, or the name of one of them.

    ``values`` turns what the database has (as text) into the words of the model: {"3": "paid"}.
    """

    name: str
    sql: str
    is_name: bool = True
    values: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class MappedTable:
    """Where an entity's rows are: ``source`` is schema.table, or a query where ``is_query``.

    ``dimensions`` names those of the columns that the model does not know. ``currency`` is the code of every amount
    where no column says it. ``covers_from`` and ``covers_to`` are the days between which the table is complete.
    """

    entity: str
    source: str
    is_query: bool
    columns: Mapping[str, MappedColumn]
    dimensions: frozenset[str] = frozenset()
    currency: str = ""
    covers_from: date | None = None
    covers_to: date | None = None
    place: Place | None = None
