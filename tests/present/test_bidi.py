import pytest

from sanjeh.present.bidi import LRI, PDI, RLI, bare, isolate, text_direction


def test_a_formula_is_isolated_left_to_right_and_nothing_stays_nothing() -> None:
    assert isolate("a / b") == f"{LRI}a / b{PDI}"
    assert isolate("درآمد", "rtl") == f"{RLI}درآمد{PDI}"
    assert isolate("") == ""


def test_a_bare_text_keeps_its_joiners() -> None:
    assert bare("\u200eمی\u200cشود\u200f" + isolate("x")) == "می\u200cشودx"


@pytest.mark.parametrize(
    ("text", "direction"),
    [("CTR کمپین", "rtl"), ("−۱۲٫۴", "rtl"), ("US$12", "ltr"), ("▁▂█", "ltr"), ("\u200f12", "ltr")],
)
def test_a_text_with_anything_persian_is_read_from_the_right(text: str, direction: str) -> None:
    assert text_direction(text) == direction
