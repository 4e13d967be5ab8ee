"""An arrival is staged rows held against what is stored: which are new, which correct a row, which are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.warehouse import sql
from sanjeh.warehouse.layout import Layout, content_sql, typed
from sanjeh.warehouse.stored import StoredEntity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Temporary tables of the caller's connection, dropped when a load ends.
ROWS, LOST, OLD, GONE, RAW, CHANGES = "wh_rows", "wh_lost", "wh_old", "wh_gone", "wh_raw", "wh_changes"
_TABLES = (ROWS, LOST, OLD, GONE, RAW, CHANGES, "wh_values", "wh_staged")


@dataclass(frozen=True, slots=True)
class Arrival:
    """The counts of a comparison and the names of the stored files that hold rows which are corrected.

    ``wh_rows`` then holds the rows to write (rid, k, h, f, l), ``wh_gone`` the keys of stored rows that leave.
    """

    loaded: int
    duplicate: int
    replaced: int
    superseded: int
    touched: frozenset[str]


def count(connection: DuckDBPyConnection, query: str) -> int:
    """The single whole number that ``query`` returns."""
    row = connection.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def staged_columns(connection: DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of the staging table with their SQL types."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    return {str(row[0]): str(row[1]) for row in described}


def base_table(connection: DuckDBPyConnection, table: str) -> str:
    """The staging table, quoted; a view is first copied, because rows are followed by their rowid."""
    import duckdb

    quoted = sql.name(table)
    try:
        connection.execute(f"SELECT rowid FROM {quoted} LIMIT 0")
    except duckdb.BinderException:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE wh_staged AS SELECT * FROM {quoted}")
        return "wh_staged"
    return quoted


def compare(
    connection: DuckDBPyConnection,
    table: str,
    staged: Mapping[str, str],
    layout: Layout,
    stored: StoredEntity | None,
) -> Arrival:
    """What the rows of ``table`` (quoted, a base table) are to ``stored``; of a key given twice the last line stays."""
    _make_rows(connection, table, staged, layout)
    repeated, superseded = _drop_repeated(connection)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {GONE} (k VARCHAR)")
    known = replaced = 0
    touched: frozenset[str] = frozenset()
    if stored and stored.segments:
        known, replaced, touched = _compare_stored(connection, stored)
    loaded = count(connection, f"SELECT count(*) FROM {ROWS}") - replaced
    return Arrival(loaded, repeated + known, replaced, superseded, touched)


def _make_rows(connection: DuckDBPyConnection, table: str, staged: Mapping[str, str], layout: Layout) -> None:
    content = content_sql(layout, staged)
    # md5 and not DuckDB's hash(): hashes are stored, so they must be the same in every release of DuckDB. 64 bits do,
    # for a hash is only ever compared with the hash of the same row key.
    file = "coalesce(CAST(_file AS INTEGER), 0)" if "_file" in staged else "0"
    line = "coalesce(CAST(_line AS BIGINT), rowid + 1)" if "_line" in staged else "rowid + 1"
    given = "CAST(_row_key AS VARCHAR)" if "_row_key" in staged else "NULL"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {ROWS} AS SELECT rid, coalesce(k, 'content:' || md5(content)) AS k,"
        f" md5_number_lower(content) AS h, f, l FROM (SELECT rowid AS rid, {given} AS k, {content} AS content,"
        f" {file} AS f, {line} AS l FROM {table})"
    )


def _drop_repeated(connection: DuckDBPyConnection) -> tuple[int, int]:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {LOST} AS SELECT rid, h = kept AS same FROM ("
        " SELECT rid, h, first_value(h) OVER latest AS kept, row_number() OVER latest AS place"
        f" FROM {ROWS} WHERE k IN (SELECT k FROM {ROWS} GROUP BY k HAVING count(*) > 1)"
        " WINDOW latest AS (PARTITION BY k ORDER BY f DESC, l DESC, rid DESC)) WHERE place > 1"
    )
    repeated = count(connection, f"SELECT count(*) FROM {LOST} WHERE same")
    superseded = count(connection, f"SELECT count(*) FROM {LOST} WHERE NOT same")
    if repeated or superseded:
        connection.execute(f"DELETE FROM {ROWS} WHERE rid IN (SELECT rid FROM {LOST})")
    return repeated, superseded


def _compare_stored(connection: DuckDBPyConnection, stored: StoredEntity) -> tuple[int, int, frozenset[str]]:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {OLD} AS SELECT r.rid, r.k, s._row_hash = r.h AS same, s.filename AS file"
        f" FROM {ROWS} r JOIN {sql.read(stored.files, filename=True)} s ON s._row_key = r.k"
    )
    known = count(connection, f"SELECT count(*) FROM {OLD} WHERE same")
    connection.execute(f"INSERT INTO {GONE} SELECT k FROM {OLD} WHERE NOT same")
    if known:
        connection.execute(f"DELETE FROM {ROWS} WHERE rid IN (SELECT rid FROM {OLD} WHERE same)")
    found = connection.execute(f"SELECT DISTINCT file FROM {OLD} WHERE NOT same").fetchall()
    touched = frozenset(str(row[0]).replace("\\", "/").rsplit("/", 1)[-1] for row in found)
    return known, count(connection, f"SELECT count(*) FROM {GONE}"), touched


def make_raw(
    connection: DuckDBPyConnection,
    table: str,
    staged: Mapping[str, str],
    layout: Layout,
    source_id: int,
    first_file: int,
) -> None:
    """Fill ``wh_raw`` with the rows to write: the layout's columns in their types, identity and provenance."""
    columns = "".join(f"{typed(c, staged.get(c.name))} AS {sql.name(c.name)}, " for c in layout.columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {RAW} AS SELECT {columns}r.k AS _row_key, r.h AS _row_hash,"
        f" CAST({source_id} AS INTEGER) AS _source, CAST(r.f + {first_file} AS INTEGER) AS _file,"
        f" CAST(r.l AS BIGINT) AS _line FROM {table} t JOIN {ROWS} r ON r.rid = t.rowid"
    )


def drop_tables(connection: DuckDBPyConnection) -> None:
    """Leave the caller's connection as it was."""
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
