import pytest

from sanjeh.calendars import month_name, weekday_name
from sanjeh.errors import DefinitionError


def test_months_and_weekdays_have_names_in_both_languages() -> None:
    assert [month_name("jalali", month, "en") for month in (1, 12)] == ["Farvardin", "Esfand"]
    assert [month_name("gregorian", month, "fa") for month in (1, 2)] == ["ژانویه", "فوریه"]
    assert [weekday_name(day, "fa") for day in (0, 3, 5)] == ["دوشنبه", "پنجشنبه", "شنبه"]
    for code in ("gregorian", "jalali", "hijri"):
        for language in ("en", "fa"):
            assert len({month_name(code, month, language) for month in range(1, 13)}) == 12


def test_what_has_no_name_is_refused() -> None:
    for call in (
        lambda: month_name("fiscal", 1, "en"),
        lambda: month_name("jalali", 13, "en"),
        lambda: weekday_name(7, "fa"),
        lambda: month_name("jalali", 1, "ar"),
    ):
        with pytest.raises(DefinitionError):
            call()
