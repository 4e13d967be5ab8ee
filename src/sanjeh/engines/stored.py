"""Stored rows are an entity's table as it rests; when a past day is asked about, as it was known on that day."""

from __future__ import annotations

from sqlglot import exp

from sanjeh.definitions import ColumnType, Entity
from sanjeh.engines.statement import AS_OF
from sanjeh.engines.terms import Terms

DAY, CODE = "__day", "__code"
SQL_TYPES = {
    ColumnType.KEY: "VARCHAR",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: "DECIMAL(38, 9)",
    ColumnType.BOOLEAN: "BOOLEAN",
}


def table(name: str) -> exp.Table:
    """The table ``name``: one name, never read as SQL, quoted where it is no plain word."""
    return exp.Table(this=exp.to_identifier(name))


def stored_rows(terms: Terms, entity: Entity) -> exp.Expr:
    """The table of the stored rows; one without rows where the warehouse has none, so that joins still stand."""
    held = terms.holdings.entities.get(entity.id)
    if held is None:
        empty = [exp.alias_(exp.cast(exp.null(), SQL_TYPES[c.type]), n, quoted=True) for n, c in entity.columns.items()]
        return exp.Subquery(this=exp.select(*empty).where(exp.false()))
    source = table(f"raw_{entity.id}")
    days = [exp.column(name + DAY, quoted=True) for name in entity.dated_by if name in held.columns]
    if not terms.holdings.is_cut or not days:
        return source
    # A row that takes its time from another one (the lines of an order) goes with it: without it, it has no time.
    day = exp.Coalesce(this=days[0], expressions=days[1:]) if len(days) > 1 else days[0]
    is_there = exp.or_(day.copy().is_(exp.null()), exp.LT(this=day, expression=_as_of()))
    return exp.Subquery(this=exp.select("*").from_(source).where(is_there))


def is_rewound(terms: Terms, entity: Entity, name: str) -> bool:
    """Whether values of the column ``name`` are taken back that came after the day of knowledge."""
    return terms.holdings.is_cut and _source(terms, entity, name) is not None


def known_value(terms: Terms, entity: Entity, name: str, table_name: str) -> exp.Expr:
    """The column ``name`` of a table with the entity's rows; empty where its value came after the day of knowledge."""
    value, time = exp.column(name, table=table_name, quoted=True), _source(terms, entity, name)
    if time is None or not terms.holdings.is_cut:
        return value
    is_later = exp.GTE(this=exp.column(time + DAY, table=table_name, quoted=True), expression=_as_of())
    brought = [exp.Literal.string(text) for text in entity.columns[name].known_values]
    test = exp.and_(is_later, exp.In(this=value.copy(), expressions=brought)) if brought else is_later
    empty = exp.cast(exp.null(), SQL_TYPES[entity.columns[name].type])
    return exp.Case().when(test, empty).else_(value)


def _source(terms: Terms, entity: Entity, name: str) -> str | None:
    """The stored time column that brings the values of the column ``name``, where it is not the row's own time."""
    held = terms.holdings.entities.get(entity.id)
    time = entity.known_from(name) if name in entity.columns else None
    return time if held is not None and name in held.columns and time in held.columns else None


def _as_of() -> exp.Expr:
    return exp.cast(exp.Placeholder(this=AS_OF), "DATE")
