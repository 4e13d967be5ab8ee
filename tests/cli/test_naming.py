"""KPIs and dimensions may be called by their titles in either language, and refusals speak of them by these."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.errors import QuestionError

SPAN = ("--since", "2024-01", "--until", "2024-03", "--format", "json")


@pytest.mark.parametrize("title", ["Revenue", "درآمد", "REVENUE"])
def test_a_title_is_as_good_as_an_id(sanjeh, shop: Path, title: str) -> None:
    points = sanjeh("compute", title, *SPAN, "-w", shop).data
    assert [(point["kpi"], point["value"]) for point in points] == [
        ("revenue", 300.0),
        ("revenue", 350.0),
        ("revenue", 250.0),
    ]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("customers", "customer_count"),
        ("نرخ ريزش مشتري", "churn_rate"),
        ("هزینه‌های عملیاتی", "operating_expenses"),
        ("هزینه های عملیاتی", "operating_expenses"),
        ("هزینه جذب مشتری", "cac"),
        ("Retained of those at the start", "retention_rate.exact"),
        ("Customer retention rate.exact", "retention_rate.exact"),
    ],
)
def test_letters_spaces_and_marks_do_not_matter_in_a_title(title: str, name: str) -> None:
    kpi, variant = load_catalogue().reading(title)
    assert name == (f"{kpi.id}.{variant.id}" if variant else kpi.id)


def test_a_title_nearly_written_is_suggested() -> None:
    for written, meant in (("custmers", "customer_count"), ("درآمدد", "revenue"), ("revnue", "revenue")):
        with pytest.raises(QuestionError) as refused:
            load_catalogue().reading(written)
        assert refused.value.issues[0].suggestion == meant


def test_dimensions_are_called_by_their_titles_too(sanjeh, shop: Path) -> None:
    by_id = sanjeh("compute", "revenue", "--by", "region", "--where", "region == 'Tehran'", *SPAN, "-w", shop)
    for dimension in ("Region", "منطقه"):
        words = ("--by", dimension, "--where", f"{dimension} in ('Tehran', 'منطقه')", *SPAN, "-w", shop)
        points = sanjeh("compute", "revenue", *words).data
        assert [point["value"] for point in points] == [point["value"] for point in by_id.data]
        assert {tuple(point["members"]) for point in points} == {("region",)}


def test_what_stands_in_quotes_is_a_member_whatever_it_says(sanjeh, shop: Path) -> None:
    said = sanjeh("compute", "revenue", "--where", "منطقه == 'منطقه'", *SPAN, "-w", shop)
    assert [point["value"] for point in said.data] == [0.0, 0.0, 0.0]
    assert "has 'منطقه' as region" in said.err


def test_refusals_name_things_by_their_titles(sanjeh, shop: Path) -> None:
    english = sanjeh("compute", "revenue", "--by", "product_id", "-w", shop).err
    assert "no column 'Product id (product_id)' by which Revenue could be cut" in english
    persian = sanjeh("compute", "revenue", "--by", "product_id", "-w", shop, "--language", "fa").err
    assert "ستونی با نام «کد کالا (product_id)» نیست که «درآمد» بر پایهٔ آن تفکیک شود" in persian
    assert (
        "تقویم شمسی"
        in sanjeh(
            *("compute", "revenue", "--since", "1403-14", "--calendar", "jalali", "--language", "fa", "-w", shop)
        ).err
    )


def test_days_of_a_refusal_are_those_of_the_calendar_asked(sanjeh, shop: Path) -> None:
    jalali = ("compute", "revenue", "--calendar", "jalali", "-w", shop)
    turned = (*jalali, "--since", "1402-12", "--until", "1402-10")
    assert "it would begin on 1402-12-01 and end on 1402-10-30" in sanjeh(*turned).err
    assert "از ۱۴۰۲/۱۲/۰۱ تا ۱۴۰۲/۱۰/۳۰" in sanjeh(*turned, "--language", "fa").err
    for grain in ("month", "total"):
        said = sanjeh(*jalali, "--since", "1405-01", "--every", grain)
        assert (said.code, "the data end on 1402-12-11" in said.err) == (2, True)
