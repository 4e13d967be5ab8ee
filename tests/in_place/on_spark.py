"""A Spark cluster as a database for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from database import UNUSED, Kinds

from sanjeh.definitions import ColumnType
from sanjeh.engines.link_spark import Access, Link
from sanjeh.engines.raw_spark import quoted, text_of

_NATIVE = {
    ColumnType.KEY: "STRING",
    ColumnType.TEXT: "STRING",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP_NTZ",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "INT",
    ColumnType.MONEY: "DECIMAL(30, 6)",
    ColumnType.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class OnSpark:
    """The cluster of ``owner``, a session that may write.

    With ``views``, a table is a view of its rows: quick to make, and read by the executors like any other.
    """

    owner: Any
    views: bool = False
    engine: str = "spark"

    def link(self) -> Link:
        """A new link."""
        return Link(Access("sc://in.this.process", timeout_seconds=600), base=self.owner)

    def renew(self, schema: str) -> None:
        """Make the schema."""
        self.owner.sql(f"DROP SCHEMA IF EXISTS {_named(schema)} CASCADE")
        self.owner.sql(f"CREATE SCHEMA {_named(schema)}")

    def lay(self, schema: str, table: str, kinds: Kinds, rows: Sequence[Mapping[str, str]]) -> str:
        """A table with rows; its columns' names have signs that must be quoted."""
        name = f"{_named(schema)}.{_named(table)}"
        cells = ", ".join(f"({', '.join(_written(row.get(column)) for column in kinds)})" for row in rows)
        given = ", ".join(f"c{n}" for n in range(len(kinds)))
        items = [f"CAST(c{n} AS {_NATIVE[kind]}) AS {quoted(f'{c}_X')}" for n, (c, kind) in enumerate(kinds.items())]
        query = f"SELECT {', '.join(items)}, 'unused' AS {quoted(UNUSED)} FROM VALUES {cells} AS v ({given})"
        made = "VIEW {} AS {}" if self.views else "TABLE {} USING parquet AS {}"
        self.owner.sql("CREATE " + made.format(name, query))
        return name

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a statement, under the settings of a link."""
        return self.link().fetch(sql)


def _named(name: str) -> str:
    """``name`` with no sign but letters: Spark's own catalogue has no others in the names of tables."""
    return name.replace(" ", "_").lower()


def _written(cell: str | None) -> str:
    return text_of(cell) if cell else "CAST(NULL AS STRING)"
