"""A folder of chDB as a database for tests: ClickHouse inside this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from database import UNUSED, Kinds

from sanjeh.definitions import ColumnType
from sanjeh.engines.link_clickhouse import Access, Link
from sanjeh.engines.raw_clickhouse import quoted, text_of

# As tables of ClickHouse have them: keys that cannot be empty, words that repeat, days of two bytes.
_NATIVE = {
    ColumnType.KEY: "String",
    ColumnType.TEXT: "LowCardinality(Nullable(String))",
    ColumnType.DATE: "Nullable(Date)",
    ColumnType.TIME: "DateTime64(3)",
    ColumnType.NUMBER: "Nullable(Float64)",
    ColumnType.INTEGER: "Nullable(Int32)",
    ColumnType.MONEY: "Nullable(Decimal(30, 6))",
    ColumnType.BOOLEAN: "Nullable(Bool)",
}


@dataclass(frozen=True, slots=True)
class OnClickHouse:
    """The folder at ``address``; ``owner`` is a client that may write."""

    owner: Any
    address: str
    engine: str = "clickhouse"

    def link(self) -> Link:
        """A new link."""
        return Link(Access(self.address))

    def renew(self, schema: str) -> None:
        """Make the database."""
        self.owner.command(f"DROP DATABASE IF EXISTS {quoted(schema)} SYNC")
        self.owner.command(f"CREATE DATABASE {quoted(schema)}")

    def lay(self, schema: str, table: str, kinds: Kinds, rows: Sequence[Mapping[str, str]]) -> str:
        """A table with rows; a key or a time that is missing has its type's own beginning."""
        name = f"{quoted(schema)}.{quoted(table)}"
        columns = [f"{quoted(f'{column}_X')} {_NATIVE[kind]}" for column, kind in kinds.items()]
        made = ", ".join([*columns, f"{quoted(UNUSED)} String DEFAULT 'unused'"])
        self.owner.command(f"CREATE TABLE {name} ({made}) ENGINE = MergeTree ORDER BY tuple()")
        names = ", ".join(quoted(f"{column}_X") for column in kinds)
        cells = [", ".join(_cell(row.get(column), kind) for column, kind in kinds.items()) for row in rows]
        self.owner.command(f"INSERT INTO {name} ({names}) VALUES {', '.join(f'({row})' for row in cells)}")
        return f"{schema}.{table}"

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """The rows of a statement, under the settings of a link."""
        link = self.link()
        try:
            return link.fetch(sql)
        finally:
            link.close()


def _cell(text: str | None, kind: ColumnType) -> str:
    native = _NATIVE[kind]
    if text:
        return f"CAST({text_of(text)}, {text_of(native)})"
    return "NULL" if "Nullable" in native else f"defaultValueOfTypeName({text_of(native)})"
