"""Dirt is what is wrong in the exports on purpose, each kind as real systems make it and unambiguous to set right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.demo.demo_files import DemoFile
from sanjeh.demo.table import CellValue, Table

if TYPE_CHECKING:
    import numpy as np

IMPOSSIBLE_DAYS = ("1402/13/45", "1403/07/31", "1401/00/12", "1402/12/30")
WORDS_FOR_NUMBERS = ("استعلام شود", "تماس بگیرید", "به پیوست")

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ARABIC_LETTERS = str.maketrans("یک", "يك")


@dataclass(frozen=True, slots=True)
class DirtKind:
    """A kind of dirt: its code and what becomes of a row that has it (loaded, duplicate, quarantined, replaced)."""

    code: str
    outcome: str


KINDS = (
    DirtKind("arabic_letters", "loaded"),
    DirtKind("persian_digits", "loaded"),
    DirtKind("dashed_dates", "loaded"),
    DirtKind("grouped_digits", "loaded"),
    DirtKind("rial_column", "loaded"),
    DirtKind("blank_customers", "loaded"),
    DirtKind("late_refunds", "loaded"),
    DirtKind("refunds_without_order", "loaded"),
    DirtKind("cancelled_orders", "loaded"),
    DirtKind("late_rows", "loaded"),
    DirtKind("corrected_rows", "replaced"),
    DirtKind("duplicate_rows", "duplicate"),
    DirtKind("impossible_dates", "quarantined"),
    DirtKind("words_for_numbers", "quarantined"),
    DirtKind("blank_dates", "quarantined"),
)


def dirt(files: Sequence[DemoFile]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The table of dirt: each kind's code, what becomes of its rows, and the files it was put in.

    >>> [row[:2] for row in dirt([])][:2]
    [('arabic_letters', 'loaded'), ('persian_digits', 'loaded')]
    """
    return tuple(
        (kind.code, kind.outcome, tuple(file.name for file in files if kind.code in file.dirt)) for kind in KINDS
    )


def write_arabic(table: Table, fields: Sequence[str], rng: np.random.Generator, share: float = 0.3) -> None:
    """Spells the letters ی and ک of some cells in the Arabic way, as old keyboards do."""
    for name in fields:
        _change(table, name, rng, share, lambda text: text.translate(_ARABIC_LETTERS))
    table.dirt.append("arabic_letters")


def write_persian_digits(table: Table, fields: Sequence[str], rng: np.random.Generator, share: float = 0.25) -> None:
    """Writes some cells with Persian digits."""
    for name in fields:
        _change(table, name, rng, share, lambda text: text.translate(_PERSIAN_DIGITS))
    table.dirt.append("persian_digits")


def write_dashed_dates(table: Table, fields: Sequence[str], rng: np.random.Generator, share: float = 0.2) -> None:
    """Writes some days as 1403-5-4 in place of 1403/05/04."""
    for name in fields:
        _change(table, name, rng, share, _dashed)
    table.dirt.append("dashed_dates")


def write_grouped(table: Table, fields: Sequence[str], rng: np.random.Generator, share: float, mark: str = "٬") -> None:
    """Parts the thousands of some amounts by a mark."""
    for name in fields:
        _change(table, name, rng, share, lambda text: f"{int(text):,}".replace(",", mark) if text.isascii() else text)
    table.dirt.append("grouped_digits")


def add_duplicates(table: Table, rng: np.random.Generator, count: int) -> None:
    """Repeats ``count`` rows word for word, further down in the same file."""
    for place in _places(table, rng, count):
        table.rows.append(list(table.rows[place]))
    table.duplicate += count
    table.dirt.append("duplicate_rows")


def add_impossible_dates(table: Table, rng: np.random.Generator, field: str, key: str, count: int = 3) -> None:
    """Adds rows whose day no calendar has, under keys of their own."""
    _add_bad(table, rng, field, key, [IMPOSSIBLE_DAYS[place % 4] for place in range(count)])
    table.dirt.append("impossible_dates")


def add_words_for_numbers(table: Table, rng: np.random.Generator, field: str, key: str, count: int = 2) -> None:
    """Adds rows with words where an amount must stand, under keys of their own."""
    _add_bad(table, rng, field, key, [WORDS_FOR_NUMBERS[place % 3] for place in range(count)])
    table.dirt.append("words_for_numbers")


def add_blank_dates(table: Table, rng: np.random.Generator, field: str, key: str, count: int = 2) -> None:
    """Adds rows without the day they must have, under keys of their own."""
    _add_bad(table, rng, field, key, [""] * count)
    table.dirt.append("blank_dates")


def _add_bad(table: Table, rng: np.random.Generator, field: str, key: str, values: Sequence[CellValue]) -> None:
    bad, keyed = table.place(field), table.place(key)
    for place, value in zip(_places(table, rng, len(values)), values, strict=True):
        row = list(table.rows[place])
        row[bad] = value
        # A copy's own key: it must neither replace a good row nor be taken for its repetition.
        row[keyed] = f"X{table.quarantined + 1}{row[keyed]}"
        table.rows.insert(place, row)
        table.bad.append(row)
        table.quarantined += 1


def _places(table: Table, rng: np.random.Generator, count: int) -> list[int]:
    # A repetition of a bad row would be bad as well: only good rows are copied.
    bad = {id(row) for row in table.bad}
    good = [place for place, row in enumerate(table.rows) if id(row) not in bad]
    return sorted((good[place] for place in rng.choice(len(good), size=count, replace=False).tolist()), reverse=True)


def _change(table: Table, name: str, rng: np.random.Generator, share: float, change: Callable[[str], str]) -> None:
    at = table.place(name)
    chosen = rng.random(len(table.rows)) < share
    for row, is_chosen in zip(table.rows, chosen.tolist(), strict=True):
        if is_chosen and row[at] != "":
            row[at] = change(str(row[at]))


def _dashed(text: str) -> str:
    if not text.isascii() or "/" not in text:
        return text
    day, _, clock = text.partition(" ")
    return "-".join(str(int(part)) for part in day.split("/")) + (f" {clock}" if clock else "")
