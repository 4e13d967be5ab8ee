"""Staging is the way of rows from a reader into DuckDB: escaped lines in a temporary file, loaded in one statement."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sanjeh.connectors.cleaning.typed_twin import twin_name
from sanjeh.connectors.reading.encoding import show_broken
from sanjeh.connectors.reading.header import Header
from sanjeh.connectors.reading.limits import MEGABYTE, Limits
from sanjeh.connectors.reading.raw_table import TEXT_SHOWN, BadRow, RawColumn, RawTable
from sanjeh.connectors.reading.scan import Progress
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.workbook_shelf import WorkbookShelf
from sanjeh.errors import DataError, Datum, Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Cells are joined by a character that text hardly ever holds, so that no quoting is needed; the rare cell with one of
# the four is escaped. Quoted line ends are exactly what DuckDB's reader gets wrong in some dialects.
_JOINT = "\x1f"
_ESCAPE = "\x1a"
_ESCAPES = (("\x1a", "\x1aZ"), ("\x1f", "\x1aU"), ("\n", "\x1aN"), ("\r", "\x1aR"))
_TICK = 50_000


@dataclass(frozen=True, slots=True)
class Request:
    """One call of ``read``: what to read, where to, how much may be held, and where open workbooks stand."""

    source: Source
    connection: DuckDBPyConnection
    table: str
    progress: Progress | None
    limits: Limits
    shelf: WorkbookShelf | None = None

    def tell(self, rows: int, total: int | None = None) -> None:
        """Report so many rows done to whoever asked."""
        if self.progress is not None:
            self.progress(rows, total)


class Stage:
    """Rows on their way into a staging table, with those set aside; use as a context, then ``load``."""

    def __init__(self, request: Request, total: int | None = None) -> None:
        self.rows = 0
        self.bad_rows: list[BadRow] = []
        self.nuls = 0
        self._request = request
        self._total = total
        self._width = 0
        self._is_uneven = False
        self._is_escaped = False
        self._longest = 0
        self._buffer: list[bytes] = []
        self._buffered = 0
        self._digest = hashlib.sha256()

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="sanjeh-", dir=scratch_folder(self._request))
        self._path = Path(self._folder.name) / "rows"
        self._file = self._path.open("wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
        self._folder.cleanup()

    def add(self, row: int, cells: Sequence[str]) -> None:
        """Stage one row; one with undecodable text is set aside."""
        text = _JOINT.join(cells)
        if "\n" in text or "\r" in text or _ESCAPE in text or text.count(_JOINT) != len(cells) - 1:
            text = _JOINT.join([_escape(cell) for cell in cells])
            self._is_escaped = True
        if "\0" in text:
            self.nuls += text.count("\0")
            text = text.replace("\0", "")
        try:
            line = f"{row}{_JOINT}{text}\n".encode()
        except UnicodeEncodeError:
            self.refuse(row, "undecodable", ",".join(cells))
            return
        if len(cells) != self._width:
            self._is_uneven = self._width > 0
            self._width = max(self._width, len(cells))
        self._write(line)
        self.rows += 1
        if self.rows % _TICK == 0:
            self._request.tell(self.rows, self._total)

    def refuse(self, row: int, code: str, text: str) -> None:
        """Set a record aside; ``text`` is how it reads.

        Raises:
            DataError: ``too_many_bad_rows``, because then the file is not what it was taken for.
        """
        shown = show_broken(text[:TEXT_SHOWN]).replace("\0", "")
        self.bad_rows.append(BadRow(row, code, shown.rstrip("\r\n")))
        if len(self.bad_rows) > self._request.limits.bad_rows:
            source = self._request.source
            data: dict[str, Datum] = {
                "file": source.file,
                "count": self._request.limits.bad_rows,
                "first": self.bad_rows[0].row,
            }
            raise DataError(Issue("too_many_bad_rows", data, source.place))

    def _write(self, line: bytes) -> None:
        self._buffer.append(line)
        self._buffered += len(line)
        self._longest = max(self._longest, len(line))
        if self._buffered > MEGABYTE:
            self._flush()

    def _flush(self) -> None:
        block = b"".join(self._buffer)
        self._digest.update(block)
        self._file.write(block)
        self._buffer.clear()
        self._buffered = 0

    @property
    def digest(self) -> str:
        """The sha256 of the staged rows, for sources that are no files."""
        self._flush()
        return self._digest.hexdigest()

    def load(self, fields: Sequence[str]) -> None:
        """Create the staging table from all rows added."""
        self._flush()
        self._file.flush()
        request = self._request
        if not self.rows:
            create_empty(request, fields)
            return
        columns = ", ".join(["'_row': 'BIGINT'", *(f"'{field}': 'VARCHAR'" for field in fields)])
        taken = [f"{_unescape(field)} AS {field}" if self._is_escaped else field for field in fields]
        longest = max(2 * MEGABYTE, self._longest + 1024)
        execute_in_order(
            request,
            f"CREATE OR REPLACE TABLE {quote_name(request.table)} AS SELECT {', '.join(['_row', *taken])}"
            f" FROM read_csv(?, columns = {{{columns}}}, auto_detect = false, header = false, delim = '{_JOINT}',"
            f" quote = '', escape = '', new_line = '\\n', nullstr = '', null_padding = {self._is_padded(fields)},"
            f" max_line_size = {longest}, buffer_size = {max(16 * MEGABYTE, 2 * longest)})",
            str(self._path),
        )
        check_count(request, self.rows)

    def _is_padded(self, fields: Sequence[str]) -> str:
        return "true, parallel = false" if self._is_uneven or self._width < len(fields) else "false"


def _escape(cell: str) -> str:
    for plain, escaped in _ESCAPES:
        cell = cell.replace(plain, escaped)
    return cell


def _unescape(field: str) -> str:
    text = field
    for plain, escaped in reversed(_ESCAPES):
        text = f"replace({text}, '{escaped}', chr({ord(plain)}))"
    return text


def quote_name(name: str) -> str:
    """The name as an SQL identifier, whatever it holds.

    >>> quote_name('a"; drop table x; --')
    '"a""; drop table x; --"'
    """
    return '"' + name.replace('"', '""') + '"'


def execute_in_order(request: Request, statement: str, *values: object) -> None:
    """Run a statement that must keep the order of its input, and leave the connection's setting as it was."""
    connection = request.connection
    was_kept = bool(fetch_row(connection, "SELECT current_setting('preserve_insertion_order')")[0])
    if not was_kept:
        connection.execute("SET preserve_insertion_order = true")
    try:
        connection.execute(statement, list(values))
    finally:
        if not was_kept:
            connection.execute("SET preserve_insertion_order = false")


