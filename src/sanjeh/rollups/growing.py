"""Growing is a segment's change by nothing but new rows: what was kept of the one before it holds, and is added to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sanjeh.errors import WorkspaceError
from sanjeh.rollups.files import CubeFiles, Unit
from sanjeh.warehouse import Segment, Snapshot, open_snapshot

MOST_VERSIONS = 8


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier segment of the same partition whose cells are kept: their file, its rows, and the number of the last
    file that rows of its version came from.
    """

    path: Path
    rows: int
    last_file: int


def find_earlier(files: CubeFiles, segment: Segment, versions: tuple[Snapshot, ...]) -> Earlier | None:
    """The newest of ``versions`` in which the partition of ``segment`` had another segment with cells."""
    for version in versions:
        units = CubeFiles(files.folder, files.cube, files.made, version).units if files.made.apart else ()
        unit = next((unit for unit in units if _is_of(unit, segment)), None)
        if unit is not None and unit.segment is not None and files.path(unit).exists():
            last = max((file.id for record in version.sources for file in record.files), default=0)
            return Earlier(files.path(unit), unit.segment.rows, last)
    return None


def _is_of(unit: Unit, segment: Segment) -> bool:
    own = unit.segment
    return own is not None and own.partition == segment.partition and own.path != segment.path


def versions_before(warehouse: Path, snapshot: Snapshot) -> Iterator[Snapshot]:
    """The versions that ``snapshot`` was made from, newest first, as far as they are still there."""
    previous = snapshot.manifest.previous
    for _ in range(MOST_VERSIONS):
        if not previous:
            return
        try:
            version = open_snapshot(warehouse, previous)
        except WorkspaceError:
            return
        yield version
        previous = version.manifest.previous
