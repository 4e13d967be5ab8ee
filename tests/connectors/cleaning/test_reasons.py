"""Every code of this package has its sentence in both languages."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

import sanjeh
from sanjeh.connectors import cleaning

SOURCE = Path(cleaning.__file__).parent
PARTS = Path(sanjeh.__file__).parent / "messages" / "parts"
# Codes of other packages that these modules use.
ELSEWHERE = {"unknown_name"}


def codes_in_source() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.glob("*.py"))
    ask = {"date_year_missing", "ambiguous_short_date"}
    return set(re.findall(r'Issue\(\s*"(\w+)"', text)) | set(re.findall(r'"(cell_\w+)"', text)) | ask


def load(language: str) -> dict[str, str]:
    table = tomllib.loads((PARTS / f"cleaning.{language}.toml").read_text(encoding="utf-8"))
    table.pop("hint")
    return table


@pytest.mark.parametrize("language", ["en", "fa"])
def test_codes_and_sentences_are_the_same_set(language: str) -> None:
    assert codes_in_source() - ELSEWHERE == set(load(language))


def test_both_languages_use_the_same_data() -> None:
    def names(sentence: str) -> set[str]:
        found = [name for _, name, _, _ in string.Formatter().parse(sentence) if name]
        # The forms of a number's noun, as in "{count|row|rows}", are a matter of one language.
        return {name.partition("|")[0] for name in found}

    english, persian = load("en"), load("fa")
    for code, sentence in english.items():
        assert names(sentence) == names(persian[code]), code


def test_the_persian_is_written_with_persian_letters() -> None:
    assert not re.search("[يك]", (PARTS / "cleaning.fa.toml").read_text(encoding="utf-8"))
