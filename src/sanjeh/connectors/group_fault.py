"""A group fault is what sets a whole group of lines aside: one bad line, or lines in several currencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.currency_column import lay_currencies

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CURRENCIES_DIFFER, BAD_LINE = "group_currencies_differ", "group_has_bad_line"
_CURRENCIES = "group_currencies"


def fault_currencies(connection: DuckDBPyConnection, kept: str, faults: str, currency: str, company: str) -> list[str]:
    """The spellings that name no currency, after the lines of groups in several currencies have become faults.

    ``kept`` has ``_row``, ``_group`` and ``_bad``; ``currency`` is SQL over it. Two currencies are one where amounts
    in them are stored in one and multiplied by the same (``rial`` and ``IRR``): what is added up before it is
    multiplied must not differ in either. A line that names none is in the currency that the others name.
    """
    lay_currencies(connection, _CURRENCIES, kept, currency, company)
    named = "CASE WHEN c.reason IS NOT NULL THEN c.raw ELSE c.code || ' ' || c.factor END"
    found = f"{kept} AS k JOIN {_CURRENCIES} AS c ON c.raw = {currency}"
    mixed = f"SELECT k._group FROM {found} GROUP BY 1 HAVING count(DISTINCT {named}) > 1"
    connection.execute(
        f"INSERT INTO {faults} SELECT k._row, 'currency', c.raw, '{CURRENCIES_DIFFER}' FROM {found}"
        f" WHERE {named} IS NOT NULL AND k._group IN ({mixed})"
    )
    connection.execute(f"UPDATE {kept} SET _bad = true WHERE _group IN ({mixed.replace('k._group', '_group')})")
    blank = connection.execute(f"SELECT raw FROM {_CURRENCIES} WHERE code IS NULL AND reason IS NULL").fetchall()
    connection.execute(f"DROP TABLE {_CURRENCIES}")
    return [str(text) for (text,) in blank]


def fault_whole_groups(connection: DuckDBPyConnection, kept: str, faults: str, group: str, field: str) -> None:
    """The other lines of each group that has a faulty one become faults as well; ``group`` names it for people.

    ``field`` is the column of ``kept`` that holds the value by which they know it.
    """
    bad = f"SELECT _line FROM {quote_name(faults)}"
    connection.execute(
        f"INSERT INTO {quote_name(faults)} SELECT 0, _row, {quote(group)}, left(CAST({field} AS VARCHAR), 500),"
        f" '{BAD_LINE}' FROM {kept} WHERE _group IN (SELECT _group FROM {kept} WHERE _row IN ({bad}))"
        f" AND _row NOT IN ({bad})"
    )
