"""A row key is what makes a row itself: the values of its key columns, or else its content and occurrence."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.mapping import TableMapping
from sanjeh.definitions import Column, ColumnType, Entity

# Entities of stated numbers: each dimension that stands in a row is part of what the number is about.
STATED = frozenset({"targets", "observations"})
# What stands between the parts of a key of several columns.
JOINT = chr(31)
_JOINT = f"chr({ord(JOINT)})"


def key_columns(entity: Entity, mapping: TableMapping) -> tuple[str, ...]:
    """The columns whose values make a row itself; () when rows are known by their content.

    The mapping's own key goes first, then the first alternative of the entity whose columns are all mapped. Of stated
    numbers, whatever dimensions are mapped belong to the key.
    """
    if mapping.keyless:
        return ()
    if mapping.key:
        return mapping.key
    mapped = {each.target for each in mapping.all_fields}
    if entity.id in STATED:
        own = tuple(each.target for each in mapping.dimensions)
        # Parts with a default stand in the key also where the file leaves them out.
        listed = tuple(name for name in entity.keys[0] if name in mapped or _default(entity.columns[name]) is not None)
        return listed + own
    return next((key for key in entity.keys if mapped.issuperset(key)), ())


def row_key_sql(entity: Entity, keys: Collection[str], mapped: Mapping[str, Column], flag: str) -> str:
    """SQL for the row key over a relation with the ``mapped`` columns and ``_line``; ``flag`` is SQL for a bad row.

    A row without a value in a key column of type key is known by its content; an empty day or dimension is a value of
    its own. Of equal rows without key the first is 1, the second 2, so that the same file again brings nothing new.
    """
    if not keys:
        return _content(mapped, flag)
    if len(keys) == 1:
        [name] = keys
        key = f"CAST({quote_name(name)} AS VARCHAR)"
        return key if _is_certain(entity, name) else f"coalesce({key}, {_content(mapped, flag)})"
    parts = ", ".join(_part(entity, name, mapped) for name in keys)
    key = f"concat_ws({_JOINT}, {parts})"
    known = [name for name in keys if name in mapped and mapped[name].type is ColumnType.KEY]
    weak = [name for name in known if not _is_certain(entity, name)]
    if not weak or entity.id in STATED:
        return key
    empty = " OR ".join(f"{quote_name(name)} IS NULL" for name in weak)
    return f"CASE WHEN {empty} THEN {_content(mapped, flag)} ELSE {key} END"


def _is_certain(entity: Entity, name: str) -> bool:
    return name in entity.columns and entity.columns[name].required


def _default(column: Column) -> str | None:
    """The default where it is a literal; one that names another column is no part of a key."""
    return column.default if column.values else None


def _part(entity: Entity, name: str, mapped: Mapping[str, Column]) -> str:
    default = _default(entity.columns[name]) if name in entity.columns else None
    value = f"CAST({quote_name(name)} AS VARCHAR)" if name in mapped else "NULL"
    if default is not None:
        value = f"coalesce({value}, {quote(default)})"
    return f"{quote(name + '=')} || {value}"


def _content(mapped: Mapping[str, Column], flag: str) -> str:
    parts = ", ".join(f"{quote(name + '=')} || CAST({quote_name(name)} AS VARCHAR)" for name in sorted(mapped))
    content = f"md5(concat_ws({_JOINT}, {parts}))"
    return f"'content:' || {content} || ':' || row_number() OVER (PARTITION BY {content}, {flag} ORDER BY _line)"
