"""An SQL fault is what the database says of a mapping's SQL, told with the mapping's file and the field."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.expression import Expression, read_as_numbers
from sanjeh.errors import Datum, DefinitionError, Issue

if TYPE_CHECKING:
    import duckdb
    from duckdb import DuckDBPyConnection

_LONGEST = 300


def explain_fault(
    connection: DuckDBPyConnection, error: duckdb.Error, relation: str, expressions: Mapping[str, Expression]
) -> Exception:
    """``error`` as a DefinitionError that names the field whose SQL failed; itself where none of them did.

    ``expressions`` are by field, over ``relation``; they failed in what was made of them together. The codes are
    ``sql_of_text`` (texts were reckoned with) and ``sql_failed``.
    """
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException | duckdb.IOException | duckdb.InterruptException):
        expressions = {}
    for field, expression in expressions.items():
        try:
            value = expression.sql if expression.aggregates else f"count({expression.sql})"
            connection.execute(f"SELECT {value} FROM {relation}").fetchall()
        except duckdb.Error as found:
            return DefinitionError(_issue(field, expression, found))
    unexplained: Exception = error
    return unexplained


def _issue(field: str, expression: Expression, error: duckdb.Error) -> Issue:
    import duckdb

    place = expression.place
    data: dict[str, Datum] = {
        "field": field,
        "file": Path(place.file).name if place is not None else "",
        "sql": expression.written[:_LONGEST],
        "reason": (str(error).splitlines() or [""])[0][:_LONGEST],
    }
    numbers, is_binder = read_as_numbers(expression.written), isinstance(error, duckdb.BinderException)
    if is_binder and numbers is not None and "VARCHAR" in str(error):
        return Issue("sql_of_text", {**data, "numbers": numbers}, place)
    return Issue("sql_failed", data, place)
