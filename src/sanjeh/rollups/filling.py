"""Filling turns rows into cells: the queries of a cube run over one segment of the warehouse, or over all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from sanjeh.plan import Tally, TallyKind
from sanjeh.rollups.cells import Cells, Member, Sums, Whole

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_EPOCH = 719_163  # the ordinal of 1970-01-01
MOST_PLACES = 15  # places of a decimal whose sum over every day of a century still fits


class CannotKeepError(Exception):
    """What the rows hold cannot be kept in cells exactly."""


@dataclass(slots=True)
class Filling:
    """Fills the cells of one cube over whatever ``rows_<entity>`` stands for in the runner's connection.

    ``queries`` are those of ``engines.cells``; ``runner`` is a DuckDB engine.
    """

    runner: Any
    queries: Any
    by: tuple[str, ...]
    tallies: tuple[Tally, ...]

    @property
    def connection(self) -> DuckDBPyConnection:
        """The runner's connection."""
        connection: DuckDBPyConnection = self.runner.connection
        return connection

    def fill(self) -> Cells:
        """The cells with every sum and set; firsts are made by ``firsts``, for they depend on other segments."""
        self._lay()
        days, members, sums = self._sums()
        words = self._words()
        codes = days * max(1, len(words)) + members
        sets = {}
        for tally in self.tallies:
            if tally.kind is TallyKind.SET:
                day, member, key, rows = self._keys(tally)
                place = np.searchsorted(codes, day * max(1, len(words)) + member)
                sets[tally.id] = make_sets(place, key, rows, len(codes), tally.levels)
        return Cells(days, members, words, sums, sets)

    def firsts(self, tally: Tally, seen: BitMap) -> Cells:
        """The keys of each day and member whose earliest row is there, but for those ``seen`` in earlier segments."""
        self._lay()
        words = self._words()
        day, member, key, rows = self._keys(tally)
        if len(seen):
            known = np.zeros(int(max(int(key.max(initial=0)), seen.max())) + 1, np.bool_)
            known[seen.to_array()] = True
            new = ~known[key]
            day, member, key, rows = day[new], member[new], key[new], rows[new]
        codes, place = np.unique(day * max(1, len(words)) + member, return_inverse=True)
        days, members = np.divmod(codes, max(1, len(words)))
        return Cells(days, members, words, {}, {tally.id: make_sets(place, key, rows, len(codes), 1)})

    def _lay(self) -> None:
        """Make the tables of sums and of members by number anew."""
        sums = self.queries.sums.query
        self.runner.stand_for(self.tallies[0].entity, self.queries.rows)
        self._run(f"CREATE OR REPLACE TEMP TABLE cell_sums AS {sums.sql}", sums)
        columns = ", ".join(["true AS one", *(f"d{n}" for n in range(len(self.by)))])
        self._run(
            "CREATE OR REPLACE TEMP TABLE cell_members AS SELECT row_number() OVER () - 1 AS no, *"
            f" FROM (SELECT DISTINCT {columns} FROM cell_sums ORDER BY ALL)"
        )

    def _run(self, sql: str, query: Any = None) -> None:
        self.runner.execute(sql, query)

    def _words(self) -> tuple[Member, ...]:
        coded = self.queries.sums.coded
        items, joins = [], []
        for n in range(len(self.by)):
            domain = coded.get(f"d{n}")
            items.append(f"w{n}.value" if domain else f"m.d{n}")
            if domain:
                joins.append(f'LEFT JOIN "dict_{domain}" w{n} ON w{n}.code = m.d{n}')
        self._run(f"SELECT m.no, {', '.join([*items, 'true'])} FROM cell_members m {' '.join(joins)} ORDER BY m.no")
        rows = self.connection.fetchall()
        return tuple(tuple(None if cell is None else str(cell) for cell in row[1:-1]) for row in rows)

    def _on(self, alias: str) -> str:
        return " AND ".join(["m.one", *(f"{alias}.d{n} IS NOT DISTINCT FROM m.d{n}" for n in range(len(self.by)))])

    def _sums(self) -> tuple[Whole, Whole, dict[str, Sums]]:
        counted = [tally for tally in self.tallies if tally.kind is not TallyKind.FIRST]
        self._run("DESCRIBE cell_sums")
        kinds = {str(row[0]): str(row[1]) for row in self.connection.fetchall()}
        items: list[str] = []
        places: list[int | None] = []
        for n in range(len(counted)):
            parts, scale = _exact(f"s.v{n}", kinds[f"v{n}"])
            items += [f"{part} AS {name}{n}" for name, part in zip(("w", "r", "f"), parts, strict=True)]
            items += [f"s.v{n} IS NOT NULL AS h{n}", f"CAST(s.n{n} AS BIGINT) AS c{n}"]
            places.append(scale)
        sql = f"SELECT s.day AS day, m.no AS no{''.join(', ' + item for item in items)}"
        self._run(f"{sql} FROM cell_sums s JOIN cell_members m ON {self._on('s')} ORDER BY s.day, m.no")
        found = self.connection.fetchnumpy()
        sums = {}
        for n, tally in enumerate(counted):
            whole, rest = _filled(found[f"w{n}"]), _filled(found[f"r{n}"])
            real = np.ma.filled(found[f"f{n}"], 0.0).astype(np.float64) if places[n] is None else None
            has = np.asarray(found[f"h{n}"], np.bool_)
            sums[tally.id] = Sums(_filled(found[f"c{n}"]), has, whole, rest, real, places[n] or 0)
        return _ordinals(found["day"]), _filled(found["no"]), sums

    def _keys(self, tally: Tally) -> tuple[Whole, Whole, Whole, Whole]:
        """(day, member, key, rows) of each key met in a cell, in no order."""
        query = self.queries.keys[tally.id].query
        rows = "k.n" if tally.kind is TallyKind.SET else "1"
        sql = f"SELECT k.day AS day, m.no AS no, k.key AS key, least({rows}, 2) AS n FROM ({query.sql}) k"
        self._run(f"{sql} JOIN cell_members m ON {self._on('k')}", query)
        found = self.connection.fetchnumpy()
        return _ordinals(found["day"]), _filled(found["no"]), _filled(found["key"]), _filled(found["n"])


