"""A raw table is a source's rows as text inside DuckDB, together with what could not be read and why."""

from __future__ import annotations

from dataclasses import dataclass

from sanjeh.connectors.reading.source import Source
from sanjeh.errors import Issue

HINTS = ("text", "number", "date", "time", "boolean")
TEXT_SHOWN = 200


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column of a raw table.

    Args:
        position: where it stands in the source, from 0.
        name: the header as written, trimmed, made unique.
        field: its column in the staging table: c0, c1, ...
        typed_hint: one of ``HINTS`` when the source itself is typed.
    """

    position: int
    name: str
    field: str
    typed_hint: str | None = None

    def __post_init__(self) -> None:
        if self.typed_hint is not None and self.typed_hint not in HINTS:
            raise ValueError(f"no such hint: {self.typed_hint}")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A record that could not be put under the columns: its row in the source, a reason code and how it begins."""

    row: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """What one read left in the connection: ``rows`` + ``len(bad_rows)`` is the number of records in the source.

    Args:
        source: what was read.
        table: the staging table: ``_row`` (the row in the source, from 1) and one text column per column.
        columns: the columns, in order.
        rows: how many rows the staging table has.
        issues: warnings and notes; errors are raised instead.
        fingerprint: sha256 of the content, in hexadecimal.
        bad_rows: records set aside, in order.
    """

    source: Source
    table: str
    columns: tuple[RawColumn, ...]
    rows: int
    issues: tuple[Issue, ...]
    fingerprint: str
    bad_rows: tuple[BadRow, ...] = ()
