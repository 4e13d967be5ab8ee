from decimal import Decimal

import pytest

from sanjeh.errors import DataError
from sanjeh.units import CurrencyMark, load_currencies, parse_currency


@pytest.mark.parametrize(
    ("text", "code", "scale"),
    [
        ("تومان", "IRT", 1),
        ("toman", "IRT", 1),
        ("IRT", "IRT", 1),
        ("irt", "IRT", 1),
        ("ريال", "IRR", 1),
        ("﷼", "IRR", 1),
        ("ریال", "IRR", 1),
        ("Rials", "IRR", 1),
        ("€", "EUR", 1),
        ("USD", "USD", 1),
        ("usd", "USD", 1),
        ("US$", "USD", 1),
        ("میلیون ریال", "IRR", 10**6),
        ("میلیون‌ریال", "IRR", 10**6),
        ("(میلیون تومان)", "IRT", 10**6),
        ("هزار تومان", "IRT", 10**3),
        ("هزار میلیارد ریال", "IRR", 10**12),
        ("همت", "IRT", 10**12),
        ("million rial", "IRR", 10**6),
        ("USD thousand", "USD", 10**3),
        ("€M", "EUR", 10**6),
        ("ریال جدید", "IRX", 1),
        ("new rial", "IRX", 1),
        ("ریال عربستان", "SAR", 1),
        ("KES", "KES", 1),
        ("[ تومان ]", "IRT", 1),
        ("‏تومان", "IRT", 1),
        ("د.إ", "AED", 1),
        ("لیرهٔ لبنان", "LBP", 1),
        ("دلار هنگ‌کنگ", "HKD", 1),
    ],
)
def test_what_people_write_is_read(text: str, code: str, scale: int) -> None:
    assert parse_currency(text) == CurrencyMark(code, Decimal(scale), is_guess=False)


@pytest.mark.parametrize(
    ("text", "code"),
    [("$", "USD"), ("دلار", "USD"), ("£", "GBP"), ("¥", "JPY"), ("million $", "USD"), ("riyal", "SAR")],
)
def test_a_sign_that_several_currencies_share_is_a_guess(text: str, code: str) -> None:
    mark = parse_currency(text)
    assert (mark.code, mark.is_guess) == (code, True)


@pytest.mark.parametrize("text", ["", "میلیون", "apples", "kes", "PCS", "ریال تومان", "USD EUR", "همت ریال", "%"])
def test_what_is_no_currency_is_refused(text: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_currency(text)
    assert caught.value.code == "unknown_currency"


def test_every_code_and_spelling_of_the_table_is_read_as_its_currency() -> None:
    table = load_currencies()
    for spelling, (code, is_guess) in table.spellings.items():
        assert parse_currency(spelling) == CurrencyMark(code, Decimal(1), is_guess)
    for code in table.iso_codes:
        assert parse_currency(code).code == code
    for code, currency in table.currencies.items():
        assert {parse_currency(currency.name_fa).code, parse_currency(currency.name_en).code} == {code}