def fetch_row(connection: DuckDBPyConnection, statement: str, *values: object) -> tuple[Any, ...]:
    """The one row that a statement gives, fetched to the end: a result left open would block the connection."""
    [row] = connection.execute(statement, list(values)).fetchall()
    return tuple(row)


def scratch_folder(request: Request) -> Path | None:
    """The folder of the staging database, which is cleared after a killed import too; None for one in memory."""
    [path] = fetch_row(
        request.connection, "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    )
    return Path(path).parent if path else None


def count_rows(request: Request) -> int:
    """How many rows the staging table has."""
    return int(fetch_row(request.connection, f"SELECT count(*) FROM {quote_name(request.table)}")[0])


def check_count(request: Request, expected: int) -> None:
    """Make sure that the staging table has every row.

    Raises:
        DataError: ``rows_lost``; the table is dropped.
    """
    loaded = count_rows(request)
    if loaded != expected:
        drop_table(request)
        data: dict[str, Datum] = {"file": request.source.file, "expected": expected, "loaded": loaded}
        raise DataError(Issue("rows_lost", data, request.source.place))


def create_empty(request: Request, fields: Sequence[str]) -> None:
    """Create the staging table without rows."""
    columns = ", ".join(["_row BIGINT", *(f"{field} VARCHAR" for field in fields)])
    request.connection.execute(f"CREATE OR REPLACE TABLE {quote_name(request.table)} ({columns})")


def drop_table(request: Request) -> None:
    """Drop the staging table if there is one."""
    drop_staged(request.connection, request.table)


def drop_staged(connection: DuckDBPyConnection, table: str) -> None:
    """Drop what a reader staged as ``table``: a table, or a view over one that holds typed values."""
    base = base_name(table)
    found = connection.execute(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_name IN (?, ?)", [table, base]
    ).fetchall()
    for name, kind in sorted(found, key=lambda each: str(each[0]) == base):
        connection.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {quote_name(str(name))}")


def base_name(table: str) -> str:
    """The table of typed values under the view ``table``."""
    return f"{table}_typed"


def build_raw_table(
    request: Request,
    header: Header,
    fingerprint: str,
    *,
    bad_rows: Sequence[BadRow] = (),
    issues: Sequence[Issue] = (),
    hints: Sequence[str | None] = (),
    nuls: int = 0,
    twins: Set[int] = frozenset(),
) -> RawTable:
    """The raw table over what was loaded: blank rows and columns without name and content are taken away.

    ``twins`` are the positions of columns that have a typed twin.

    Raises:
        DataError: ``empty_file`` when there is neither a name nor a row.
    """
    source = request.source
    fields = [f"c{position}" for position in range(header.width)]
    empty = _drop_empty(request, header, fields, twins)
    columns = tuple(
        RawColumn(position, name, fields[position], hints[position] if hints else None)
        for position, name in enumerate(header.names)
        if fields[position] not in empty
    )
    rows = count_rows(request)
    if not rows and not bad_rows and not any(header.is_named):
        raise DataError(Issue("empty_file", {"file": source.file}, source.place))
    found = [*header.issues, *issues]
    if nuls:
        found.append(Issue("nul_bytes", {"count": nuls}, source.place, Severity.WARNING))
    if not rows:
        found.append(Issue("no_rows", {"file": source.file}, source.place, Severity.WARNING))
    request.tell(rows, rows)
    return RawTable(source, request.table, columns, rows, tuple(found), fingerprint, tuple(bad_rows))


def _drop_empty(request: Request, header: Header, fields: Sequence[str], twins: Set[int]) -> set[str]:
    table = quote_name(base_name(request.table) if twins else request.table)
    kept = [twin_name(field) if position in twins else field for position, field in enumerate(fields)]
    request.connection.execute(
        f"DELETE FROM {table} WHERE {' AND '.join(f'{each} IS NULL' for each in kept) or 'true'}"
    )
    unnamed = [field for field, given in zip(fields, header.is_named, strict=True) if not given]
    if not unnamed or len(unnamed) == len(fields):
        return set()
    counts = ", ".join(f"count({field})" for field in unnamed)
    found = fetch_row(request.connection, f"SELECT {counts} FROM {quote_name(request.table)}")
    empty = {field for field, count in zip(unnamed, found, strict=True) if not count}
    for field in empty if not twins else ():
        request.connection.execute(f"ALTER TABLE {table} DROP COLUMN {field}")
    return empty