def _exact(value: str, kind: str) -> tuple[tuple[str, str, str], int | None]:
    """The whole and the rest of a sum in SQL, and its places; for binary numbers the value itself and no places."""
    if kind in ("DOUBLE", "FLOAT"):
        return ("0", "0", value), None
    places = int(kind.partition(",")[2].strip(" )")) if kind.startswith("DECIMAL") else 0
    if places > MOST_PLACES:
        raise CannotKeepError(kind)
    whole = f"CAST(floor({value}) AS BIGINT)"
    if not places:
        return (f"CAST({value} AS BIGINT)", "0", "0"), 0
    return (whole, f"CAST(({value} - floor({value})) * {10**places} AS BIGINT)", "0"), places


def _filled(values: Any) -> Whole:
    return np.ma.filled(values, 0).astype(np.int64)


def _ordinals(days: Any) -> Whole:
    return np.asarray(days).astype("datetime64[D]").astype(np.int64) + _EPOCH


def make_sets(
    place: NDArray[np.integer[Any]], key: Whole, rows: Whole, cells: int, levels: int
) -> tuple[tuple[BitMap, ...], ...]:
    """For each level the sets of keys of ``cells`` cells; ``place`` is the cell of each key, ``rows`` how often it is
    there.
    """
    found = []
    for level in range(1, levels + 1):
        in_level = rows >= level
        packed = (place[in_level].astype(np.int64) << 32) | key[in_level]
        packed.sort()
        at, keys = packed >> 32, (packed & 0xFFFFFFFF).astype(np.uint32)
        edges = np.searchsorted(at, np.arange(cells + 1))
        found.append(_cut(keys, edges))
    return tuple(found)


def _cut(keys: NDArray[np.uint32], edges: NDArray[np.integer[Any]]) -> tuple[BitMap, ...]:
    bounds: Sequence[int] = edges.tolist()
    return tuple(BitMap(keys[low:high]) for low, high in pairwise(bounds))
