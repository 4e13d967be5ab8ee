"""A workbook guard looks through the unpacked parts of a workbook, in a stream, before it is parsed in memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree import ElementTree

from sanjeh.connectors.reading.byte_stream import BLOCK
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.source import Source
from sanjeh.errors import DataError, Datum, Issue

_LOCAL_HEADER = 30
_BIG_PART = 4 * 1024 * 1024
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"([^>]*)>')
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*?\bt="e"[^>]*>'
    rb"(?:<(?:\w+:)?f[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]{1,40})</"
)
_NO_VALUE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\s[^>]*/>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
# A cell's tag, formula and value fit well into this.
_OVERLAP = 65536


@dataclass(slots=True)
class SheetScan:
    """What a sheet holds: its used rectangle, error values by (row, column) from 1, formulas without a kept value."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    empty_formulas: int = 0


def check_workbook(source: Source, limits: Limits) -> dict[str, str]:
    """The archive member of each sheet by its name, after the whole archive was found harmless.

    Raises:
        DataError: ``zip_bomb``, ``workbook_too_large`` or ``unreadable_workbook``.
    """
    with guarding(source), zipfile.ZipFile(source.path) as archive:
        _check_parts(archive, source, limits)
        return _list_sheet_parts(archive)


@contextmanager
def guarding(source: Source) -> Iterator[None]:
    """Turns whatever a damaged archive makes its reader raise into the error that says so."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, ValueError, OSError, EOFError):
        raise unreadable(source) from None
    except (NotImplementedError, RuntimeError, OverflowError):
        raise unreadable(source) from None


def unreadable(source: Source) -> DataError:
    """The error for a workbook that is damaged or has a password."""
    return DataError(Issue("unreadable_workbook", {"file": source.file}, source.place))


def _check_parts(archive: zipfile.ZipFile, source: Source, limits: Limits) -> None:
    packed = max(Path(source.path).stat().st_size, 1)
    bomb = DataError(Issue("zip_bomb", {"file": source.file}, source.place))
    parts = archive.infolist()
    if limits.is_bomb(sum(info.file_size for info in parts), packed):
        raise bomb
    total = 0
    for info in parts:
        size = 0
        for block in inflate(archive, info):
            size += len(block)
            # What the archive declares may be a lie, so that what really comes out counts.
            if limits.is_bomb(total + size, packed):
                raise bomb
        total += size
        if size > limits.sheet and info.filename.startswith("xl/") and not info.filename.startswith("xl/media/"):
            data: dict[str, Datum] = {"file": source.file, "limit": limits.sheet >> 20}
            raise DataError(Issue("workbook_too_large", data, source.place))


def inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's real bytes in blocks, however many there are: ``zipfile`` itself stops at the declared size."""
    file: IO[bytes] | None = archive.fp
    if file is None or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
        raise zipfile.BadZipFile
    file.seek(info.header_offset)
    head = file.read(_LOCAL_HEADER)
    if len(head) < _LOCAL_HEADER:
        raise zipfile.BadZipFile
    lengths = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    at = info.header_offset + _LOCAL_HEADER + lengths
    left = info.compress_size
    unpacker = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        file.seek(at)
        packed = file.read(min(BLOCK, left))
        if not packed:
            raise zipfile.BadZipFile
        at, left = at + len(packed), left - len(packed)
        if unpacker is None:
            yield packed
            continue
        while packed and not unpacker.eof:
            yield unpacker.decompress(packed, BLOCK)
            packed = unpacker.unconsumed_tail


def _list_sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    targets = {}
    for link in _parse(archive, "xl/_rels/workbook.xml.rels"):
        target = link.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        targets[link.get("Id", "")] = path
    found = {}
    for element in _parse(archive, "xl/workbook.xml").iter():
        if element.tag.rpartition("}")[2] == "sheet":
            link_id = next((value for key, value in element.items() if key.endswith("}id")), "")
            found[element.get("name", "")] = targets.get(link_id, "")
    return found


def _parse(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    info = archive.getinfo(name)
    if info.file_size > _BIG_PART:
        raise zipfile.BadZipFile
    # Entities could swell a small part; no spreadsheet program writes them.
    text = archive.read(info)
    if b"<!ENTITY" in text:
        raise zipfile.BadZipFile
    return ElementTree.fromstring(text)


def has_cells(source: Source, archive: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet's member has any cell with content; reads no further than the first."""
    if not part.endswith(".xml"):
        return True
    with guarding(source):
        return any(not match[3].endswith(b"/") for piece in _pieces(archive, part) for match in _CELL.finditer(piece))


def scan_sheet(source: Source, archive: zipfile.ZipFile, part: str, limits: Limits) -> SheetScan:
    """One pass over a sheet's XML.

    Raises:
        DataError: ``workbook_too_large`` when the used rectangle has too many cells to be parsed in memory.
    """
    scan = SheetScan()
    letters: set[bytes] = set()
    with guarding(source):
        for piece in _pieces(archive, part):
            _scan_piece(scan, letters, piece)
    scan.last_column = max((column_number(name.decode()) for name in letters), default=0)
    if scan.last_row * scan.last_column > limits.cells:
        data: dict[str, Datum] = {"file": source.file, "limit": limits.sheet >> 20}
        raise DataError(Issue("workbook_too_large", data, source.place))
    return scan


def _scan_piece(scan: SheetScan, letters: set[bytes], piece: bytes) -> None:
    for column, row, rest in _CELL.findall(piece):
        if not rest.endswith(b"/"):
            letters.add(column)
            scan.last_row = max(scan.last_row, int(row))
            scan.cells += 1
    if b't="e"' in piece:
        for column, row, text in _ERROR.findall(piece):
            scan.errors[int(row), column_number(column.decode())] = text.decode("utf-8", "replace")
    if b"<f" in piece or b":f" in piece:
        scan.empty_formulas += len(_NO_VALUE.findall(piece))


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The member in pieces that hold whole cells."""
    rest = b""
    for block in inflate(archive, archive.getinfo(part)):
        piece = rest + block
        # Cut before the last cell, so that each cell is seen whole and once.
        cut = max(piece.rfind(b"<c "), piece.rfind(b":c "), len(piece) - _OVERLAP)
        cut = piece.rfind(b"<", 0, cut + 1) if cut > 0 else 0
        if cut <= 0:
            rest = piece[-_OVERLAP:]
            continue
        yield piece[:cut]
        rest = piece[cut:]
    yield rest


def column_number(letters: str) -> int:
    """The number of a column from 1.

    >>> column_number("A"), column_number("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
