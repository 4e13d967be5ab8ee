import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.present.visual import join_letters, visual_order


def plain(text: str) -> str:
    """The text with joined forms turned back into letters."""
    return unicodedata.normalize("NFKC", text)


# What python-bidi (a full implementation) makes of the same lines, with brackets mirrored as a screen would.
DRAWN = [
    ("نرخ CTR کمپین (٪)", "rtl", "(٪) نیپمک CTR خرن"),
    ("۱۲٫۴ میلیون تومان", "rtl", "ناموت نویلیم ۱۲٫۴"),
    ("\u200e−۱۲٫۴\u200f٪", "rtl", "٪−۱۲٫۴"),
    ("US$1,200 در روز", "rtl", "زور رد US$1,200"),
    ("سفارش‌های Q1 1403", "rtl", "Q1 1403 یاهشرافس"),
    ("revenue درآمد ۱۲ و ۱۳ ok", "ltr", "revenue ۱۳ و ۱۲ دمآرد ok"),
    ("۱۴ مرداد ۱۴۰۳", "rtl", "۱۴۰۳ دادرم ۱۴"),
    ("۱۴۰۳/۰۵/۱۴", "rtl", "۱۴۰۳/۰۵/۱۴"),
    ("«سنجه»", "rtl", "«هجنس»"),
    ("plain words", "auto", "plain words"),
    ("", "auto", ""),
]


@pytest.mark.parametrize(("text", "direction", "drawn"), DRAWN)
def test_a_line_is_drawn_as_the_bidirectional_algorithm_orders_it(text: str, direction: str, drawn: str) -> None:
    assert plain(visual_order(text, direction)) == plain(drawn)


FORMS = [
    ("مرد", ["INITIAL", "FINAL", "ISOLATED"]),
    ("بیم", ["INITIAL", "MEDIAL", "FINAL"]),
    ("می\u200cرود", ["INITIAL", "FINAL", "ISOLATED", "ISOLATED", "ISOLATED"]),
    ("گچپژ", ["INITIAL", "MEDIAL", "MEDIAL", "FINAL"]),
]


@pytest.mark.parametrize(("word", "forms"), FORMS)
def test_letters_take_the_form_that_their_neighbours_give_them(word: str, forms: list[str]) -> None:
    names = [unicodedata.name(letter).split() for letter in join_letters(word)]
    assert [
        next(part for part in name if part in ("INITIAL", "MEDIAL", "FINAL", "ISOLATED")) for name in names
    ] == forms


def test_a_mark_on_a_letter_stays_on_it() -> None:
    drawn = visual_order("مهٔ", "rtl")
    assert unicodedata.name(drawn[0]).startswith("ARABIC LETTER HEH")
    assert drawn[1] == "\u0654"


@given(st.text(alphabet="abدرمک ۱۲12٫.()", max_size=20), st.sampled_from(["ltr", "rtl"]))
def test_no_character_is_lost_or_added(text: str, direction: str) -> None:
    mirrored = str.maketrans("()", "((")
    drawn = plain(visual_order(text, direction)).translate(mirrored)
    assert sorted(drawn) == sorted(text.translate(mirrored))


def test_isolated_latin_is_drawn_as_it_is_written() -> None:
    text = "از \u20662024-Q3 (all)\u2069 تا"
    assert visual_order(text, "rtl") == f"{join_letters('تا')[::-1]} 2024-Q3 (all) {join_letters('از')[::-1]}"
