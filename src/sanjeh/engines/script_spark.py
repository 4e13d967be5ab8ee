"""The script of a Spark statement: its tables of time, and how values are bound in its text.

Values stand as ``:name``, which Spark itself reads outside of quotes and comments. SQLGlot is not needed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sanjeh.engines.grid import Grid, chunk_moments

RAW_HINT = ""  # a common table is read through each time
_QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`(?:[^`]|``)*`|--[^\n]*|/\*.*?\*/"
_BINDING = re.compile(rf"{_QUOTED}|:([A-Za-z_]\w*)", re.DOTALL)
_IDENTIFIER = re.compile(r"""'(?:[^']|'')*'|"((?:[^"]|"")*)\"""")


def rename(sql: str, name: Callable[[str], str]) -> str:
    """``sql`` with every bound value's name passed through ``name``.

    >>> rename("SELECT ':a', :p0", str.upper)
    "SELECT ':a', :P0"
    """
    return _BINDING.sub(lambda found: found[0] if found[1] is None else f":{name(found[1])}", sql)


def bound_names(sql: str) -> tuple[str, ...]:
    """The names of the values bound in ``sql``.

    >>> bound_names("SELECT ':a', :p0")
    ('p0',)
    """
    return tuple(dict.fromkeys(found[1] for found in _BINDING.finditer(sql) if found[1] is not None))


def shown(sql: str) -> str:
    """``sql`` for reading: bound values stand as they do."""
    return sql


def escape(sql: str) -> str:
    """``sql`` as Spark reads it: what is between double quotes is a name, which Spark would take for a text.

    >>> escape('SELECT "a b" FROM "raw_orders"')
    'SELECT `a b` FROM `raw_orders`'
    """
    return _IDENTIFIER.sub(lambda found: found[0] if found[1] is None else f"`{found[1].replace('`', '``')}`", sql)


def time_tables(grid: Grid) -> Iterator[tuple[str, str]]:
    """(name with columns, query) of each table of time, those that others read first."""
    yield "spans (span, s, e)", _values([(n, start, end) for n, start, end in grid.spans], "int", "date", "date")
    yield "pieces (atom, low, high)", _values(grid.pieces, "int", "date", "date")
    yield "atoms", "SELECT explode(sequence(p.low, date_sub(p.high, 1))) AS day, p.atom FROM pieces AS p"
    yield "atom_spans", "SELECT p.atom, s.span FROM pieces AS p JOIN spans AS s ON s.s <= p.low AND p.high <= s.e"
    yield "instants (t)", _values([(day,) for day in grid.instants], "date")


def moment_table(days: Sequence[date]) -> tuple[str, str]:
    """(name with columns, query) of the moments at which memberships are known, each with its bit."""
    return "moments (t, chunk, bit)", _values(chunk_moments(days), "date", "int", "bigint")


def _values(rows: Sequence[Sequence[int | date]], *types: str) -> str:
    if not rows:
        return f"SELECT {', '.join(f'CAST(NULL AS {kind})' for kind in types)} WHERE false"
    # The first row says of which types the columns are.
    typed = ", ".join(f"CAST({_written(cell)} AS {kind})" for cell, kind in zip(rows[0], types, strict=True))
    others = (f"({', '.join(_written(cell) for cell in row)})" for row in rows[1:])
    return "VALUES " + ", ".join([f"({typed})", *others])


def _written(cell: int | date) -> str:
    return str(cell) if isinstance(cell, int) else f"DATE '{cell.isoformat()}'"
