"""A cell is one text read under its column's conversion: a value as canonical text, or a reason, or blank (neither)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from sanjeh.connectors.cleaning.boolean import parse_boolean
from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.date import parse_date
from sanjeh.connectors.cleaning.date_spelling import is_zero_date
from sanjeh.connectors.cleaning.identifier import clean_identifier
from sanjeh.connectors.cleaning.money import amount_factor
from sanjeh.connectors.cleaning.number import EXACT, number_of_spelling, read_number
from sanjeh.connectors.cleaning.text import clean_text, is_blank, match_key
from sanjeh.definitions.entity import ColumnType

_BIGINT = 2**63
_MONEY_LIMIT = Decimal(10) ** 29
_MONEY_STEP = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says: ``value`` in the spelling DuckDB casts to the column's type, or the code of a ``reason``."""

    value: str | None = None
    reason: str | None = None


def read_cell(conversion: Conversion) -> Callable[[str], Cell]:
    """The reader of one cell under ``conversion``; it never raises, whatever the text.

    >>> read_cell(Conversion(ColumnType.NUMBER))("۱۲٫۵٪")
    Cell(value='0.125', reason=None)
    >>> read_cell(Conversion(ColumnType.INTEGER))("2.5")
    Cell(value=None, reason='cell_not_whole')
    """
    match conversion.type:
        case ColumnType.TEXT:
            return lambda text: Cell() if is_blank(text) else Cell(clean_text(text))
        case ColumnType.KEY:
            return lambda text: _read_key(text, conversion)
        case ColumnType.BOOLEAN:
            return _boolean_reader(conversion)
        case ColumnType.DATE | ColumnType.TIME:
            return lambda text: _read_date(text, conversion)
        case _:
            return lambda text: _read_number(text, conversion)


def _read_key(text: str, conversion: Conversion) -> Cell:
    plain = clean_identifier(text, float_ids=conversion.float_ids)
    return Cell() if is_blank(plain) else Cell(plain)


def _boolean_reader(conversion: Conversion) -> Callable[[str], Cell]:
    own = {match_key(word): True for word in conversion.yes} | {match_key(word): False for word in conversion.no}

    def read(text: str) -> Cell:
        said = own.get(match_key(text))
        answer = parse_boolean(text) if said is None else said
        if isinstance(answer, bool):
            return Cell("true" if answer else "false")
        # After the words: «ندارد» says no here, and nothing elsewhere.
        return Cell() if is_blank(text, typed=True) else Cell(reason=answer)

    return read


def _read_date(text: str, conversion: Conversion) -> Cell:
    if is_blank(text, typed=True) or is_zero_date(text):
        return Cell()
    found = parse_date(text, conversion.date, zone=conversion.zone, source_zone=conversion.source_zone)
    if isinstance(found, str):
        return Cell(reason=found)
    return Cell((found.date() if conversion.type is ColumnType.DATE else found).isoformat())


def _read_number(text: str, conversion: Conversion) -> Cell:
    if is_blank(text, typed=True):
        return Cell()
    spelling = read_number(text)
    if spelling is None:
        return Cell(reason="cell_not_a_number")
    if spelling.letters and conversion.type is not ColumnType.MONEY:
        # "5 m" beside a length or a duration is no five million.
        return Cell(reason="cell_not_a_number")
    number = number_of_spelling(spelling, conversion.number)
    if isinstance(number, str):
        return Cell(reason=number)
    factor = amount_factor(spelling, conversion)
    if factor is None:
        return Cell(reason="cell_other_currency")
    value = EXACT.multiply(number.value, factor)
    match conversion.type:
        case ColumnType.INTEGER:
            return _whole(value)
        case ColumnType.MONEY if number.percent:
            return Cell(reason="cell_not_a_number")
        case ColumnType.MONEY:
            return _money(value)
        case _:
            return _double(value)


def _whole(value: Decimal) -> Cell:
    if abs(value) >= _BIGINT:
        return Cell(reason="cell_number_out_of_range")
    return Cell(str(int(value))) if value == int(value) else Cell(reason="cell_not_whole")


def _money(value: Decimal) -> Cell:
    if abs(value) >= _MONEY_LIMIT:
        return Cell(reason="cell_number_out_of_range")
    # Beyond nine decimals amounts are rounded to the even neighbour, which does not drift over many rows.
    rounded = value.quantize(_MONEY_STEP, rounding=ROUND_HALF_EVEN, context=EXACT)
    return Cell(f"{rounded:f}") if abs(rounded) < _MONEY_LIMIT else Cell(reason="cell_number_out_of_range")


def _double(value: Decimal) -> Cell:
    number = float(value)
    return Cell(reason="cell_number_out_of_range") if number in (float("inf"), float("-inf")) else Cell(repr(number))
