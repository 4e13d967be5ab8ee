"""A raw table in PostgreSQL: a mapped table as a query with the model's names and types, for use inside a statement."""

from __future__ import annotations

from collections.abc import Mapping

from sanjeh.definitions import ColumnType, Entity
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.engines.raw_table import ROW_KEY, RawTable
from sanjeh.engines.stored import DAY
from sanjeh.errors import DefinitionError, Issue

_NUMBERS = frozenset(["int2", "int4", "int8", "float4", "float8", "numeric", "money", "oid"])
_MOMENTS = frozenset(["date", "timestamp", "timestamptz"])
_TYPES = {
    ColumnType.KEY: "TEXT",
    ColumnType.TEXT: "TEXT",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.NUMBER: "DOUBLE PRECISION",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: "NUMERIC(38, 9)",
    ColumnType.BOOLEAN: "BOOLEAN",
}


def describing(table: MappedTable) -> str:
    """A query without rows whose columns are the mapped ones, in order, as the database has them."""
    items = [f"{_given(column)} AS {quoted(name)}" for name, column in table.columns.items()]
    return f"SELECT {', '.join(items)} FROM {source_of(table)} LIMIT 0"


def read_raw(table: MappedTable, entity: Entity, kinds: Mapping[str, str], zone: str) -> RawTable:
    """The rows of ``table`` under the model's names and types, days beside times, and what makes a row itself.

    ``kinds`` are the database's types of the mapped columns (see ``describing``); times with a zone are told in
    ``zone``. Raises DefinitionError (``mapped_type``) for a column that cannot be what the model says.
    """
    types = {name: column.type for name, column in entity.columns.items()}
    types.update(dict.fromkeys(table.dimensions, ColumnType.TEXT))
    made: dict[str, str] = {}
    for name, kind in types.items():
        column = table.columns.get(name)
        if column is not None:
            value = _typed(column, kind, kinds[name], zone, table)
        elif name == "currency" and table.currency:
            value = f"CAST({text_of(table.currency)} AS TEXT)"
        else:
            value = f"CAST(NULL AS {_TYPES[kind]})"
        made[name] = value
        if kind in (ColumnType.DATE, ColumnType.TIME):
            made[name + DAY] = f"CAST({value} AS DATE)"
    made[ROW_KEY] = _row_key(table, entity, made)
    return RawTable({name: f"{value} AS {quoted(name)}" for name, value in made.items()}, source_of(table))


def source_of(table: MappedTable) -> str:
    """The mapped table or query as an item of FROM, called t; every ``%`` is doubled, as the driver reads it."""
    if table.is_query:
        return f"(\n{_escaped(table.source.rstrip().rstrip(';'))}\n) AS t"
    return ".".join(quoted(part) for part in table.source.split(".")) + " AS t"


def quoted(name: str) -> str:
    """``name`` as an identifier."""
    return _escaped('"' + name.replace('"', '""') + '"')


def any_of(condition: str) -> str:
    """The aggregate that is true where ``condition`` holds for one row at least."""
    return f"bool_or({condition})"


def text_of(value: str) -> str:
    """``value`` as a literal, whatever the server thinks of backslashes."""
    plain = "'" + value.replace("'", "''") + "'"
    return _escaped(plain if "\\" not in value else " E" + plain.replace("\\", "\\\\"))


def _escaped(sql: str) -> str:
    return sql.replace("%", "%%")


def _given(column: MappedColumn) -> str:
    return f"t.{quoted(column.sql)}" if column.is_name else f"({_escaped(column.sql)}\n)"


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
        f"WHEN {text_of(old)} THEN {new.upper() if is_flag and new in ('true', 'false') else text_of(new)}"
        for old, new in column.values.items()
    ]
    rest = "" if is_flag else f" ELSE CAST({value} AS TEXT)"
    return f"CASE CAST({value} AS TEXT) {' '.join(words)}{rest} END", "bool" if is_flag else "text"


def _cast(value: str, kind: ColumnType, given: str, zone: str) -> str | None:
    """``value`` as the model's type; an empty text and an endless time are no value."""
    match kind:
        case ColumnType.KEY | ColumnType.TEXT:
            return f"NULLIF(CAST({value} AS TEXT), '') COLLATE \"C\""
        case ColumnType.DATE | ColumnType.TIME if given in _MOMENTS:
            local = f"timezone({text_of(zone)}, {value})" if given == "timestamptz" else value
            return f"CAST(CASE WHEN isfinite({value}) THEN {local} END AS {_TYPES[kind]})"
        case ColumnType.BOOLEAN if given == "bool":
            return value
        case ColumnType.BOOLEAN if given in _NUMBERS:
            return f"({value} <> 0)"
        case ColumnType.NUMBER | ColumnType.INTEGER | ColumnType.MONEY if given in _NUMBERS:
            exact = f"CAST({value} AS NUMERIC)" if given == "money" else value
            return f"CAST({exact} AS {_TYPES[kind]})"
        case _:
            return None


def _row_key(table: MappedTable, entity: Entity, made: Mapping[str, str]) -> str:
    """The first key whose columns are all mapped, as text; else the whole row decides."""
    for key in entity.keys:
        if all(name in table.columns for name in key):
            parts = [f"CAST({made[name]} AS TEXT)" for name in key]
            joined = parts[0] if len(parts) == 1 else f"concat_ws('|', {', '.join(parts)})"
            return f'{joined} COLLATE "C"'
    return 'md5(CAST(t AS TEXT)) COLLATE "C"'
