"""A row's currency is what its currency column says, or where that is blank what the other lines of its group say.

What SQL reads of a row's amounts is in that currency, so that the factor of the row can be applied to what it makes of
them: an amount that names its currency itself, or whose header does, is brought there and held against the row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import ConvertedColumn, quote_name
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.currency_column import lay_currencies
from sanjeh.connectors.expression import ReadColumn

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_CONFLICT = "cell_currency_conflict"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class RowCurrency:
    """Where the currency of the rows stands: SQL over the base relation, under the alias ``b``, and what it reads.

    ``groups`` is SQL of what the lines of one group agree in. ``header`` is the raw column, where it is one.
    """

    sql: str
    reads: tuple[ReadColumn, ...] = ()
    aggregates: bool = False
    groups: tuple[str, ...] = ()
    header: str | None = None

    @property
    def is_plain(self) -> bool:
        """Whether each row has a cell that says it all."""
        return self.header is not None and not self.groups


@dataclass(frozen=True, slots=True)
class RowRates:
    """The table of the factors that amounts of a row are multiplied by, what it is joined by, and what to drop."""

    table: str
    join: str
    tables: tuple[str, ...]


def lay_rates(connection: DuckDBPyConnection, relation: str, row: RowCurrency, company: str) -> RowRates:
    """The factors for the rows of ``relation`` (SQL): the raw rows, or those with ``row.reads`` beside them."""
    number = next(_numbers)
    rates, rows = f"read_rates_{number}", f"read_currencies_{number}"
    if row.is_plain:
        raw = quote_name(row.header or "")
        lay_currencies(connection, rates, relation, raw, company)
        return RowRates(rates, f"LEFT JOIN {rates} ON {rates}.raw = t.{raw}", (rates,))
    _lay_rows(connection, relation, row, rows, company)
    lay_currencies(connection, rates, rows, "raw", company)
    join = f"LEFT JOIN {rows} ON {rows}._row = t._row LEFT JOIN {rates} ON {rates}.raw = {rows}.raw"
    return RowRates(rates, join, (rates, rows))


def _lay_rows(connection: DuckDBPyConnection, relation: str, row: RowCurrency, name: str, company: str) -> None:
    """Create the temporary table ``name`` (_row, raw) of what each row's currency is written as."""
    group = f"row({', '.join(row.groups)})" if row.groups else "b._row"
    raw = f"CAST({row.sql} AS VARCHAR)"
    own = "NULL::VARCHAR" if row.aggregates else raw
    lines = f"SELECT b._row, {group} AS _group, {own} AS raw FROM {relation} AS b"
    if not row.groups:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {lines}")
        return
    of_lines, known = f"{name}_lines", f"{name}_known"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {of_lines} AS {lines}")
    lay_currencies(connection, known, of_lines, "raw", company)
    of_group = (
        f"SELECT {group} AS _group, {raw} AS raw FROM {relation} AS b GROUP BY 1"
        if row.aggregates
        else f"SELECT _group, arg_min(o.raw, _row) AS raw FROM {of_lines} AS o JOIN {known} AS k"
        " ON k.raw = o.raw AND k.codes IS NOT NULL GROUP BY 1"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT o._row, CASE WHEN k.codes IS NULL THEN g.raw ELSE o.raw END"
        f" AS raw FROM {of_lines} AS o LEFT JOIN {known} AS k ON k.raw = o.raw"
        f" LEFT JOIN ({of_group}) AS g ON g._group IS NOT DISTINCT FROM o._group"
    )
    for table in (of_lines, known):
        connection.execute(f"DROP TABLE {table}")


def bring_to_row(
    converted: ConvertedColumn, written: ConvertedColumn, code: str | None, marks: str | None, rates: str
) -> ConvertedColumn:
    """The column whose amounts with a currency of their own, or under a header that names it, are in their row's.

    ``written`` is the column as it is written, in the currency ``code`` that the header names; ``converted`` what
    counts where the row names none. ``marks`` and ``rates`` are tables that the rows are joined to.
    """
    named = f"{rates}.codes IS NOT NULL"
    values, reasons = [], []
    if marks is not None:
        agree = f"CASE WHEN NOT list_has_any({marks}.codes, {rates}.codes) THEN '{_CONFLICT}' END"
        values.append(f"WHEN {marks}.raw IS NOT NULL AND {named} THEN {_in_row(f'{marks}.value', rates, converted)}")
        reasons.append(f"WHEN {marks}.raw IS NOT NULL AND {named} THEN {agree}")
    if code is not None:
        differs = f"({written.expression}) IS NOT NULL AND NOT list_contains({rates}.codes, {quote(code)})"
        agree = f"CASE WHEN {differs} THEN '{_CONFLICT}' ELSE {written.reason} END"
        values.append(f"WHEN {named} THEN {_in_row(written.expression, rates, converted)}")
        reasons.append(f"WHEN {named} THEN {agree}")
    return replace(
        converted,
        expression=f"CASE {' '.join(values)} ELSE {converted.expression} END",
        reason=f"CASE {' '.join(reasons)} ELSE {converted.reason} END",
    )


def _in_row(value: str, rates: str, converted: ConvertedColumn) -> str:
    """An amount that takes no scale word of its row, so that the row's factor makes of it what it is worth."""
    scaled = f"({value}) * ({rates}.constant / {rates}.factor)"
    # As it is where it can be: a division would go through floating point.
    kind = converted.sql_type
    return f"CASE WHEN {rates}.constant = {rates}.factor THEN CAST({value} AS {kind}) ELSE CAST({scaled} AS {kind}) END"
