"""What a stranger wrote into a file's name or a cell never steers the terminal."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Type

from sanjeh.cli.output import say, write_text

CLEAR = "\x1b[2J"


class Screen(io.StringIO):
    """An output that somebody looks at."""

    def isatty(self) -> bool:
        return True


def test_a_file_name_with_an_escape_sequence_is_shown_harmless(sanjeh: Type, empty: Path, tmp_path: Path) -> None:
    path = tmp_path / f"or{CLEAR}ders.csv"
    path.write_text("order_id,ordered_at,net_amount\n1,2024-01-05,100\n", encoding="utf-8")
    said = sanjeh("import", path, "-w", empty, "--yes")
    assert "␛[2J" in said.out + said.err
    assert CLEAR not in said.out + said.err


def test_a_sentence_beside_the_answer_obeys_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    say(f"a{CLEAR}\u202eb")
    assert screen.getvalue() == "a␛[2J�b\n"


def test_a_file_keeps_what_a_screen_must_not_obey(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    write_text(CLEAR, None)
    write_text(CLEAR, tmp_path / "answer")
    assert screen.getvalue() == "␛[2J\n"
    assert (tmp_path / "answer").read_text(encoding="utf-8") == CLEAR
