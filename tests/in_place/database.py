"""A database for tests: one of a kind that Sanjeh asks in place, in which tables of a company can be laid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sanjeh.definitions import Catalogue, ColumnType
from sanjeh.engines.mapped import MappedColumn, MappedTable

Records = Mapping[str, Sequence[Mapping[str, str]]]
Kinds = Mapping[str, ColumnType]
UNUSED = "100%"  # a column of every table that nothing maps


class Database(Protocol):
    """What the tests of every engine need of a database."""

    @property
    def engine(self) -> str:
        """The engine's name in the registry."""
        ...

    def link(self) -> Any:
        """A new link that Sanjeh asks over."""
        ...

    def renew(self, schema: str) -> None:
        """Make ``schema``, without tables."""
        ...

    def lay(self, schema: str, table: str, kinds: Kinds, rows: Sequence[Mapping[str, str]]) -> str:
        """The name of a new table with the columns "<name>_X" of ``kinds``, with ``rows`` of name to text."""
        ...

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a statement."""
        ...


def lay_tables(database: Database, records: Records, catalogue: Catalogue, schema: str) -> dict[str, MappedTable]:
    """The mapped tables of ``records`` (entity to rows of column to text), laid into a new ``schema``.

    Tables are called "T <entity>" where the database allows it, columns "<column>_X": names with signs that must be
    quoted.
    """
    database.renew(schema)
    found = {}
    for name, rows in records.items():
        if not rows:
            continue
        entity = catalogue.entities[name]
        given = list(dict.fromkeys(column for row in rows for column in row))
        own = frozenset(column for column in given if column not in entity.columns)
        kinds = {column: ColumnType.TEXT if column in own else entity.columns[column].type for column in given}
        source = database.lay(schema, f"T {name}", kinds, rows)
        mapped = {column: MappedColumn(column, f"{column}_X") for column in given}
        found[name] = MappedTable(name, source, False, mapped, own)
    return found
