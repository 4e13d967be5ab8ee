"""A mapping edit puts the styles of fields into the text of a mapping file and leaves all else as its writer has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.mapping import Field, SourceMapping
from sanjeh.connectors.mapping_file import parse_mapping, save_mapping
from sanjeh.errors import SanjehError

if TYPE_CHECKING:
    from yaml import Node

_STYLES = ("calendar", "order", "two_digit_year", "bare", "year", "decimal", "currency", "unit")
_PLAIN = re.compile(r"\w+([ \w]*\w)?")


def keep_mapping(mapping: SourceMapping, folder: Path, path: Path | None = None) -> Path:
    """The file that the mapping is now written in; one that was there keeps its comments where only styles are new."""
    text = None
    if path is not None and path.is_file():
        text = edit_text(path.read_text(encoding="utf-8"), mapping)
    return save_mapping(mapping, folder, path, text=text)


def edit_text(text: str, mapping: SourceMapping) -> str | None:
    """``text`` with the styles that ``mapping`` says more than it does; None where that is not all the difference.

    >>> text = "{source: a, match: [a], tables: [{entity: orders, fields: {ordered_at: Day}}]} # ours"
    >>> field = Field("ordered_at", "Day", calendar="gregorian", order="dmy")
    >>> from sanjeh.connectors.mapping import TableMapping
    >>> edit_text(text, SourceMapping("a", ("a",), (TableMapping("orders", (field,)),)))[59:]
    'ordered_at: {column: Day, calendar: gregorian, order: dmy}}}]} # ours'
    """
    import yaml

    try:
        before = parse_mapping(text)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        edits = [*_edits(text, tree, before, mapping)] if tree is not None else []
        for start, end, put in sorted(edits, reverse=True):
            text = text[:start] + put + text[end:]
        # What the edits do not say, or say in a way that YAML takes otherwise, is written anew.
        return text if parse_mapping(text) == mapping else None
    except (SanjehError, yaml.YAMLError, AttributeError, LookupError, ValueError):
        return None


def _edits(text: str, tree: Node, before: SourceMapping, after: SourceMapping) -> Iterator[tuple[int, int, str]]:
    """What to put where in the text: start, end, and the new text between them."""
    for number, (old, new) in enumerate(zip(before.tables, after.tables, strict=True)):
        table = _at(tree, "tables").value[number]
        for section, pairs in (
            ("fields", zip(old.fields, new.fields, strict=True)),
            ("dimensions", zip(old.dimensions, new.dimensions, strict=True)),
        ):
            for field, styled in pairs:
                if field != styled:
                    yield _edit(text, _at(_at(table, section), field.target), _added(field, styled))


def _at(node: Node, key: str) -> Node:
    pairs: list[tuple[Node, Node]] = node.value
    return next(value for name, value in pairs if name.value == key)


def _added(field: Field, styled: Field) -> list[str]:
    said = ((name, getattr(styled, name)) for name in _STYLES if getattr(field, name) != getattr(styled, name))
    return [f"{name}: {_plain(value)}" for name, value in said]


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def _edit(text: str, node: Node, added: list[str]) -> tuple[int, int, str]:
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node.value, str):
        return start, end, f"{{{', '.join((f'column: {_plain(node.value.strip())}', *added))}}}"
    if text[end - 1] == "}":
        end = len(text[: end - 1].rstrip())
        return end, end, "".join(f", {each}" for each in added)
    return start, start, "".join(f"{each}\n{' ' * node.start_mark.column}" for each in added)
