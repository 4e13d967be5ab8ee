"""A currency column says row by row what amounts are in: rials and tomans meet, others keep their code."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import NumberStyle, is_blank
from sanjeh.connectors.cleaning.money import codes_of
from sanjeh.connectors.cleaning.number import EXACT, number_of_spelling, read_number
from sanjeh.errors import SanjehError
from sanjeh.units import convert_constant, load_currencies, parse_currency

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LIMIT = Decimal(10) ** 24


def lay_currencies(connection: DuckDBPyConnection, table: str, picked: str, raw: str, company: str) -> None:
    """Create the temporary table ``table`` (raw, code, factor, reason, codes, constant) of ``raw`` in ``picked``.

    ``factor`` is what an amount is multiplied by to be in ``code``: the company's currency where a constant leads to
    it, else the row's own. ``codes`` are the currencies that the spelling may mean, and ``constant`` is the factor
    of an amount that has a scale word of its own.
    """
    found = connection.execute(f"SELECT DISTINCT {raw} FROM {picked} WHERE {raw} IS NOT NULL").fetchall()
    rows = [(text, *read_currency(text, company), *_written(text)) for (text,) in found]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(6)]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT *, CAST(factor / scale AS DECIMAL(18,4)) AS constant FROM"
        " (SELECT unnest(?::VARCHAR[]) AS raw, unnest(?::VARCHAR[]) AS code,"
        " CAST(unnest(?::VARCHAR[]) AS DECIMAL(18,4)) AS factor, unnest(?::VARCHAR[]) AS reason,"
        " string_split(unnest(?::VARCHAR[]), ' ') AS codes, CAST(unnest(?::VARCHAR[]) AS DOUBLE) AS scale)",
        columns,
    )


def read_currency(text: str, company: str) -> tuple[str | None, str, str | None]:
    """The code that amounts are stored in, the factor as text, and the reason when ``text`` names no currency.

    >>> read_currency("تومان", "IRR"), read_currency("USD", "IRR")
    (('IRR', '10', None), ('USD', '1', None))
    """
    if is_blank(text):
        return None, "1", None
    try:
        mark = parse_currency(text)
    except SanjehError:
        return None, "1", "cell_unknown_currency"
    day = load_currencies().redenomination.starts
    factor = Decimal(1) if mark.code == company else convert_constant(Decimal(1), mark.code, company, day)
    code, factor = (mark.code, Decimal(1)) if factor is None else (company, factor)
    return code, f"{factor * mark.scale:f}", None


def _written(text: str) -> tuple[str | None, str]:
    """The currencies that a spelling may mean, parted by spaces, and its scale; None where it names none."""
    if is_blank(text):
        return None, "1"
    try:
        mark = parse_currency(text)
    except SanjehError:
        return None, "1"
    return " ".join(sorted(codes_of(mark))), f"{mark.scale:f}"


def lay_marks(connection: DuckDBPyConnection, table: str, picked: str, raw: str, style: NumberStyle) -> bool:
    """Whether amounts of ``raw`` name a currency themselves; these are then in the temporary table ``table``.

    It has raw, value (in the currency that is named) and codes (the currencies that the mark may mean).
    """
    found = connection.execute(
        f"SELECT DISTINCT CAST({raw} AS VARCHAR) FROM {picked}"
        f" WHERE regexp_matches(CAST({raw} AS VARCHAR), '[^0-9۰-۹٠-٩.,٬٫/()+ -]')"
    ).fetchall()
    rows = [(text, *read) for (text,) in found if (read := _read_marked(text, style)) is not None]
    if not rows:
        return False
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest(?::VARCHAR[]) AS raw,"
        " CAST(unnest(?::VARCHAR[]) AS DECIMAL(38,9)) AS value, string_split(unnest(?::VARCHAR[]), ' ') AS codes",
        [list(column) for column in zip(*rows, strict=True)],
    )
    return True


def _read_marked(text: str, style: NumberStyle) -> tuple[str, str] | None:
    spelling = read_number(text)
    if spelling is None or spelling.currency is None:
        return None
    number = number_of_spelling(spelling, style)
    if isinstance(number, str):
        return None
    value = EXACT.multiply(number.value, spelling.currency.scale)
    return (f"{value:f}", " ".join(sorted(codes_of(spelling.currency)))) if abs(value) < _LIMIT else None
