import io

import pytest
from rich.console import Console

from sanjeh.errors import QuestionError
from sanjeh.present.bidi import bare
from sanjeh.present.table import Column, ColumnKind, make_table
from sanjeh.present.terminal import FENCE, advise_shape, print_table, render_lines, render_terminal
from sanjeh.present.width import text_width

NUMBER = Column("مرداد ۰۳", ColumnKind.NUMBER)
TABLE = make_table(["شاخص", "واحد", NUMBER], [["درآمد کل", "تومان", "۱۲٬۴۰۰"], ["نرخ CTR", "درصد", "داده نیست"]])


def fences(line: str) -> list[int]:
    """At which cells of a line the separators stand."""
    cells = [sign for sign in line if text_width(sign)]
    return [place for place, sign in enumerate(cells) if sign in "│┼"]


def test_persian_columns_run_from_right_to_left_with_the_label_at_the_right_end() -> None:
    lines = [bare(line).replace(FENCE, " ") for line in render_terminal(TABLE, "fa", 80).split("\n")]
    assert lines == [
        "  مرداد ۰۳ │  واحد │     شاخص",
        " ──────────┼───────┼─────────",
        "    ۱۲٬۴۰۰ │ تومان │ درآمد کل",
        " داده نیست │  درصد │  نرخ CTR",
    ]


@pytest.mark.parametrize("shape", ["logical", "visual"])
def test_separators_stand_under_one_another(shape: str) -> None:
    lines = render_terminal(TABLE, "fa", 80, shape=shape).split("\n")
    assert len({tuple(fences(line)) for line in lines}) == 1
    assert len(fences(lines[0])) == 2


def test_a_left_to_right_fence_parts_every_two_persian_cells_and_opens_the_line() -> None:
    for line in render_terminal(TABLE, "fa", 80).split("\n"):
        assert line.startswith(FENCE)
        if "│" in line:
            assert line.count(f"{FENCE}│{FENCE}") == line.count("│")


def test_the_visual_shape_has_no_fence_and_no_direction_mark() -> None:
    text = render_terminal(TABLE, "fa", 80, shape="visual")
    assert FENCE not in text
    assert bare(text) == text


def test_a_narrow_screen_wraps_labels_and_keeps_numbers_whole() -> None:
    table = make_table(["شاخص", NUMBER], [["میانگین ارزش سفارش", "۱۲٬۴۰۰٬۰۰۰ تومان"]])
    lines = render_terminal(table, "fa", 32).split("\n")
    assert max(map(text_width, lines)) <= 32
    assert "۱۲٬۴۰۰٬۰۰۰ تومان" in bare(lines[2])
    assert len(lines) > 3


def test_markup_in_data_is_shown_and_not_obeyed() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=False)
    print_table(console, make_table(["KPI"], [["[red]x[/red]"]], title="[bold]t"), "en")
    assert out.getvalue().split("\n")[:4] == ["[bold]t", "KPI", "────────────", "[red]x[/red]"]


def test_rich_writes_the_same_lines_as_the_plain_renderer() -> None:
    out = io.StringIO()
    print_table(Console(file=out, width=60, force_terminal=False), TABLE, "fa")
    assert out.getvalue().rstrip("\n") == render_terminal(TABLE, "fa", 60)


def test_persian_text_stands_at_the_right_edge() -> None:
    lines = render_lines("مشتری در هر خرید چقدر خرج می‌کند؟", "fa", 20).split("\n")
    assert [text_width(line) for line in lines] == [20, 20]
    assert bare(lines[1]).endswith("می‌کند؟")
    assert render_lines("one two", "en", 4) == "one\ntwo"


ADVICE = [
    ({}, "logical"),
    ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, "logical"),
    ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}, "visual"),
    ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, "visual"),
    ({"TERM": "linux"}, "visual"),
]


@pytest.mark.parametrize(("environment", "shape"), ADVICE)
def test_the_visual_shape_is_advised_only_where_a_terminal_is_known(environment: dict[str, str], shape: str) -> None:
    assert advise_shape(environment) == shape


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(QuestionError) as caught:
        render_terminal(TABLE, "fa", 80, shape="magic")
    assert caught.value.code == "bad_shape"
