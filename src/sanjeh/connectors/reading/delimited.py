"""Delimited text is CSV and its kin: DuckDB reads it when it is well formed, Python record by record when not."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass

from sanjeh.connectors.reading.byte_stream import BLOCK, ByteStream, fingerprint_file, open_bytes
from sanjeh.connectors.reading.dialect import Dialect, find_dialect
from sanjeh.connectors.reading.encoding import MARKING, check_encoding, choose_encoding, find_wide
from sanjeh.connectors.reading.grid import check_width, find_header, stage_grid, take_sample
from sanjeh.connectors.reading.header import Header
from sanjeh.connectors.reading.limits import MEGABYTE
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.record_stream import TextLines, read_records
from sanjeh.connectors.reading.scan import Scan, is_text, scan_bytes
from sanjeh.connectors.reading.staging import (
    Request,
    Stage,
    build_raw_table,
    count_rows,
    drop_table,
    execute_in_order,
    quote_name,
)
from sanjeh.errors import DataError, Issue

# Files that are certainly no text, whatever their name says.
_OTHER_FILES = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90")


@dataclass(frozen=True, slots=True)
class _Text:
    """What is known of a text before its records are read."""

    encoding: str
    dialect: Dialect
    lines: tuple[str, ...]
    scan: Scan | None
    compression: str | None


def read_delimited(request: Request) -> RawTable:
    """The raw table of a delimited text, gzipped or in an archive or neither.

    Raises:
        DataError: ``empty_file``, ``not_text``, ``line_too_long``, ``too_many_columns``, ``unknown_encoding``,
            ``too_many_bad_rows``, ``unclosed_quotes`` and what ``open_bytes`` refuses.
    """
    text = _find_text(request)
    fingerprint = fingerprint_file(request.source)
    header = _load_directly(request, text)
    if header is not None:
        return build_raw_table(request, header, fingerprint)
    with open_bytes(request.source, request.limits) as stream, Stage(request) as stage:
        lines = TextLines(stream, text.encoding, request.source, request.limits)
        records = read_records(lines, text.dialect, request.source, request.limits)
        header = stage_grid(records, stage, request)
        stage.load([f"c{position}" for position in range(header.width)])
        nuls = stage.nuls + lines.nuls
        return build_raw_table(request, header, fingerprint, bad_rows=stage.bad_rows, nuls=nuls)


def _find_text(request: Request) -> _Text:
    source, limits = request.source, request.limits
    with open_bytes(source, limits) as stream:
        compression = stream.compression
        sample = _take_sample(stream, limits.line)
        head = sample[:65536]
        if not sample:
            raise DataError(Issue("empty_file", {"file": source.file}, source.place))
        wide = find_wide(head)
        encoding = check_encoding(source.options.encoding, source) if source.options.encoding else wide
        is_wide = encoding is not None and encoding.replace("-", "").replace("_", "").lower().startswith(
            ("utf16", "utf32")
        )
        if not is_wide and (head.startswith(_OTHER_FILES) or not is_text(head)):
            raise DataError(Issue("not_text", {"file": source.file}, source.place))
        scan = None
        if encoding is None or encoding == "utf-8-sig":
            quote = '"' if source.options.quote is None else source.options.quote
            scan = scan_bytes(stream, source, limits, quote, request.progress)
            if not scan.is_text:
                raise DataError(Issue("not_text", {"file": source.file}, source.place))
            encoding = encoding or choose_encoding(scan, sample)
    lines = _decode_lines(sample, encoding)
    if not any(line.strip("\ufeff\0 \t\r\n") for line in lines) and (scan is None or scan.size <= len(sample)):
        raise DataError(Issue("empty_file", {"file": source.file}, source.place))
    dialect = find_dialect(lines, source.options)
    return _Text(encoding, dialect, tuple(lines), scan, compression)


def _take_sample(stream: ByteStream, limit: int) -> bytes:
    """The first megabyte, and more while it holds no whole line."""
    size = BLOCK
    sample = stream.peek(size)
    while len(sample) == size and size < limit and b"\n" not in sample and b"\r" not in sample:
        size += 4 * BLOCK
        sample = stream.peek(size)
    return sample


def _decode_lines(sample: bytes, encoding: str) -> list[str]:
    text = codecs.getincrementaldecoder(encoding)(errors=MARKING).decode(sample)
    lines = list(io.StringIO(text.replace("\0", ""), newline=""))
    return lines[:-1] if len(sample) >= BLOCK and len(lines) > 1 else lines


def _load_directly(request: Request, text: _Text) -> Header | None:
    """The header, after DuckDB itself read the file; None when the file is not so plain that this is safe."""
    import duckdb

    plan = _plan_direct(request, text)
    if plan is None:
        return None
    header, first_row, compression = plan
    scan = text.scan
    assert scan is not None
    fields = [f"c{position}" for position in range(header.width)]
    columns = ", ".join(f"'{field}': 'VARCHAR'" for field in fields)
    mark = _literal(text.dialect.quote)
    longest = max(2 * MEGABYTE, scan.longest + 1024)
    try:
        execute_in_order(
            request,
            f"CREATE OR REPLACE TABLE {quote_name(request.table)} AS"
            f" SELECT row_number() OVER () + {first_row} AS _row, {', '.join(fields)}"
            f" FROM read_csv(?, columns = {{{columns}}}, auto_detect = false, header = false, skip = {first_row},"
            f" delim = {_literal(text.dialect.delimiter)}, quote = {mark}, escape = {mark}, nullstr = '',"
            f" compression = '{compression}', strict_mode = true, null_padding = false, ignore_errors = false,"
            f" max_line_size = {longest}, buffer_size = {max(16 * MEGABYTE, 2 * longest)})",
            request.source.path,
        )
        if count_rows(request) == scan.records - first_row:
            return header
    except duckdb.Error:
        # Whatever DuckDB does not take as it stands, the slow way sorts into rows and bad rows.
        pass
    drop_table(request)
    return None


def _plan_direct(request: Request, text: _Text) -> tuple[Header, int, str] | None:
    """The header, how many lines come before the first row and the compression, or None for the slow way."""
    scan, dialect = text.scan, text.dialect
    if scan is None or text.encoding not in ("utf-8", "utf-8-sig") or not scan.is_utf8 or scan.nuls:
        return None
    # DuckDB drops blank lines, which would shift the row numbers, and mistakes lone line ends in quotes for dialects.
    if scan.has_blank_line or scan.has_return or scan.is_open or dialect.skips_blank:
        return None
    if scan.has_quoted_newline and any(line.endswith("\r\n") for line in text.lines[:1]):
        return None
    if text.compression is None or any(mark in "*?[" for mark in request.source.path):
        return None
    sample_lines = [line.removeprefix("\ufeff") if not at else line for at, line in enumerate(text.lines)]
    records = read_records(sample_lines, dialect, request.source, request.limits)
    sample = take_sample(records)
    if any(trouble for _, _, trouble in sample[:-1]):
        return None
    header = find_header(sample, request.source)
    check_width(header.width, request)
    first_row = sample[header.index][0] if header.index >= 0 else dialect.first_line
    if any("\n" in cell for record in sample[: header.index + 1] for cell in record[1]):
        return None
    if scan.records <= first_row:
        return None
    return header, first_row, text.compression


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
