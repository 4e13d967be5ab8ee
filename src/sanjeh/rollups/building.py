"""Building makes the files of cubes that a version of the warehouse lacks: of new and rewritten segments alone.

What is built is read by nobody until its file has its final name; two builders that meet write the same content.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from pyroaring import BitMap

from sanjeh.engines import load_engine
from sanjeh.errors import SanjehError
from sanjeh.plan import Tally, TallyKind
from sanjeh.rollups.asked import FILE as ASKED
from sanjeh.rollups.cells import Cells, read_cells, write_cells
from sanjeh.rollups.cube import Cube, digest, to_text
from sanjeh.rollups.files import QUERIES, CubeFiles, Unit, files_of
from sanjeh.rollups.filling import CannotKeepError, Filling
from sanjeh.rollups.folding import join_cells
from sanjeh.rollups.growing import Earlier, find_earlier, versions_before
from sanjeh.rollups.index import FILE, FOLDER, Index, Made, load_index, save_index
from sanjeh.rollups.projecting import project
from sanjeh.warehouse import Snapshot, make_name, relation_of, write_text


class _NoRoomError(Exception):
    """What is kept would take more than it may."""


@dataclass(slots=True)
class Built:
    """What a build came to: files written and their bytes, and the cubes that cannot be kept or had no room."""

    files: int = 0
    size: int = 0
    refused: list[Cube] = field(default_factory=list)
    left_out: list[Cube] = field(default_factory=list)


@dataclass
class Builder:
    """Builds over ``runner``, a DuckDB engine of its own over ``snapshot``; ``terms`` is the digest of its terms."""

    warehouse: Path
    snapshot: Snapshot
    runner: Any
    terms: str
    most_bytes: int
    built: Built = field(default_factory=Built)
    done: dict[Cube, Made] = field(default_factory=dict)

    def build(self, cubes: Sequence[Cube]) -> Built:
        """What was built, so that every one of ``cubes`` that can be kept has all files of the snapshot."""
        index = load_index(self.warehouse)
        known = index.made.get(self.terms, {})
        places: dict[Cube, Made] = {}
        for cube in cubes:
            places.update({cube: known[cube.id]} if cube.id in known else self._part(cube))
        # What has more dimensions first: totals are made from it.
        self.done = {}
        for cube in sorted(places, key=lambda cube: -len(cube.by)):
            try:
                self.done[cube] = self._build_cube(cube, places[cube])
            except _NoRoomError:
                self.built.left_out.append(cube)
        kept = [cube for cube in places if cube in self.done]
        self.built.refused += [cube for cube in kept if not self.done[cube].folder]
        index = Index(tuple(kept), index.made).with_made(self.terms, {cube.id: self.done[cube] for cube in kept})
        save_index(self.warehouse, index)
        self._clear(index)
        return self.built

    def _part(self, cube: Cube) -> dict[Cube, Made]:
        """``cube`` parted by what its tallies depend on, so that none is built anew for the sake of another."""
        groups: dict[Any, list[Tally]] = {}
        for tally in cube.tallies:
            try:
                reach = load_engine("cells").find_reach(tally, cube.by, self.runner.relations)
            except SanjehError:
                reach = None
            groups.setdefault(reach, []).append(tally)
        parts = ((reach, Cube(cube.by, tuple(tallies))) for reach, tallies in groups.items())
        return {part: Made("") if reach is None else Made("?", reach.apart, reach.others) for reach, part in parts}

    def _build_cube(self, cube: Cube, known: Made) -> Made:
        """Where the files of ``cube`` are, after those that were missing have been made."""
        files = CubeFiles(self.warehouse / FOLDER / known.folder, cube, known, self.snapshot)
        if not known.folder or files.is_complete:
            return known
        try:
            queries = _read_queries(files.folder / QUERIES) or load_engine("cells").build_cells(
                cube.tallies, cube.by, self.runner.relations
            )
            made = Made(_folder_of(cube, queries), known.apart, known.others)
            files = CubeFiles(self.warehouse / FOLDER / made.folder, cube, made, self.snapshot)
            files.folder.mkdir(parents=True, exist_ok=True)
            if not (files.folder / QUERIES).exists():
                write_text(files.folder / QUERIES, to_text(load_engine("cell_query").queries_to_json(queries)))
            self._fill(files, queries)
        except (CannotKeepError, SanjehError):
            return Made("", known.apart, known.others)
        return made

    def _fill(self, files: CubeFiles, queries: Any) -> None:
        cube = files.cube
        filling, wider = Filling(self.runner, queries, cube.by, cube.tallies), self._wider(files)
        for unit in files.units:
            if not files.path(unit).exists():
                cells = self._projected(wider, files, unit) or self._grown(filling, files, unit)
                self._write(files.path(unit), cells or self._filled(filling, cube, unit))
        for tally in cube.tallies:
            if tally.kind is TallyKind.FIRST:
                self._build_firsts(files, tally, filling, wider)
        self._open(cube, Unit("all", None))

    def _filled(self, filling: Filling, cube: Cube, unit: Unit) -> Cells:
        self._open(cube, unit)
        return filling.fill()

    def _grown(self, filling: Filling, files: CubeFiles, unit: Unit) -> Cells | None:
        """The cells of a segment that only grew: those of the segment before it, and those of the rows that came.

        None where there was none, or where a row of it was corrected or taken out.
        """
        cube, segment = files.cube, unit.segment
        earlier = None if segment is None else find_earlier(files, segment, self.versions)
        old = _read(earlier.path) if earlier is not None and self._only_grew(cube, unit, earlier) else None
        if earlier is None or old is None:
            return None
        self._stand(cube, f"{self._source(cube, unit)} WHERE _file > {earlier.last_file}")
        return project(join_cells([old, filling.fill()]), cube.by, cube.by, cube.tallies)

    def _only_grew(self, cube: Cube, unit: Unit, earlier: Earlier) -> bool:
        """Whether every row of the earlier segment is in that of ``unit``."""
        self.runner.execute(f"SELECT count(*) FROM {self._source(cube, unit)} WHERE _file <= {earlier.last_file}")
        ((kept,),) = self.runner.connection.fetchall()
        return bool(kept == earlier.rows)

    def _grown_firsts(self, filling: Filling, files: CubeFiles, unit: Unit, tally: Tally, seen: BitMap) -> Cells | None:
        """The firsts of a segment that only grew: only keys that came, and were not seen before, may have another."""
        cube, segment = files.cube, unit.segment
        earlier = None if segment is None else find_earlier(files, segment, self.versions)
        if earlier is None or not self._only_grew(cube, unit, earlier):
            return None
        old = _read(files.first_path(Unit(earlier.path.stem, None), tally, _name_of(seen)))
        if old is None:
            return None
        source, code = self._source(cube, unit), f'"{tally.expression}__code"'
        self.runner.execute(f"SELECT DISTINCT {code} AS k FROM {source} WHERE _file > {earlier.last_file}")
        came = BitMap(np.ma.compressed(self.runner.connection.fetchnumpy()["k"]).astype(np.uint32)) - seen
        self.runner.connection.execute(
            "CREATE OR REPLACE TEMP TABLE cell_keys AS SELECT unnest(?::INTEGER[]) AS k", [list(came)]
        )
        self._stand(cube, f"{source} WHERE {code} IN (SELECT k FROM cell_keys)")
        (level,) = old.sets[tally.id]
        rest = replace(old, sets={tally.id: (tuple(keys - came for keys in level),)})
        return project(join_cells([rest, filling.firsts(tally, seen)]), cube.by, cube.by, (tally,))

    def _source(self, cube: Cube, unit: Unit) -> str:
        return relation_of(self.snapshot.entities[cube.entity], unit.segment)

    def _wider(self, files: CubeFiles) -> CubeFiles | None:
        """The files of a cube made before, by more dimensions, from the same rows."""
        for cube, made in self.done.items():
            same = made.folder and (made.apart, made.others) == (files.made.apart, files.made.others)
            place = (cube.entity, cube.time) == (files.cube.entity, files.cube.time)
            if same and place and set(cube.by) > set(files.cube.by) and all(map(cube.has, files.cube.tallies)):
                return CubeFiles(self.warehouse / FOLDER / made.folder, cube, made, self.snapshot)
        return None

    def _projected(self, wider: CubeFiles | None, files: CubeFiles, unit: Unit) -> Cells | None:
        cells = None if wider is None else _read(wider.path(unit))
        cube = files.cube
        return None if cells is None or wider is None else project(cells, wider.cube.by, cube.by, cube.tallies)

    def _build_firsts(self, files: CubeFiles, tally: Tally, filling: Filling, wider: CubeFiles | None) -> None:
        """Each unit in the order of time: who is first there was seen in none before it."""
        if wider is not None and self._project_chain(wider, files, tally):
            return
        seen, names = BitMap(), []
        for unit in files.first_units:
            path = files.first_path(unit, tally, _name_of(seen))
            cells = _read(path)
            if cells is None:
                cells = self._grown_firsts(filling, files, unit, tally, seen)
                if cells is None:
                    self._open(files.cube, unit)
                    cells = filling.firsts(tally, seen)
                self._write(path, cells)
            names.append(path.name)
            seen |= BitMap.union(*cells.sets[tally.id][0]) if cells.sets[tally.id][0] else BitMap()
        write_text(files.chain_path(tally), to_text(names))

    def _project_chain(self, wider: CubeFiles, files: CubeFiles, tally: Tally) -> bool:
        """Whether the firsts of a cube of more dimensions gave those of ``files``; their names are the same."""
        chain = wider.read_chain(tally)
        for path in chain or ():
            own, cells = files.folder / path.name, None
            if not own.exists():
                cells = _read(path)
                if cells is None:
                    return False
                self._write(own, project(cells, wider.cube.by, files.cube.by, (tally,)))
        if chain is not None:
            write_text(files.chain_path(tally), to_text([path.name for path in chain]))
        return chain is not None

    def _open(self, cube: Cube, unit: Unit) -> None:
        """Let the entity's table stand for the rows of the unit."""
        self._stand(cube, self._source(cube, unit))

    def _stand(self, cube: Cube, source: str) -> None:
        self.runner.execute(f'CREATE OR REPLACE TEMP VIEW "raw_{cube.entity}" AS SELECT * FROM {source}')

    def _write(self, path: Path, cells: Cells) -> None:
        temporary = path.with_name(make_name("new", ".tmp"))
        try:
            self.built.size += write_cells(temporary, cells)
            self.built.files += 1
            if self.held + self.built.size > self.most_bytes:
                raise _NoRoomError
            temporary.replace(path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _clear(self, index: Index) -> None:
        """Remove what neither this version nor the one before it needs; who still reads an older one reads rows."""
        base, needed = self.warehouse / FOLDER, {self.warehouse / FOLDER / FILE, self.warehouse / FOLDER / ASKED}
        for snapshot in (self.snapshot, *self.versions[:1]):
            for cubes in index.made.values():
                found = (files_of(self.warehouse, cubes, cube, snapshot) for cube in index.cubes)
                needed |= {path for files in found if files is not None for path in files.needed()}
        for path in [path for path in base.rglob("*") if path.is_file() and path not in needed]:
            with contextlib.suppress(OSError):
                path.unlink()
        for folder in [path for path in base.iterdir() if path.is_dir()]:
            with contextlib.suppress(OSError):
                folder.rmdir()

    @cached_property
    def held(self) -> int:
        """The bytes that were kept before."""
        return sum(path.stat().st_size for path in (self.warehouse / FOLDER).rglob("*.cells"))

    @cached_property
    def versions(self) -> tuple[Snapshot, ...]:
        """The versions before the snapshot's, newest first."""
        return tuple(versions_before(self.warehouse, self.snapshot))


def _folder_of(cube: Cube, queries: Any) -> str:
    texts = [queries.rows.sql, sorted(queries.rows.values.items()), queries.sums.query.sql]
    texts += [(name, found.query.sql, sorted(found.query.values.items())) for name, found in queries.keys.items()]
    return f"{cube.entity}-{digest((cube.id, texts))}"


def _name_of(seen: BitMap) -> str:
    """The digest of the keys, the same whatever way they came together."""
    return hashlib.blake2b(np.array(seen.to_array(), np.uint32).tobytes(), digest_size=8).hexdigest()


def _read_queries(path: Path) -> Any:
    """What fills a cube, as it was written when its folder was made; None where that cannot be read."""
    try:
        return load_engine("cell_query").queries_of_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(path: Path) -> Cells | None:
    try:
        return read_cells(path)
    except (OSError, ValueError):
        return None
