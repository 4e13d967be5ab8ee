"""A repeated key is the same key in many rows of one file: corrections, or lines of one row of the entity."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.cleaning.identifier import clean_identifier_sql
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.cleaning.typed_twin import find_twin
from sanjeh.connectors.expression import find_column
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.question import Choice, Question
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.row_key import STATED, key_columns
from sanjeh.connectors.total_row import total_sql
from sanjeh.definitions import ColumnType, Entity
from sanjeh.errors import Datum, Issue

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Up to so many rows that repeat a key with other content are corrections; more are lines of one document.
_CORRECTIONS = 0.2
# The answer that needs no question: the amount is the document's and counts once.
FIRST = "first"
# So many documents whose lines all have the same amount are no chance.
_ENOUGH = 20
# An amount below zero, as it may be written: -5, (5), 5-.
_MINUS = r"^\s*[(−–-]\s*\S|\d\s*[−–-]\s*$"
_ADDED = (ColumnType.MONEY, ColumnType.NUMBER, ColumnType.INTEGER)


def choose_key(connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity) -> TableMapping:
    """The table with a key of its own where the entity's key does not tell the file's rows apart, or is mapped in part.

    A day's figures by platform need no campaign to be known. But where two different rows agree in a key of several
    columns (a product twice in one order), rows are known by their content, because otherwise one would take the
    other's place.
    """
    if entity.id in STATED or not raw.rows or table.group:
        return table
    whole = key_columns(entity, table)
    if whole:
        is_composite = len(whole) > 1 and not table.key
        return replace(table, keyless=True) if is_composite and _repeats(connection, raw, table, whole)[0] else table
    mapped = {each.target for each in table.fields}
    for key in entity.keys:
        part = tuple(name for name in key if name in mapped)
        lost = [name for name in key if name not in mapped]
        natural = not any(entity.columns[name].required or name == key[0] for name in lost)
        if len(key) > 1 and part and natural and not _repeats(connection, raw, table, part)[0]:
            return replace(table, key=part)
    return table


def ask_repeated(
    connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity, *, is_said: bool = False
) -> list[Question]:
    """Whether lines are to be summed, where many rows repeat the key with other content, or some take amounts back.

    ``is_said`` says that the answer is known, so that a single row is enough.
    """
    key = key_columns(entity, table)
    if not key or not raw.rows or table.group or entity.id in STATED:
        return []
    repeated, shown = _repeats(connection, raw, table, key)
    if not repeated:
        return []
    is_correction = repeated <= _CORRECTIONS * raw.rows and not _are_opposed(connection, raw, table, entity, key)
    if is_correction and not is_said:
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
    parts = [_key_sql(f"t.{columns[name]}", table.field_of(name)) for name in key if name in columns]
    twins = {field: find_twin(connection, quote_name(raw.table), field) for field in columns.values()}
    rest = [f"t.{twin.name if twin else field}" for field, twin in twins.items()]
    if not parts:
        return 0, ""
    filled = " OR ".join(f"t.{columns[name]} IS NOT NULL" for name in key if name in columns)
    totals = [total_sql(f"t.{columns[name]}") for name in key if name in columns and not twins.get(columns[name])]
    filled = f"({filled}) AND NOT coalesce({' OR '.join(totals) or 'false'}, false)"
    found = connection.execute(
        f"SELECT coalesce(sum(n - 1), 0), any_value(k[1]) FROM (SELECT [{', '.join(parts)}] AS k,"
        f" count(DISTINCT hash({', '.join(rest)})) AS n FROM {quote_name(raw.table)} AS t WHERE {filled} GROUP BY 1)"
        " WHERE n > 1"
    ).fetchall()
    return int(found[0][0]), str(found[0][1] or "")


def _key_sql(cell: str, field: Field | None) -> str:
    return clean_identifier_sql(cell, float_ids=field is not None and field.float_ids)


def _are_opposed(
    connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity, key: tuple[str, ...]
) -> bool:
    """Whether under some key an amount stands beside one with a minus: a return is no correction of its sale."""
    keys = [
        clean_identifier_sql(f"t.{find_column(each.column, raw.columns).field}")
        for each in table.fields
        if each.target in key and each.column
    ]
    amounts = [
        f"t.{find_column(each.column, raw.columns).field}"
        for each in table.fields
        if each.column and entity.columns[each.target].type is ColumnType.MONEY
    ]
    if not keys or not amounts:
        return False
    minus = [f"regexp_matches(CAST({amount} AS VARCHAR), {quote(_MINUS)})" for amount in amounts]
    opposed = " OR ".join(f"(bool_or({each}) AND NOT bool_and({each}))" for each in minus)
    return bool(
        connection.execute(
            f"SELECT 1 FROM {quote_name(raw.table)} AS t WHERE {' AND '.join(f'{each} IS NOT NULL' for each in keys)}"
            f" GROUP BY {', '.join(keys)} HAVING {opposed} LIMIT 1"
        ).fetchall()
    )


def ask_total(
    connection: DuckDBPyConnection, raw: RawTable, group: tuple[str, ...], header: str
) -> Question | str | None:
    """Whether an amount that stands in every line is the document's total: a question, ``FIRST``, or None for no.

    Where the lines of one document differ they are amounts of lines. Where only one line is filled it is the total.
    """
    keys = [clean_identifier_sql(find_column(name, raw.columns).field) for name in group]
    amount = find_column(header, raw.columns).field
    found = connection.execute(
        "SELECT count(*), count(*) FILTER (d > 1), count(*) FILTER (d = 1 AND f = 1), any_value(k[1]) FROM"
        f" (SELECT [{', '.join(keys)}] AS k, count(*) AS n, count(DISTINCT {amount}) AS d, count({amount}) AS f"
        f" FROM {quote_name(raw.table)} GROUP BY 1) WHERE n > 1"
    ).fetchall()
    documents, varying, single, shown = found[0]
    if not documents or varying:
        return None
    if single:
        return FIRST
    data: dict[str, Datum] = {"column": header, "headers": ", ".join(group), "value": str(shown), "count": documents}
    default = "first" if documents >= _ENOUGH else None
    return Question("lines", Issue("repeated_total", data), "", (Choice("sum"), Choice("first")), default)


def fold_repeated(table: TableMapping, entity: Entity, answer: str) -> TableMapping:
    """The table as ``answer`` wants rows that repeat a key: "sum", "first" or "last"."""
    if answer == "last":
        return replace(table, repeated="last")
    return sum_lines(table, entity) if answer == "sum" else take_first(table, entity)


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
    sql, decimal = f"sum(number({header}))", field.decimal
    return Field(field.target, sql=sql, decimal=decimal, currency=field.currency, unit=field.unit, place=field.place)
