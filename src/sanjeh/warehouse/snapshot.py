"""A snapshot is one version of the warehouse opened for reading: it never blocks, and its files never change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.errors import WorkspaceError
from sanjeh.warehouse import sql
from sanjeh.warehouse.history import ImportRecord, StoredFile
from sanjeh.warehouse.manifest import Manifest, check_files, current_version, read_manifest
from sanjeh.warehouse.relation import dictionary_sql, relation_sql
from sanjeh.warehouse.stored import Days, Dictionary, StoredEntity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_OBSERVATIONS = "observations"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A version as it was when opened; imports that happen meanwhile are not seen."""

    folder: Path
    manifest: Manifest

    @property
    def version(self) -> int:
        """The version's number; 0 for a warehouse into which nothing was imported."""
        return self.manifest.version

    @property
    def entities(self) -> Mapping[str, StoredEntity]:
        """What is stored, by entity id; an entity that was never imported is absent."""
        return self.manifest.entities

    @property
    def dictionaries(self) -> Mapping[str, Dictionary]:
        """The dictionaries by domain (a column's name)."""
        return self.manifest.dictionaries

    @property
    def sources(self) -> tuple[ImportRecord, ...]:
        """The history of imports, oldest first."""
        return self.manifest.imports

    @property
    def observed(self) -> frozenset[str]:
        """The measures that observations state."""
        return frozenset(self.observed_days)

    @property
    def observed_days(self) -> Mapping[str, Days]:
        """The first and last day that observations state of each measure."""
        return self.entities[_OBSERVATIONS].observed if _OBSERVATIONS in self.entities else {}

    @property
    def own_dimensions(self) -> dict[str, tuple[str, ...]]:
        """The dimensions that the company's mappings added, by entity."""
        found = {
            name: tuple(c.name for c in entity.columns.values() if c.own) for name, entity in self.entities.items()
        }
        return {name: columns for name, columns in found.items() if columns}

    def find_file(self, number: int) -> StoredFile | None:
        """The file that a row's ``_file`` points at."""
        return next((file for record in self.sources for file in record.files if file.id == number), None)

    def find_import(self, entity: str, fingerprint: str) -> ImportRecord | None:
        """The last import of a file with this fingerprint into ``entity``, or None."""
        for record in reversed(self.sources):
            if record.entity == entity and any(file.fingerprint == fingerprint for file in record.files):
                return record
        return None

    def relation_sql(self, entity: str) -> str:
        """What stands after FROM to read the entity in DuckDB: one type per column, see ``sanjeh.warehouse``."""
        return relation_sql(self.entities[entity])

    def attach(self, connection: DuckDBPyConnection) -> None:
        """Give the connection temporary views: ``raw_<entity>`` and ``dict_<domain>`` (code, value)."""
        for entity, stored in self.entities.items():
            view = sql.name(f"raw_{entity}")
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {relation_sql(stored)}")
        for domain, dictionary in self.dictionaries.items():
            view = sql.name(f"dict_{domain}")
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM {dictionary_sql(dictionary)}")

    def code_of(self, domain: str, value: str, connection: DuckDBPyConnection | None = None) -> int | None:
        """The code of ``value`` in ``domain``, or None where no row ever had it."""
        if domain not in self.dictionaries:
            return None
        query = f"SELECT code FROM {dictionary_sql(self.dictionaries[domain])} WHERE value = ?"
        row = _connection(connection).execute(query, [value]).fetchone()
        return None if row is None else int(row[0])

    def values_of(
        self, domain: str, codes: Iterable[int] | None = None, connection: DuckDBPyConnection | None = None
    ) -> dict[int, str]:
        """The values of ``domain`` by code, in the order of codes; all of them, or those of ``codes`` only."""
        if domain not in self.dictionaries:
            return {}
        query = f"SELECT code, value FROM {dictionary_sql(self.dictionaries[domain])}"
        arguments: list[list[int]] = []
        if codes is not None:
            query += " WHERE code IN (SELECT unnest(?::INTEGER[]))"
            arguments.append(list(codes))
        return dict(_connection(connection).execute(f"{query} ORDER BY code", arguments).fetchall())


def _connection(given: DuckDBPyConnection | None) -> DuckDBPyConnection:
    import duckdb

    return duckdb.connect() if given is None else given.cursor()


def open_snapshot(folder: Path, version: int | None = None) -> Snapshot:
    """The current version of the warehouse in ``folder`` (a workspace's ``warehouse``), or the given older one.

    A folder without a warehouse opens as version 0 without entities. Raises WorkspaceError ``warehouse_damaged``.

    >>> open_snapshot(Path("nowhere")).version
    0
    """
    folder = folder.absolute()
    number = current_version(folder) if version is None else version
    while True:
        try:
            manifest = read_manifest(folder, number)
            check_files(manifest, folder)
            return Snapshot(folder, manifest)
        except WorkspaceError:
            # Between reading CURRENT and opening its files, newer versions may have come and this one been pruned.
            latest = current_version(folder)
            if version is not None or latest == number:
                raise
            number = latest
