"""A total row is one that adds up the rows above it: no row of the entity, whatever else it carries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import match_key, quote_name
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.cleaning.typed_twin import twin_name
from sanjeh.connectors.expression import find_column
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.row_key import STATED
from sanjeh.definitions import ColumnType, Entity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TOTAL, BLANK = "total_row", "blank_row"
# Reasons of rows that hold nothing of their own: setting them aside is no failure.
EMPTY_ROWS = (TOTAL, BLANK)
_FOUND, _OTHERS = "total_rows", "rows_without_totals"
_LABEL_COLUMNS = 12
_DATES = (ColumnType.DATE, ColumnType.TIME)
_WORDS = (
    "جمع|مجموع|جمع کل|مجموع کل|کل|سرجمع|جمع ستون|جمع صفحه|جمع این صفحه|جمع نهایی|جمع جزء|جمع جزئی|جمع ریالی|جمع مبلغ"
    "|جمع مبالغ|جمع ماه|جمع سال|جمع روز|جمع دوره|جمع فصل|جمع ردیف ها|میانگین|میانگین کل|متوسط|معدل"
    "|total|totals|grand total|sub total|sum|sum total|total sum|total amount|column total|page total|report total"
    "|overall|overall total|average|avg|mean"
)
# With these before it, whatever follows says of what it is the total.
_BEGINNINGS = "جمع کل|مجموع کل|grand total"
_MONTHS = "فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
_LETTERS = {"ی": "[یيى]", "ک": "[کك]", " ": r"[\s\x{a0}\x{200c}_-]*"}
_AROUND = r"[\s\x{a0}\x{200c}\x{200e}\x{200f}\x{feff}:：*#=()\[\]«»\"'._–—/|،؛…-]*"
_LONGEST = 40


def _spelled(listed: str) -> str:
    return "".join(_LETTERS.get(letter, letter) for letter in listed)


_PATTERN = (
    f"{_AROUND}(?:{_spelled(_WORDS)}|(?:{_spelled(_BEGINNINGS)})[^0-9۰-۹]*|{_spelled('جمع ')}(?:{_spelled(_MONTHS)}))"
    f"{_AROUND}"
)


def is_total(text: str) -> bool:
    """Whether a cell says that its row is a total, an average or the like of other rows.

    >>> is_total("جمع كل:"), is_total("Grand-Total"), is_total("Total Energies"), is_total("جمعه")
    (True, True, False, False)
    """
    pattern = re.sub(r"\\x\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), _PATTERN)
    return len(text) < _LONGEST and re.fullmatch(pattern, text.lower()) is not None


def total_sql(cell: str) -> str:
    """The DuckDB condition that does to ``cell`` what :func:`is_total` does."""
    # Ids mostly begin with a digit, and comparing is many times cheaper than matching.
    letters = f"({cell} >= ':' OR {cell} < '0')"
    return f"({letters} AND length({cell}) < {_LONGEST} AND regexp_full_match(lower({cell}), {quote(_PATTERN)}))"


def part_totals(
    connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity
) -> tuple[RawTable, str | None]:
    """The raw table without rows that are totals or empty from end to end, and the table of those; None for none.

    A row is a total where a cell of its key, or of its day, says so; where it has no key, its first cell of words. The
    second table has ``_line``, ``column_name``, ``value`` and ``reason``, for :func:`lay_totals`.
    """
    wanted = [] if table.totals == "keep" else _total_rows(connection, raw, table, entity)
    wanted += _blank_rows(connection, raw, table, entity)
    if not wanted:
        return raw, None
    union = " UNION ALL ".join(wanted)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_FOUND} AS SELECT _line, any_value(column_name) AS column_name,"
        f" any_value(value) AS value, any_value(reason) AS reason FROM ({union}) GROUP BY _line"
    )
    [[rows]] = connection.execute(f"SELECT count(*) FROM {_FOUND}").fetchall()
    if not rows:
        connection.execute(f"DROP TABLE {_FOUND}")
        return raw, None
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW {_OTHERS} AS SELECT * FROM {quote_name(raw.table)} AS t"
        f" WHERE NOT EXISTS (SELECT 1 FROM {_FOUND} AS f WHERE f._line = t._row)"
    )
    return replace(raw, table=_OTHERS, rows=raw.rows - rows), _FOUND


def lay_totals(connection: DuckDBPyConnection, found: str | None, faults: str) -> None:
    """Makes faults of the rows that :func:`part_totals` found."""
    if found is not None:
        connection.execute(
            f"INSERT INTO {quote_name(faults)} SELECT 0, _line, column_name, left(value, 500), reason FROM {found}"
        )


def drop_totals(connection: DuckDBPyConnection) -> None:
    """Leaves none of the tables behind."""
    connection.execute(f"DROP VIEW IF EXISTS {_OTHERS}")
    connection.execute(f"DROP TABLE IF EXISTS {_FOUND}")


def _total_rows(connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity) -> list[str]:
    texts = _text_columns(connection, raw)
    kinds = {each.target: entity.columns[each.target].type for each in table.fields if each.target in entity.columns}
    days = [each for each in table.fields if kinds.get(each.target) in _DATES]
    own = [] if entity.id in STATED else _identity(table, entity)
    found = [_said(raw, each, texts) for each in (*own, *days)]
    if entity.id not in STATED:
        found.append(_labelled(connection, raw, own, texts))
    return [sql for sql in found if sql]


def _identity(table: TableMapping, entity: Entity) -> list[Field]:
    """The fields by which a row is known: of each key the first that is one (an order's number, not its products')."""
    firsts = [
        next((name for name in key if name in entity.columns and entity.columns[name].type is ColumnType.KEY), None)
        for key in (table.key, *entity.keys)
    ]
    fields = {each.target: each for each in table.fields if each.column is not None}
    return [fields[name] for name in dict.fromkeys(firsts) if name in fields]


def _said(raw: RawTable, field: Field, texts: frozenset[str]) -> str:
    """SQL of the rows whose cell of ``field`` says total; a word that the mapping gives a meaning says it no more."""
    if field.column is None:
        return ""
    cell = find_column(field.column, raw.columns, field.place).field
    if cell not in texts:
        return ""
    own = ", ".join(quote(match_key(word)) for word in field.values)
    is_own = f" AND replace(lower({cell}), ' ', '') NOT IN ({own})" if own else ""
    return (
        f"SELECT _row AS _line, {quote(field.column)} AS column_name, {cell} AS value, '{TOTAL}' AS reason"
        f" FROM {quote_name(raw.table)} WHERE {total_sql(cell)}{is_own}"
    )


def _labelled(connection: DuckDBPyConnection, raw: RawTable, own: Sequence[Field], texts: frozenset[str]) -> str:
    """SQL of the rows without key whose first cell of words says total, unless most rows of the file are like that."""
    keys = [find_column(each.column or "", raw.columns, each.place).field for each in own]
    if any(key not in texts for key in keys):
        return ""
    listed = [column.field for column in raw.columns[:_LABEL_COLUMNS] if column.field in texts]
    listed = [field for field in listed if field not in keys]
    if not listed:
        return ""
    keyless = " AND ".join(_empty(key) for key in keys) or "true"
    some = " OR ".join(total_sql(cell) for cell in listed)
    named = {column.field: column.name for column in raw.columns}
    words = [f"WHEN {_is_words(cell)} THEN [{cell}, {quote(named[cell])}]" for cell in listed]
    found = (
        f"SELECT _row AS _line, label[2] AS column_name, label[1] AS value, '{TOTAL}' AS reason FROM (SELECT _row,"
        f" CASE {' '.join(words)} END AS label FROM {quote_name(raw.table)} WHERE {keyless} AND ({some}))"
        f" WHERE {total_sql('label[1]')}"
    )
    [[rows]] = connection.execute(f"SELECT count(*) FROM ({found})").fetchall()
    return found if 0 < rows <= raw.rows / 2 else ""


def _is_words(cell: str) -> str:
    """That a cell is neither empty nor a number, a day or a code."""
    return rf"(regexp_matches({cell}, '\p{{L}}') AND NOT regexp_matches({cell}, '[0-9۰-۹٠-٩]'))"


def _blank_rows(connection: DuckDBPyConnection, raw: RawTable, table: TableMapping, entity: Entity) -> list[str]:
    """SQL of the rows in which no cell of any column is filled, where that sets them aside at all."""
    needed = next((each for each in table.fields if each.column and each.target in entity.required), None)
    if needed is None:
        return []
    texts = _text_columns(connection, raw)
    first = find_column(needed.column or "", raw.columns, needed.place).field
    cells = dict.fromkeys((first, *(column.field for column in raw.columns)))
    blank = " AND ".join(_empty(cell) if cell in texts else f"{twin_name(cell)} IS NULL" for cell in cells)
    return [
        f"SELECT _row AS _line, '' AS column_name, NULL AS value, '{BLANK}' AS reason"
        f" FROM {quote_name(raw.table)} WHERE {blank}"
    ]


def _empty(cell: str) -> str:
    return f"({cell} IS NULL OR ({cell} < '!' AND trim({cell}) = '') OR {cell} IN ('-', '--', '—', '–'))"


def _text_columns(connection: DuckDBPyConnection, raw: RawTable) -> frozenset[str]:
    """The columns whose source is text: a number or a day of a typed source is never a word."""
    described = connection.execute(f"DESCRIBE {quote_name(raw.table)}").fetchall()
    known = {str(row[0]) for row in described}
    return frozenset(column.field for column in raw.columns if twin_name(column.field) not in known)
