"""A layout is how an entity's rows are stored: its columns in order, which are coded, and the time that orders them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sanjeh.definitions.entity import ColumnType, Entity
from sanjeh.warehouse import sql
from sanjeh.warehouse.money_width import WIDEST
from sanjeh.warehouse.stored import StoredColumn, StoredEntity

SQL_TYPES: Mapping[ColumnType, str] = {
    ColumnType.KEY: "VARCHAR",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: WIDEST,
    ColumnType.BOOLEAN: "BOOLEAN",
}

PROVENANCE: Mapping[str, str] = {
    "_row_key": "VARCHAR",
    "_row_hash": "UBIGINT",
    "_source": "INTEGER",
    "_file": "INTEGER",
    "_line": "BIGINT",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """``columns`` carry the widest type of each kind; ``time``, if any, cuts rows into partitions and orders them."""

    columns: tuple[StoredColumn, ...]
    time: str | None

    @property
    def coded(self) -> tuple[str, ...]:
        """The columns that have a ``__code`` beside them."""
        return tuple(column.name for column in self.columns if column.coded)

    def widened(self) -> Layout:
        """The same layout with the widest type of each kind again, as when it is drawn from stored columns."""
        return Layout(tuple(replace(c, sql_type=SQL_TYPES[c.type], filled=False) for c in self.columns), self.time)

    @property
    def money(self) -> tuple[str, ...]:
        """The columns of money."""
        return tuple(column.name for column in self.columns if column.type is ColumnType.MONEY)


def build_layout(entity: Entity, staged: Mapping[str, str], stored: StoredEntity | None) -> Layout:
    """The layout for staged columns (name to SQL type) beside what is stored.

    Columns of ``staged`` that the entity does not know are the company's own dimensions: text, coded. Columns stored
    earlier stay, also when this time nobody brought them. Names that begin with an underscore are not columns.
    """
    known = {name: column.type for name, column in entity.columns.items()}
    known |= {name: derived.type for name, derived in entity.derived.items()}
    earlier = stored.columns if stored else {}
    columns = []
    for column in known:
        if column in staged or column in earlier:
            kind = known[column]
            coded = (
                kind is ColumnType.KEY or column in entity.dimensions or (column in earlier and earlier[column].coded)
            )
            columns.append(StoredColumn(column, kind, SQL_TYPES[kind], False, coded))
    for column in sorted((set(staged) | set(earlier)) - set(known)):
        if column in earlier:
            before = earlier[column]
            columns.append(StoredColumn(column, before.type, SQL_TYPES[before.type], False, before.coded, before.own))
        elif not column.startswith("_"):
            columns.append(StoredColumn(column, ColumnType.TEXT, SQL_TYPES[ColumnType.TEXT], False, True, True))
    present = {column.name for column in columns}
    time = next((column for column in entity.times if column in present), None)
    return Layout(tuple(columns), time)


def must_recode(layout: Layout, stored: StoredEntity) -> bool:
    """Whether stored rows must be written anew: another time orders them, a column became coded or changed its type."""
    if layout.time != stored.time:
        return True
    before = stored.columns
    return any(
        column.name in before
        and (
            (column.coded and not before[column.name].coded)
            or SQL_TYPES[column.type] != SQL_TYPES[before[column.name].type]
        )
        for column in layout.columns
    )


def typed(column: StoredColumn, staged_type: str | None) -> str:
    """The expression that turns a staged column into its stored type; NULL where it was not brought.

    A binary float goes to money by way of its shortest text: 0.1 stays 0.1 however large the number beside it.
    """
    if staged_type is None:
        return f"CAST(NULL AS {column.sql_type})"
    value = sql.name(column.name)
    if column.type is ColumnType.MONEY and staged_type in ("DOUBLE", "FLOAT"):
        value = f"CAST({value} AS VARCHAR)"
    return value if staged_type == column.sql_type else f"CAST({value} AS {column.sql_type})"


def content_sql(layout: Layout, staged: Mapping[str, str]) -> str:
    """The canonical text of a row: ``name=value`` of its filled columns by name.

    Empty columns leave no trace, so a column that a later file brings changes the content of those rows only that have
    a value in it. Money is written with nine digits after the point whatever its type was.
    """
    parts = []
    for column in sorted(layout.columns, key=lambda each: each.name):
        if column.name in staged:
            value = typed(column, staged[column.name])
            parts.append(f"{sql.text(column.name + '=')} || CAST({value} AS VARCHAR)")
    return f"concat_ws(chr(31), {', '.join(parts)})" if parts else "''"


def physical_columns(columns: tuple[StoredColumn, ...]) -> dict[str, str]:
    """The columns of a segment in order, with SQL types: the entity's, codes and days beside them, provenance last."""
    physical: dict[str, str] = {}
    for column in columns:
        physical[column.name] = column.sql_type
        if column.coded:
            physical[f"{column.name}__code"] = "INTEGER"
        if column.type in (ColumnType.DATE, ColumnType.TIME):
            physical[f"{column.name}__day"] = "DATE"
    return physical | dict(PROVENANCE)
