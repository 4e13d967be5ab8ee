from dataclasses import replace

import pytest

from sanjeh.definitions import KPI, Direction, Parameter, Perspective, Text, Timing, Variant, load_catalogue
from sanjeh.present.bidi import bare
from sanjeh.present.catalogue_page import build_page, render_page_markdown, render_page_text, show_parameter
from sanjeh.present.width import text_width

KPI_OF_TEST = KPI(
    id="aov",
    title=Text("Average order value", "میانگین ارزش سفارش"),
    description=Text("Revenue per order.", "درآمد به‌ازای هر سفارش."),
    question=Text("How much per order?", "هر سفارش چقدر؟"),
    formula="revenue / orders",
    unit="money",
    direction=Direction.MAXIMIZE,
    timing=Timing.LAGGING,
    perspective=Perspective.FINANCIAL,
    packs=("b2c", "online"),
    list_items=("003#b2c3",),
    limits=(0, None),
    variants={
        "share": Variant(
            "share", Text("Share", "سهم"), "share(revenue)", "percentage", Direction.MAXIMIZE, Timing.LEADING
        )
    },
    pitfalls=(Text("Read the *median* too.", "میانه را هم بخوانید."),),
    breakdown="channel",
    sources=("003",),
)
DAYS = Parameter("lost_after_days", Text("Days until lost", "روز تا ازدست‌رفتن"), 90, "days")
SHARE = Parameter("popular_share", Text("Popular share", "سهم پرطرفدارها"), 0.2, "ratio", minimum=0, maximum=1)

ENGLISH = """\
Average order value (aov)

Revenue per order.

Question: How much per order?
Formula: revenue / orders
In words: revenue over orders
Unit: toman
Direction: higher is better
Timing: lagging (speaks of what has happened)
Perspective: financial
Usually read per: month
Natural range: 0 toman or more
Packs: sales to consumers (B2C), online sales
Origin: standard catalogue
Usually read by: channel
List items: 003#b2c3

Variants
- Share (aov.share): share over total; percentage; leading (speaks of what will
  come)

Parameters
- Days until lost (lost_after_days): 60 days (default 90 days)
- Popular share (popular_share): 20.0%

Pitfalls
- Read the *median* too.

Sources
- 003"""

PERSIAN = """\
میانگین ارزش سفارش (aov)

درآمد به‌ازای هر سفارش.

پرسش: هر سفارش چقدر؟
فرمول: revenue / orders
به زبان ساده: درآمد تقسیم بر سفارش‌ها
واحد: تومان
جهت: هرچه بیشتر، بهتر
نگاه به زمان: پس‌نگر (از آنچه رخ داده خبر می‌دهد)
منظر: مالی
معمولاً به تفکیک: ماه
بازهٔ طبیعی: ۰ تومان یا بیشتر
دسته‌ها: فروش به مصرف‌کننده (B2C)، فروش اینترنتی
خاستگاه: فهرست استاندارد
معمولاً بر حسب: channel
جای آن در فهرست‌ها: 003#b2c3

گونه‌ها
- سهم (aov.share): سهم از کل؛ درصد؛ پیش‌نگر (از آنچه در راه است خبر می‌دهد)

پارامترها
- روز تا ازدست‌رفتن (lost_after_days): ۶۰ روز (پیش‌فرض ۹۰ روز)
- سهم پرطرفدارها (popular_share): ۲۰٫۰٪

دام‌ها
- میانه را هم بخوانید.

منابع
- 003"""

IN_ENGLISH = {"revenue / orders": "revenue over orders", "share(revenue)": "share over total"}
IN_PERSIAN = {"revenue / orders": "درآمد تقسیم بر سفارش‌ها", "share(revenue)": "سهم از کل"}


@pytest.mark.parametrize(("language", "words", "text"), [("en", IN_ENGLISH, ENGLISH), ("fa", IN_PERSIAN, PERSIAN)])
def test_a_page_tells_all_of_a_kpi(language: str, words: dict[str, str], text: str) -> None:
    parameters = [(DAYS, 60), (SHARE, 0.2)]
    page = build_page(KPI_OF_TEST, language, in_words=words.__getitem__, parameters=parameters, currency="IRT")
    assert bare(render_page_text(page, 80)) == text


def test_markdown_has_headings_and_escapes_words() -> None:
    text = render_page_markdown(build_page(KPI_OF_TEST, "en"))
    assert text.startswith(
        "# Average order value\n\n`aov`\n\nRevenue per order.\n\n- **Question**: How much per order?"
    )
    assert "- **Formula**: `revenue / orders`" in text
    assert r"## Pitfalls" in text
    assert r"- Read the \*median\* too." in text
    assert "In words" not in text


def test_persian_markdown_is_a_right_to_left_block() -> None:
    text = render_page_markdown(build_page(KPI_OF_TEST, "fa"))
    assert text.startswith('<div dir="rtl" lang="fa">\n\n# میانگین ارزش سفارش')
    assert text.endswith("</div>")


def test_what_a_kpi_does_not_have_is_not_shown() -> None:
    kpi = replace(KPI_OF_TEST, question=Text(), variants={}, pitfalls=(), sources=(), limits=(0, 1), unit="percentage")
    text = render_page_text(build_page(kpi, "en"))
    assert "Natural range: 0.0% to 100.0%" in text
    assert not {"Question", "Variants", "Pitfalls", "Sources", "Parameters"} & set(text.replace(":", "\n").split("\n"))


def test_a_companys_own_kpi_with_one_language_is_shown_in_the_other() -> None:
    kpi = replace(KPI_OF_TEST, title=Text(en="Ours"), own=True)
    text = render_page_text(build_page(kpi, "fa"))
    assert "Ours" in text
    assert "شاخصِ خود شرکت" in text


def test_a_parameter_is_shown_as_people_read_it() -> None:
    assert show_parameter(90, "days", "fa") == "۹۰ روز"
    assert show_parameter(("paid", "shipped"), "list", "en") == "paid, shipped"
    assert bare(show_parameter(("paid", "shipped"), "list", "fa")) == "paid، shipped"
    assert show_parameter("orders", "word", "en") == "orders"
    assert show_parameter(True, "word", "fa") == "بله"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_standard_kpi_has_a_page_that_fits_the_screen(language: str) -> None:
    catalogue = load_catalogue()
    for kpi in catalogue.kpis.values():
        text = render_page_text(build_page(kpi, language, currency="IRT"), 80)
        assert kpi.title.get(language) in text
        assert max(map(text_width, text.split("\n")[1:])) <= 80, kpi.id
