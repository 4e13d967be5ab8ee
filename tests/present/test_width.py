from hypothesis import given
from hypothesis import strategies as st

from sanjeh.present.width import cut_text, pad_text, text_width, wrap_text


def test_joiners_and_marks_take_no_cell_and_wide_signs_two() -> None:
    assert text_width("می\u200cشود") == 5
    assert text_width("مهٔ") == 2
    assert text_width("\u2067ab\u2069") == 2
    assert text_width("漢字") == 4


def test_a_long_word_is_broken_and_spaces_are_kept_inside_lines() -> None:
    assert wrap_text("abcdefg hi", 3) == ["abc", "def", "g", "hi"]
    assert wrap_text("a\nb", 5) == ["a", "b"]
    assert wrap_text("", 5) == [""]


def test_a_cut_text_says_that_it_was_cut() -> None:
    assert cut_text("abcdef", 4) == "abc…"
    assert cut_text("abcd", 4) == "abcd"
    assert cut_text("abcd", 0) == ""


TEXT = st.text(alphabet="ab درمی\u200c\u0654漢", max_size=30)


@given(TEXT, st.integers(2, 12))
def test_no_wrapped_line_is_too_wide_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrap_text(text, width)
    assert max(map(text_width, lines)) <= width
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXT, st.integers(0, 40), st.sampled_from(["left", "right", "center"]))
def test_a_padded_text_has_the_width_asked_for(text: str, width: int, side: str) -> None:
    assert text_width(pad_text(text, width, side)) == max(width, text_width(text))
