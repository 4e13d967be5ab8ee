"""Present: values, periods, codes and tables come in; text in English or Persian for people goes out.

It refuses to compute: a number is rounded and written, never changed, and a missing one becomes the reason in words.
It reads no clock and no environment, and no markup in data is ever obeyed.
"""

from sanjeh.present.bidi import bare, isolate
from sanjeh.present.catalogue_page import (
    Page,
    alone,
    build_page,
    render_page_markdown,
    render_page_text,
    show_parameter,
)
from sanjeh.present.control import show_controls
from sanjeh.present.digit import to_latin, to_persian
from sanjeh.present.number import format_change, format_value, unit_name
from sanjeh.present.period import format_day, format_period, format_slot, format_span
from sanjeh.present.sentence import issue_sentence, message
from sanjeh.present.sparkline import render_sparkline
from sanjeh.present.table import (
    Cell,
    Column,
    ColumnKind,
    Table,
    make_table,
    render_csv,
    render_html,
    render_markdown,
    render_rows_csv,
    render_text,
)
from sanjeh.present.terminal import Shape, advise_shape, print_table, render_lines, render_terminal
from sanjeh.present.visual import visual_order
from sanjeh.present.width import text_width
from sanjeh.present.word import mark_words, reason_word, word

__all__ = [
    "Cell",
    "Column",
    "ColumnKind",
    "Page",
    "Shape",
    "Table",
    "advise_shape",
    "alone",
    "bare",
    "build_page",
    "format_change",
    "format_day",
    "format_period",
    "format_slot",
    "format_span",
    "format_value",
    "isolate",
    "issue_sentence",
    "make_table",
    "mark_words",
    "message",
    "print_table",
    "reason_word",
    "render_csv",
    "render_html",
    "render_lines",
    "render_markdown",
    "render_page_markdown",
    "render_page_text",
    "render_rows_csv",
    "render_sparkline",
    "render_terminal",
    "render_text",
    "show_controls",
    "show_parameter",
    "text_width",
    "to_latin",
    "to_persian",
    "unit_name",
    "visual_order",
    "word",
]
