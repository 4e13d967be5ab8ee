"""A content kind is what a file is by its bytes, whatever its name says."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from sanjeh.connectors.reading.byte_stream import GZIP, check_file, open_bytes
from sanjeh.connectors.reading.encoding import find_wide
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.source import Source
from sanjeh.errors import DataError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_HEAD = 65536

# What a file's name promises; only for choosing files of a folder, and where the content leaves it open.
KIND_OF_SUFFIX = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".psv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xlsb": "xlsx",
    ".xls": "xls",
    ".html": "html",
    ".htm": "html",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    ".db3": "sqlite",
    ".duckdb": "duckdb",
    ".ddb": "duckdb",
    ".zip": "csv",
}


def kind_of_name(path: Path) -> str | None:
    """The kind that the file's name promises; ``.gz`` behind it says nothing.

    >>> kind_of_name(Path("sales.CSV.gz")), kind_of_name(Path("notes.pdf"))
    ('csv', None)
    """
    name = path.name.lower().removesuffix(".gz")
    return KIND_OF_SUFFIX.get(PurePosixPath(name).suffix)


def find_kind(path: Path) -> str:
    """The kind of a file by its content: one of the kinds of a source, or "zip" for an archive of tables.

    A file that cannot be opened or that is broken keeps the kind its name promises: reading it says what is wrong.
    """
    promised = kind_of_name(path) or "csv"
    source = Source(str(path), promised)
    try:
        with check_file(source).open("rb") as file:
            head = file.read(_HEAD)
        if head.startswith(GZIP):
            with open_bytes(source, Limits()) as stream:
                head = stream.peek(_HEAD)
    except (DataError, OSError):
        return promised
    return _kind_of_head(head, promised, path)


def _kind_of_head(head: bytes, promised: str, path: Path) -> str:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if head[8:12] == b"DUCK":
        return "duckdb"
    if head.startswith(ZIP):
        return _kind_of_zip(path, promised)
    if head.startswith(OLE):
        # A workbook with a password is an OLE file whatever its name.
        return promised if promised in ("xlsx", "xls") else "xls"
    return _kind_of_text(head, promised)


def _kind_of_zip(path: Path, promised: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return promised if promised in ("xlsx", "xls") else "zip"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    return "xlsx" if promised == "xlsx" else "zip"


def _kind_of_text(head: bytes, promised: str) -> str:
    text = decode_head(head).lstrip("\ufeff \t\r\n").lower()
    if text.startswith("<") and ("<table" in text or "<html" in text or "urn:schemas-microsoft-com:office" in text):
        return "html"
    if promised == "jsonl" or (promised == "csv" and text.startswith('{"') and "}" in text):
        return "jsonl"
    # The name promises a binary file and the content is none: old systems write CSV and name it .xls.
    if promised == "xls" and head and 0 not in head[:4096]:
        return "csv"
    return promised


def decode_head(head: bytes) -> str:
    """The beginning of a text, decoded well enough to look for tags."""
    return head.decode(find_wide(head) or "utf-8", "replace")
