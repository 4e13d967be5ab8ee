"""Holding a PostgreSQL database is knowing which mapped columns have values, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sanjeh.definitions import Catalogue, ColumnType, Entity
from sanjeh.engines.link_postgres import Link, one
from sanjeh.engines.mapped import MappedTable
from sanjeh.engines.raw_postgres import describing, quoted, read_raw
from sanjeh.engines.raw_table import RawTable
from sanjeh.engines.stored import DAY
from sanjeh.errors import DefinitionError, Issue, QuestionError
from sanjeh.plan import Held, Holdings

Tables = Mapping[str, MappedTable]


def build_raw(link: Link, tables: Tables, catalogue: Catalogue, zone: str) -> dict[str, RawTable]:
    """The table ``raw_<entity>`` for each mapped table, by entity.

    Raises DefinitionError with every table or column that the database does not have or does not let us read.
    """
    found: dict[str, RawTable] = {}
    issues: list[Issue] = []
    for name, table in tables.items():
        try:
            kinds = dict(link.describe(describing(table)))
            found[name] = read_raw(table, catalogue.entities[name], kinds, zone)
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
    link: Link, raw: Mapping[str, RawTable], tables: Tables, catalogue: Catalogue, version: str
) -> Holdings:
    """What the tables hold, by one aggregate statement for each."""
    with link.reading():
        held = {
            name: _held(link, table.query(""), tables[name], catalogue.entities[name]) for name, table in raw.items()
        }
        observed: frozenset[str] = frozenset()
        if "observations" in raw:
            stated = raw["observations"].query("measure")
            sql = f"SELECT DISTINCT measure FROM (\n{stated}\n) AS o WHERE measure IS NOT NULL"
            observed = frozenset(str(row[0]) for row in link.fetch(sql, {}))
    return Holdings(held, observed, {}, version)


def _held(link: Link, sql: str, table: MappedTable, entity: Entity) -> Held:
    columns = [*table.columns, *(["currency"] if table.currency and "currency" in entity.columns else [])]
    times = [name for name in columns if _is_time(name, entity)]
    items = ["count(*)", *(f"bool_or({quoted(name)} IS NOT NULL)" for name in columns)]
    items += [f"{edge}({quoted(name + DAY)})" for name in times for edge in ("min", "max")]
    row = one(link.fetch(f"SELECT {', '.join(items)} FROM (\n{sql}\n) AS r", {}))
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
