"""Discovery is finding the sources in a file or a folder: one per sheet, table or member that has rows."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from sanjeh.connectors.cleaning.text import fold_digits
from sanjeh.connectors.reading.content_kind import KIND_OF_SUFFIX, find_kind, kind_of_name
from sanjeh.connectors.reading.database_file import list_duckdb_tables, list_sqlite_tables
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.partition_folder import find_root
from sanjeh.connectors.reading.source import ReadOptions, Source
from sanjeh.connectors.reading.workbook import list_sheets
from sanjeh.errors import DataError, Issue, Place

_BINARY = ("xlsx", "parquet", "sqlite", "duckdb")
_IN_ARCHIVE = tuple(suffix for suffix, kind in KIND_OF_SUFFIX.items() if kind in ("csv", "jsonl") and suffix != ".zip")


def find_sources(path: Path, options: ReadOptions | None = None) -> tuple[Source, ...]:
    """The sources in a file, or in a folder and the folders in it, by name: ``orders-2`` before ``orders-10``.

    A folder cut into ``column=value`` folders of Parquet files is one source.
    Hidden files, lock files (``~$``) and, in a folder, files whose name and content are no data are left out. A file
    that is broken is listed all the same, and reading it says what is wrong.

    Args:
        path: a file or a folder.
        options: how to read every source found.

    Raises:
        DataError: ``no_such_file`` or, for a folder without data, ``no_sources``.
    """
    place = Place(str(path))
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, RuntimeError, ValueError):
        is_folder = exists = False
    if not exists:
        raise DataError(Issue("no_such_file", {"file": path.name}, place))
    options = options or ReadOptions()
    found = tuple(_sources_of_folder(path, options) if is_folder else _sources_of_file(path, options))
    if not found:
        raise DataError(Issue("no_sources", {"folder": path.name}, place))
    return found


def _sources_of_folder(folder: Path, options: ReadOptions) -> Iterator[Source]:
    seen: set[Path] = set()
    for file in _walk(folder):
        root = find_root(file, folder)
        if root is None and _is_data(file):
            yield from _sources_of_file(file, options)
        elif root is not None and root not in seen:
            seen.add(root)
            yield Source(str(root), "parquet", None, options)


def _walk(folder: Path) -> list[Path]:
    files: list[Path] = []
    # Links to folders are not followed: they may lead in circles.
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [Path(root, name) for name in names if not name.startswith((".", "~$"))]
    return sorted(files, key=lambda file: [_natural(part) for part in file.parts])


def _natural(name: str) -> tuple[list[tuple[str, int]], str]:
    """What names are ordered by: whole numbers in them as numbers, in whatever digits, then as they are written."""
    pieces = re.findall(r"(\D*)(\d*)", fold_digits(name).casefold())
    return [(text, int(digits or -1)) for text, digits in pieces], name


def _is_data(file: Path) -> bool:
    try:
        if not file.is_file():
            return False
    except (OSError, RuntimeError):
        return False
    return kind_of_name(file) is not None or find_kind(file) in _BINARY


def _sources_of_file(file: Path, options: ReadOptions) -> Iterator[Source]:
    kind = find_kind(file)
    if kind == "zip":
        yield from _sources_of_archive(file, options)
        return
    whole = Source(str(file), kind, None, options)
    try:
        match kind:
            case "xlsx" | "xls":
                parts = list_sheets(whole, Limits())
            case "sqlite":
                parts = list_sqlite_tables(whole)
            case "duckdb":
                parts = list_duckdb_tables(whole)
            case _:
                parts = ()
    except DataError:
        parts = ()
    if not parts:
        yield whole
    for part in parts:
        yield Source(str(file), kind, part, options)


def _sources_of_archive(file: Path, options: ReadOptions) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(file) as archive:
            names = sorted((info.filename for info in archive.infolist() if not info.is_dir()), key=_natural)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield Source(str(file), "csv", None, options)
        return
    for name in names:
        bare = Path(name)
        if not bare.name.startswith((".", "~$")) and "__MACOSX" not in bare.parts:
            kind = kind_of_name(bare)
            if kind in ("csv", "jsonl") and bare.name.lower().removesuffix(".gz").endswith(_IN_ARCHIVE):
                yield Source(str(file), kind, name, options)
