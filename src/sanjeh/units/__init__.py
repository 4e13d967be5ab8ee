"""Written units, currencies, rates and index rows come in; checked units, exact conversions and factors go out.

It refuses to add what has different dimensions, to guess a rate that is not there, and to turn hours into days.
"""

from sanjeh.units.currency import (
    NEW_RIAL,
    RIAL,
    TOMAN,
    Currency,
    Redenomination,
    find_currency,
    load_currencies,
)
from sanjeh.units.currency_mark import CurrencyMark, parse_currency
from sanjeh.units.price_index import PriceIndex
from sanjeh.units.rate import Rate, RateTable
from sanjeh.units.rial import convert_constant
from sanjeh.units.unit import Unit, UnitMismatch, parse_unit, same_dimension

__all__ = [
    "NEW_RIAL",
    "RIAL",
    "TOMAN",
    "Currency",
    "CurrencyMark",
    "PriceIndex",
    "Rate",
    "RateTable",
    "Redenomination",
    "Unit",
    "UnitMismatch",
    "convert_constant",
    "find_currency",
    "load_currencies",
    "parse_currency",
    "parse_unit",
    "same_dimension",
]
