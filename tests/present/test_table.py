import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjeh.calendars import Span
from sanjeh.errors import QuestionError
from sanjeh.present.bidi import RLM
from sanjeh.present.table import (
    Cell,
    Column,
    ColumnKind,
    make_table,
    plain_number,
    render_csv,
    render_html,
    render_markdown,
    render_rows_csv,
    render_text,
)

VALUE = Column("Value", ColumnKind.NUMBER)
MARCH = Span(date(2024, 3, 1), date(2024, 4, 1))


def test_a_row_with_a_cell_too_many_is_refused() -> None:
    with pytest.raises(QuestionError) as caught:
        make_table(["a"], [["1", "2"]])
    assert caught.value.code == "bad_table"


def test_text_stands_left_and_numbers_right_in_english() -> None:
    table = make_table(["KPI", VALUE], [["Revenue", "1,200"], ["CTR", "3"]], title="March")
    assert render_text(table, "en").split("\n") == [
        "March",
        "KPI     │ Value",
        "────────┼──────",
        "Revenue │ 1,200",
        "CTR     │     3",
    ]


def test_a_persian_line_begins_with_its_label_and_a_right_to_left_mark() -> None:
    table = make_table(["شاخص", Column("مقدار", ColumnKind.NUMBER)], [["درآمد کل", "۱٬۲۰۰"], ["نرخ", "۳"]])
    assert render_text(table, "fa").split("\n") == [
        f"{RLM}شاخص     │ مقدار",
        f"{RLM}─────────┼──────",
        f"{RLM}درآمد کل │ ۱٬۲۰۰",
        f"{RLM}نرخ      │ ۳",
    ]


def test_text_wraps_on_a_narrow_page_and_numbers_do_not() -> None:
    table = make_table(["KPI", VALUE], [["Average order value", "1,200,000 toman"]])
    assert render_text(table, "en", 26).split("\n") == [
        "KPI      │           Value",
        "─────────┼────────────────",
        "Average  │ 1,200,000 toman",
        "order    │",
        "value    │",
    ]
    assert "1,200,000 toman" in render_text(table, "en", 5)


def test_markdown_takes_nothing_in_a_cell_for_markup() -> None:
    table = make_table(["KPI", VALUE], [["a|b *c* <script>", "1"]])
    assert render_markdown(table, "en").split("\n") == [
        "| KPI | Value |",
        "| :--- | ---: |",
        r"| a\|b \*c\* \<script\> | 1 |",
    ]


def test_persian_markdown_is_a_right_to_left_block() -> None:
    assert render_markdown(make_table(["شاخص"], [["درآمد"]]), "fa").startswith('<div dir="rtl" lang="fa">\n\n| شاخص |')


def test_html_is_escaped_and_numbers_stand_right_in_both_directions() -> None:
    table = make_table(["نام", VALUE], [["<b>&", "۱"]], title="<i>")
    text = render_html(table, "fa")
    assert text.startswith('<table dir="rtl" lang="fa">\n<caption>&lt;i&gt;</caption>')
    assert "&lt;b&gt;&amp;" in text
    assert "<b>" not in text
    assert '<td style="text-align: right; white-space: nowrap"><bdi dir="rtl">۱</bdi></td>' in text
    assert '<th scope="col" style="text-align: left">' in render_html(table, "en")


def test_csv_has_plain_numbers_dates_beside_labels_and_codes_of_reasons() -> None:
    columns: list[Column | str] = ["شاخص", Column("period", ColumnKind.PERIOD), Column("value", ColumnKind.NUMBER)]
    rows: list[list[Cell | str]] = [
        ["درآمد", Cell("اسفند ۰۲", span=MARCH), Cell("\u200e−۱٫۲ میلیون", -1_200_000.0, note="partial")],
        ["نرخ", Cell("اسفند ۰۲", span=MARCH), Cell("داده نیست", None, note="no_data")],
    ]
    assert render_csv(make_table(columns, rows)).split("\n") == [
        "شاخص,period,period_first_day,period_last_day,value,value_note",
        "درآمد,اسفند ۰۲,2024-03-01,2024-03-31,-1200000,partial",
        "نرخ,اسفند ۰۲,2024-03-01,2024-03-31,,no_data",
        "",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\u200e=1", "\tx", "|cmd", "＝1"])
def test_csv_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    written = next(csv.reader(io.StringIO(render_csv(make_table([text], [])))))[0]
    assert written.startswith("'")


@given(st.lists(st.lists(st.text(alphabet='ab,"\n=;ک'), min_size=2, max_size=2), max_size=5))
def test_csv_reads_back_as_the_cells_it_was_made_of(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(render_csv(make_table(["a", "b"], rows)), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in read[1:]] == rows


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_number_reads_back_as_itself(number: float) -> None:
    assert float(plain_number(number)) == number


def test_plain_values_keep_their_digits_in_csv_and_only_texts_are_made_safe() -> None:
    rows = [[Decimal("-300.00"), -5, -0.5, 2**63, "-300", "@x", None], [Decimal("1E+3"), 1, 1.5, 0, "a", "\tb", ""]]
    assert render_rows_csv(["a", "b", "c", "d", "e", "f", "g"], rows).splitlines()[1:] == [
        "-300.00,-5,-0.5,9223372036854775808,'-300,'@x,",
        "1000,1,1.5,0,a,'\tb,",
    ]
