"""Stating reads the numbers that people wrote down out of the database: observations, targets, prices, campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import duckdb

from sanjeh.calendars import Calendar, Grain, Span
from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.engines.duckdb import database_errors, quote_name
from sanjeh.errors import SanjehError
from sanjeh.plan import Campaign, Holdings, Lasting, Stated, StatedValue
from sanjeh.units import PriceIndex

_FIXED = {
    "observations": ("measure", "date", "value", "grain", "observation_id", "note", "source"),
    "targets": ("kpi", "starts_on", "ends_on", "value", "scenario", "target_id", "note", "source"),
}


def read_stated(
    connection: duckdb.DuckDBPyConnection,
    holdings: Holdings,
    calendar: Calendar,
    settings: Mapping[str, ParameterValue],
    catalogue: Catalogue,
) -> Stated:
    """Everything stated in the tables ``raw_observations``, ``raw_targets``, ``raw_cpi`` and ``raw_campaigns``.

    ``calendar`` is the company's own: a number stated for a month is for a month of it, whatever calendar asks.
    """
    prices = [
        (_day(d), float(str(v)))
        for d, v in _rows(connection, holdings, "cpi", ("date", "index"))
        if d and v is not None
    ]
    return Stated(
        observations=tuple(_observations(connection, holdings, calendar)),
        targets=tuple(_targets(connection, holdings, calendar)),
        prices=PriceIndex.from_rows(prices) if prices else None,
        price_base=_base_month(settings, calendar, [day for day, _ in prices]),
        campaigns=tuple(_campaigns(connection, holdings)),
        lasting=_lasting(connection, catalogue, holdings, calendar),
        history_from=_first_day(settings, calendar),
    )


def _rows(
    connection: duckdb.DuckDBPyConnection, holdings: Holdings, entity: str, columns: Sequence[str]
) -> list[tuple[object, ...]]:
    held = holdings.entities.get(entity)
    if held is None:
        return []
    items = [quote_name(name) if name in held.columns else f"NULL AS {quote_name(name)}" for name in columns]
    with database_errors():
        return list(connection.execute(f"SELECT {', '.join(items)} FROM {quote_name(f'raw_{entity}')}").fetchall())


def _day(value: object) -> date:
    return value.date() if isinstance(value, datetime) else value  # type: ignore[return-value]


def _scope_columns(holdings: Holdings, entity: str) -> tuple[str, ...]:
    held = holdings.entities[entity]
    return tuple(sorted(name for name in held.columns if name not in _FIXED[entity] and not name.startswith("_")))


def _scope(names: Sequence[str], values: Sequence[object]) -> frozenset[tuple[str, str]]:
    return frozenset((name, _word(value)) for name, value in zip(names, values, strict=True) if value not in (None, ""))


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _observations(connection: duckdb.DuckDBPyConnection, holdings: Holdings, calendar: Calendar) -> list[StatedValue]:
    if "observations" not in holdings.entities:
        return []
    names = _scope_columns(holdings, "observations")
    found = []
    for measure, day, value, grain, *scope in _rows(
        connection, holdings, "observations", ("measure", "date", "value", "grain", *names)
    ):
        if measure is None or day is None or value is None:
            continue
        span = stated_span(calendar, str(grain or "month"), _day(day))
        found.append(
            StatedValue(str(measure), span, float(str(value)), _scope(names, scope), grain=str(grain or "month"))
        )
    return found


def stated_span(calendar: Calendar, grain: str, day: date) -> Span:
    """The span of a number stated for ``grain`` from ``day`` on; one that begins no period, a like span."""
    try:
        period = calendar.period_of(Grain(grain), day)
    except (ValueError, SanjehError):
        return Span(day, day + timedelta(1))
    return period.span


def _targets(connection: duckdb.DuckDBPyConnection, holdings: Holdings, calendar: Calendar) -> list[StatedValue]:
    if "targets" not in holdings.entities:
        return []
    names = _scope_columns(holdings, "targets")
    found = []
    for kpi, starts, ends, value, scenario, *scope in _rows(
        connection, holdings, "targets", ("kpi", "starts_on", "ends_on", "value", "scenario", *names)
    ):
        if kpi is None or starts is None or ends is None or value is None:
            continue
        span = target_span(calendar, _day(starts), _day(ends))
        if span is not None:
            name = str(scenario or "target")
            found.append(StatedValue(str(kpi), span, float(str(value)), _scope(names, scope), scenario=name))
    return found


def target_span(calendar: Calendar, starts: date, ends: date) -> Span | None:
    """The half-open span of a target; an end that is the last day of a period begun at ``starts`` is counted in."""
    if ends < starts:
        return None
    for grain in (Grain.MONTH, Grain.QUARTER, Grain.YEAR, Grain.WEEK):
        period = calendar.period_of(grain, starts)
        if period.start == starts and period.end == ends + timedelta(1):
            return period.span
    return Span(starts, ends) if ends > starts else Span(starts, starts + timedelta(1))


def _campaigns(connection: duckdb.DuckDBPyConnection, holdings: Holdings) -> list[Campaign]:
    found = []
    for name, starts, ends in _rows(connection, holdings, "campaigns", ("campaign", "starts_on", "ends_on")):
        if name is not None and starts is not None:
            last = max(_day(ends or starts), _day(starts))
            found.append(Campaign(str(name), Span(_day(starts), last + timedelta(1))))
    return sorted(found, key=lambda campaign: (campaign.span.start, campaign.name))


def _base_month(settings: Mapping[str, ParameterValue], calendar: Calendar, days: Sequence[date]) -> date | None:
    """The month whose prices are taken: the one the company sets, else the last of the table."""
    chosen = str(settings.get("cpi_base", "last"))
    if not days:
        return None
    if chosen in ("", "last"):
        return max(days)
    return calendar.parse_period(chosen).start


def _first_day(settings: Mapping[str, ParameterValue], calendar: Calendar) -> date | None:
    """The day from which on the company says that its purchases are known, or None for the first row's."""
    chosen = str(settings.get("history_from", "first_row"))
    return None if chosen in ("", "first_row") else calendar.parse_period(chosen).start


def _lasting(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, holdings: Holdings, calendar: Calendar
) -> dict[str, tuple[Lasting, ...]]:
    """For each entity whose rows are stated for a span (a rival's monthly spend), the spans and members of its rows."""
    found: dict[str, tuple[Lasting, ...]] = {}
    for name, entity in catalogue.entities.items():
        grain = entity.span_grain
        if not grain or name == "observations" or not holdings.has(name):
            continue
        default = entity.columns[grain].default or "day"
        own = [each for each in entity.dimensions if each in holdings.entities[name].columns]
        rows = set(_rows(connection, holdings, name, (entity.times[0], grain, *own)))
        found[name] = tuple(
            Lasting(
                stated_span(calendar, str(word or default), _day(day)),
                {each: None if value in (None, "") else _word(value) for each, value in zip(own, members, strict=True)},
            )
            for day, word, *members in rows
            if day is not None
        )
    return found
