"""An import report is what became of every file and every row of one import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sanjeh.errors import Datum, Issue, Severity


class Outcome(StrEnum):
    """What became of a file: taken in, left out because nobody said what it is, or refused because it is broken."""

    IMPORTED = "imported"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that could not be understood: file, row (from 1), column as the file calls it, text, reason's code."""

    file: str
    row: int
    column: str
    value: str | None
    reason: str

    def issue(self) -> Issue:
        """The reason as an issue, to be rendered in either language."""
        data: dict[str, Datum] = {"value": self.value or "", "column": self.column, "row": self.row, "file": self.file}
        return Issue(self.reason, data)


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of a file's rows as rows of one entity.

    ``read`` = ``filtered`` (left out by the mapping's filter) + ``folded`` (summed up into their group's row) +
    ``loaded`` (new) + ``replaced`` (corrected) + ``duplicate`` (known already) + ``superseded`` (a later row of the
    same file has the same key) + ``quarantined``. Of the last, ``totals`` and ``blanks`` are rows that add up others or
    are empty: setting these aside is no failure. ``faults`` are the first set aside.
    """

    entity: str
    read: int
    loaded: int = 0
    replaced: int = 0
    duplicate: int = 0
    superseded: int = 0
    quarantined: int = 0
    filtered: int = 0
    folded: int = 0
    totals: int = 0
    blanks: int = 0
    import_id: int | None = None
    faults: tuple[Fault, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def refused(self) -> int:
        """The rows set aside that were to be rows of the entity and could not be understood."""
        return self.quarantined - self.totals - self.blanks

    @property
    def holds(self) -> bool:
        """Whether every row read is accounted for."""
        known = self.loaded + self.replaced + self.duplicate + self.superseded + self.quarantined
        return self.read == known + self.filtered + self.folded


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file, sheet or table; ``mapping`` is the source's name, ``is_new`` that it was made now."""

    file: str
    part: str | None
    outcome: Outcome
    rows: int = 0
    mapping: str | None = None
    is_new: bool = False
    tables: tuple[TableReport, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def label(self) -> str:
        """The file's name, with its sheet."""
        return f"{self.file}[{self.part}]" if self.part else self.file


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of all files of one command, and the version of the warehouse that holds it.

    >>> ImportReport((), version=3).holds
    True
    """

    files: tuple[FileReport, ...]
    version: int

    @property
    def tables(self) -> tuple[TableReport, ...]:
        """The tables of all files."""
        return tuple(table for file in self.files for table in file.tables)

    @property
    def holds(self) -> bool:
        """Whether every row read of every file is accounted for."""
        return all(table.holds for table in self.tables)

    @property
    def is_complete(self) -> bool:
        """Whether every file was taken in; rows set aside do not matter here."""
        return all(file.outcome is Outcome.IMPORTED for file in self.files)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All issues, those of files first."""
        found = [issue for file in self.files for issue in file.issues]
        return (*found, *(issue for table in self.tables for issue in table.issues))

    @property
    def errors(self) -> tuple[Issue, ...]:
        """The issues that kept a file out, or that somebody must settle before what it brought can be relied on."""
        return tuple(issue for issue in self.issues if issue.severity is Severity.ERROR)

    def total(self, count: str) -> int:
        """The sum of one count (``read``, ``loaded``, ...) over all tables."""
        return total(self.tables, count)


def total(tables: Iterable[TableReport], count: str) -> int:
    """The sum of one count over ``tables``.

    >>> total([TableReport("orders", read=3, loaded=3), TableReport("leads", read=2, loaded=2)], "read")
    5
    """
    return sum(int(getattr(table, count)) for table in tables)
