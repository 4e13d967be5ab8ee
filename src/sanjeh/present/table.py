"""A table is columns with titles and rows of cells; a cell has its text and what it stands for: a number or days.

Only ``render_csv`` writes numbers and dates for machines; the other faces write the texts.
"""

from __future__ import annotations

import csv
import html
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sanjeh.calendars import Span
from sanjeh.errors import Issue, QuestionError
from sanjeh.present.bidi import RLM, bare, text_direction
from sanjeh.present.control import show_controls
from sanjeh.present.grid import Grid, fit_grid


class ColumnKind(StrEnum):
    """What a column holds; decides its alignment and how it is written for machines."""

    TEXT = "text"
    NUMBER = "number"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, kind and alignment: "start" (where lines begin), "right" or "center"; "" by the kind.

    Numbers stand on the right in both languages, since their digits run from left to right in both.
    """

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    align: str = ""

    def __post_init__(self) -> None:
        if self.align not in ("", "start", "right", "center"):
            raise QuestionError(Issue("bad_table", {"what": self.align}))

    def side(self, language: str) -> str:
        """The side on which the column's texts stand: "left", "right" or "center"."""
        align = self.align or ("right" if self.kind is ColumnKind.NUMBER else "start")
        return {"start": "right" if language == "fa" else "left"}.get(align, align)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is read (``text``); for machines the plain number or days, and codes of reason and marks (``note``)."""

    text: str
    number: float | None = None
    span: Span | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of as many cells; raises QuestionError ``bad_table`` when a row has more or fewer."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise QuestionError(Issue("bad_table", {"what": f"{len(row)} / {len(self.columns)}"}))


def make_table(columns: Sequence[Column | str], rows: Sequence[Sequence[Cell | str]], title: str = "") -> Table:
    """The table of ``columns`` and ``rows``, where a bare string is a text column or a text cell.

    >>> make_table(["KPI", Column("Value", ColumnKind.NUMBER)], [["Revenue", Cell("1,200", 1200)]]).rows[0][1].number
    1200
    """
    heads = tuple(Column(column) if isinstance(column, str) else column for column in columns)
    cells = tuple(tuple(Cell(cell) if isinstance(cell, str) else cell for cell in row) for row in rows)
    return Table(heads, cells, title)


def table_grid(table: Table, language: str) -> Grid:
    """The table's texts, no control sign in them, with the side each column stands on, columns in reading order."""
    sides = tuple(column.side(language) for column in table.columns)
    body = tuple(tuple(show_controls(cell.text) for cell in row) for row in table.rows)
    elastic = tuple(column.kind is ColumnKind.TEXT for column in table.columns)
    return Grid(tuple(show_controls(column.title) for column in table.columns), body, sides, elastic)


def render_text(table: Table, language: str, width: int = 100) -> str:
    """The table in plain characters for a file or mail, at most ``width`` cells wide where its numbers leave room.

    Columns stand in reading order: a Persian line begins with its label and a right-to-left mark, so that whatever
    shows it from the right shows the label there. For a screen use ``sanjeh.present.terminal``.

    >>> print(render_text(make_table(["KPI", "Value"], [["Revenue", "1,200"]]), "en"))
    KPI     │ Value
    ────────┼──────
    Revenue │ 1,200
    """
    grid = table_grid(table, language)
    if language == "fa":
        # In a right-to-left line what follows a text stands left of it.
        turned = {"right": "left", "left": "right", "center": "center"}
        grid = Grid(grid.heads, grid.body, tuple(turned[side] for side in grid.sides), grid.elastic)
    fitted = fit_grid(grid, width, separator=3)
    lead = RLM if language == "fa" else ""
    rule = "─┼─".join("─" * column for column in fitted.widths)
    lines = [" │ ".join(line) for line in fitted.head_lines]
    lines += [rule, *(" │ ".join(line) for block in fitted.row_lines for line in block)]
    title = [show_controls(table.title)] if table.title else []
    return "\n".join((lead + line).rstrip() for line in (*title, *lines))


_MARKDOWN = re.compile(r"([\\`*_\[\]|<>~])")


def render_markdown(table: Table, language: str) -> str:
    """The table in Markdown, with nothing in its texts taken for markup; Persian inside a right-to-left block.

    >>> print(render_markdown(make_table(["KPI", Column("Value", ColumnKind.NUMBER)], [["a|b", "1"]]), "en"))
    | KPI | Value |
    | :--- | ---: |
    | a\\|b | 1 |
    """
    sides = {"left": ":---", "right": "---:", "center": ":---:"}
    rows = [[column.title for column in table.columns], *([cell.text for cell in row] for row in table.rows)]
    lines = [f"| {' | '.join(map(markdown_text, row))} |" for row in rows]
    lines.insert(1, f"| {' | '.join(sides[column.side(language)] for column in table.columns)} |")
    if table.title:
        lines = [f"**{markdown_text(table.title)}**", "", *lines]
    return right_to_left("\n".join(lines)) if language == "fa" else "\n".join(lines)


