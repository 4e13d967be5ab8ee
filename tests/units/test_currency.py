from datetime import date

import pytest

from sanjeh.errors import DefinitionError
from sanjeh.units import find_currency, load_currencies


def test_the_toman_and_the_new_rial_have_codes_of_our_own() -> None:
    assert [find_currency(code).is_iso for code in ("IRR", "IRT", "IRX", "USD")] == [True, False, False, True]
    assert not {"IRT", "IRX"} & load_currencies().iso_codes


def test_every_currency_has_a_name_in_both_languages_and_decimals() -> None:
    table = load_currencies()
    assert len(table.currencies) >= 40
    for code, currency in table.currencies.items():
        assert currency.name("en") and currency.name("fa") != code
        assert 0 <= currency.decimals <= 3
        assert code in table.iso_codes or not currency.is_iso


def test_a_well_formed_code_without_a_name_goes_by_its_code() -> None:
    assert find_currency("KES").name("fa") == "KES"


@pytest.mark.parametrize("code", ["usd", "US", "USDT", "12A", ""])
def test_a_malformed_code_is_refused(code: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        find_currency(code)
    assert caught.value.code == "unknown_currency"


def test_the_new_rial_is_dated_by_the_law() -> None:
    change = load_currencies().redenomination
    assert (change.starts, change.years_of_both) == (date(2025, 10, 5), 3)
