"""A currency column says row by row what amounts are in: rials and tomans meet, others keep their code."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import is_blank
from sanjeh.errors import SanjehError
from sanjeh.units import convert_constant, load_currencies, parse_currency

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def lay_currencies(connection: DuckDBPyConnection, table: str, picked: str, raw: str, company: str) -> None:
    """Create the temporary table ``table`` (raw, code, factor, reason) of the spellings in ``raw`` of ``picked``.

    ``factor`` is what an amount is multiplied by to be in ``code``: the company's currency where a constant leads to
    it, else the row's own.
    """
    found = connection.execute(f"SELECT DISTINCT {raw} FROM {picked} WHERE {raw} IS NOT NULL").fetchall()
    rows = [(text, *read_currency(text, company)) for (text,) in found]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT unnest(?::VARCHAR[]) AS raw, unnest(?::VARCHAR[]) AS code,"
        " CAST(unnest(?::VARCHAR[]) AS DECIMAL(18,4)) AS factor, unnest(?::VARCHAR[]) AS reason",
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
