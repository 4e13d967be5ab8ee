from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.connectors.cleaning.number import Number, parse_number
from sanjeh.definitions import load_catalogue
from sanjeh.present.bidi import LRM, RLM, bare
from sanjeh.present.number import format_change, format_value, unit_name

WRITTEN = [
    # value, unit, currency, English, Persian without direction marks
    (12_400.0, "money", "IRT", "12,400 toman", "۱۲٬۴۰۰ تومان"),
    (-5.0, "money", "IRR", "−5 rial", "−۵ ریال"),
    (1234.5, "money", "USD", "US$1,234.50", "۱٬۲۳۴٫۵۰ دلار آمریکا"),
    (-1234.5, "money", "USD", "−US$1,234.50", "−۱٬۲۳۴٫۵۰ دلار آمریکا"),
    (7.0, "money", "AED", "AED\u00a07.00", "۷٫۰۰ درهم امارات"),
    (1234.5, "money", "", "1,234.5", "۱٬۲۳۴٫۵"),
    (0.4, "money", "IRT", "0.4 toman", "۰٫۴ تومان"),
    (0.124, "percentage", "", "12.4%", "۱۲٫۴٪"),
    (0.5, "percentage", "", "50.0%", "۵۰٫۰٪"),
    (0.285, "percentage", "", "28.5%", "۲۸٫۵٪"),
    (0.0, "percentage", "", "0.0%", "۰٫۰٪"),
    (-0.0004, "percentage", "", "−0.04%", "−۰٫۰۴٪"),
    (3.2, "ratio", "", "3.2×", "۳٫۲ برابر"),
    (42.0, "score", "", "42", "۴۲"),
    (-12.5, "score", "", "−12.5", "−۱۲٫۵"),
    (1403.0, "number", "", "1,403", "۱٬۴۰۳"),
    (12345.678, "number", "", "12,345.7", "۱۲٬۳۴۵٫۷"),
    (1.005, "number", "", "1.01", "۱٫۰۱"),
    (0.00001234, "number", "", "0.000012", "۰٫۰۰۰۰۱۲"),
    (-0.0, "number", "", "0", "۰"),
    (1.0, "days", "", "1 day", "۱ روز"),
    (3.5, "days", "", "3.5 days", "۳٫۵ روز"),
    (2.0, "hours", "", "2 hours", "۲ ساعت"),
    (45.0, "minutes", "", "45 minutes", "۴۵ دقیقه"),
    (3.0, "years", "", "3 years", "۳ سال"),
    (0.5, "1/days", "", "0.5 per day", "۰٫۵ در روز"),
    (1200.0, "money/days", "IRT", "1,200 toman per day", "۱٬۲۰۰ تومان در روز"),
]

COMPACT = [
    (9_999.0, "money", "IRT", "9,999 toman", "۹٬۹۹۹ تومان"),
    (12_400.0, "money", "IRT", "12.4K toman", "۱۲٫۴ هزار تومان"),
    (999_960.0, "money", "IRT", "1M toman", "۱ میلیون تومان"),
    (12_400_000.0, "money", "IRT", "12.4M toman", "۱۲٫۴ میلیون تومان"),
    (84.2e9, "money", "IRT", "84.2B toman", "۸۴٫۲ میلیارد تومان"),
    (1.2e12, "money", "IRT", "1.2T toman", "۱٫۲ همت"),
    (1.2e12, "money", "IRR", "1.2T rial", "۱٫۲ هزار میلیارد ریال"),
    (-2.5e6, "money", "USD", "−US$2.5M", "−۲٫۵ میلیون دلار آمریکا"),
    (2e6, "number", "", "2M", "۲ میلیون"),
]


@pytest.mark.parametrize(("value", "unit", "currency", "english", "persian"), WRITTEN)
def test_a_value_is_written_with_its_unit(value: float, unit: str, currency: str, english: str, persian: str) -> None:
    assert format_value(value, None, unit, "en", currency=currency) == english
    assert bare(format_value(value, None, unit, "fa", currency=currency)) == persian


@pytest.mark.parametrize(("value", "unit", "currency", "english", "persian"), COMPACT)
def test_a_compact_value_says_its_scale(value: float, unit: str, currency: str, english: str, persian: str) -> None:
    assert format_value(value, None, unit, "en", currency=currency, compact=True) == english
    assert bare(format_value(value, None, unit, "fa", currency=currency, compact=True)) == persian


REASONS = [
    ("no_data", "no data", "داده نیست", "بی‌داده"),
    ("undefined", "undefined", "تعریف‌نشده", "تعریف‌نشده"),
    ("not_yet", "not yet", "هنوز نرسیده", "نرسیده"),
    ("hidden", "hidden", "پنهان", "پنهان"),
    ("incomparable", "not comparable", "قابل مقایسه نیست", "بی‌مقایسه"),
]


