"""Letters, spaces, digits and blanks."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjeh.connectors.cleaning.text import (
    blank_sql,
    clean_text,
    clean_text_sql,
    fold_digits,
    fold_digits_sql,
    is_blank,
    match_key,
    words,
)

# Text as Iranian exports have it: both keyboards' letters, ZWNJ, bidi marks, all kinds of spaces and digits.
MESSY = st.text(alphabet="ابيیىكکهٔۀآأؤئ‌‍ \t\u00a0\u202fـ\u200e\u200f\u202b\ufeffaZ_-0۱٢.,'\"%()é\u0301", max_size=30)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        (" شركت‌هاي  كيش ", "شرکت‌های کیش"),
        ("علي", "علی"),
        ("کتـــاب", "کتاب"),
        ("a\u00a0\u00a0b", "a b"),
        ("\u202bتهران\u202c", "تهران"),
        ("\ufeffname", "name"),
        ("می ‌شود", "می‌شود"),
        ("‌می‌شود‌", "می‌شود"),
        ("line\r\nbreak", "line break"),
        ("نرخ٪", "نرخ٪"),
    ],
)
def test_text_is_cleaned_to_one_spelling(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


@given(MESSY)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


def test_digits_of_both_alphabets_become_ascii() -> None:
    assert fold_digits("۰۱۲۳۴۵۶۷۸۹ ٠١٢٣٤٥٦٧٨٩") == "0123456789 0123456789"


@given(st.lists(MESSY, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_sql_cleans_as_python_does(texts: list[str]) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT unnest(?::VARCHAR[]) AS x", [texts])
        cleaned = clean_text_sql("x")
        rows = connection.execute(
            f"SELECT x, {cleaned}, {fold_digits_sql('x')}, {blank_sql(cleaned)} FROM t"
        ).fetchall()
    for raw, by_sql, folded, blank in rows:
        assert by_sql == clean_text(raw), raw
        assert folded == fold_digits(raw)
        assert blank == is_blank(raw)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Order_Date", "orderDate"),
        ("ORDER DATE", "order-date"),
        ("شاخص‌ها", "شاخص ها"),
        ("نرخ تبديل", "نرخ‌تبدیل"),
        ("مسئول", "مسیول"),
        ("آدرس", "ادرس"),
        ("مدرسۀ", "مدرسه"),
        ("Café", "cafe"),
        ("سطر ۱۲", "سطر 12"),
    ],
)
def test_names_that_a_reader_takes_for_the_same_have_one_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


def test_plural_and_singular_keep_different_keys() -> None:
    assert match_key("order") != match_key("orders")
    assert match_key("سفارش") != match_key("سفارش‌ها")


def test_words_part_at_capitals_and_keep_capital_runs_together() -> None:
    assert words("customerIDNumber") == ("customer", "id", "number")


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200c", "-", "—", "NULL", "null", "None", "NaN", "N/A", "#N/A", "#DIV/0!", "?"]
)
def test_what_spreadsheets_write_for_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["NA", "ندارد", "خالی", "نامشخص", "(not set)", "unknown"])
def test_what_may_be_a_member_is_blank_only_where_a_number_or_a_date_is_expected(text: str) -> None:
    assert not is_blank(text)
    assert is_blank(text, typed=True)


@pytest.mark.parametrize("text", ["0", "تهران", "no", "Namibia", "-5", "بله"])
def test_values_are_not_blank(text: str) -> None:
    assert not is_blank(text, typed=True)
