"""A record stream is the records of a delimited text one by one, with those that do not parse set apart."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator

from sanjeh.connectors.reading.byte_stream import BLOCK, ByteStream
from sanjeh.connectors.reading.dialect import Dialect, make_reader
from sanjeh.connectors.reading.encoding import MARKING
from sanjeh.connectors.reading.grid import Record
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.source import Source
from sanjeh.errors import DataError, Issue


class TextLines:
    """The lines of a byte stream with their line ends, decoded; NUL characters are taken out and counted."""

    def __init__(self, stream: ByteStream, encoding: str, source: Source, limits: Limits) -> None:
        self.nuls = 0
        self._stream = stream
        self._encoding = encoding
        self._source = source
        self._limits = limits

    def blocks(self) -> Iterator[str]:
        """The decoded text in pieces; what cannot be decoded is marked."""
        decoder = codecs.getincrementaldecoder(self._encoding)(errors=MARKING)
        try:
            while block := self._stream.read(BLOCK):
                yield self._clear(decoder.decode(block))
            yield self._clear(decoder.decode(b"", final=True))
        except UnicodeError:
            # An encoding without byte order mark where one is needed, or given wrongly by hand.
            data = {"encoding": self._encoding}
            raise DataError(Issue("unknown_encoding", data, self._source.place)) from None

    def _clear(self, text: str) -> str:
        if "\0" in text:
            self.nuls += text.count("\0")
            return text.replace("\0", "")
        return text

    def __iter__(self) -> Iterator[str]:
        rest = ""
        for block in self.blocks():
            # A return at the end of the block may be half of a line end.
            cut = max(block.rfind("\n"), block.rfind("\r", 0, -1)) + 1
            if cut:
                yield from io.StringIO(rest + block[:cut], newline="")
                rest = block[cut:]
            else:
                rest += block
            if len(rest) > self._limits.line:
                raise DataError(_too_long(self._source, self._limits))
        if rest:
            yield from io.StringIO(rest, newline="")


def _too_long(source: Source, limits: Limits) -> Issue:
    return Issue("line_too_long", {"file": source.file, "limit": limits.line >> 20}, source.place)


class _NeverClosed(Exception):
    """A quote that opened was not closed before the end, or before the limit."""


class _Feed:
    """Lines for Python's CSV reader that remembers those of the record at hand, so that they can be read again."""

    def __init__(self, lines: Iterable[str], limit: int) -> None:
        self.used: list[str] = []
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._limit = limit
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            try:
                line = next(self._lines)
            except StopIteration:
                if self.used:
                    raise _NeverClosed from None
                raise
        self.used.append(line)
        self._size += len(line)
        if self._size > self._limit:
            raise _NeverClosed
        return line

    def begin(self) -> None:
        self.used.clear()
        self._size = 0

    def put_back(self) -> str:
        """The first line of the record at hand, after the others were put back to be read again."""
        first = self.used[0]
        self._again.extendleft(reversed(self.used[1:]))
        self.begin()
        return first


def read_records(lines: Iterable[str], dialect: Dialect, source: Source, limits: Limits) -> Iterator[Record]:
    """Every record with its ordinal in the file, blank ones too; a record whose quotes are broken is one bad line.

    Raises:
        DataError: ``line_too_long``, ``unclosed_quotes`` when there are too many.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limits.line + 1))
    feed = _Feed(lines, limits.line)
    row = 0
    for _ in range(dialect.first_line):
        if next(feed, None) is None:
            return
        feed.begin()
        row += 1
    never_closed = 0
    reader = make_reader(feed, dialect, strict=True)
    while True:
        feed.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _NeverClosed) as error:
            row += 1
            never_closed += isinstance(error, _NeverClosed)
            if never_closed > limits.broken_quotes:
                raise DataError(Issue("unclosed_quotes", {"file": source.file, "row": row}, source.at(row))) from None
            yield _mend(feed, row, dialect, source, limits)
            reader = make_reader(feed, dialect, strict=True)
            continue
        row += 1
        yield row, cells, None


def _mend(feed: _Feed, row: int, dialect: Dialect, source: Source, limits: Limits) -> Record:
    if len(feed.used) == 1:
        if len(feed.used[0]) > limits.line:
            raise DataError(_too_long(source, limits))
        # Some exports leave blanks after a closing quote.
        mark, end = re.escape(dialect.quote), re.escape(dialect.delimiter)
        tight = re.sub(rf"{mark}[ \t]+(?={end}|\r?\n|$)", dialect.quote, feed.used[0])
        try:
            return row, next(make_reader([tight], dialect, strict=True)), None
        except (csv.Error, StopIteration):
            pass
    return row, [feed.put_back()], "broken_quote"
