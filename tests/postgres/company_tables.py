"""Company tables: rows of the model laid into a database under names that Sanjeh would never choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sanjeh.definitions import Catalogue, ColumnType
from sanjeh.engines.mapped import MappedColumn, MappedTable

Records = Mapping[str, Sequence[Mapping[str, str]]]
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


def lay_tables(connection: Any, records: Records, catalogue: Catalogue, schema: str) -> dict[str, MappedTable]:
    """The mapped tables of ``records`` (entity to rows of column to text), laid into a new ``schema``.

    Tables are called "T <entity>", columns "<column>_X": names with signs that must be quoted.
    """
    connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    connection.execute(f'CREATE SCHEMA "{schema}"')
    return {name: _lay(connection, name, rows, catalogue, schema) for name, rows in records.items() if rows}


def _lay(
    connection: Any, name: str, rows: Sequence[Mapping[str, str]], catalogue: Catalogue, schema: str
) -> MappedTable:
    entity = catalogue.entities[name]
    given = list(dict.fromkeys(column for row in rows for column in row))
    kinds = {column: entity.columns[column].type if column in entity.columns else ColumnType.TEXT for column in given}
    table = f'"{schema}"."T {name}"'
    columns = ", ".join(f'"{column}_X" {_NATIVE[kind]}' for column, kind in kinds.items())
    connection.execute(f"CREATE TABLE {table} ({columns}, \"100%\" text DEFAULT 'unused')")
    marks = ", ".join(f"CAST(%s AS {_NATIVE[kind]})" for kind in kinds.values())
    names = ", ".join('"' + f"{column}_X".replace("%", "%%") + '"' for column in given)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})",
            [[row.get(column) or None for column in given] for row in rows],
        )
    mapped = {column: MappedColumn(column, f"{column}_X") for column in given}
    own = frozenset(column for column in given if column not in entity.columns)
    return MappedTable(name, f"{schema}.T {name}", False, mapped, own)
