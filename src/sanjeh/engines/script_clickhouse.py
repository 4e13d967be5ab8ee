"""The script of a ClickHouse statement: its tables of time, and how values are bound in its text.

Values stand as ``{name:Type}``, which the server itself reads; no other brace is left in a statement of ours. SQLGlot
is not needed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sanjeh.engines.grid import Grid, chunk_moments

RAW_HINT = ""  # a common table is read through each time
# The types of the values that are no text.
TYPES = {
    "worked_base": "Date32",
    "worked_before": "Array(Float64)",
    "worked_minutes": "Array(Float64)",
    "worked_opens": "Int64",
}
_BINDING = re.compile(rf"\{{(\w+):(?:String|{'|'.join(re.escape(kind) for kind in sorted(set(TYPES.values())))})\}}")


def bind(name: str) -> str:
    """Where the value called ``name`` stands in a text.

    >>> bind("p0"), bind("worked_opens")
    ('{p0:String}', '{worked_opens:Int64}')
    """
    return f"{{{name}:{TYPES.get(name, 'String')}}}"


def rename(sql: str, name: Callable[[str], str]) -> str:
    """``sql`` with every bound value's name passed through ``name``.

    >>> rename("SELECT '100%', {p0:String}", str.upper)
    "SELECT '100%', {P0:String}"
    """
    return _BINDING.sub(lambda found: bind(name(found[1])), sql)


def bound_names(sql: str) -> tuple[str, ...]:
    """The names of the values bound in ``sql``.

    >>> bound_names("SELECT {p0:String}, {p0:String}")
    ('p0',)
    """
    return tuple(dict.fromkeys(found[1] for found in _BINDING.finditer(sql)))


def shown(sql: str) -> str:
    """``sql`` for reading: bound values as ClickHouse's own programs read them."""
    return sql


def escape(sql: str) -> str:
    """``sql`` without bound values, as the driver reads it."""
    return sql


def time_tables(grid: Grid) -> Iterator[tuple[str, str]]:
    """(name, query) of each table of time, those that others read first."""
    yield "spans", _values(grid.spans, span="Int32", s="Date32", e="Date32")
    yield "pieces", _values(grid.pieces, atom="Int32", low="Date32", high="Date32")
    days = "arrayMap(n -> addDays(low, n), range(toUInt32(dateDiff('day', low, high))))"
    yield "atoms", f"SELECT arrayJoin({days}) AS day, atom FROM pieces"
    inside = "s.s <= p.low AND p.high <= s.e"
    yield "atom_spans", f"SELECT p.atom AS atom, s.span AS span FROM pieces AS p CROSS JOIN spans AS s WHERE {inside}"
    yield "instants", _values([(day,) for day in grid.instants], t="Date32")


def moment_table(days: Sequence[date]) -> tuple[str, str]:
    """(name, query) of the moments at which memberships are known, each with its bit."""
    return "moments", _values(chunk_moments(days), t="Date32", chunk="Int32", bit="Int64")


def _values(rows: Sequence[Sequence[int | date]], **types: str) -> str:
    """A query of the rows: an array of tuples, which needs no right to make a table."""
    if not rows:
        empty = ", ".join(f"defaultValueOfTypeName('{kind}') AS {name}" for name, kind in types.items())
        return f"SELECT {empty} WHERE false"
    columns = ", ".join(
        f"CAST(tupleElement(cell, {place}), '{kind}') AS {name}"
        for place, (name, kind) in enumerate(types.items(), start=1)
    )
    # A tuple of one would be read as its element.
    cells = ", ".join(f"tuple({', '.join(_written(cell) for cell in row)})" for row in rows)
    return f"SELECT {columns} FROM (SELECT arrayJoin([{cells}]) AS cell)"


def _written(cell: int | date) -> str:
    return str(cell) if isinstance(cell, int) else f"'{cell.isoformat()}'"
