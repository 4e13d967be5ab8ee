"""A manifest is one version of the warehouse written down: the files that belong to it, and what is known of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sanjeh.definitions.entity import ColumnType
from sanjeh.errors import Issue, WorkspaceError
from sanjeh.warehouse.history import ImportRecord, StoredFile
from sanjeh.warehouse.money_width import MoneyWidth
from sanjeh.warehouse.stored import Chunk, Dictionary, Segment, StoredColumn, StoredEntity

CURRENT = "CURRENT"
_HEAD = '{"checksum":"'
_MIDDLE = '","manifest":'
_CHECKSUM_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Manifest:
    """``version`` 0 is the empty warehouse; ``previous`` is the version this one was made from."""

    version: int = 0
    previous: int | None = None
    entities: Mapping[str, StoredEntity] = field(default_factory=dict)
    dictionaries: Mapping[str, Dictionary] = field(default_factory=dict)
    imports: tuple[ImportRecord, ...] = ()

    def files(self) -> set[Path]:
        """Every file this version needs."""
        needed = {path for entity in self.entities.values() for path in entity.files}
        needed |= {path for dictionary in self.dictionaries.values() for path in dictionary.files}
        return needed | {record.faults for record in self.imports if record.faults}


def manifest_path(folder: Path, version: int) -> Path:
    """Where the manifest of ``version`` is."""
    return folder / "manifests" / f"{version:08d}.json"


def current_version(folder: Path) -> int:
    """The version that CURRENT names, 0 where nothing was ever committed; raises ``warehouse_damaged``."""
    pointer = folder / CURRENT
    try:
        written = pointer.read_text(encoding="ascii").strip()
        return int(written.removesuffix(".json"))
    except FileNotFoundError:
        return 0
    except (ValueError, UnicodeDecodeError) as error:
        raise damaged(pointer, folder) from error


def read_manifest(folder: Path, version: int) -> Manifest:
    """The manifest of ``version``; raises WorkspaceError ``warehouse_damaged`` naming the file that is not whole."""
    if version == 0:
        return Manifest()
    path = manifest_path(folder, version)
    try:
        content = path.read_text(encoding="utf-8").strip()
        body = content[len(_HEAD) + _CHECKSUM_LENGTH + len(_MIDDLE) : -1]
        if content != _seal(body):
            raise damaged(path, folder)
        return _load(json.loads(body), folder)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise damaged(path, folder) from error


def check_files(manifest: Manifest, folder: Path) -> None:
    """Refuse, with ``warehouse_damaged``, a version of which a file is missing or has another size than written."""
    sizes = [(segment.path, segment.size) for entity in manifest.entities.values() for segment in entity.segments]
    sizes += [(chunk.path, chunk.size) for each in manifest.dictionaries.values() for chunk in each.chunks]
    for path, size in sizes:
        try:
            whole = path.stat().st_size == size
        except OSError:
            whole = False
        if not whole:
            raise damaged(path, folder)


def damaged(path: Path, folder: Path) -> WorkspaceError:
    """The error that names the damaged file and the newest manifest before the current one."""
    try:
        current = current_version(folder) if path.name != CURRENT else None
    except WorkspaceError:
        current = None
    found = (int(each.stem) for each in (folder / "manifests").glob("*.json") if each.stem.isdigit())
    previous = max((version for version in found if current is None or version < current), default=0)
    return WorkspaceError(Issue("warehouse_damaged", {"file": str(path), "previous": previous}))


def manifest_text(manifest: Manifest, folder: Path) -> str:
    """The manifest as JSON, with a checksum of itself and paths relative to ``folder``."""
    return _seal(json.dumps(_dump(manifest, folder), ensure_ascii=False, separators=(",", ":"))) + "\n"


def _seal(body: str) -> str:
    return f"{_HEAD}{hashlib.sha256(body.encode('utf-8')).hexdigest()}{_MIDDLE}{body}}}"


def _dump(manifest: Manifest, folder: Path) -> dict[str, Any]:
    return {
        "version": manifest.version,
        "previous": manifest.previous,
        "entities": {key: _dump_entity(entity, folder) for key, entity in manifest.entities.items()},
        "dictionaries": {
            key: [[_relative(chunk.path, folder), chunk.rows, chunk.size] for chunk in dictionary.chunks]
            for key, dictionary in manifest.dictionaries.items()
        },
        "imports": [_dump_import(record, folder) for record in manifest.imports],
    }


def _load(body: Mapping[str, Any], folder: Path) -> Manifest:
    dictionaries = {
        key: Dictionary(tuple(Chunk(folder / file, rows, size) for file, rows, size in chunks))
        for key, chunks in body["dictionaries"].items()
    }
    return Manifest(
        version=body["version"],
        previous=body["previous"],
        entities={key: _load_entity(key, entity, folder) for key, entity in body["entities"].items()},
        dictionaries=dictionaries,
        imports=tuple(_load_import(record, folder) for record in body["imports"]),
    )


def _dump_entity(entity: StoredEntity, folder: Path) -> dict[str, Any]:
    # Segments of an entity share a few shapes: each is written once and segments point at it.
    shapes: list[dict[str, str]] = []
    segments = []
    for segment in entity.segments:
        if dict(segment.types) not in shapes:
            shapes.append(dict(segment.types))
        written = [_relative(segment.path, folder), segment.partition, segment.rows, segment.size]
        days = {column: _dump_days(span) for column, span in segment.days.items()}
        money = {column: [width.digits, width.scale] for column, width in segment.money.items()}
        segments.append([*written, shapes.index(dict(segment.types)), sorted(segment.empty), days, money])
    columns = [[c.name, c.type.value, c.sql_type, c.filled, c.coded, c.own] for c in entity.columns.values()]
    return {
        "columns": columns,
        "shapes": shapes,
        "segments": segments,
        "time": entity.time,
        "granularity": entity.granularity,
        "imported_at": entity.imported_at.isoformat(),
        "covers": [_dump_day(entity.covers_from), _dump_day(entity.covers_to)],
        "observed": {measure: _dump_days(span) for measure, span in entity.observed.items()},
    }


def _load_entity(name: str, body: Mapping[str, Any], folder: Path) -> StoredEntity:
    columns = [StoredColumn(each[0], ColumnType(each[1]), *each[2:]) for each in body["columns"]]
    covers_from, covers_to = (_load_day(day) for day in body["covers"])
    return StoredEntity(
        name=name,
        columns={column.name: column for column in columns},
        segments=tuple(_load_segment(segment, body["shapes"], folder) for segment in body["segments"]),
        time=body["time"],
        granularity=body["granularity"],
        imported_at=datetime.fromisoformat(body["imported_at"]),
        covers_from=covers_from,
        covers_to=covers_to,
        observed={measure: _load_days(span) for measure, span in body["observed"].items()},
    )


def _load_segment(body: list[Any], shapes: list[dict[str, str]], folder: Path) -> Segment:
    file, partition, rows, size, shape, empty, days, money = body
    return Segment(
        folder / file,
        partition,
        rows,
        size,
        shapes[shape],
        frozenset(empty),
        {column: _load_days(span) for column, span in days.items()},
        {column: MoneyWidth(*width) for column, width in money.items()},
    )


_COUNTS = ("read", "loaded", "duplicate", "replaced", "superseded", "quarantined", "read_stated")
_PLAIN = ("id", "source", "source_id", "entity", *_COUNTS)


def _dump_import(record: ImportRecord, folder: Path) -> dict[str, Any]:
    return {key: getattr(record, key) for key in _PLAIN} | {
        "when": record.when.isoformat(),
        "files": [[file.id, file.name, file.fingerprint] for file in record.files],
        "covers": [_dump_day(record.covers_from), _dump_day(record.covers_to)],
        "faults": _relative(record.faults, folder) if record.faults else None,
        "removed": record.removed,
    }


def _load_import(body: Mapping[str, Any], folder: Path) -> ImportRecord:
    covers_from, covers_to = (_load_day(day) for day in body["covers"])
    record = ImportRecord(
        **{key: body[key] for key in _PLAIN},
        when=datetime.fromisoformat(body["when"]),
        files=tuple(StoredFile(*file) for file in body["files"]),
        covers_from=covers_from,
        covers_to=covers_to,
        removed=body["removed"],
    )
    return replace(record, faults=folder / body["faults"]) if body["faults"] else record


def _relative(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _dump_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _load_day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _dump_days(days: tuple[date, date]) -> list[str]:
    return [days[0].isoformat(), days[1].isoformat()]


def _load_days(days: list[str]) -> tuple[date, date]:
    return date.fromisoformat(days[0]), date.fromisoformat(days[1])
