"""A repeated key is the same key in many rows of one file: corrections, or lines of one row of the entity."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.cleaning.text import clean_text_sql
from sanjeh.connectors.expression import find_column
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.question import Choice, Question
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.row_key import STATED, key_columns
from sanjeh.definitions import ColumnType, Entity
from sanjeh.errors import Datum, Issue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Up to so many rows that repeat a key with other content are corrections; more are lines of one document.
_CORRECTIONS = 0.2
_ADDED = (ColumnType.MONEY, ColumnType.NUMBER, ColumnType.INTEGER)


def choose_key(connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity) -> TableMapping:
    """The table with a key of its own where the entity's key is mapped only in part and that part tells rows apart.

    A day's figures by platform need no campaign to be known; but where two rows of the file agree in it, rows are known
    by their content, because otherwise one of the two would take the other's place.
    """
    if entity.id in STATED or key_columns(entity, table) or not raw.rows:
        return table
    mapped = {each.target for each in table.fields}
    for key in entity.keys:
        part = tuple(name for name in key if name in mapped)
        lost = [name for name in key if name not in mapped]
        natural = not any(entity.columns[name].required or name == key[0] for name in lost)
        if len(key) > 1 and part and natural and not _repeats(connection, raw, table, part)[0]:
            return replace(table, key=part)
    return table


def ask_repeated(connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity) -> list[Question]:
    """Whether lines are to be summed, where many rows repeat the key with other content."""
    key = key_columns(entity, table)
    if not key or not raw.rows or table.group or entity.id in STATED:
        return []
    repeated, shown = _repeats(connection, raw, table, key)
    if repeated <= _CORRECTIONS * raw.rows:
        return []
    headers = ", ".join(each.column or "" for name in key if (each := table.field_of(name)))
    data: dict[str, Datum] = {"headers": headers, "rows": repeated, "value": shown, "entity": entity.id}
    choices = (Choice("sum"), Choice("first"), Choice("last"))
    return [Question("repeated", Issue("repeated_key", data), key[0], choices)]


def _repeats(
    connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, key: tuple[str, ...]
) -> tuple[int, str]:
    """How many rows repeat the key of another row without being the same in all that is mapped, and one such key."""
    columns = {each.target: find_column(each.column, raw.columns).field for each in table.fields if each.column}
    parts = [clean_text_sql(f"t.{columns[name]}") for name in key if name in columns]
    rest = [f"t.{field}" for field in columns.values()]
    if not parts:
        return 0, ""
    filled = " OR ".join(f"t.{columns[name]} IS NOT NULL" for name in key if name in columns)
    found = connection.execute(
        f"SELECT coalesce(sum(n - 1), 0), any_value(k[1]) FROM (SELECT [{', '.join(parts)}] AS k,"
        f" count(DISTINCT row({', '.join(rest)})) AS n FROM {quote_name(raw.table)} AS t WHERE {filled} GROUP BY 1)"
        " WHERE n > 1"
    ).fetchall()
    return int(found[0][0]), str(found[0][1] or "")


def sum_lines(table: TableMapping, entity: Entity) -> TableMapping:
    """The table folded to one row per key, its amounts and quantities added up."""
    return _fold(table, entity, added=True)


def take_first(table: TableMapping, entity: Entity) -> TableMapping:
    """The table folded to one row per key, with the first filled value of every column."""
    return _fold(table, entity, added=False)


def _fold(table: TableMapping, entity: Entity, *, added: bool) -> TableMapping:
    key = key_columns(entity, table)
    group = tuple(each.column for name in key if (each := table.field_of(name)) and each.column)
    fields = tuple(
        _sum(each) if added and entity.columns[each.target].type in _ADDED and each.target not in key else each
        for each in table.fields
    )
    return replace(table, group=group, fields=fields)


def _sum(field: Field) -> Field:
    header = '"' + (field.column or "").replace('"', '""') + '"'
    return Field(
        field.target, sql=f"sum(number({header}))", currency=field.currency, unit=field.unit, place=field.place
    )
