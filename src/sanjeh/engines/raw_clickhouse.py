"""A raw table in ClickHouse: a mapped table as a query with the model's names and types, for use inside a statement.

Every column can be empty: what stands in a column that cannot be so and has only its type's own beginning (an empty
text, the first day of a type of days) is no value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sanjeh.definitions import ColumnType, Entity
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.engines.raw_table import ROW_KEY, RawTable
from sanjeh.engines.stored import DAY
from sanjeh.errors import DefinitionError, Issue

TYPES = {
    ColumnType.KEY: "String",
    ColumnType.TEXT: "String",
    ColumnType.DATE: "Date32",
    ColumnType.TIME: "DateTime64(6, 'UTC')",
    ColumnType.NUMBER: "Float64",
    ColumnType.INTEGER: "Int64",
    ColumnType.MONEY: "Decimal(38, 9)",
    ColumnType.BOOLEAN: "Bool",
}
_WRAPPED = re.compile(r"(?:LowCardinality|Nullable)\((.*)\)")
_ZONED = re.compile(r"DateTime(?:64)?\((?:\d+, )?'([^']+)'\)")
_WHOLE = re.compile(r"U?Int(?:8|16|32|64|128|256)")
_BROKEN = re.compile(r"B?Float(?:16|32|64)")


def describing(table: MappedTable) -> str:
    """A query without rows whose columns are the mapped ones, in order, as the database has them."""
    items = [f"{_given(column)} AS {quoted(name)}" for name, column in table.columns.items()]
    return f"SELECT {', '.join(items)} FROM {source_of(table)} LIMIT 0"


def read_raw(table: MappedTable, entity: Entity, kinds: Mapping[str, str], zone: str) -> RawTable:
    """The rows of ``table`` under the model's names and types, days beside times, and what makes a row itself.

    ``kinds`` are the database's types of the mapped columns (see ``describing``); times of a type that names a zone are
    told in ``zone``, the others as the server tells them. Raises DefinitionError (``mapped_type``) for a column that
    cannot be what the model says.
    """
    types = {name: column.type for name, column in entity.columns.items()}
    types.update(dict.fromkeys(table.dimensions, ColumnType.TEXT))
    made: dict[str, str] = {}
    for name, kind in types.items():
        column = table.columns.get(name)
        if column is not None:
            value = _typed(column, kind, kinds[name], zone, table)
        elif name == "currency" and table.currency:
            value = cast(text_of(table.currency), "String")
        else:
            value = cast("NULL", TYPES[kind])
        made[name] = value
        if kind in (ColumnType.DATE, ColumnType.TIME):
            made[name + DAY] = cast(value, "Date32")
    made[ROW_KEY] = _row_key(table, entity, made)
    return RawTable({name: f"{value} AS {quoted(name)}" for name, value in made.items()}, source_of(table))


def source_of(table: MappedTable) -> str:
    """The mapped table or query as an item of FROM, called t."""
    if table.is_query:
        return f"(\n{table.source.rstrip().rstrip(';')}\n) AS t"
    return ".".join(quoted(part) for part in table.source.split(".")) + " AS t"


def cast(value: str, kind: str) -> str:
    """``value`` as the type ``kind``, or empty."""
    return f"CAST({value}, {text_of(f'Nullable({kind})')})"


def quoted(name: str) -> str:
    """``name`` as an identifier."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def text_of(value: str) -> str:
    """``value`` as a literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("{", "\\x7B") + "'"


def any_of(condition: str) -> str:
    """The aggregate that is true where ``condition`` holds for one row at least."""
    return f"max({condition})"


def _given(column: MappedColumn) -> str:
    return f"t.{quoted(column.sql)}" if column.is_name else f"({column.sql}\n)"


def _plain(given: str) -> str:
    """A type without what says that it may be empty or has few values."""
    found = _WRAPPED.fullmatch(given)
    return given if found is None else _plain(found[1])


def _typed(column: MappedColumn, kind: ColumnType, given: str, zone: str, table: MappedTable) -> str:
    value, plain = _given(column), _plain(given)
    if column.values:
        value = _worded(column, _text(value, plain), kind)
        plain = known = "Bool" if kind is ColumnType.BOOLEAN else "String"
    else:
        known = given
    found = _cast(value, kind, plain, known, zone)
    if found is None:
        data = {"entity": table.entity, "column": column.name, "type": given or "?", "wanted": kind.value}
        raise DefinitionError(Issue("mapped_type", data, column.place or table.place))
    return found


def _worded(column: MappedColumn, text: str, kind: ColumnType) -> str:
    is_flag = kind is ColumnType.BOOLEAN
    words = [
        f"WHEN {text_of(old)} THEN {new if is_flag and new in ('true', 'false') else text_of(new)}"
        for old, new in column.values.items()
    ]
    return f"CASE {text} {' '.join(words)} ELSE {'NULL' if is_flag else text} END"


def _text(value: str, plain: str) -> str:
    if plain.startswith("FixedString"):
        value = f"toStringCutToZero({value})"
    return cast(value, "String")


def _cast(value: str, kind: ColumnType, plain: str, given: str, zone: str) -> str | None:
    """``value`` of the type ``given`` as the model's; ``plain`` is that type alone."""
    match kind:
        case ColumnType.KEY | ColumnType.TEXT:
            return f"nullIf({_text(value, plain)}, '')"
        case ColumnType.DATE | ColumnType.TIME if plain.startswith("Date"):
            known = value if "Nullable(" in given else f"nullIf({value}, defaultValueOfTypeName({text_of(plain)}))"
            return cast(_local(known, plain, zone), TYPES[kind])
        case ColumnType.BOOLEAN if plain == "Bool":
            return cast(value, "Bool")
        case ColumnType.BOOLEAN if _is_number(plain):
            return cast(f"{value} <> 0", "Bool")
        case ColumnType.NUMBER | ColumnType.INTEGER | ColumnType.MONEY if _is_number(plain):
            return _number(value, kind, plain)
        case _:
            return None


