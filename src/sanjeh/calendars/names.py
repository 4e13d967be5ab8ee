"""The names of months and weekdays, in English and Persian; the table is ``names.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from sanjeh.errors import DefinitionError, Issue


def month_name(calendar_code: str, month: int, language: str) -> str:
    """The name of month 1 to 12 of the gregorian, jalali or hijri reckoning, in "en" or "fa".

    A fiscal or retail calendar has no names of its own: pass the code of its reckoning. Raises DefinitionError
    ``unknown_calendar`` or ``unknown_language``.

    >>> month_name("jalali", 5, "en"), month_name("jalali", 5, "fa"), month_name("gregorian", 5, "fa")
    ('Mordad', 'مرداد', 'مه')
    """
    names = _names(language)
    if calendar_code not in names or calendar_code == "weekday":
        raise DefinitionError(Issue("unknown_calendar", {"calendar": calendar_code}))
    if not 1 <= month <= 12:
        raise DefinitionError(Issue("bad_calendar_setting", {"setting": "month", "value": month}))
    return names[calendar_code][month - 1]


def weekday_name(weekday: int, language: str) -> str:
    """The name of a Python weekday (Monday 0), in "en" or "fa".

    >>> weekday_name(5, "en"), weekday_name(5, "fa")
    ('Saturday', 'شنبه')
    """
    if weekday not in range(7):
        raise DefinitionError(Issue("bad_calendar_setting", {"setting": "weekday", "value": weekday}))
    return _names(language)["weekday"][weekday]


@cache
def _names(language: str) -> dict[str, tuple[str, ...]]:
    text = (resources.files("sanjeh.calendars") / "names.toml").read_text(encoding="utf-8")
    table: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    if language not in table:
        raise DefinitionError(Issue("unknown_language", {"language": language}))
    return {name: tuple(values) for name, values in table[language].items()}
