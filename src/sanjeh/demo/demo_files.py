"""Demo files are the exports of the demo company: which file holds which entity, and what an import must find in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sanjeh.errors import Issue, SanjehError


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One export: the file's name, its sheet or table when it has several, its entity, headers and counts of rows.

    ``rows`` = ``loaded`` + ``duplicate`` + ``quarantined``. Of the loaded ones ``replaced`` take the place of a row
    that an earlier file brought under the same key. ``headers`` maps the header of a column to the field it stands for,
    ``dirt`` names the kinds of dirt that are in it.
    """

    name: str
    sheet: str
    entity: str
    headers: Mapping[str, str]
    rows: int
    loaded: int
    duplicate: int
    quarantined: int
    replaced: int
    dirt: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.rows != self.loaded + self.duplicate + self.quarantined or self.replaced > self.loaded:
            raise SanjehError(Issue("demo_bad_count", {"file": self.name, "rows": self.rows}))


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """All exports of the demo company, in the order of their names, in which they are to be imported.

    ``as_of`` is the first day after the data; ``currency`` that of the plain numbers of targets and budgets.
    """

    folder: Path
    files: tuple[DemoFile, ...]
    first_day: date
    as_of: date
    currency: str = "IRT"

    @property
    def intended(self) -> dict[tuple[str, str], tuple[str, Mapping[str, str]]]:
        """The mapping a proposal should come to: (file, sheet) to the entity and header to field."""
        return {(file.name, file.sheet): (file.entity, file.headers) for file in self.files}

    def rows_of(self, entity: str) -> int:
        """How many rows of ``entity`` are in the warehouse after all files are imported."""
        return sum(file.loaded - file.replaced for file in self.files if file.entity == entity)
