"""A mapping file is a source mapping written as YAML: read with a place for every fault, written as people would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar, get_args

from sanjeh.calendars import date_from_jalali
from sanjeh.connectors.cleaning.date import Bare, Order
from sanjeh.connectors.cleaning.month_name import CalendarName
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.connectors.mapping import Field, Repeated, SourceMapping, TableMapping, Totals
from sanjeh.connectors.reading import ReadOptions
from sanjeh.definitions.reader import Reader
from sanjeh.definitions.tree import Tree, load_tree, parse_tree
from sanjeh.errors import DefinitionError, Issue, SanjehError, suggest

T = TypeVar("T")
_UNITS = {
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
    "percent": Decimal("0.01"),
}
_MARKS = {"tab": "\t", "\\t": "\t", "space": " "}
_FIRST_GREGORIAN = 1700


def load_mapping(path: Path) -> SourceMapping:
    """The mapping written in ``path``; raises DefinitionError with every fault and its place."""
    return _read(load_tree(path))


def parse_mapping(text: str, name: str = "<text>") -> SourceMapping:
    """The mapping written in ``text``.

    >>> parse_mapping("{source: a, match: ['a*.csv'], tables: [{entity: orders, fields: {order_id: No}}]}").match
    ('a*.csv',)
    """
    return _read(parse_tree(text, name))


def _read(tree: Tree) -> SourceMapping:
    issues: list[Issue] = []
    reader = Reader(tree, issues, "source mapping")
    options, sheet = _read_options(reader)
    source = reader.word("source", required=True)
    match = reader.words("match")
    tables = reader.each("tables", lambda item: _born(lambda: _read_table(item, issues), issues))
    if not reader.pairs.get("tables") and not issues:
        reader.fault("missing_key", key="tables", kind="source mapping")
    reader.close()
    if issues:
        raise DefinitionError(issues)
    return SourceMapping(source, match, tables, sheet, options, tree.place)


def _born(build: Callable[[], T], issues: list[Issue]) -> T | None:
    """What ``build`` makes; what cannot be born adds its issues to the others."""
    try:
        return build()
    except SanjehError as error:
        issues.extend(error.issues)
        return None


def _read_options(reader: Reader) -> tuple[ReadOptions, str | None]:
    found = reader.get("read")
    if found is None:
        return ReadOptions(), None
    inner = Reader(found, reader.issues, "read")
    raw = {key: inner.pairs[key].value for key in ("delimiter", "quote", "decimal") if inner.get(key) is not None}
    words = {key: _MARKS.get(str(value), str(value)) for key, value in raw.items()}
    options = _born(
        lambda: ReadOptions(
            delimiter=words.get("delimiter"),
            encoding=inner.optional("encoding"),
            header=_whole(inner, "header"),
            skip=_whole(inner, "skip") or 0,
            quote=words.get("quote"),
            decimal=words.get("decimal"),
        ),
        reader.issues,
    )
    sheet = inner.optional("sheet")
    inner.close()
    return options or ReadOptions(), sheet


def _whole(reader: Reader, key: str) -> int | None:
    number = reader.number(key)
    return None if number is None else int(number)


def _read_table(tree: Tree, issues: list[Issue]) -> TableMapping | None:
    reader = Reader(tree, issues, "table")
    before = len(issues)
    fields = reader.mapping("fields", lambda name, item: _born(lambda: _read_field(name, item, issues), issues))
    dimensions = reader.mapping("dimensions", lambda name, item: _born(lambda: _read_field(name, item, issues), issues))
    key = reader.words("key")
    values = {
        "entity": reader.word("entity", required=True),
        "where": reader.optional("where"),
        "group": reader.words("group"),
        "ignore": reader.words("ignore"),
        "repeated": _choice(reader, "repeated", get_args(Repeated)),
        "totals": _choice(reader, "totals", get_args(Totals)),
        "covers_from": _day(reader, "covers_from"),
        "covers_to": _day(reader, "covers_to"),
    }
    reader.close()
    if len(issues) > before:
        return None
    return TableMapping(
        fields=tuple(fields.values()),
        dimensions=tuple(dimensions.values()),
        key=() if key == ("none",) else key,
        keyless=key == ("none",),
        place=tree.place,
        **values,
    )


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


def _read_field(name: str, tree: Tree, issues: list[Issue]) -> Field | None:
    if isinstance(tree.value, str):
        return Field(name, tree.value.strip(), place=tree.place)
    reader = Reader(tree, issues, "field")
    before = len(issues)
    # Every key is asked for before ``close``, so that only unknown ones are faults.
    parts: dict[str, Any] = {
        "column": reader.optional("column"),
        "sql": reader.optional("sql"),
        "value": reader.word("value") if reader.get("value") is not None else None,
        "calendar": _choice(reader, "calendar", get_args(CalendarName)),
        "order": _choice(reader, "order", get_args(Order)) or "ymd",
        "bare": _choice(reader, "bare", get_args(Bare)) or "none",
        "decimal": _choice(reader, "decimal", get_args(DecimalMark)),
        "two_digit_year": reader.flag("two_digit_year"),
        "year": _whole(reader, "year"),
        "zone": reader.optional("zone"),
        "currency": reader.optional("currency"),
        "unit": _unit(reader),
        "values": reader.mapping("values", lambda _, item: str(item.value or "")),
        "float_ids": reader.flag("float_ids"),
    }
    reader.close(("type",))
    return None if len(issues) > before else Field(name, place=tree.place, **parts)


def _choice(reader: Reader, key: str, options: tuple[Any, ...]) -> Any:
    word = reader.word(key)
    if word and word not in options:
        known = [str(option) for option in options]
        data = {"key": key, "value": word, "choices": ", ".join(known)}
        reader.fault("not_a_choice", reader.get(key), suggest(word, known), **data)
        return None
    return word or None


def _unit(reader: Reader) -> Decimal:
    word = reader.word("unit") or "1"
    try:
        number = _UNITS[word] if word in _UNITS else Decimal(word)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or number <= 0:
        reader.fault("not_a_number", reader.get("unit"), suggest(word, _UNITS), key="unit", value=word)
        return Decimal(1)
    return number


class _Flow(dict[str, Any]):
    """A mapping that is written on one line."""


class _Row(list[Any]):
    """A list that is written on one line."""


def render_mapping(mapping: SourceMapping) -> str:
    """The mapping as YAML; reading it gives the same mapping."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Writes fields and lists on one line each."""

    Dumper.add_representer(
        _Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
    )
    Dumper.add_representer(
        _Row, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
    )
    plain: dict[str, Any] = {"source": mapping.source, "match": _Row(mapping.match)}
    read = _plain_read(mapping)
    if read:
        plain["read"] = _Flow(read)
    plain["tables"] = [_plain_table(table) for table in mapping.tables]
    text: str = yaml.dump(plain, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def save_mapping(mapping: SourceMapping, folder: Path, path: Path | None = None, *, text: str | None = None) -> Path:
    """The file that the mapping is now written in: ``path``, or one in ``folder`` that is named after it.

    ``text`` is what is written; default: as :func:`render_mapping` does.
    """
    path = path or folder / f"{mapping.source}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".yaml.tmp")
    try:
        temporary.write_text(render_mapping(mapping) if text is None else text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _plain_read(mapping: SourceMapping) -> dict[str, Any]:
    read, default = mapping.read, ReadOptions()
    names = ("delimiter", "encoding", "header", "skip", "quote", "decimal")
    plain = {name: getattr(read, name) for name in names if getattr(read, name) != getattr(default, name)}
    if read.delimiter == "\t":
        plain["delimiter"] = "tab"
    return plain | ({"sheet": mapping.sheet} if mapping.sheet is not None else {})


def _plain_table(table: TableMapping) -> dict[str, Any]:
    plain: dict[str, Any] = {"entity": table.entity}
    if table.where is not None:
        plain["where"] = table.where
    if table.group:
        plain["group"] = _Row(table.group)
    plain["fields"] = {each.target: _plain_field(each) for each in table.fields}
    if table.dimensions:
        plain["dimensions"] = {each.target: _plain_field(each) for each in table.dimensions}
    if table.keyless or table.key:
        plain["key"] = "none" if table.keyless else _Row(table.key)
    if table.repeated is not None:
        plain["repeated"] = table.repeated
    if table.totals is not None:
        plain["totals"] = table.totals
    for name in ("covers_from", "covers_to"):
        if getattr(table, name) is not None:
            plain[name] = getattr(table, name).isoformat()
    if table.ignore:
        plain["ignore"] = _Row(table.ignore)
    return plain


def _plain_field(each: Field) -> object:
    plain: dict[str, Any] = {}
    for name in ("column", "sql", "value", "calendar", "zone", "decimal", "currency", "year"):
        if getattr(each, name) is not None:
            plain[name] = getattr(each, name)
    for name, default in (("order", "ymd"), ("bare", "none"), ("two_digit_year", False), ("float_ids", False)):
        if getattr(each, name) != default:
            plain[name] = getattr(each, name)
    if each.unit != 1:
        words = {number: word for word, number in _UNITS.items()}
        plain["unit"] = words.get(each.unit, f"{each.unit:f}")
    if each.values:
        plain["values"] = _Flow(each.values)
    return each.column if list(plain) == ["column"] else _Flow(plain)
