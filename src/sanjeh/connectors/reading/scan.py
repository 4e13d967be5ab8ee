"""A scan is one pass over the bytes of a text file that says whether it is UTF-8 and how many records it must give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sanjeh.connectors.reading.byte_stream import BLOCK, ByteStream
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.source import Source
from sanjeh.errors import DataError, Issue

# Control characters that no text holds; 0x01 and 0x1c-0x1f are left out because some exports use them as delimiters.
CONTROLS = bytes([*range(0x02, 0x09), *range(0x0E, 0x1A), 0x1B])
_MOST_CONTROLS = 0.01
_MOST_NULS = 0.05
# So many undecodable lines against so few good ones settle that a file is not UTF-8.
_SETTLED = 20_000

Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class Scan:
    """What one pass over the bytes found; lines are what a newline ends, records are lines outside quotes."""

    size: int = 0
    records: int = 0
    longest: int = 0
    nuls: int = 0
    controls: int = 0
    valid_lines: int = 0
    broken_lines: int = 0
    has_quotes: bool = False
    has_quoted_newline: bool = False
    has_return: bool = False
    has_blank_line: bool = False
    is_open: bool = False

    @property
    def is_utf8(self) -> bool:
        return not self.broken_lines

    @property
    def is_text(self) -> bool:
        """Whether control and NUL bytes are few enough for text that was damaged, not for another kind of file."""
        return self.controls <= self.size * _MOST_CONTROLS and self.nuls <= max(self.size * _MOST_NULS, 1)


def is_text(sample: bytes) -> bool:
    """Whether the bytes can be text in a one-byte or UTF-8 encoding.

    >>> is_text("نام,تعداد\\n".encode()), is_text(bytes(range(256)))
    (True, False)
    """
    scan = Scan(size=len(sample), nuls=sample.count(0), controls=_count_controls(sample))
    return scan.is_text


def scan_bytes(stream: ByteStream, source: Source, limits: Limits, quote: str, progress: Progress | None) -> Scan:
    """One pass over the whole stream.

    Raises:
        DataError: ``line_too_long`` and what the stream itself refuses.
    """
    scan = Scan()
    trailing = 0
    mark = quote.encode() if quote else b""
    reported = 0
    for piece in whole_lines(stream, source, limits):
        bare = piece.rstrip(b"\r\n")
        _scan_blank(scan, bare, piece, trailing)
        trailing = piece.count(b"\n", len(bare)) + (trailing if not bare else 0)
        _scan_text(scan, piece)
        _scan_records(scan, piece, mark)
        if progress is not None and scan.records - reported >= 100_000:
            reported = scan.records
            progress(scan.records, None)
    # The lines after the last record's own newline are blank; a last record without newline is a record all the same.
    scan.records -= trailing - 1
    return scan


def whole_lines(stream: ByteStream, source: Source, limits: Limits) -> Iterator[bytes]:
    """The stream cut into pieces of about a block that end where a line ends (the last may not)."""
    rest = b""
    while block := stream.read(BLOCK):
        # Only the new block is searched, or a long line would be searched again with every block.
        cut = max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
        if len(rest) > limits.line:
            raise DataError(Issue("line_too_long", {"file": source.file, "limit": limits.line >> 20}, source.place))
    if rest:
        yield rest


def _scan_blank(scan: Scan, bare: bytes, piece: bytes, trailing: int) -> None:
    if not bare:
        return
    starts_blank = piece[:1] in (b"\n", b"\r") or trailing > 1
    scan.has_blank_line |= starts_blank or b"\n\n" in bare or b"\n\r" in bare


def _scan_text(scan: Scan, piece: bytes) -> None:
    scan.size += len(piece)
    scan.nuls += piece.count(0)
    scan.controls += _count_controls(piece)
    # Within a piece of one block no line is longer than the block; a longer piece is one long line plus a block.
    scan.longest = max(scan.longest, len(piece))
    if piece.isascii():
        return
    if scan.broken_lines > _SETTLED and scan.valid_lines * 20 < scan.broken_lines:
        return
    try:
        piece.decode("utf-8")
        scan.valid_lines += piece.count(b"\n") or 1
    except UnicodeDecodeError:
        for line in piece.split(b"\n"):
            if not line.isascii():
                _scan_line(scan, line)


def _scan_line(scan: Scan, line: bytes) -> None:
    try:
        line.decode("utf-8")
        scan.valid_lines += 1
    except UnicodeDecodeError:
        scan.broken_lines += 1


def _scan_records(scan: Scan, piece: bytes, mark: bytes) -> None:
    scan.has_return |= b"\r" in piece and piece.count(b"\r") != piece.count(b"\r\n")
    if not mark or (mark not in piece and not scan.is_open):
        scan.records += piece.count(b"\n")
        return
    scan.has_quotes = True
    for segment in piece.split(mark):
        # Segments between two quotes are inside a cell, and a doubled quote opens and closes an empty one.
        newlines = segment.count(b"\n")
        if scan.is_open:
            scan.has_quoted_newline |= newlines > 0
        else:
            scan.records += newlines
        scan.is_open = not scan.is_open
    scan.is_open = not scan.is_open


def _count_controls(piece: bytes) -> int:
    return len(piece) - len(piece.translate(None, CONTROLS))