def markdown_text(text: str) -> str:
    """``text`` on one line with Markdown's signs escaped.

    >>> markdown_text("a_b <b>")
    'a\\\\_b \\\\<b\\\\>'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split("\n")))


def right_to_left(markdown: str) -> str:
    """Markdown inside a block that is read from the right."""
    return f'<div dir="rtl" lang="fa">\n\n{markdown}\n\n</div>'


def render_html(table: Table, language: str) -> str:
    """The table as an HTML fragment for a notebook: escaped, from the right for Persian, no number wrapped."""
    direction = "rtl" if language == "fa" else "ltr"
    head = "".join(_html_cell("th", column.title, column, language) for column in table.columns)
    rows = (
        "".join(_html_cell("td", cell.text, column, language) for cell, column in zip(row, table.columns, strict=True))
        for row in table.rows
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    caption = f"<caption>{html.escape(table.title)}</caption>\n" if table.title else ""
    return (
        f'<table dir="{direction}" lang="{language}">\n{caption}<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def _html_cell(tag: str, text: str, column: Column, language: str) -> str:
    wrap = "; white-space: nowrap" if column.kind is not ColumnKind.TEXT else ""
    scope = ' scope="col"' if tag == "th" else ""
    style = f"text-align: {column.side(language)}{wrap}"
    return f'<{tag}{scope} style="{style}"><bdi dir="{text_direction(text)}">{html.escape(text)}</bdi></{tag}>'


def render_csv(table: Table) -> str:
    """The table for machines: plain numbers, Gregorian first and last days beside a period's label, LF line ends.

    A column in which some cell has a note gets a column ``<title>_note`` with its codes. Texts that a spreadsheet would
    run as a formula begin with an apostrophe. Write it with the encoding ``utf-8-sig`` when Excel shall open it.

    >>> print(render_csv(make_table(["KPI", Column("Value", ColumnKind.NUMBER)], [["=1+1", Cell("−1,200", -1200)]])))
    KPI,Value
    '=1+1,-1200
    """
    noted = [any(row[place].note for row in table.rows) for place in range(len(table.columns))]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads: list[str] = []
    for column, has_notes in zip(table.columns, noted, strict=True):
        heads += _csv_heads(column, has_notes)
    writer.writerow(heads)
    for row in table.rows:
        cells: list[str] = []
        for cell, column, has_notes in zip(row, table.columns, noted, strict=True):
            cells += _csv_cells(cell, column, has_notes)
        writer.writerow(cells)
    return out.getvalue()


def _csv_heads(column: Column, has_notes: bool) -> list[str]:
    title = _unrun(bare(column.title))
    days = [f"{title}_first_day", f"{title}_last_day"] if column.kind is ColumnKind.PERIOD else []
    return [title, *days, *([f"{title}_note"] if has_notes else [])]


def _csv_cells(cell: Cell, column: Column, has_notes: bool) -> list[str]:
    note = [_unrun(cell.note)] if has_notes else []
    match column.kind:
        case ColumnKind.NUMBER:
            return [plain_number(cell.number), *note]
        case ColumnKind.PERIOD:
            days = ["", ""]
            if cell.span is not None:
                last = cell.span.shifted(-1).end
                days = [cell.span.start.isoformat(), last.isoformat()]
            return [_unrun(bare(cell.text)), *days, *note]
        case ColumnKind.TEXT:
            return [_unrun(bare(cell.text)), *note]


def plain_number(number: float | None) -> str:
    """The number as a machine reads it, "" for none: never an exponent for a whole number, never a separator.

    >>> plain_number(1_200_000.0), plain_number(0.1), plain_number(None)
    ('1200000', '0.1', '')
    """
    if number is None or number != number:
        return ""
    is_whole = float(number).is_integer() and abs(number) < 1e21
    return str(int(number)) if is_whole else repr(float(number))


def csv_cell(cell: object) -> str:
    """A value as a cell of a CSV file: numbers plain and whole ones exact, nothing for None, texts made harmless.

    >>> csv_cell(-300), csv_cell(Decimal("-300.00")), csv_cell("-1+2"), csv_cell(None)
    ('-300', '-300.00', "'-1+2", '')
    """
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, float):
        return repr(cell) if math.isfinite(cell) else ""
    return str(cell) if isinstance(cell, int) else _unrun(str(cell))


def render_rows_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns of plain values for machines, LF line ends; texts that a spreadsheet would run are made harmless.

    >>> print(render_rows_csv(["order", "amount"], [["=1+1", -5]]), end="")
    order,amount
    '=1+1,-5
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_unrun(column) for column in columns])
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _unrun(text: str) -> str:
    """``text`` made harmless where a spreadsheet would run it: after spaces too, and with wide signs."""
    return f"'{text}" if text.lstrip(" \u00a0")[:1] in tuple("=+-@\t\r\n|＝＋－＠") else text
