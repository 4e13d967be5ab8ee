"""A raw table is what stands for an entity's stored rows where nothing is imported: its columns and their types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sanjeh.definitions import Catalogue, ColumnType, Entity
from sanjeh.engines.stored import DAY, SQL_TYPES
from sanjeh.plan.holdings import Holdings

RAW, ROW_KEY = "raw_", "_row_key"
_TIMES = (ColumnType.DATE, ColumnType.TIME)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A raw table as SQL of its engine: what each column is ("... AS name"), and the item of FROM that has the rows."""

    columns: Mapping[str, str]
    source: str

    def query(self, text: str) -> str:
        """The query of the columns that ``text`` may name; of all of them where it is empty."""
        named = [item for name, item in self.columns.items() if not text or name in text]
        items = ",\n  ".join(named or [next(iter(self.columns.values()))])
        return f"SELECT\n  {items}\nFROM {self.source}"


def raw_columns(entity: Entity, holdings: Holdings) -> dict[str, str]:
    """The SQL type of every column of ``raw_<entity>``, by name: the model's, the company's own, days and the key.

    Columns that the source lacks are there too, empty, so that whatever names one can be run.
    """
    held = holdings.entities.get(entity.id)
    types = {name: column.type for name, column in entity.columns.items()}
    types.update(held.extra if held else {})
    found = {name: SQL_TYPES[kind] for name, kind in types.items()}
    found.update({name + DAY: "DATE" for name, kind in types.items() if kind in _TIMES})
    return found | {ROW_KEY: "VARCHAR"}


def types_by_name(catalogue: Catalogue, holdings: Holdings) -> dict[str, str]:
    """The SQL type of each column name of any entity, derived ones too; of several, the one that holds the others."""
    found: dict[str, set[str]] = {}
    for entity in catalogue.entities.values():
        for name, kind in raw_columns(entity, holdings).items():
            found.setdefault(name, set()).add(kind)
        for derived in entity.derived.values():
            found.setdefault(derived.name, set()).add(SQL_TYPES[derived.type])
    return {name: max(kinds, key=_WIDTH.index) for name, kinds in found.items()}


# A later type holds the values of an earlier one of its kind.
_WIDTH = ("BOOLEAN", "DATE", "TIMESTAMP", "BIGINT", "DECIMAL(38, 9)", "DOUBLE", "VARCHAR")
