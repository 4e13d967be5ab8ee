"""In place means asked where it is: a workspace whose data stay in the company's own database."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sanjeh.database_settings import engine_of
from sanjeh.definitions import Catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.mapped import MappedTable
from sanjeh.errors import Issue, WorkspaceError
from sanjeh.plan import Holdings
from sanjeh.settings import Settings
from sanjeh.table_file import FOLDER, load_tables


@dataclass(slots=True)
class InPlace:
    """The mapped tables of one workspace and what they hold, looked at again when that is no longer fresh.

    The table files are read again when one of them changes; ``clock`` counts seconds.
    """

    folder: Path
    settings: Settings
    catalogue: Catalogue
    clock: Callable[[], float] = time.monotonic
    link: Any = field(default=None, repr=False)
    _tables: Mapping[str, MappedTable] = field(default_factory=dict)
    _raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
    _holdings: Holdings | None = None
    _files: object = None
    _looked: float = 0.0
    _count: int = 0

    def look(self) -> Holdings:
        """What the tables hold; ``version`` of it changes whenever it was looked at anew."""
        files, now = self._stamps(), self.clock()
        is_fresh = now - self._looked < self.settings.database.fresh_seconds or bool(self.settings.database.version)
        if self._holdings is None or files != self._files or not is_fresh:
            self._read(files, now)
        assert self._holdings is not None
        return self._holdings

    def forget(self) -> None:
        """Look at the tables anew when next asked."""
        self._holdings = None

    @property
    def tables(self) -> Mapping[str, MappedTable]:
        """The mapped tables by entity."""
        self._tables = self._tables or load_tables(self.folder / FOLDER, self.catalogue)
        return self._tables

    @property
    def raw(self) -> Mapping[str, Any]:
        """The raw tables of the engine by entity, as they were when last looked at."""
        return self._raw

    @property
    def engine(self) -> Any:
        """The module of the engine that asks the tables: its ``build`` and ``TableReader``."""
        return load_engine(engine_of(self.settings.warehouse))

    @property
    def label(self) -> str:
        """The database's address without user and password."""
        return str(access_of(self.folder, self.settings).label)

    def _read(self, files: object, now: float) -> None:
        self._tables = load_tables(self.folder / FOLDER, self.catalogue)
        if not self._tables:
            raise WorkspaceError(Issue("no_tables", {"folder": str(self.folder / FOLDER)}))
        if self.link is None:
            self.link = _link_module(self.settings).Link(access_of(self.folder, self.settings))
        hold = load_engine(f"hold_{engine_of(self.settings.warehouse)}")
        self._raw = hold.build_raw(self.link, self._tables, self.catalogue, self.settings.time_zone)
        self._count += 1
        version = f"{self.settings.database.version}:{self._count}"
        self._holdings = hold.read_holdings(self.link, self._raw, self._tables, self.catalogue, version)
        self._files, self._looked = files, now

    def _stamps(self) -> object:
        paths = sorted((self.folder / FOLDER).glob("*.yaml"))
        return [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in paths]


def access_of(folder: Path, settings: Settings) -> Any:
    """How the workspace's database is reached; a password file is named from the workspace."""
    database = settings.database
    file = str(folder / Path(database.password_file).expanduser()) if database.password_file else ""
    access = _link_module(settings).Access
    return access(settings.warehouse, database.password_env, file, database.timeout_seconds, str(folder))


def _link_module(settings: Settings) -> Any:
    return load_engine(f"link_{engine_of(settings.warehouse)}")
