"""A control sign in a stranger's text is seen, never obeyed."""

from __future__ import annotations

import pytest

from sanjeh.present import Table, make_table, render_lines, render_terminal, render_text, show_controls
from sanjeh.present.bidi import isolate

WICKED = "\x1b[2J\x9b31m\u202egpj.\x07"


@pytest.mark.parametrize("sign", [*map(chr, (*range(9), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F)))])
def test_no_control_sign_stays(sign: str) -> None:
    shown = show_controls(f"a{sign}b")
    assert sign not in shown
    assert len(shown) == 3


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("orders.csv", "می‌شود «۱۲»", "a\nb", isolate("a / b"), "", "漢 é"):
        assert show_controls(text) == text


def wicked() -> Table:
    """A table of which every text is somebody's trick."""
    return make_table([WICKED], [[WICKED]], WICKED)


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("shape", ["logical", "visual"])
def test_no_table_on_a_screen_holds_a_control_sign(language: str, shape: str) -> None:
    shown = render_terminal(wicked(), language, 80, shape=shape) + render_text(wicked(), language)
    assert not set("\x1b\x9b\u202e\x07") & set(shown)
    assert shown.count("␛") == 6


def test_running_text_keeps_its_line_ends() -> None:
    assert render_lines(show_controls("a\nb"), "en", 20) == "a\nb"
