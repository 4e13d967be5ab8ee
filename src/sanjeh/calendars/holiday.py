"""A holiday is a public day off of a country, as the ``holidays`` package lists it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sanjeh.errors import DefinitionError, Issue


def holiday_dates(country: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of ``country`` (ISO 3166 code, such as "IR") in these Gregorian years.

    Raises DefinitionError ``unknown_country``. Holidays after the Islamic calendar are the package's estimates for
    years to come.

    >>> date(2024, 3, 20) in holiday_dates("IR", [2024])
    True
    """
    import holidays

    try:
        return frozenset(holidays.country_holidays(country.upper(), years=sorted(set(years))))
    except NotImplementedError:
        raise DefinitionError(Issue("unknown_country", {"country": country})) from None
