"""A byte stream is the content of a file as it is meant to be read: gunzipped, or the member of an archive."""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from sanjeh.connectors.reading.limits import MEGABYTE, Limits
from sanjeh.connectors.reading.partition_folder import list_parts
from sanjeh.connectors.reading.source import Source
from sanjeh.errors import DataError, Issue

BLOCK = MEGABYTE
GZIP = b"\x1f\x8b"
# A file zipped twice by mistake is read; deeper nesting is no mistake.
_MOST_LAYERS = 3


class ByteStream:
    """A stream that gives bytes and refuses what is cut short, damaged or swells beyond the limits.

    ``compression`` is "none", "gzip", or None for what only this class can read.
    """

    def __init__(self, inner: IO[bytes], source: Source, packed: int, limits: Limits) -> None:
        self._inner = inner
        self._source = source
        self._packed = packed
        self._limits = limits
        self._given = 0
        self.compression: str | None = "none"
        self._ahead = b""

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes (fewer at the end) without passing them."""
        while len(self._ahead) < size:
            block = self._pull(size - len(self._ahead))
            if not block:
                break
            self._ahead += block
        return self._ahead[:size]

    def read(self, size: int = BLOCK) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        if self._ahead:
            block, self._ahead = self._ahead[:size], self._ahead[size:]
            return block
        return self._pull(size)

    def _pull(self, size: int) -> bytes:
        try:
            block = self._inner.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            code = "unreadable_archive" if isinstance(self._inner, zipfile.ZipExtFile) else "truncated_gzip"
            raise DataError(Issue(code, {"file": self._source.file}, self._source.place)) from None
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
            raise DataError(Issue("unreadable_archive", {"file": self._source.file}, self._source.place)) from None
        except OSError as error:
            raise DataError(_unreadable(self._source, error)) from None
        self._given += len(block)
        if self._limits.swells(self._given, self._packed):
            raise DataError(Issue("zip_bomb", {"file": self._source.file}, self._source.place))
        return block


def _unreadable(source: Source, error: OSError) -> Issue:
    reason = error.strerror or type(error).__name__
    return Issue("unreadable_file", {"file": source.file, "reason": reason}, source.place)


def check_file(source: Source) -> Path:
    """The source's path when it is a regular file.

    Raises:
        DataError: ``no_such_file`` or ``unreadable_file`` (a folder, a device, a loop of links, no permission).
    """
    path = Path(source.path)
    try:
        if not path.exists():
            raise DataError(Issue("no_such_file", {"file": source.file}, source.place))
        if not path.is_file():
            raise DataError(Issue("unreadable_file", {"file": source.file, "reason": "not a file"}, source.place))
    except (OSError, RuntimeError, ValueError):
        # A loop of links is an error of the system in some versions of Python and a RuntimeError in others.
        raise DataError(Issue("no_such_file", {"file": source.file}, source.place)) from None
    return path


def fingerprint_file(source: Source) -> str:
    """The sha256 of the file's bytes, in hexadecimal; of a folder's, that of its files with their names."""
    folder = Path(source.path)
    paths = list_parts(folder) if source.kind == "parquet" and folder.is_dir() else (check_file(source),)
    digest = hashlib.sha256()
    try:
        for path in paths:
            if len(paths) > 1:
                digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    digest.update(block)
    except OSError as error:
        raise DataError(_unreadable(source, error)) from None
    return digest.hexdigest()


@contextmanager
def open_bytes(source: Source, limits: Limits) -> Iterator[ByteStream]:
    """The source's bytes, gunzipped by what they are and not by the file's name.

    Raises:
        DataError: ``no_such_file``, ``unreadable_file``, ``truncated_gzip``, ``unreadable_archive``, ``no_such_part``
            or ``zip_bomb``; the last ones while reading.
    """
    path = check_file(source)
    with ExitStack() as stack:
        try:
            inner: IO[bytes] = stack.enter_context(path.open("rb"))
        except OSError as error:
            raise DataError(_unreadable(source, error)) from None
        packed = path.stat().st_size
        if source.part is not None and zipfile.is_zipfile(inner):
            inner, packed = _open_member(stack, inner, source)
        else:
            inner.seek(0)
        stream = ByteStream(inner, source, packed, limits)
        if isinstance(inner, zipfile.ZipExtFile):
            stream.compression = None
        for _ in range(_MOST_LAYERS):
            if stream.peek(2) != GZIP:
                break
            unzipped = stack.enter_context(gzip.GzipFile(fileobj=cast("IO[bytes]", _Layer(stream))))
            inner = cast("IO[bytes]", unzipped)
            compression = "gzip" if stream.compression == "none" else None
            stream = ByteStream(inner, source, packed, limits)
            stream.compression = compression
        yield stream


def _open_member(stack: ExitStack, file: IO[bytes], source: Source) -> tuple[IO[bytes], int]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        info = archive.getinfo(source.part or "")
        return stack.enter_context(archive.open(info)), info.compress_size
    except KeyError:
        data = {"file": source.file, "part": source.part or ""}
        raise DataError(Issue("no_such_part", data, source.place)) from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        raise DataError(Issue("unreadable_archive", {"file": source.file}, source.place)) from None


class _Layer:
    """A stream as the file that gzip reads from; gzip asks only for ``read``."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def read(self, size: int = BLOCK) -> bytes:
        return self._stream.read(BLOCK if size < 0 else size)
