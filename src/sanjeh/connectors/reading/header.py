"""A header is the row that names the columns; the titles that exports write above it are found and passed over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sanjeh.connectors.reading.source import Source
from sanjeh.errors import Issue, Place, Severity

SAMPLE_ROWS = 100
_MOST_TITLES = 20
_LONGEST_NAME = 200
# What may stand around a header without being part of it: blanks, BOM, ZWNJ, ZWJ, direction marks.
_AROUND = " \t\r\n\f\v\u00a0\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_NUMBER = re.compile(r"[-+]?[\d.,/:\u066b\u066c\u060c -]*\d[\d.,/:\u066b\u066c\u060c -]*")


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns.

    Args:
        names: unique names, one per column.
        is_named: for each column, whether the source names it.
        index: which of the sampled rows the header is; -1 when no row is.
        row: the header's row in the source; 0 when no row is or none is known.
        issues: what had to be mended.
    """

    names: tuple[str, ...]
    is_named: tuple[bool, ...]
    index: int = 0
    issues: tuple[Issue, ...] = ()
    row: int = 0

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.names)


def find_header_index(rows: Sequence[Sequence[str]]) -> int:
    """Which row names the columns: the first that is not a title, that is, fills more than half of the usual width.

    >>> find_header_index([["گزارش فروش"], ["از", "1403/01/01"], list("abcd"), list("1234"), list("5678")])
    2
    """
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0
    most = max(widths.values())
    usual = max(width for width, count in widths.items() if count == most)
    for index, row in enumerate(rows[: _MOST_TITLES + 1]):
        filled = sum(1 for cell in row if cell.strip())
        if filled * 2 > usual or usual == 1:
            return index
    return next((index for index, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def build_header(
    rows: Sequence[Sequence[str]], source: Source, *, width: int | None = None, places: Sequence[int] = ()
) -> Header:
    """The header among the sampled rows, found or as the options say.

    Args:
        rows: the first rows of the source, blank ones left out.
        source: for its options and for the place of issues.
        width: the number of columns when it is known; that of the header otherwise.
        places: the row number in the source of each sampled row.
    """
    places = places or range(1, len(rows) + 1)
    wanted = source.options.header
    if wanted == 0 or not rows:
        width = width or max((len(row) for row in rows), default=0)
        return name_columns([""] * width, source, index=-1)
    if wanted is None:
        index = find_header_index(rows)
    else:
        index = next((at for at, place in enumerate(places) if place >= wanted), 0)
    cells = list(rows[index])
    reach = max((len(row) for row in rows[index + 1 :]), default=0)
    while width is None and len(cells) > max(reach, 1) and not cells[-1].strip():
        cells.pop()
    cells += [""] * ((width or 0) - len(cells))
    issues = []
    if index and wanted is None:
        issues.append(Issue("title_rows", {"count": index}, Place(source.place.file, places[index]), Severity.NOTE))
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) > 1 and all(_NUMBER.fullmatch(cell) for cell in filled):
        place = Place(source.place.file, places[index])
        issues.append(Issue("header_looks_like_data", {"name": filled[0]}, place, Severity.WARNING))
    return name_columns(cells, source, index=index, issues=tuple(issues))


def name_columns(cells: Sequence[str], source: Source, *, index: int = 0, issues: tuple[Issue, ...] = ()) -> Header:
    """The header whose cells are given: trimmed, empty ones numbered, repeated ones told apart.

    >>> name_columns([" a ", "", "a", "a_2"], Source("x.csv", "csv")).names
    ('a', 'column_2', 'a_3', 'a_2')
    """
    written = [_trim(cell) for cell in cells]
    taken = set(written)
    used: set[str] = set()
    names: list[str] = []
    found = list(issues)
    for position, cell in enumerate(written):
        name = cell or f"column_{position + 1}"
        if name in used or (not cell and name in taken):
            count = 2
            while f"{name}_{count}" in taken or f"{name}_{count}" in used:
                count += 1
            name = f"{name}_{count}"
        if cell and name != cell:
            data = {"name": cell, "renamed": name}
            found.append(Issue("duplicate_header", data, source.place, Severity.WARNING))
        used.add(name)
        names.append(name)
    return Header(tuple(names), tuple(bool(cell) for cell in written), index, tuple(found))


def _trim(cell: str) -> str:
    name = _CONTROL.sub(" ", cell).strip(_AROUND)
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
