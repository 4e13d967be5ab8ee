"""In a workspace without data every command says what comes first."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize("words", [("compute",), ("compute", "revenue"), ("sources",), ("quarantine",)])
def test_each_command_names_the_import(sanjeh, empty: Path, words: tuple[str, ...]) -> None:
    said = sanjeh(*words, "-w", empty)
    assert said.code == 0
    assert "No file has been imported yet." in said.err
    assert f"sanjeh import FILE... -w {empty}" in said.err


def test_programs_get_empty_lists(sanjeh, empty: Path) -> None:
    for words in (("compute",), ("sources",), ("quarantine",), ("check",)):
        said = sanjeh(*words, "--format", "json", "-w", empty)
        assert (said.code, said.data) == (0, [])


def test_an_explanation_tells_what_is_missing(sanjeh, empty: Path) -> None:
    said = sanjeh("explain", "revenue", "-w", empty)
    assert said.code == 0
    assert "Missing: Orders (orders)" in said.out


def test_rows_tell_where_to_ask(sanjeh, empty: Path) -> None:
    said = sanjeh("rows", "revenue", "--period", "2024-01", "-w", empty)
    assert said.code == 2
    assert "sanjeh explain" in said.err


def test_there_is_nothing_to_mend(sanjeh, empty: Path) -> None:
    said = sanjeh("check", "-w", empty)
    assert (said.code, said.err) == (0, "Nothing wrong was found.\n")
