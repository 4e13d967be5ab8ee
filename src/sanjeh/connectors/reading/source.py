"""A source is one table of raw text outside Sanjeh: a file, a sheet, a member of an archive or a database table."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from sanjeh.errors import DataError, DefinitionError, Issue, Place

KINDS = ("csv", "xlsx", "xls", "html", "parquet", "jsonl", "sqlite", "duckdb", "postgres")


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a source; None means that it is found out from the content.

    Args:
        delimiter: the one character between cells.
        encoding: a name that Python knows, such as "windows-1256".
        header: the number of the row that names the columns, from 1; 0 when no row does.
        skip: how many lines or rows to pass over before anything else.
        quote: the one character around cells, or "" for none.
        decimal: the decimal mark; it does not change the raw text, the cleaning reads it.

    >>> ReadOptions(delimiter="::")
    Traceback (most recent call last):
    ...
    sanjeh.errors.DefinitionError: The reading option 'delimiter' cannot be '::'.
    """

    delimiter: str | None = None
    encoding: str | None = None
    header: int | None = None
    skip: int = 0
    quote: str | None = None
    decimal: str | None = None

    def __post_init__(self) -> None:
        for name, allowed in (("delimiter", (1,)), ("quote", (0, 1)), ("decimal", (1,))):
            value = getattr(self, name)
            if value is not None and (len(value) not in allowed or any(mark in "\r\n\0" for mark in value)):
                raise DefinitionError(Issue("bad_read_option", {"option": name, "value": value}))
        for name, number in (("header", self.header or 0), ("skip", self.skip)):
            if number < 0:
                raise DefinitionError(Issue("bad_read_option", {"option": name, "value": number}))


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """One table to read.

    Args:
        path: the file, or the address of a database (it may hold a password, so it is never shown: see ``label``).
        kind: one of ``KINDS``.
        part: the sheet, the table or the member of a zip archive; None when the file is one table.
        options: how to read it.

    >>> Source("postgresql://me:secret@host/shop", "postgres", "orders")
    Source('postgresql://host/shop', 'postgres', 'orders')
    """

    path: str
    kind: str
    part: str | None = None
    options: ReadOptions = field(default_factory=ReadOptions)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise DefinitionError(Issue("unknown_name", {"name": self.kind, "kind": "kind of source"}))

    @property
    def label(self) -> str:
        """The path or address as it may be shown to anyone: no user and no password."""
        if self.kind != "postgres":
            return self.path
        return _shown(urlsplit(self.path))

    @property
    def name(self) -> str:
        """A short name for people: the file's stem, or the sheet or table."""
        return self.part or Path(self.path).stem

    @property
    def file(self) -> str:
        """The file's name without its folder, for sentences; the label of a database."""
        return self.label if self.kind == "postgres" else Path(self.path).name

    @property
    def place(self) -> Place:
        """Where issues about this source stand."""
        return Place(f"{self.label}[{self.part}]" if self.part else self.label)

    def at(self, row: int) -> Place:
        """Where an issue about one row of this source stands."""
        return Place(self.place.file, row)

    def __repr__(self) -> str:
        return f"Source({self.label!r}, {self.kind!r}, {self.part!r})"


def _shown(parts: SplitResult) -> str:
    """The address without user, password and options; its scheme alone where a password may stand elsewhere.

    A password with an unescaped ``/``, ``?`` or ``#`` ends the host there, and what is left of it, up to the ``@``,
    looks like a path, options or a fragment.
    """
    if "@" in parts.path + parts.query + parts.fragment:
        return f"{parts.scheme}://…"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def source_of_address(text: str) -> Source:
    """The source that an address such as ``postgresql://user:password@host/base?table=sales.orders`` names.

    Raises:
        DataError: ``bad_address`` when it is no PostgreSQL address, names no table, or has an unescaped sign in its
            password, which would make a host of the user's name.

    >>> source_of_address("postgresql://me:secret@host/shop?table=sales.orders&sslmode=require").part
    'sales.orders'
    """
    try:
        parts = urlsplit(text)
        port_is_a_number = parts.port is None or parts.port >= 0
    except ValueError:
        # The text may hold a password that broke the parsing, so nothing of it is shown.
        raise DataError(Issue("bad_address", {"address": ""})) from None
    query = dict(parse_qsl(parts.query))
    table = query.pop("table", "")
    is_torn = "@" in parts.path + table + parts.fragment
    if parts.scheme not in ("postgresql", "postgres") or not table or not port_is_a_number or is_torn:
        raise DataError(Issue("bad_address", {"address": _shown(parts) if parts.netloc else ""}))
    rest = urlencode(query, quote_via=quote)
    return Source(urlunsplit(("postgresql", parts.netloc, parts.path, rest, "")), "postgres", table)
