"""Calendars by their code: gregorian, jalali, fiscal or retail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sanjeh.calendars.calendar import Calendar
from sanjeh.calendars.civil import CivilCalendar
from sanjeh.calendars.fiscal import FiscalCalendar, FiscalName
from sanjeh.calendars.gregorian import GregorianReckoning
from sanjeh.calendars.jalali import JalaliReckoning
from sanjeh.calendars.reckoning import Reckoning
from sanjeh.calendars.retail import RetailCalendar, YearEnd
from sanjeh.errors import DefinitionError, Issue, suggest

CALENDAR_CODES = ("gregorian", "jalali", "fiscal", "retail")
_Choice = TypeVar("_Choice", FiscalName, YearEnd)
_RECKONINGS: dict[str, Reckoning] = {"gregorian": GregorianReckoning(), "jalali": JalaliReckoning()}


def make_calendar(
    code: str,
    *,
    week_start: int = 5,
    weekend: Sequence[int] = (3, 4),
    fiscal_start_month: int = 1,
    fiscal_base: str = "jalali",
    fiscal_named_by: str = "starts",
    retail_base: str = "gregorian",
    retail_end_month: int = 1,
    retail_year_end: str = "nearest",
    retail_pattern: str = "4-4-5",
) -> Calendar:
    """The calendar ``code`` with these settings.

    Weekdays are Python's (Monday 0; default week start Saturday, week-end Thursday and Friday). A fiscal year begins
    with ``fiscal_start_month`` of ``fiscal_base`` and is named by the year it "starts" or "ends" in. A retail year ends
    on the day before ``week_start`` that is "last" in ``retail_end_month`` of ``retail_base`` or "nearest" to its end.
    Raises DefinitionError ``unknown_calendar`` or ``bad_calendar_setting``.

    >>> make_calendar("jalali").parse_period("1403-05").span
    Span(start=datetime.date(2024, 7, 22), end=datetime.date(2024, 8, 22))
    >>> make_calendar("fiscal", fiscal_start_month=7).parse_period("FY1403").start
    datetime.date(2024, 9, 22)
    >>> make_calendar("retail", week_start=6).parse_period("R2023").days // 7
    53
    """
    match code:
        case "gregorian" | "jalali":
            return CivilCalendar(code=code, reckoning=_RECKONINGS[code], week_start=week_start, weekend=tuple(weekend))
        case "fiscal":
            return FiscalCalendar(
                code=code,
                reckoning=_reckoning("fiscal_base", fiscal_base),
                week_start=week_start,
                weekend=tuple(weekend),
                start_month=fiscal_start_month,
                named_by=_choice("fiscal_named_by", fiscal_named_by, FiscalName),
            )
        case "retail":
            return RetailCalendar(
                code=code,
                reckoning=_reckoning("retail_base", retail_base),
                week_start=week_start,
                weekend=tuple(weekend),
                end_month=retail_end_month,
                year_end=_choice("retail_year_end", retail_year_end, YearEnd),
                pattern=retail_pattern,
            )
        case _:
            raise DefinitionError(
                Issue("unknown_calendar", {"calendar": code}, suggestion=suggest(code, CALENDAR_CODES))
            )


def _reckoning(setting: str, code: str) -> Reckoning:
    if code not in _RECKONINGS:
        raise DefinitionError(Issue("bad_calendar_setting", {"setting": setting, "value": code}))
    return _RECKONINGS[code]


def _choice(setting: str, value: str, kind: type[_Choice]) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise DefinitionError(Issue("bad_calendar_setting", {"setting": setting, "value": value})) from None
