import tomllib
from importlib import resources
from string import Formatter

import pytest

from sanjeh.calendars import CALENDAR_CODES, Grain
from sanjeh.definitions import Direction, Kind, Perspective, Timing, load_catalogue
from sanjeh.errors import DefinitionError, Severity
from sanjeh.present.word import find_word, mark_words, reason_word, word
from sanjeh.series import Mark, Reason

# Forms that only Persian has: seasons, and the toman's own large unit.
PERSIAN_ONLY = {"period.season_short", "season.1", "season.2", "season.3", "season.4", "scale.hemmat"}
ENGLISH_ONLY = {f"currency_sign.{code}" for code in ("USD", "EUR", "GBP", "TRY", "CNY", "JPY")}
TABLES: dict[str, list[str]] = {
    "reason": [reason.code for reason in Reason if reason.code],
    "reason_short": [reason.code for reason in Reason if reason.code],
    "mark": [code for mark in Mark for code in mark.codes],
    "mark_short": [code for mark in Mark for code in mark.codes],
    "direction": list(Direction),
    "timing": list(Timing),
    "perspective": list(Perspective),
    "kind": list(Kind),
    "grain": [*Grain, "campaign"],
    "calendar": list(CALENDAR_CODES),
    "severity": list(Severity),
}


def _part(language: str) -> dict[str, str]:
    path = resources.files("sanjeh") / "messages" / "parts" / f"present.{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("table", TABLES)
def test_every_code_of_a_closed_list_has_a_word(table: str, language: str) -> None:
    assert [code for code in TABLES[table] if not find_word(table, code, language)] == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_pack_of_the_standard_catalogue_has_a_word(language: str) -> None:
    packs = {pack for kpi in load_catalogue().kpis.values() for pack in kpi.packs}
    assert packs
    assert [pack for pack in packs if not find_word("pack", pack, language)] == []


def test_both_languages_have_the_same_words_and_forms() -> None:
    assert set(_part("en")) - ENGLISH_ONLY == set(_part("fa")) - PERSIAN_ONLY


def test_a_form_takes_only_what_both_languages_are_given() -> None:
    extra = {"period.day_short", "period.quarter"}
    english, persian = _part("en"), _part("fa")
    for code in set(english) & set(persian) - extra:
        fields = [{name for _, name, _, _ in Formatter().parse(part[code]) if name} for part in (english, persian)]
        assert fields[0] == fields[1], code


def test_persian_is_written_with_persian_letters() -> None:
    assert [code for code, text in _part("fa").items() if set(text) & set("يكة\"'")] == []


def test_a_code_that_a_company_made_up_is_its_own_word() -> None:
    assert word("pack", "our_own", "fa") == "our_own"


def test_marks_are_joined_with_the_languages_comma() -> None:
    codes = (Mark.PARTIAL | Mark.STALE).codes
    assert mark_words(codes, "fa", short=True) == "ناقص، کهنه"
    assert mark_words(codes, "en") == "partial: the period is open, stale: its rows end within the period"
    assert mark_words((), "fa") == ""


def test_a_reason_has_a_short_form() -> None:
    assert reason_word("incomparable", "fa", short=True) == "بی‌مقایسه"


def test_a_language_that_is_not_there_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        word("grain", "month", "de")
    assert caught.value.code == "unknown_language"
