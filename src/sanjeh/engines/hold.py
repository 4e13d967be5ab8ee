"""Holding is knowing which mapped columns of a database have values, and from when to when; nothing else is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from sanjeh.definitions import Catalogue, ColumnType, Entity
from sanjeh.engines.in_place_runner import Link
from sanjeh.engines.mapped import MappedTable
from sanjeh.engines.raw_table import RawTable
from sanjeh.engines.stored import DAY
from sanjeh.errors import DefinitionError, Issue, QuestionError
from sanjeh.plan import Held, Holdings

Tables = Mapping[str, MappedTable]


class Raw(Protocol):
    """What a module ``raw_<engine>`` has."""

    def describing(self, table: MappedTable) -> str:
        """A query without rows whose columns are the mapped ones, in order, as the database has them."""
        ...

    def read_raw(self, table: MappedTable, entity: Entity, kinds: Mapping[str, str], zone: str) -> RawTable:
        """The rows of ``table`` under the model's names and types."""
        ...

    def quoted(self, name: str) -> str:
        """``name`` as an identifier."""
        ...

    def any_of(self, condition: str) -> str:
        """The aggregate that is true where ``condition`` holds for one row at least."""
        ...


def build_raw(link: Link, tables: Tables, catalogue: Catalogue, zone: str, raw: Raw) -> dict[str, RawTable]:
    """The table ``raw_<entity>`` for each mapped table, by entity, as the module ``raw`` writes it.

    Raises DefinitionError with every table or column that the database does not have or does not let us read.
    """
    found: dict[str, RawTable] = {}
    issues: list[Issue] = []
    for name, table in tables.items():
        try:
            kinds = dict(link.describe(raw.describing(table)))
            found[name] = raw.read_raw(table, catalogue.entities[name], kinds, zone)
        except QuestionError as error:
            issues += [_placed(issue, table) for issue in error.issues]
        except DefinitionError as error:
            issues += error.issues
    if issues:
        raise DefinitionError(issues)
    return found


def _placed(issue: Issue, table: MappedTable) -> Issue:
    return Issue(issue.code, {**issue.data, "entity": table.entity}, table.place)


def read_holdings(
    link: Link, found: Mapping[str, RawTable], tables: Tables, catalogue: Catalogue, version: str, raw: Raw
) -> Holdings:
    """What the tables ``found`` hold, by one aggregate statement for each."""
    with link.reading():
        held = {
            name: _held(link, table.query(""), tables[name], catalogue.entities[name], raw)
            for name, table in found.items()
        }
        observed: frozenset[str] = frozenset()
        if "observations" in found:
            stated = found["observations"].query("measure")
            sql = f"SELECT DISTINCT measure FROM (\n{stated}\n) AS o WHERE measure IS NOT NULL"
            observed = frozenset(str(row[0]) for row in link.fetch(sql, {}))
    return Holdings(held, observed, {}, version)


def _held(link: Link, sql: str, table: MappedTable, entity: Entity, raw: Raw) -> Held:
    columns = [*table.columns, *(["currency"] if table.currency and "currency" in entity.columns else [])]
    times = [name for name in columns if _is_time(name, entity)]
    items = ["count(*)", *(raw.any_of(f"{raw.quoted(name)} IS NOT NULL") for name in columns)]
    items += [f"{edge}({raw.quoted(name + DAY)})" for name in times for edge in ("min", "max")]
    (row,) = link.fetch(f"SELECT {', '.join(items)} FROM (\n{sql}\n) AS r", {})
    filled, edges = row[1 : 1 + len(columns)], row[1 + len(columns) :]
    first = {name: day for name, day in zip(times, edges[::2], strict=True) if isinstance(day, date)}
    last = {name: day for name, day in zip(times, edges[1::2], strict=True) if isinstance(day, date)}
    return Held(
        columns=frozenset(columns),
        rows=int(str(row[0])),
        first=first,
        last=last,
        extra=dict.fromkeys(sorted(table.dimensions), ColumnType.TEXT),
        covers_from=table.covers_from,
        covers_to=table.covers_to,
        empty=frozenset(name for name, is_filled in zip(columns, filled, strict=True) if not is_filled),
    )


def _is_time(name: str, entity: Entity) -> bool:
    column = entity.columns.get(name)
    return column is not None and column.type in (ColumnType.DATE, ColumnType.TIME)
