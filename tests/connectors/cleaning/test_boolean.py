"""Yes and no in both languages."""

from __future__ import annotations

import pytest

from sanjeh.connectors.cleaning.boolean import decide_boolean, parse_boolean


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("true", "FALSE"),
        ("Yes", "No"),
        ("Y", "n"),
        ("1", "0"),
        ("۱", "۰"),
        ("on", "off"),
        ("بله", "خیر"),
        ("بلي", "نه"),
        ("دارد", "ندارد"),
        ("✓", "✗"),
        ("✔️", "✖️"),
        ("فعال", "غیرفعال"),
        ("فعال", "غیر فعال"),
        (" فعال ", "غیر‌فعال"),
    ],
)
def test_the_usual_pairs_are_understood(yes: str, no: str) -> None:
    assert parse_boolean(yes) is True
    assert parse_boolean(no) is False


@pytest.mark.parametrize("text", ["", "maybe", "2", "-1", "شاید", "yes no"])
def test_everything_else_has_a_reason(text: str) -> None:
    assert parse_boolean(text) == "cell_not_boolean"


def test_a_column_is_counted_without_its_blanks() -> None:
    decision = decide_boolean(["Yes", "No", "", "No phone service"])
    assert (decision.understood, decision.total, decision.numeric) == (2, 3, False)


def test_zeros_and_ones_are_told_apart_from_words() -> None:
    assert decide_boolean(["0", "1"]).numeric
    assert decide_boolean(["دارد", "ندارد"]).understood == 2
