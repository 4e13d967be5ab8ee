"""A raw table in Spark: a mapped table as a query with the model's names and types, for use inside a statement."""

from __future__ import annotations

from collections.abc import Mapping

from sanjeh.definitions import ColumnType, Entity
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.engines.raw_table import ROW_KEY, RawTable
from sanjeh.engines.stored import DAY
from sanjeh.errors import DefinitionError, Issue

_WHOLE = frozenset(["tinyint", "smallint", "int", "bigint"])
_BROKEN = frozenset(["float", "double"])
_MOMENTS = frozenset(["date", "timestamp", "timestamp_ntz"])
_TYPES = {
    ColumnType.KEY: "STRING",
    ColumnType.TEXT: "STRING",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP_NTZ",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: "DECIMAL(38, 9)",
    ColumnType.BOOLEAN: "BOOLEAN",
}


def describing(table: MappedTable) -> str:
    """A query without rows whose columns are the mapped ones, in order, as Spark has them."""
    items = [f"{_given(column)} AS {quoted(name)}" for name, column in table.columns.items()]
    return f"SELECT {', '.join(items)} FROM {source_of(table)} LIMIT 0"


def read_raw(table: MappedTable, entity: Entity, kinds: Mapping[str, str], zone: str) -> RawTable:
    """The rows of ``table`` under the model's names and types, days beside times, and what makes a row itself.

    ``kinds`` are Spark's types of the mapped columns (see ``describing``); instants (``timestamp``) are told in
    ``zone``, times without a zone (``timestamp_ntz``) as they are. Raises DefinitionError (``mapped_type``) for a
    column that cannot be what the model says.
    """
    types = {name: column.type for name, column in entity.columns.items()}
    types.update(dict.fromkeys(table.dimensions, ColumnType.TEXT))
    made: dict[str, str] = {}
    for name, kind in types.items():
        column = table.columns.get(name)
        if column is not None:
            value = _typed(column, kind, kinds[name], zone, table)
        elif name == "currency" and table.currency:
            value = text_of(table.currency)
        else:
            value = f"CAST(NULL AS {_TYPES[kind]})"
        made[name] = value
        if kind in (ColumnType.DATE, ColumnType.TIME):
            made[name + DAY] = f"CAST({value} AS DATE)"
    made[ROW_KEY] = _row_key(table, entity, made)
    return RawTable({name: f"{value} AS {quoted(name)}" for name, value in made.items()}, source_of(table))


def source_of(table: MappedTable) -> str:
    """The mapped table or query as an item of FROM, called t."""
    if table.is_query:
        return f"(\n{table.source.rstrip().rstrip(';')}\n) AS t"
    return ".".join(quoted(part) for part in table.source.split(".")) + " AS t"


def quoted(name: str) -> str:
    """``name`` as an identifier."""
    return "`" + name.replace("`", "``") + "`"


def text_of(value: str) -> str:
    """``value`` as a literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def any_of(condition: str) -> str:
    """The aggregate that is true where ``condition`` holds for one row at least."""
    return f"bool_or({condition})"


def _given(column: MappedColumn) -> str:
    return f"t.{quoted(column.sql)}" if column.is_name else f"({column.sql}\n)"


def _typed(column: MappedColumn, kind: ColumnType, given: str, zone: str, table: MappedTable) -> str:
    value = _given(column)
    if column.values:
        value, given = _worded(column, value, kind)
    found = _cast(value, kind, given, zone)
    if found is None:
        data = {"entity": table.entity, "column": column.name, "type": given or "?", "wanted": kind.value}
        raise DefinitionError(Issue("mapped_type", data, column.place or table.place))
    return found


def _worded(column: MappedColumn, value: str, kind: ColumnType) -> tuple[str, str]:
    is_flag = kind is ColumnType.BOOLEAN
    words = [
        f"WHEN {text_of(old)} THEN {new if is_flag and new in ('true', 'false') else text_of(new)}"
        for old, new in column.values.items()
    ]
    rest = "" if is_flag else f" ELSE CAST({value} AS STRING)"
    return f"CASE CAST({value} AS STRING) {' '.join(words)}{rest} END", "boolean" if is_flag else "string"


def _cast(value: str, kind: ColumnType, given: str, zone: str) -> str | None:
    """``value`` as the model's type; an empty text is no value."""
    match kind:
        case ColumnType.KEY | ColumnType.TEXT:
            return f"NULLIF(CAST({value} AS STRING), '')"
        case ColumnType.DATE | ColumnType.TIME if given in _MOMENTS:
            # The session's own zone is UTC, so that an instant cast is the time in UTC.
            local = f"convert_timezone('UTC', {text_of(zone)}, CAST({value} AS TIMESTAMP_NTZ))"
            return f"CAST({local if given == 'timestamp' else value} AS {_TYPES[kind]})"
        case ColumnType.BOOLEAN if given == "boolean":
            return value
        case ColumnType.BOOLEAN if _is_number(given):
            return f"({value} <> 0)"
        case ColumnType.NUMBER | ColumnType.INTEGER | ColumnType.MONEY if _is_number(given):
            return _number(value, kind, given)
        case _:
            return None


def _is_number(given: str) -> bool:
    return given in _WHOLE or given in _BROKEN or given.startswith("decimal")


def _number(value: str, kind: ColumnType, given: str) -> str:
    """A number as the model's type: rounded where that has no places, empty where it is not finite."""
    if given in _BROKEN and kind is not ColumnType.NUMBER:
        value = f"CASE WHEN abs({value}) < CAST('infinity' AS DOUBLE) THEN {value} END"
    if kind is ColumnType.INTEGER and given not in _WHOLE:
        value = f"round({value})"
    return f"CAST({value} AS {_TYPES[kind]})"


def _row_key(table: MappedTable, entity: Entity, made: Mapping[str, str]) -> str:
    """The first key whose columns are all mapped, as text; else the whole row decides."""
    for key in entity.keys:
        if all(name in table.columns for name in key):
            parts = [f"CAST({made[name]} AS STRING)" for name in key]
            return parts[0] if len(parts) == 1 else f"concat_ws('|', {', '.join(parts)})"
    return "md5(CAST(struct(t.*) AS STRING))"
