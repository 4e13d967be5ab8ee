"""A PostgreSQL server as a database for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from database import UNUSED, Kinds

from sanjeh.definitions import ColumnType
from sanjeh.engines.link_postgres import Access, Link

_NATIVE = {
    ColumnType.KEY: "varchar(200)",
    ColumnType.TEXT: "text",
    ColumnType.DATE: "date",
    ColumnType.TIME: "timestamp",
    ColumnType.NUMBER: "double precision",
    ColumnType.INTEGER: "bigint",
    ColumnType.MONEY: "numeric(30, 6)",
    ColumnType.BOOLEAN: "boolean",
}


@dataclass(frozen=True, slots=True)
class OnPostgres:
    """The server at ``address``; ``owner`` is a connection that may write."""

    owner: Any
    address: str
    engine: str = "postgres"

    def link(self) -> Link:
        """A new link."""
        return Link(Access(self.address))

    def renew(self, schema: str) -> None:
        """Make the schema."""
        self.owner.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        self.owner.execute(f'CREATE SCHEMA "{schema}"')

    def lay(self, schema: str, table: str, kinds: Kinds, rows: Sequence[Mapping[str, str]]) -> str:
        """A table with rows."""
        name = f'"{schema}"."{table}"'
        columns = ", ".join(f'"{column}_X" {_NATIVE[kind]}' for column, kind in kinds.items())
        self.owner.execute(f"CREATE TABLE {name} ({columns}, \"{UNUSED}\" text DEFAULT 'unused')")
        marks = ", ".join(f"CAST(%s AS {_NATIVE[kind]})" for kind in kinds.values())
        names = ", ".join('"' + f"{column}_X".replace("%", "%%") + '"' for column in kinds)
        with self.owner.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {name} ({names}) VALUES ({marks})",
                [[row.get(column) or None for column in kinds] for row in rows],
            )
        return f"{schema}.{table}"

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a statement."""
        return list(self.owner.execute(sql, {}).fetchall())
