"""History is the record of every import: what came, from where, when, and what became of each row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file (or a database table) that rows come from; ``fingerprint`` is a hash of its bytes."""

    name: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """What the importer says about one load.

    ``files`` are numbered from 0 in the staging column ``_file``. ``when`` is the time of the import, given because the
    library reads no clock. ``read`` is how many rows the files had; when given, the commit proves that each is
    accounted for. ``covers_from`` and ``covers_to`` are the first and last day for which the files are stated to be
    complete.
    """

    source: str
    files: tuple[SourceFile, ...]
    when: datetime
    read: int | None = None
    covers_from: date | None = None
    covers_to: date | None = None

    def __post_init__(self) -> None:
        if not self.files:
            raise ValueError("a source record names at least one file")


@dataclass(frozen=True, slots=True)
class LoadCount:
    """What became of the rows of one load, and the number under which the import is recorded.

    loaded: new keys. duplicate: a row that is there already, or twice in the files, word for word. replaced: corrected
    rows. superseded: earlier rows of the same files that a later one with the same key corrects.
    """

    loaded: int
    duplicate: int
    replaced: int
    superseded: int = 0
    import_id: int = 0

    @property
    def total(self) -> int:
        """The staged rows, every one of which is counted exactly once."""
        return self.loaded + self.duplicate + self.replaced + self.superseded


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that rows came from; ``id`` is what stands in the rows' ``_file``."""

    id: int
    name: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One load as recorded: read = loaded + duplicate + replaced + superseded + quarantined.

    ``read_stated``: the importer counted ``read`` itself. ``source_id`` stands in the rows' ``_source``. ``faults`` is
    the parquet file of rows set aside, if any. ``removed`` is how many of its rows a later ``Writer.delete`` took out,
    None while nothing was deleted.
    """

    id: int
    when: datetime
    source: str
    source_id: int
    entity: str
    files: tuple[StoredFile, ...]
    read: int
    loaded: int
    duplicate: int
    replaced: int
    superseded: int
    quarantined: int = 0
    read_stated: bool = False
    covers_from: date | None = None
    covers_to: date | None = None
    faults: Path | None = None
    removed: int | None = None