@pytest.mark.parametrize(("reason", "english", "persian", "short"), REASONS)
def test_a_missing_value_is_written_as_its_reason(reason: str, english: str, persian: str, short: str) -> None:
    assert format_value(None, reason, "money", "en", currency="IRT") == english
    assert format_value(None, reason, "money", "fa", currency="IRT") == persian
    assert format_value(None, reason, "money", "fa", short=True) == short


def test_a_value_that_is_missing_or_not_finite_is_never_written_as_a_number() -> None:
    assert format_value(None, None, "number", "en") == "no data"
    assert format_value(float("nan"), None, "number", "en") == "undefined"
    assert format_value(float("inf"), None, "number", "en") == "undefined"


def test_persian_signs_are_held_in_place_by_direction_marks() -> None:
    assert format_value(-0.124, None, "percentage", "fa") == f"{LRM}−۱۲٫۴{RLM}٪"
    assert format_value(-0.124, None, "percentage", "en") == "−12.4%"


def test_latin_digits_bring_latin_separators_with_them() -> None:
    assert format_value(12_500.5, None, "number", "fa", digits="latin") == "12,500.5"
    assert bare(format_value(0.124, None, "percentage", "fa", digits="latin")) == "12.4%"
    assert format_value(12_500.5, None, "number", "en", digits="persian") == "۱۲٬۵۰۰٫۵"


def test_decimals_that_are_asked_for_are_kept() -> None:
    assert format_value(3, None, "ratio", "en", decimals=2) == "3.00×"
    assert format_value(2.5, None, "number", "en", decimals=0) == "3"
    assert format_value(12_400_000, None, "money", "en", currency="USD", compact=True, decimals=2) == "US$12.40M"


def test_durations_have_short_forms_for_tables() -> None:
    assert format_value(3.5, None, "days", "en", short=True) == "3.5 d"
    assert format_value(40, None, "minutes", "en", short=True) == "40 min"


CHANGES = [
    (0.024, "percentage", "", "+2.4 percentage points", "+۲٫۴ واحد درصد"),
    (-0.1, "percentage", "", "−10.0 percentage points", "−۱۰٫۰ واحد درصد"),
    (-3.0, "score", "", "−3", "−۳"),
    (0.0, "number", "", "0", "۰"),
    (5000.0, "money", "IRT", "+5,000 toman", "+۵٬۰۰۰ تومان"),
    (5.0, "money", "USD", "+US$5.00", "+۵٫۰۰ دلار آمریکا"),
]


@pytest.mark.parametrize(("change", "unit", "currency", "english", "persian"), CHANGES)
def test_a_change_has_a_sign_and_that_of_a_rate_is_in_points(
    change: float, unit: str, currency: str, english: str, persian: str
) -> None:
    assert format_change(change, unit, "en", currency=currency) == english
    assert bare(format_change(change, unit, "fa", currency=currency)) == persian


def test_a_unit_has_a_name_for_headings() -> None:
    assert unit_name("money", "fa", currency="IRT") == "تومان"
    assert unit_name("money", "fa") == "پول"
    assert unit_name("1/days", "en") == "number per day"


def test_every_unit_of_the_standard_catalogue_has_a_name_in_both_languages() -> None:
    catalogue = load_catalogue()
    units = {kpi.unit for kpi in catalogue.kpis.values()} | {item.unit for item in catalogue.parameters.values()}
    units |= {variant.unit for kpi in catalogue.kpis.values() for variant in kpi.variants.values()}
    assert units
    for unit in units:
        assert unit_name(unit, "en")
        assert unit_name(unit, "fa").isascii() is False


AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False)


@given(AMOUNTS, st.sampled_from(["en", "fa"]), st.sampled_from(["latin", "persian"]))
def test_a_written_number_reads_back_as_itself(amount: Decimal, language: str, digits: str) -> None:
    text = format_value(float(amount), None, "number", language, digits=digits, decimals=2)
    read = parse_number(text)
    assert isinstance(read, Number)
    assert read.value == amount


@given(st.integers(-(10**15), 10**15))
def test_written_tomans_read_back_with_their_currency(amount: int) -> None:
    read = parse_number(format_value(amount, None, "money", "fa", currency="IRT"))
    assert isinstance(read, Number)
    assert read.value == amount
    assert read.currency is not None
    assert read.currency.code == "IRT"


@given(st.floats(min_value=1e-9, max_value=1e15), st.sampled_from(["number", "percentage", "ratio", "score"]))
def test_what_is_not_zero_is_never_written_as_zero(value: float, unit: str) -> None:
    assert set(format_value(value, None, unit, "en")) & set("123456789")


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_any_float_can_be_written_in_both_languages(value: float, compact: bool) -> None:
    english = format_value(value, None, "money", "en", compact=compact, currency="USD")
    persian = format_value(value, None, "money", "fa", compact=compact, currency="USD")
    assert english.startswith("−") == bare(persian).startswith("−")
