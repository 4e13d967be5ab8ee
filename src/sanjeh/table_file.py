"""A table file says which table or query of the company's database stands for an entity: ``sources/tables/*.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sanjeh.calendars import date_from_jalali
from sanjeh.definitions import Catalogue, ColumnType, Entity
from sanjeh.definitions.reader import Reader
from sanjeh.definitions.tree import Tree, load_tree
from sanjeh.engines.mapped import MappedColumn, MappedTable
from sanjeh.errors import DefinitionError, Issue, SanjehError, suggest
from sanjeh.units import find_currency

FOLDER = Path("sources") / "tables"
_FIRST_GREGORIAN = 1700
_DIMENSION = re.compile(r"[^\W\d]\w*")


def load_tables(folder: Path, catalogue: Catalogue) -> dict[str, MappedTable]:
    """The mapped tables of every file in ``folder``, by entity; raises DefinitionError with every fault."""
    issues: list[Issue] = []
    found: dict[str, MappedTable] = {}
    for path in sorted(folder.glob("*.yaml")):
        for table in _read_file(path, catalogue, issues):
            if table.entity in found:
                issues.append(Issue("mapped_twice", {"entity": table.entity}, table.place))
            found[table.entity] = table
    if issues:
        raise DefinitionError(issues)
    return found


def _read_file(path: Path, catalogue: Catalogue, issues: list[Issue]) -> Iterable[MappedTable]:
    try:
        tree = load_tree(path)
    except SanjehError as error:
        issues.extend(error.issues)
        return ()
    if isinstance(tree.value, dict) and "tables" in tree.value:
        reader = Reader(tree, issues, "table file")
        tables = reader.each("tables", lambda item: _read_table(item, catalogue, issues))
        reader.close()
        return tables
    table = _read_table(tree, catalogue, issues)
    return () if table is None else (table,)


def _read_table(tree: Tree, catalogue: Catalogue, issues: list[Issue]) -> MappedTable | None:
    before, reader = len(issues), Reader(tree, issues, "table")
    name = reader.word("entity", required=True)
    entity = catalogue.entities.get(name)
    if name and (entity is None or entity.derived_only):
        close = suggest(name, catalogue.entities)
        reader.fault("unknown_name", reader.get("entity"), close, kind="entity", name=name)
    source, sql = reader.word("table"), reader.word("sql")
    if bool(source) == bool(sql):
        reader.fault("table_or_sql")
    columns = reader.mapping("columns", lambda key, item: _read_column(key, item, issues))
    own = reader.mapping("dimensions", lambda key, item: _read_column(key, item, issues))
    if entity is not None:
        _check_names(reader, entity, columns, own)
    if not columns and len(issues) == before:
        reader.fault("missing_key", key="columns", kind="table")
    currency = _currency(reader, entity, columns)
    days = _day(reader, "covers_from"), _day(reader, "covers_to")
    reader.close()
    if len(issues) > before:
        return None
    return MappedTable(name, source or sql, bool(sql), {**columns, **own}, frozenset(own), currency, *days, tree.place)


def _check_names(reader: Reader, entity: Entity, columns: Iterable[str], own: Iterable[str]) -> None:
    known = {*entity.columns, *entity.derived}
    for name in columns:
        if name not in known:
            data = {"kind": f"column of {entity.id}", "name": name}
            reader.fault("unknown_name", None, suggest(name, known), **data)
    for name in own:
        if name in known or name in entity.relations or not _DIMENSION.fullmatch(name) or name.startswith("_"):
            reader.fault("bad_dimension", name=name, entity=entity.id)


def _read_column(name: str, tree: Tree, issues: list[Issue]) -> MappedColumn | None:
    if isinstance(tree.value, str):
        return MappedColumn(name, tree.value.strip(), place=tree.place)
    reader = Reader(tree, issues, "column")
    column, sql = reader.word("column"), reader.word("sql")
    if bool(column) == bool(sql):
        reader.fault("column_or_sql", name=name)
    values = reader.mapping("values", lambda _, item: item.value.strip() if isinstance(item.value, str) else None)
    reader.close()
    return MappedColumn(name, column or sql, bool(column), values, tree.place) if column or sql else None


def _currency(reader: Reader, entity: Entity | None, columns: Iterable[str]) -> str:
    code = reader.word("currency")
    if not code:
        return ""
    has_money = entity is not None and any(c.type is ColumnType.MONEY for c in entity.columns.values())
    try:
        is_known = find_currency(code) is not None
    except SanjehError:
        is_known = False
    if not (is_known and has_money and entity and "currency" in entity.columns) or "currency" in columns:
        reader.fault("bad_table_currency", reader.get("currency"), value=code)
    return code


def _day(reader: Reader, key: str) -> date | None:
    word = reader.word(key)
    if not word:
        return None
    try:
        year, month, day = (int(part) for part in word.replace("/", "-").split("-"))
        return date(year, month, day) if year >= _FIRST_GREGORIAN else date_from_jalali(year, month, day)
    except (ValueError, SanjehError):
        reader.fault("not_a_day", reader.get(key), key=key, value=word)
        return None
