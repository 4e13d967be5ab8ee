"""A workshop is a company's folder in a test: files are written, imported, and what is stored is looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from sanjeh.connectors import ImportReport, ImportSettings, Question, TableReport, import_sources
from sanjeh.warehouse import open_snapshot

Rows = list[tuple[object, ...]]


@dataclass(slots=True)
class Workshop:
    """A company's folder: files are written into ``inbox`` and imported from there."""

    folder: Path
    settings: ImportSettings
    asked: list[Question] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    def write(self, name: str, content: str | bytes) -> Path:
        self.inbox.mkdir(exist_ok=True)
        path = self.inbox / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def set(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]

    def run(
        self,
        *paths: Path,
        answers: dict[str, str | None] | None = None,
        as_entity: str | None = None,
        maps: tuple[Path, ...] = (),
    ) -> ImportReport:
        """Import ``paths`` (default: all of the inbox); questions are answered by their kind."""
        ask = self._asker(answers) if answers is not None else None
        report = import_sources(self.settings, paths or [self.inbox], as_entity=as_entity, maps=maps, ask=ask)
        assert report.holds
        return report

    def _asker(self, answers: dict[str, str | None]) -> Callable[[Question], str | None]:
        def ask(question: Question) -> str | None:
            self.asked.append(question)
            return answers.get(question.kind)

        return ask

    def map(self, text: str, name: str = "own") -> Path:
        """A mapping file in the sources folder."""
        self.settings.sources.mkdir(exist_ok=True)
        path = self.settings.sources / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def rows(self, entity: str, columns: str, order: str | None = None) -> Rows:
        """The stored rows."""
        relation = open_snapshot(self.settings.warehouse).relation_sql(entity)
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT {columns} FROM {relation} ORDER BY {order or columns}").fetchall()
        return [tuple(row) for row in found]


def only(report: ImportReport) -> TableReport:
    """The one table of a report."""
    [table] = report.tables
    return table
