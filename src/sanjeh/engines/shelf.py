"""A shelf keeps compiled SQL, so that a question asked again, or with other members, is not compiled again.

What is kept depends on everything that shapes a statement (definitions, settings, which columns hold data, this code)
and on nothing that only fills it: days, members and the instant of knowledge are bound when it runs.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, TypeVar

from sanjeh.definitions import Catalogue
from sanjeh.engines.registry import load_engine
from sanjeh.engines.size import is_large, mask_type
from sanjeh.engines.statement import Query, SegmentQuery, Statement
from sanjeh.engines.terms import Terms
from sanjeh.plan.block import Block, Strategy
from sanjeh.series import Condition

Kept = TypeVar("Kept")
JSON: TypeAlias = "str | int | Sequence[JSON] | Mapping[str, JSON] | None"
MOST_FILES, MOST_SHELVES = 8, 64
_shelves: dict[str, dict[str, JSON]] = {}
_catalogues: dict[int, tuple[Catalogue, str]] = {}


@dataclass(slots=True)
class Shelf:
    """The compiled SQL under one set of terms; with a ``folder``, kept there for the next process too."""

    terms: Terms
    folder: Path | None = None
    _kept: dict[str, JSON] = field(default_factory=dict)
    _name: str = ""
    _grown: bool = False

    def block(self, block: Block, *, few: bool = False) -> list[Statement]:
        """The statements of ``block``; ``few`` where the moments of all segments lie in one chunk."""
        pattern, values = _pattern(block)
        large = is_large(block, self.terms)
        mask = mask_type(block, self.terms.dialect) if block.strategy is Strategy.FLOW else None

        def make() -> JSON:
            made = load_engine("compile").compile_block(block, self.terms, large=large, mask=mask, few=few)
            return [_write_statement(statement, block, values) for statement in made]

        def read(kept: JSON) -> list[Statement]:
            items = _items(kept)
            if not items:
                raise ValueError("a block has at least one statement")
            return [_read_statement(item, block, values) for item in items]

        few = few and block.strategy is Strategy.STATE
        return self._get(f"block {large} {mask} {few} {pattern}", make, read)

    def rows(self, entity: str, columns: Sequence[str]) -> Query:
        """The query of an entity's rows with the logical ``columns``."""

        def make() -> JSON:
            return _write_query(load_engine("compile").compile_rows(entity, columns, self.terms), ())

        return self._get(f"rows {entity} {' '.join(columns)}", make, lambda kept: _read_query(kept, ()))

    def segment(self, name: str) -> SegmentQuery:
        """The query of a segment's keys."""

        def make() -> JSON:
            made = load_engine("compile").compile_segment(name, self.terms)
            return [_write_query(made.query, ()), made.window]

        def read(kept: JSON) -> SegmentQuery:
            query, window = _items(kept)
            return SegmentQuery(_read_query(query, ()), window if isinstance(window, int) else None)

        return self._get(f"segment {name}", make, read)

    def _get(self, key: str, make: Callable[[], JSON], read: Callable[[JSON], Kept]) -> Kept:
        """What is kept under ``key``; made where there is nothing, or nothing that can be read."""
        entries = self._entries()
        if key in entries:
            with contextlib.suppress(TypeError, ValueError, IndexError):
                return read(entries[key])
        entries[key] = make()
        self._grown = True
        return read(entries[key])

    def save(self) -> None:
        """Write what is new; a folder that cannot be written only costs time."""
        if not self._grown or self.folder is None:
            return
        self._grown = False
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{self._name}.json"
            temporary = path.with_suffix(f".{os.getpid()}.tmp")
            temporary.write_text(json.dumps(self._kept, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
            temporary.replace(path)
            by_age = sorted(self.folder.glob("*.json"), key=lambda item: item.stat().st_mtime, reverse=True)
            for old in by_age[MOST_FILES:]:
                old.unlink(missing_ok=True)

    def _entries(self) -> dict[str, JSON]:
        if not self._name:
            self._name = fingerprint(self.terms)
            if len(_shelves) > MOST_SHELVES:
                _shelves.clear()
            self._kept = _shelves.setdefault(self._name, {})
            if self.folder is not None and not self._kept:
                with contextlib.suppress(OSError, ValueError):
                    found = json.loads((self.folder / f"{self._name}.json").read_text(encoding="utf-8"))
                    self._kept.update(found if isinstance(found, dict) else {})
        return self._kept


def fingerprint(terms: Terms, *, sized: bool = True) -> str:
    """What tells these terms from others, as text of 32 characters; not ``sized``, however large dictionaries are."""
    held = {
        name: (sorted(item.columns), sorted(item.extra.items()), item.rows > 0)
        for name, item in sorted(terms.holdings.entities.items())
    }
    sizes = sorted((name, size // 4096 if sized else 0) for name, size in terms.holdings.codes.items())
    money = (terms.money.currency, sorted(terms.money.constants.items()))
    settings = sorted((name, repr(value)) for name, value in terms.settings.items())
    kind = (terms.holdings.is_cut, terms.dialect)
    return _digest(repr((_code(), _model(terms.catalogue), settings, held, sizes, money, kind)))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """The code that compiles, so that a newer version of it never meets older SQL."""
    here = Path(__file__).parent
    folders = (here, here.parent / "plan")
    files = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    return repr([(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files])


def _model(catalogue: Catalogue) -> str:
    """What the definitions say of rows, without the words for people."""
    kept = _catalogues.get(id(catalogue))
    if kept is not None and kept[0] is catalogue:
        return kept[1]
    entities = [
        (
            name,
            [(c.name, c.type, c.default, c.default_from, c.known, c.known_values) for c in entity.columns.values()],
            [(d.name, d.type, d.expression, d.joins) for d in entity.derived.values()],
            (sorted(entity.relations.items()), entity.rows, entity.derived_only, entity.keys, entity.times),
            entity.dimensions,
        )
        for name, entity in sorted(catalogue.entities.items())
    ]
    measures = [
        (name, m.kind, m.unit.startswith("money"), m.bindings) for name, m in sorted(catalogue.measures.items())
    ]
    segments = [(name, s.key, s.choices, s.chosen_by) for name, s in sorted(catalogue.segments.items())]
    days = sorted(name for name, parameter in catalogue.parameters.items() if parameter.unit == "days")
    if len(_catalogues) > MOST_SHELVES:
        _catalogues.clear()
    _catalogues[id(catalogue)] = (catalogue, _digest(repr((entities, measures, segments, days))))
    return _catalogues[id(catalogue)][1]


def _pattern(block: Block) -> tuple[str, tuple[str, ...]]:
    """The shape of ``block`` without the members that its conditions name, and those members."""
    values = dict.fromkeys(v for need in block.needs for c in need.conditions for v in c.values if v is not None)
    places = {value: n for n, value in enumerate(values)}

    def shape(condition: Condition) -> tuple[object, ...]:
        named = [value if value in ("true", "false", None) else places[value] for value in condition.values]
        return (condition.dimension, condition.negated, named)

    needs = [
        (
            need.measure.id,
            (need.measure.kind, need.measure.having, need.measure.latest_per, need.measure.weight),
            need.binding,
            need.mode,
            [shape(condition) for condition in need.conditions],
            need.by,
        )
        for need in block.needs
    ]
    return _digest(repr((block.strategy, block.entity, block.times, needs))), tuple(values)


def _write_query(query: Query, values: Sequence[str]) -> JSON:
    places: dict[str, JSON] = {
        name: values.index(value) if value in values else -1 for name, value in query.values.items()
    }
    return [query.sql, places, {name: list(columns) for name, columns in query.reads.items()}, list(query.segments)]


def _read_query(kept: JSON, values: Sequence[str]) -> Query:
    sql, places, reads, segments = _items(kept)
    bound = {name: values[int(str(n))] if n != -1 else "" for name, n in _pairs(places).items()}
    columns = {name: tuple(str(column) for column in _items(item)) for name, item in _pairs(reads).items()}
    return Query(str(sql), bound, columns, tuple(str(name) for name in _items(segments)))


def _write_statement(statement: Statement, block: Block, values: Sequence[str]) -> JSON:
    numbers: list[JSON] = [block.needs.index(need) for need in statement.needs]
    return [_write_query(statement.query, values), numbers]


def _read_statement(kept: JSON, block: Block, values: Sequence[str]) -> Statement:
    query, numbers = _items(kept)
    needs = tuple(block.needs[int(str(number))] for number in _items(numbers))
    return Statement(_read_query(query, values), needs, needs[0].by)


def _items(value: JSON) -> Sequence[JSON]:
    if isinstance(value, (str, int, Mapping)) or value is None:
        raise TypeError("a list was kept here")
    return value


def _pairs(value: JSON) -> Mapping[str, JSON]:
    if not isinstance(value, Mapping):
        raise TypeError("a mapping was kept here")
    return value
