"""A listing is the rows that one measure counted."""

from __future__ import annotations

from dataclasses import dataclass

from sanjeh.calendars import Span


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows behind a measure over a span: column names, cells, and how many rows there are in all."""

    measure: str
    mode: str
    entity: str
    span: Span
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
