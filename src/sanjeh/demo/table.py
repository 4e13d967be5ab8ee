"""A table is what one export file or sheet holds: an entity's rows under the headers of the system that wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sanjeh.errors import Issue, SanjehError

CellValue = str | int | float


class Format(StrEnum):
    """How a table is written to a file."""

    CSV = "csv"
    SEMICOLON = "semicolon"
    WINDOWS_1256 = "windows_1256"
    GZIP = "gzip"
    WORKBOOK = "workbook"
    JSON_LINES = "json_lines"
    SQLITE = "sqlite"


@dataclass(slots=True)
class Table:
    """Rows under Persian headers, each header standing for a field of the entity; dirt is added to it before writing.

    ``duplicate``, ``quarantined`` and ``replaced`` count the rows that an import must find to be so.
    """

    entity: str
    file: str
    format: Format
    headers: dict[str, str]
    rows: list[list[CellValue]]
    sheet: str = ""
    duplicate: int = 0
    quarantined: int = 0
    replaced: int = 0
    dirt: list[str] = field(default_factory=list)
    bad: list[list[CellValue]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.headers) for row in self.rows):
            raise SanjehError(Issue("demo_bad_row", {"file": self.file, "columns": len(self.headers)}))

    def place(self, name: str) -> int:
        """Where the field ``name`` stands in a row, counted from 0."""
        return list(self.headers.values()).index(name)


def make_table(
    entity: str,
    file: str,
    headers: dict[str, str],
    rows: Iterable[Sequence[CellValue]],
    *,
    format: Format = Format.CSV,  # noqa: A002
    sheet: str = "",
) -> Table:
    """A table of ``rows`` in the order of ``headers`` (header to field).

    >>> table = make_table("products", "p.csv", {"کد کالا": "product_id"}, [["P1"]])
    >>> table.place("product_id"), table.rows
    (0, [['P1']])
    """
    return Table(entity, file, format, headers, [list(row) for row in rows], sheet)
