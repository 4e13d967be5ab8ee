"""What a mapping file keeps of a column."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml

from sanjeh.connectors.cleaning.column_reading import read_column
from sanjeh.connectors.cleaning.conversion import Conversion, conversion_from_mapping
from sanjeh.connectors.cleaning.conversion_choice import choose_conversion
from sanjeh.connectors.cleaning.date import DateStyle
from sanjeh.connectors.cleaning.number import NumberStyle
from sanjeh.definitions.entity import ColumnType
from sanjeh.errors import SanjehError


@pytest.mark.parametrize(
    "conversion",
    [
        Conversion(ColumnType.TEXT),
        Conversion(ColumnType.KEY, float_ids=True),
        Conversion(ColumnType.DATE, date=DateStyle("jalali", "dmy", two_digit_year=True, pattern="dd/mm/yy")),
        Conversion(ColumnType.TIME, date=DateStyle(bare="epoch_seconds"), zone="Asia/Tehran", source_zone="UTC"),
        Conversion(ColumnType.MONEY, NumberStyle(","), currency="IRR", source_currency="IRT", scale=Decimal("1000000")),
        Conversion(ColumnType.NUMBER, NumberStyle("/"), scale=Decimal("0.01")),
        Conversion(ColumnType.BOOLEAN, yes=("Won",), no=("Lost", "Cancelled")),
    ],
)
def test_a_conversion_survives_its_yaml(conversion: Conversion) -> None:
    text = yaml.safe_dump(conversion.to_mapping(), allow_unicode=True)
    assert conversion_from_mapping(yaml.safe_load(text)) == conversion


def test_what_is_as_by_default_is_not_written() -> None:
    assert Conversion(ColumnType.DATE, date=DateStyle("jalali")).to_mapping() == {
        "type": "date",
        "date": {"calendar": "jalali"},
    }


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"type": "date", "calender": "jalali"}, "unknown_name"),
        ({"type": "date", "date": {"ordr": "dmy"}}, "unknown_name"),
        ({"type": "colour"}, "bad_conversion"),
        ({}, "bad_conversion"),
        ({"type": "money", "scale": "much"}, "bad_conversion"),
        ({"type": "money", "scale": 0}, "bad_conversion"),
        ({"type": "money", "scale": "NaN"}, "bad_conversion"),
        ({"type": "date", "date": "jalali"}, "bad_conversion"),
        ({"type": "date", "date": {"order": "ydm"}}, "bad_conversion"),
        ({"type": "time", "zone": "Tehran"}, "unknown_time_zone"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping: dict[str, object], code: str) -> None:
    with pytest.raises(SanjehError) as caught:
        conversion_from_mapping(mapping)
    assert caught.value.code == code
    assert "{" not in str(caught.value)


def test_a_wrong_field_gets_a_suggestion() -> None:
    with pytest.raises(SanjehError) as caught:
        conversion_from_mapping({"type": "date", "float_id": True})
    assert caught.value.issues[0].suggestion == "float_ids"


def test_the_header_gives_currency_and_scale() -> None:
    reading = read_column({"۱۲٫۵": 1, "۸": 1}, "مبلغ (میلیون تومان)")
    choice = choose_conversion(reading, ColumnType.MONEY, currency="IRR")
    assert not choice.asks
    assert (choice.conversion.source_currency, choice.conversion.scale) == ("IRT", Decimal(1000000))


def test_money_without_a_currency_asks() -> None:
    choice = choose_conversion(read_column({"12": 1}, "amount"), ColumnType.MONEY, currency="IRR")
    assert choice.asks and choice.issues[0].code == "currency_unknown"


def test_the_question_is_that_of_the_wanted_type_not_of_the_likely_one() -> None:
    reading = read_column({"1.234": 1, "2.345": 1}, "code")
    assert reading.best is ColumnType.KEY
    assert choose_conversion(reading, ColumnType.NUMBER).issues[0].code == "ambiguous_decimal"


def test_percents_by_their_header_are_hundredths_unless_they_look_like_fractions() -> None:
    whole = choose_conversion(read_column({"12": 1, "7.5": 1}, "Discount %"), ColumnType.NUMBER)
    fraction = choose_conversion(read_column({"0.12": 1, "0.075": 1}, "Discount %"), ColumnType.NUMBER)
    assert (whole.conversion.scale, whole.issues) == (Decimal("0.01"), ())
    assert (fraction.conversion.scale, fraction.issues[0].code) == (Decimal(1), "percent_or_fraction")