def _is_number(plain: str) -> bool:
    return bool(_WHOLE.fullmatch(plain) or _BROKEN.fullmatch(plain) or plain.startswith("Decimal"))


def _number(value: str, kind: ColumnType, plain: str) -> str:
    """A number as the model's type: rounded where that has fewer places, empty where it is no number of that type."""
    if kind is ColumnType.INTEGER:
        whole = value if _WHOLE.fullmatch(plain) else f"round({value})"
        return f"accurateCastOrNull({whole}, {text_of(TYPES[kind])})"
    if kind is ColumnType.MONEY and _BROKEN.fullmatch(plain):
        # The cast cuts off: half of the last place more makes 0.29 of 0.28999999999999998.
        return f"accurateCastOrNull({value} + if({value} < 0, -5e-10, 5e-10), {text_of(TYPES[kind])})"
    return cast(value, TYPES[kind])


def _local(value: str, plain: str, zone: str) -> str:
    """A moment's days and hours in ``zone``, or as the server tells them, held as if they were UTC."""
    if not plain.startswith("DateTime"):
        return value
    there = text_of(zone) if _ZONED.fullmatch(plain) else "timezone()"
    moment = f"toDateTime64({value}, 6, 'UTC')"
    return f"{moment} + toIntervalSecond(timezoneOffset(toTimeZone({value}, {there})))"


def _row_key(table: MappedTable, entity: Entity, made: Mapping[str, str]) -> str:
    """The first key whose columns are all mapped, as text; else the whole row decides."""
    for key in entity.keys:
        if all(name in table.columns for name in key):
            parts = [cast(made[name], "String") for name in key]
            if len(parts) == 1:
                return parts[0]
            known = f"arrayFilter(x -> x IS NOT NULL, [{', '.join(parts)}])"  # as concat_ws does elsewhere
            return cast(f"arrayStringConcat({known}, '|')", "String")
    return cast("lower(hex(MD5(toString(tuple(t.*)))))", "String")
