"""The horizon is the day after the last day that the data speak of; nothing is known from there on.

Plans (targets, due dates, ends of contracts) speak of the future and do not move it; a number stated for a month does,
to the month's end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.plan import Holdings, Stated, cut_holdings, cut_stated, has_later

PLANS = frozenset({"targets", "calendar_events", "campaigns", "exchange_rates", "cpi", "observations"})


def find_horizon(catalogue: Catalogue, holdings: Holdings, stated: Stated, today: date) -> date:
    """The instant of knowledge when none is asked for: the data's last day plus one, but never after tomorrow.

    Rows dated after today are plans or slips of the pen, and say nothing of how far the data reach.
    """
    lasting = (row.span.end for rows in stated.lasting.values() for row in rows)
    ends = [*_row_ends(catalogue, holdings), *(row.span.end for row in stated.observations), *lasting]
    past = [end for end in ends if end <= today + timedelta(1)]
    return max(past, default=today + timedelta(1))


def find_knowledge(
    catalogue: Catalogue,
    holdings: Holdings,
    stated: Stated,
    settings: Mapping[str, ParameterValue],
    today: date,
    as_of: date | None = None,
) -> tuple[date, Holdings, Stated]:
    """The instant of knowledge, and what was held and stated by then.

    An ``as_of`` before the last day of a row or an outcome cuts both; without one, or with a later one, all is known.
    """
    horizon = find_horizon(catalogue, holdings, stated, today)
    as_of_end = as_of + timedelta(1) if as_of is not None else horizon
    dated = replace(holdings, entities={n: held for n, held in holdings.entities.items() if n not in PLANS})
    if as_of is None or (as_of_end >= horizon and not has_later(dated, catalogue, as_of_end)):
        return as_of_end, holdings, stated
    known = cut_stated(stated, catalogue, settings, as_of_end)
    return as_of_end, cut_holdings(holdings, known, catalogue, as_of_end), known


def _row_ends(catalogue: Catalogue, holdings: Holdings) -> Iterator[date]:
    for name, held in holdings.entities.items():
        if name not in PLANS:
            last = last_day(catalogue, holdings, name)
            if last is not None and held.rows:
                yield last + timedelta(1)


def last_day(catalogue: Catalogue, holdings: Holdings, entity: str) -> date | None:
    """The last day of the entity's default time."""
    return _edge(catalogue, holdings, entity, last=True)


def first_day(catalogue: Catalogue, holdings: Holdings) -> date | None:
    """The first day of any entity that is not a plan."""
    days = [_edge(catalogue, holdings, name, last=False) for name in holdings.entities if name not in PLANS]
    return min((day for day in days if day is not None), default=None)


def _edge(catalogue: Catalogue, holdings: Holdings, entity: str, *, last: bool) -> date | None:
    definition = catalogue.entities.get(entity)
    if definition is None or not definition.times:
        return None
    held = holdings.entities[entity]
    days = held.last if last else held.first
    time = definition.times[0]
    default = definition.columns[time].default_from if time in definition.columns else None
    return days.get(time) or (days.get(default) if default else None)
