"""A dictionary gives every value of a domain a small integer code, which it keeps for ever."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.warehouse import sql
from sanjeh.warehouse.durable import TEMPORARY, make_name, remove, seal
from sanjeh.warehouse.relation import dictionary_sql
from sanjeh.warehouse.segment import PARQUET
from sanjeh.warehouse.stored import Chunk, Dictionary

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def folder_name(word: str) -> str:
    """The folder of a domain or entity: its own name where every file system takes that, else a short hash of it.

    >>> folder_name("customer_id"), len(folder_name("شهر"))
    ('customer_id', 17)
    """
    if re.fullmatch(r"[a-z0-9_]{1,60}", word):
        return word
    return f"x{hashlib.sha256(word.encode('utf-8')).hexdigest()[:16]}"


def extend_dictionary(
    connection: DuckDBPyConnection, folder: Path, known: Dictionary, table: str, column: str
) -> Dictionary:
    """The dictionary with the values that ``column`` of ``table`` adds, coded in the order of file and line.

    A new chunk swallows the chunks before it that are at most as large, so that a thousand small imports leave a
    dozen files; codes stay as they were.
    """
    quoted = sql.name(column)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE wh_values AS"
        f" SELECT CAST({quoted} AS VARCHAR) AS value, min((CAST(_file AS BIGINT) << 40) + _line) AS first"
        f" FROM {table} WHERE {quoted} IS NOT NULL GROUP BY ALL"
    )
    if known.chunks:
        connection.execute(f"DELETE FROM wh_values WHERE value IN (SELECT value FROM {dictionary_sql(known)})")
    row = connection.execute("SELECT count(*) FROM wh_values").fetchone()
    added = int(row[0]) if row else 0
    if not added:
        return known
    select = (
        f"SELECT CAST({known.size} + row_number() OVER (ORDER BY first, value) - 1 AS INTEGER) AS code, value"
        " FROM wh_values"
    )
    kept = list(known.chunks)
    swallowed: list[Chunk] = []
    while kept and kept[-1].rows <= added + sum(chunk.rows for chunk in swallowed):
        swallowed.insert(0, kept.pop())
    if swallowed:
        select = f"SELECT * FROM {sql.read(chunk.path for chunk in swallowed)} UNION ALL {select}"
    rows = added + sum(chunk.rows for chunk in swallowed)
    return Dictionary((*kept, _write_chunk(connection, folder, select, rows, len(kept))))


def _write_chunk(connection: DuckDBPyConnection, folder: Path, select: str, rows: int, number: int) -> Chunk:
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / make_name(str(number), ".parquet")
    temporary = final.with_name(final.name + TEMPORARY)
    try:
        target = sql.path(temporary, reading=False)
        connection.execute(f"COPY (SELECT code, value FROM ({select}) ORDER BY code) TO {target} ({PARQUET})")
        size = temporary.stat().st_size
        seal(temporary, final)
        return Chunk(final, rows, size)
    finally:
        remove(temporary)
