"""Cells are what a roll-up keeps of some rows: for each day and member, sums with their numbers of rows, and key sets.

Sums of decimals are kept exactly, as whole numbers and what is left in units of the last place.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

Member = tuple[str | None, ...]
Whole = NDArray[np.int64]
Put = Callable[[NDArray[np.generic]], int]
_MAGIC = b"SJCELLS1"
_HEAD = struct.Struct("<8sQ")


@dataclass(frozen=True, slots=True)
class Sums:
    """A sum in each cell: ``whole`` + ``rest`` / 10 ** ``places``, or ``real`` where the rows hold binary numbers.

    ``filled`` is whether any row had a value; ``rows`` is how many rows counted.
    """

    rows: Whole
    filled: NDArray[np.bool_]
    whole: Whole
    rest: Whole
    real: NDArray[np.float64] | None = None
    places: int = 0


@dataclass(frozen=True, slots=True)
class Cells:
    """``days`` (ordinals, ascending) and ``members`` (numbers of ``words``) of each cell, with its sums and sets by
    tally id.

    A set has levels: the keys with a row in the cell, those with two.
    """

    days: Whole
    members: Whole
    words: tuple[Member, ...]
    sums: Mapping[str, Sums] = field(default_factory=dict)
    sets: Mapping[str, tuple[tuple[BitMap, ...], ...]] = field(default_factory=dict)


def write_cells(path: Path, cells: Cells) -> int:
    """The size of the file in bytes, written whole under its name."""
    arrays: list[NDArray[np.generic]] = []
    places: list[tuple[str, int, int]] = []
    start = 0

    def put(array: NDArray[np.generic]) -> int:
        nonlocal start
        packed = np.ascontiguousarray(array)
        arrays.append(packed)
        places.append((packed.dtype.str, packed.size, start))
        start += packed.nbytes
        return len(places) - 1

    head = {
        "days": put(cells.days.astype(np.int32)),
        "members": put(cells.members.astype(np.int32)),
        "words": [list(word) for word in cells.words],
        "sums": {name: _put_sums(sums, put) for name, sums in cells.sums.items()},
        "sets": {name: [_put_sets(level, put) for level in levels] for name, levels in cells.sets.items()},
        "arrays": places,
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    with path.open("wb") as file:
        file.write(_HEAD.pack(_MAGIC, len(text)))
        file.write(text)
        for array in arrays:
            file.write(array.tobytes())
    return _HEAD.size + len(text) + start


def _put_sums(sums: Sums, put: Put) -> dict[str, int | None]:
    return {
        "rows": put(_narrow(sums.rows)),
        "filled": put(sums.filled),
        "whole": put(_narrow(sums.whole)),
        "rest": put(_narrow(sums.rest)),
        "real": None if sums.real is None else put(sums.real),
        "places": sums.places,
    }


def _put_sets(level: Sequence[BitMap], put: Put) -> list[int]:
    blobs = [bits.serialize() if bits else b"" for bits in level]
    ends = np.cumsum([len(blob) for blob in blobs], dtype=np.int64) if blobs else np.zeros(0, np.int64)
    return [put(ends), put(np.frombuffer(b"".join(blobs), np.uint8))]


def _narrow(array: Whole) -> NDArray[np.generic]:
    """The array in the smallest type that holds it."""
    if not array.size:
        return array
    low, high = int(array.min()), int(array.max())
    for kind in (np.int8, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return array.astype(kind)
    return array


def read_cells(path: Path) -> Cells:
    """The cells of the file; raises OSError or ValueError for one that is missing or not whole."""
    content = path.read_bytes()
    try:
        magic, size = _HEAD.unpack_from(content)
        head = json.loads(content[_HEAD.size : _HEAD.size + size])
        reader = _Reader(content, _HEAD.size + size, head["arrays"])
        if magic != _MAGIC or reader.end != len(content):
            raise ValueError(path)
        return Cells(
            reader.whole(head["days"]),
            reader.whole(head["members"]),
            tuple(tuple(word) for word in head["words"]),
            {name: reader.sums(places) for name, places in head["sums"].items()},
            {name: tuple(reader.sets(place) for place in levels) for name, levels in head["sets"].items()},
        )
    except (struct.error, ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(path) from error


@dataclass(slots=True)
class _Reader:
    content: bytes
    start: int
    places: Sequence[tuple[str, int, int]]

    @property
    def end(self) -> int:
        kind, size, start = self.places[-1]
        return self.start + start + size * np.dtype(kind).itemsize

    def array(self, number: int) -> NDArray[np.generic]:
        kind, size, start = self.places[number]
        return np.frombuffer(self.content, np.dtype(kind), size, self.start + start)

    def whole(self, number: int) -> Whole:
        return self.array(number).astype(np.int64)

    def sums(self, places: Mapping[str, int]) -> Sums:
        real = None if places["real"] is None else self.array(places["real"]).astype(np.float64)
        filled = self.array(places["filled"]).astype(np.bool_)
        rows, whole, rest = (self.whole(places[name]) for name in ("rows", "whole", "rest"))
        return Sums(rows, filled, whole, rest, real, places["places"])

    def sets(self, place: Sequence[int]) -> tuple[BitMap, ...]:
        ends, blob = self.array(place[0]).tolist(), self.array(place[1]).tobytes()
        return tuple(
            BitMap.deserialize(blob[low:high]) if high > low else BitMap() for low, high in pairwise([0, *ends])
        )
