from hypothesis import given
from hypothesis import strategies as st

from sanjeh.present.digit import to_latin, to_persian


def test_only_digits_change_and_arabic_ones_become_persian() -> None:
    assert to_persian("Q1 ٤٥٦ 1403") == "Q۱ ۴۵۶ ۱۴۰۳"


@given(st.text(alphabet="0123456789abc./٬ ک"))
def test_persian_digits_read_back_are_the_latin_ones(text: str) -> None:
    assert to_latin(to_persian(text)) == text
