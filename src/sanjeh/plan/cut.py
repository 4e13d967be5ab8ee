"""A cut takes from what is held and stated whatever came after the day of knowledge, for questions about a past day.

Rows that are dated later are not there yet, and outcomes that came later are empty; plans and validities stay, as they
are known ahead. Which column is which, its entity says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from sanjeh.definitions import Catalogue, Entity, ParameterValue
from sanjeh.plan.holdings import Held, Holdings
from sanjeh.plan.stated import Stated, StatedValue
from sanjeh.units import PriceIndex


def cut_holdings(holdings: Holdings, stated: Stated, catalogue: Catalogue, as_of_end: date) -> Holdings:
    """What was held before ``as_of_end``; ``stated`` is what was stated by then. Statements over it leave out the rest.

    How many rows there were is not counted: an entity whose first row came later is not held.
    """
    kept = {
        name: held if entity is None else _cut_held(held, entity, as_of_end)
        for name, held in holdings.entities.items()
        if (entity := catalogue.entities.get(name)) is None or not _is_later(held, entity, as_of_end)
    }
    observed = holdings.observed & {row.name for row in stated.observations}
    return replace(holdings, entities=kept, observed=observed, is_cut=True)


def has_later(holdings: Holdings, catalogue: Catalogue, as_of_end: date) -> bool:
    """Whether a row or an outcome is dated ``as_of_end`` or later."""
    pairs = ((held, catalogue.entities[name]) for name, held in holdings.entities.items() if name in catalogue.entities)
    return any(held.last[name] >= as_of_end for held, entity in pairs for name in _times(held, entity) & {*held.last})


def _times(held: Held, entity: Entity) -> set[str]:
    """The times that say when a row came, and those of its outcomes."""
    outcomes = {name for name in held.columns if name in entity.columns and entity.known_from(name) == name}
    return {*entity.dated_by, *outcomes}


def _is_later(held: Held, entity: Entity, as_of_end: date) -> bool:
    """Whether every row of the entity came later; rows may have no time where none is required."""
    if not any(entity.columns[name].required for name in entity.dated_by):
        return False
    first = min((held.first[name] for name in entity.dated_by if name in held.first), default=None)
    return first is not None and first >= as_of_end


def _cut_held(held: Held, entity: Entity, as_of_end: date) -> Held:
    """The entity's holdings with its times and those of its outcomes cut; outcomes that all came later are empty."""
    times = _times(held, entity)
    later = {name for name in times if name in held.first and held.first[name] >= as_of_end}
    most = as_of_end - timedelta(1)
    last = {name: min(day, most) if name in times else day for name, day in held.last.items() if name not in later}
    first = {name: day for name, day in held.first.items() if name not in later}
    return replace(held, first=first, last=last, empty=held.empty | later)


def cut_stated(stated: Stated, catalogue: Catalogue, settings: Mapping[str, ParameterValue], as_of_end: date) -> Stated:
    """What was stated before ``as_of_end``: a balance by its day, a number of a span once the span was over.

    Targets and campaigns are plans and stay; the index of a month counts from the month's first day.
    """
    prices, base = stated.prices, stated.price_base
    if prices is not None:
        known = [pair for pair in zip(prices.days, prices.values, strict=True) if pair[0] < as_of_end]
        prices = PriceIndex.from_rows(known) if known else None
        if str(settings.get("cpi_base", "last")) in ("", "last"):
            base = known[-1][0] if known else None
    lasting = {name: tuple(row for row in rows if row.span.start < as_of_end) for name, rows in stated.lasting.items()}
    return replace(
        stated,
        observations=tuple(row for row in stated.observations if _is_known(row, catalogue, as_of_end)),
        prices=prices,
        price_base=base,
        lasting=lasting,
    )


def _is_known(row: StatedValue, catalogue: Catalogue, as_of_end: date) -> bool:
    measure = catalogue.measures.get(row.name)
    if measure is not None and measure.kind.is_balance:
        return row.span.start < as_of_end
    return row.span.end <= as_of_end
