"""A wide table is a file with a row for each period and a column for each measure: the figures of a monthly report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sanjeh.calendars import jalali_from_date
from sanjeh.connectors.cleaning import ColumnProfile, DateStyle, currency_in_header, parse_date
from sanjeh.connectors.cleaning.money import scale_in_header
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.propose_field import propose_field
from sanjeh.connectors.question import Question
from sanjeh.connectors.vocabulary import spellings
from sanjeh.definitions import Catalogue, ColumnType, Measure

OBSERVATIONS = "observations"
_DATES = (ColumnType.DATE, ColumnType.TIME)
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class WideTable:
    """The tables of observations, one for each measure, with what must be asked of the dates."""

    tables: tuple[TableMapping, ...]
    questions: tuple[Question, ...]
    used: frozenset[str]
    confidence: float


def find_wide(profiles: Sequence[ColumnProfile], settings: ImportSettings) -> WideTable | None:
    """The wide table that a file is: one column of days, each once, and columns named after measures; else None."""
    days = [each for each in profiles if each.reading.filled and each.reading.best in _DATES]
    if OBSERVATIONS not in settings.catalogue.entities or len(days) != 1 or days[0].distinct != days[0].rows:
        return None
    day = days[0]
    style = day.reading.date.likely
    known = _names(settings.catalogue)
    figures = [each for each in profiles if each is not day and each.reading.number.understood]
    found = {each.name: (each, measure) for each in figures if (measure := _measure(each.name, known)) is not None}
    if style is None or not found or len(found) < _LEAST_SHARE * len(figures):
        return None
    field, questions = propose_field("date", ColumnType.DATE, day, settings, has_currency=False)
    grain = Field("grain", value=_grain(day, style))
    tables = [_table(profile, measure, field, grain, settings) for profile, measure in found.values()]
    confidence = round(0.5 + 0.4 * len(found) / len(figures), 4)
    return WideTable(tuple(tables), tuple(questions), frozenset({day.name, *found}), confidence)


def _names(catalogue: Catalogue) -> dict[str, Measure]:
    names: dict[str, Measure] = {}
    for measure in catalogue.measures.values():
        for name in (measure.id, measure.title.en, measure.title.fa):
            names.setdefault(next(spellings(name))[0], measure)
    names.pop("", None)
    return names


def _measure(header: str, known: Mapping[str, Measure]) -> Measure | None:
    return next((known[key] for key, _ in spellings(header) if key in known), None)


def _grain(day: ColumnProfile, style: DateStyle) -> str:
    """A month where every day written is the first of one, else a day."""
    read = [parse_date(text, style) for text in day.reading.filled]
    starts = [_day_of_month(found.date(), style) == 1 for found in read if isinstance(found, datetime)]
    return "month" if starts and all(starts) else "day"


def _day_of_month(day: date, style: DateStyle) -> int:
    return jalali_from_date(day)[2] if style.calendar == "jalali" else day.day


def _table(
    profile: ColumnProfile, measure: Measure, day: Field, grain: Field, settings: ImportSettings
) -> TableMapping:
    header = '"' + profile.name.replace('"', '""') + '"'
    style, said = profile.reading.number.likely, settings.decimal
    mark = currency_in_header(profile.name)
    value = Field(
        "value",
        profile.name,
        decimal=said if said and not profile.reading.number.sure else style.decimal if style else ".",
        currency=mark.code if mark else None,
        unit=_unit(profile),
    )
    # An empty cell states nothing; it is no row that could not be understood.
    return TableMapping(
        OBSERVATIONS, (Field("measure", value=measure.id), day, value, grain), where=f"number({header}) is not null"
    )


def _unit(profile: ColumnProfile) -> Decimal:
    """What one written unit stands for by the header: thousands and millions, with or without a currency."""
    mark = currency_in_header(profile.name)
    return mark.scale if mark is not None else scale_in_header(profile.name)
