"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.connectors.cleaning.number import Number, NumberStyle, parse_number
from sanjeh.errors import SanjehError

POINT, COMMA, SLASH = NumberStyle("."), NumberStyle(","), NumberStyle("/")
PERSIAN = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("1234", POINT, "1234"),
        ("۱۲٬۵۰۰", POINT, "12500"),
        ("١٢٣٤", POINT, "1234"),
        ("12,500", POINT, "12500"),
        ("12،500", POINT, "12500"),
        ("1,234.56", POINT, "1234.56"),
        ("1.234,56", COMMA, "1234.56"),
        ("12.500.000", COMMA, "12500000"),
        ("1 234 567,8", COMMA, "1234567.8"),
        ("1\u00a0234\u202f567", POINT, "1234567"),
        ("12'500.25", POINT, "12500.25"),
        ("۱۲٫۵", POINT, "12.5"),
        ("۱۲٫۵", COMMA, "12.5"),
        ("۱۲/۵", SLASH, "12.5"),
        ("۲۵٬۰۰۰/۷۵", SLASH, "25000.75"),
        ("-3.5", POINT, "-3.5"),
        ("−۳٫۵", POINT, "-3.5"),
        ("3500-", POINT, "-3500"),
        ("(1,234)", POINT, "-1234"),
        ("(۱٬۲۰۰)", POINT, "-1200"),
        ("+5", POINT, "5"),
        (".5", POINT, "0.5"),
        ("5.", POINT, "5"),
        ("1e5", POINT, "100000"),
        ("1.5E-3", POINT, "0.0015"),
        ("5k", POINT, "5000"),
        ("5.5M", POINT, "5500000"),
        ("۱۲ هزار", POINT, "12000"),
        ("۲ میلیون", POINT, "2000000"),
        ("۱٫۵ هزار میلیارد", POINT, "1500000000000"),
        ("'0123", POINT, "123"),
        ("12345678901234567890123456789012345.5", POINT, "12345678901234567890123456789012345.5"),
    ],
)
def test_a_number_is_read_in_its_style(text: str, style: NumberStyle, value: str) -> None:
    number = parse_number(text, style)
    assert isinstance(number, Number)
    assert number.value == Decimal(value)
    assert number.currency is None


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("۱۲٬۵۰۰ تومان", "12500", "IRT"),
        ("12.5 ریال", "12.5", "IRR"),
        ("ریال ۱۲۰۰۰", "12000", "IRR"),
        ("100 ﷼", "100", "IRR"),
        ("۸۴٫۲ میلیارد تومان", "84200000000", "IRT"),
        ("5 میلیون‌تومان", "5000000", "IRT"),
        ("$1,200.50", "1200.50", "USD"),
        ("-$5", "-5", "USD"),
        ("$-5", "-5", "USD"),
        ("($5)", "-5", "USD"),
        ("€12", "12", "EUR"),
        ("12 USD", "12", "USD"),
        ("USD12", "12", "USD"),
    ],
)
def test_a_currency_in_the_cell_is_told_beside_the_number(text: str, value: str, code: str) -> None:
    number = parse_number(text, POINT)
    assert isinstance(number, Number)
    assert number.currency is not None
    assert (number.value, number.currency.code) == (Decimal(value), code)


@pytest.mark.parametrize("text", ["12%", "۱۲٪", "٪12", "% 12", "12 درصد", "12 percent"])
def test_a_percent_sign_is_told_and_the_number_stays_as_written(text: str) -> None:
    assert parse_number(text, POINT) == Number(Decimal(12), percent=True)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "12 apples",
        "12+",
        "1-2",
        "2024-01-02",
        "10:30",
        "1.2.3",
        "--5",
        "(5)-",
        "12 5",
        "A12",
        "1,2,3",
        "e5",
        "5 میلیون و 200 هزار",
    ],
)
def test_what_is_no_single_number_is_refused(text: str) -> None:
    assert parse_number(text, POINT) == "cell_not_a_number"


@pytest.mark.parametrize(("text", "style"), [("1,5", POINT), ("1.5", COMMA), ("12/5", POINT), ("1.234,5", POINT)])
def test_a_number_against_its_columns_mark_is_set_aside_not_misread(text: str, style: NumberStyle) -> None:
    assert parse_number(text, style) == "cell_number_ambiguous"


def test_one_cell_alone_says_when_it_could_be_read_in_two_ways() -> None:
    dotted, comma = parse_number("1.234"), parse_number("1,234")
    assert isinstance(dotted, Number) and dotted.ambiguous
    assert isinstance(comma, Number) and not comma.ambiguous and comma.value == 1234


def test_a_mark_that_parts_no_decimals_is_refused() -> None:
    with pytest.raises(SanjehError) as caught:
        NumberStyle(";")  # type: ignore[arg-type]
    assert caught.value.code == "bad_conversion"


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=3, allow_nan=False, allow_infinity=False))
def test_a_number_written_in_any_customary_way_reads_back(value: Decimal) -> None:
    grouped = f"{value:,.3f}"
    european = grouped.translate(str.maketrans(",.", ".,"))
    assert parse_number(grouped, POINT) == Number(value)
    assert parse_number(european, COMMA) == Number(value)
    assert parse_number(grouped.translate(PERSIAN), POINT) == Number(value)
    assert parse_number(f"{abs(value):.3f}".replace(".", "/"), SLASH) == Number(abs(value))


@given(st.text(max_size=100))
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    for style in (None, POINT, COMMA, SLASH):
        found = parse_number(text, style)
        assert isinstance(found, Number) or found in ("cell_not_a_number", "cell_number_ambiguous")


@pytest.mark.parametrize("text", ["1" * 5000, "1," * 4000, "(" * 4000 + "1", "1 " * 4000, "- " * 4000, "٬" * 4000])
def test_long_nonsense_is_refused_at_once(text: str) -> None:
    assert parse_number(text) == "cell_not_a_number"
