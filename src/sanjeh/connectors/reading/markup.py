"""Markup is an HTML table, or Excel's XML of 2003, which old systems write and name .xls."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from sanjeh.connectors.reading.byte_stream import BLOCK, fingerprint_file, open_bytes
from sanjeh.connectors.reading.encoding import check_encoding, guess_encoding
from sanjeh.connectors.reading.grid import Record, check_width, stage_grid
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.record_stream import TextLines
from sanjeh.connectors.reading.staging import Request, Stage, build_raw_table
from sanjeh.errors import DataError, Datum, Issue

_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "cell"})
_SILENT = frozenset({"script", "style"})
# The parser looks again at what it could not finish, so it is fed little at a time.
_FEED = 65536


class _Tables(HTMLParser):
    """Collects the rows of each outermost table; ``rows`` is emptied by whoever reads."""

    def __init__(self, limit: int, columns: int) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[str]]] = []
        self.is_too_long = False
        self._limit = limit
        self._columns = columns
        self._table = -1
        self._depth = 0
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._held = 0
        self._silent = 0
        self._span = 1
        self._below: dict[int, int] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            self._table += self._depth == 1
            return
        if tag in _SILENT:
            self._silent += 1
        if self._depth != 1:
            return
        if tag in _ROWS:
            self._end_row()
            self._row, self._held = [], 0
        elif tag in _CELLS:
            self._begin_cell(dict(attrs))
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            if self._depth == 1:
                self._end_row()
                self._below.clear()
            self._depth = max(self._depth - 1, 0)
        elif tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif self._depth == 1 and tag in _ROWS:
            self._end_row()
        elif self._depth == 1 and tag in _CELLS:
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)
            self._held += len(data)
            self.is_too_long |= self._held > self._limit

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        self._end_cell()
        if self._row is None:
            self._row = []
        self._fill_from_above()
        place = self._number(attributes, "ss:index", 0)
        self._row += [""] * (place - 1 - len(self._row))
        self._span = max(self._number(attributes, "colspan", 1), self._number(attributes, "ss:mergeacross", 0) + 1)
        down = self._number(attributes, "rowspan", 1) - 1
        for offset in range(self._span if down > 0 else 0):
            # One more than the rows below, because the end of this row counts down too.
            self._below[len(self._row) + offset] = down + 1
        self._cell = []

    def _number(self, attributes: dict[str, str | None], name: str, default: int) -> int:
        text = attributes.get(name) or ""
        return min(int(text), self._columns + 1) if text.isascii() and text.isdigit() and len(text) < 9 else default

    def _fill_from_above(self) -> None:
        while self._row is not None and self._below.get(len(self._row), 0) > 0:
            self._row.append("")

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        self._row.append(_tidy("".join(self._cell)))
        self._row += [""] * (self._span - 1)
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._fill_from_above()
            self.rows.append((self._table, self._row))
            self._below = {place: left - 1 for place, left in self._below.items() if left > 1}
        self._row = None


def _tidy(text: str) -> str:
    # In HTML, line ends and runs of blanks inside a cell are one blank; a hard blank alone is an empty cell.
    return " ".join(text.replace("\u00a0", " ").split(" ")).strip() if "\n" not in text else " ".join(text.split())


def read_markup(request: Request) -> RawTable:
    """The raw table of the largest table in the file; row numbers count that table's rows.

    Raises:
        DataError: ``empty_file`` when no table has rows, ``line_too_long``, ``too_many_columns``.
    """
    encoding = _find_encoding(request)
    sizes: dict[int, int] = {}
    for table, _, cells in _read_rows(request, encoding):
        check_width(len(cells), request)
        sizes[table] = sizes.get(table, 0) + len(cells)
    if not sizes:
        raise DataError(Issue("empty_file", {"file": request.source.file}, request.source.place))
    largest = max(sizes, key=lambda table: sizes[table])
    with Stage(request) as stage:
        header = stage_grid(_records_of(request, encoding, largest), stage, request)
        stage.load([f"c{position}" for position in range(header.width)])
        fingerprint = fingerprint_file(request.source)
        return build_raw_table(request, header, fingerprint, bad_rows=stage.bad_rows, nuls=stage.nuls)


def _find_encoding(request: Request) -> str:
    source = request.source
    if source.options.encoding:
        return check_encoding(source.options.encoding, source)
    with open_bytes(source, request.limits) as stream:
        sample = stream.peek(BLOCK)
        if not sample:
            raise DataError(Issue("empty_file", {"file": source.file}, source.place))
        return guess_encoding(sample)


def _read_rows(request: Request, encoding: str) -> Iterator[tuple[int, int, list[str]]]:
    parser = _Tables(request.limits.line, request.limits.columns)
    counts: dict[int, int] = {}
    with open_bytes(request.source, request.limits) as stream:
        for block in TextLines(stream, encoding, request.source, request.limits).blocks():
            for start in range(0, len(block), _FEED):
                parser.feed(block[start : start + _FEED])
                if parser.is_too_long or len(parser.rawdata) > request.limits.line:
                    data: dict[str, Datum] = {"file": request.source.file, "limit": request.limits.line >> 20}
                    raise DataError(Issue("line_too_long", data, request.source.place))
                yield from _numbered(parser, counts)
        parser.close()
        parser.handle_endtag("table")
        yield from _numbered(parser, counts)


def _numbered(parser: _Tables, counts: dict[int, int]) -> Iterator[tuple[int, int, list[str]]]:
    for table, cells in parser.rows:
        counts[table] = counts.get(table, 0) + 1
        yield table, counts[table], cells
    parser.rows.clear()


def _records_of(request: Request, encoding: str, wanted: int) -> Iterator[Record]:
    for table, row, cells in _read_rows(request, encoding):
        if table == wanted:
            yield row, cells, None
