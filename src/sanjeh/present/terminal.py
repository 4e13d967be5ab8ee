"""A terminal shows a table in cells of one width, from left to right, and may or may not turn Persian text round.

What there is. VTE (GNOME Terminal and its kin), Konsole, mlterm, mintty, Apple's Terminal and iTerm2 turn each line by
the Unicode bidirectional algorithm; xterm, Alacritty, foot, the Linux console, and VS Code's terminal draw characters
in the order they come. Those that turn do so over the whole line, with the base direction left to right (VTE by
default) or by the line's first letter (others by setting), and not all of them heed invisible direction marks
(mintty's source says so of isolates).

What follows was checked with an implementation of the algorithm, not in each of those programs:

* Two Persian cells with only spaces and │ between them are one right-to-left run: they change places, and the grid
  breaks. Isolates mend it only where they are heeded. A fence that is always heeded must be a visible character with
  the direction left to right that looks like a space: U+2800 BRAILLE PATTERN BLANK. It stands at the line's start (so
  that a base direction taken from the first letter is left to right too) and on both sides of every │.
* So columns are laid from right to left by Sanjeh itself, the label at the right end, the same on every terminal; the
  terminal's turning is confined to one cell. Inside it isolates keep mixed text in order where they are heeded;
  where not, only a cell that mixes Persian with Latin words or leads with a number reads in another order.
* Shape "logical" (the default) is this. It stays right when copied. Shape "visual" writes each cell in the order in
  which it is drawn, with joined letter forms, for terminals that do not turn; on one that does, words come out
  reversed, hence it is never the default, only advised by ``advise_shape`` where a terminal is known.

Widths are counted in ``sanjeh.present.width``: ZWNJ, direction and combining marks take no cell. Texts reach rich as
``Text``, never as markup, so that a member called "[red]" is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from sanjeh.errors import Issue, QuestionError
from sanjeh.present.bidi import bare, isolate, text_direction
from sanjeh.present.control import show_controls
from sanjeh.present.grid import FittedGrid, fit_grid
from sanjeh.present.table import Table, table_grid
from sanjeh.present.visual import visual_order
from sanjeh.present.width import pad_text, text_width, wrap_text

if TYPE_CHECKING:
    from rich.console import Console

FENCE = "\u2800"
_SEPARATOR = 3


class Shape(StrEnum):
    """How right-to-left text is written to a screen: as it is read, or as it is drawn."""

    LOGICAL = "logical"
    VISUAL = "visual"


# Programs that name themselves in the environment and do not turn text; any other gets the logical shape.
_NOT_TURNING = (
    ("TERM_PROGRAM", "vscode"),
    ("TERM", "alacritty"),
    ("TERM", "foot"),
    ("TERM", "linux"),
    ("TERM", "st-256color"),
)


def advise_shape(environment: Mapping[str, str]) -> Shape:
    """The shape for the terminal that these environment variables tell of; logical where it is not known.

    >>> advise_shape({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}).value, advise_shape({"TERM": "xterm"}).value
    ('visual', 'logical')
    """
    is_xterm = "XTERM_VERSION" in environment and "VTE_VERSION" not in environment
    is_known = any(environment.get(name) == value for name, value in _NOT_TURNING)
    return Shape.VISUAL if is_xterm or is_known else Shape.LOGICAL


def check_shape(shape: str) -> Shape:
    """The shape called ``shape``; raises QuestionError ``bad_shape``."""
    try:
        return Shape(shape)
    except ValueError:
        raise QuestionError(Issue("bad_shape", {"shape": shape, "choices": ", ".join(Shape)})) from None


def render_terminal(table: Table, language: str, width: int, *, shape: str = "logical") -> str:
    """The table for a screen of ``width`` cells; Persian with its first column at the right end.

    >>> from sanjeh.present.table import make_table
    >>> print(render_terminal(make_table(["KPI", "Value"], [["Revenue", "1,200"]]), "en", 80))
    KPI     │ Value
    ────────┼──────
    Revenue │ 1,200
    """
    lines = _table_lines(table, language, width, check_shape(shape))
    return "\n".join(line for _, line in lines)


def print_table(console: Console, table: Table, language: str, *, shape: str = "logical") -> None:
    """Writes the table to a rich console at its width, its title and heads bold, nothing in it taken for markup."""
    from rich.text import Text

    styles = {"title": "bold", "head": "bold", "rule": "dim", "row": ""}
    for role, line in _table_lines(table, language, console.width, check_shape(shape)):
        console.print(Text(line, style=styles[role]), overflow="ignore", no_wrap=True, crop=False)


def render_lines(text: str, language: str, width: int, *, shape: str = "logical") -> str:
    """Running text wrapped to ``width`` cells; Persian stands at the right edge. For a page give it the page's text.

    >>> print(render_lines("How much does a customer spend?", "en", 20))
    How much does a
    customer spend?
    """
    if language != "fa":
        return "\n".join(wrap_text(text, width))
    chosen = check_shape(shape)
    room = width - 1 if chosen is Shape.LOGICAL else width
    return "\n".join(_right_line(line, room, chosen) for line in wrap_text(text, room))


def _right_line(line: str, width: int, shape: Shape) -> str:
    if not line:
        return ""
    lead = FENCE if shape is Shape.LOGICAL else ""
    return lead + _shaped(pad_text(line.rstrip(), width, "right"), shape, "rtl")


def _table_lines(table: Table, language: str, width: int, shape: Shape) -> list[tuple[str, str]]:
    """Each line with its role: title, head, rule or row."""
    if language != "fa":
        return _left_lines(table, fit_grid(table_grid(table, language), width, separator=_SEPARATOR))
    turned = table_grid(table, language).reversed()
    lead = 1 if shape is Shape.LOGICAL else 0
    fitted = fit_grid(turned, width - lead, separator=_SEPARATOR)
    total = sum(fitted.widths) + _SEPARATOR * (len(fitted.widths) - 1)
    rule = (FENCE if lead else "") + "─┼─".join("─" * size for size in fitted.widths)
    lines = [
        ("title", _right_line(line, total, shape)) for line in wrap_text(show_controls(table.title), total) if line
    ]
    lines += [("head", _fenced(line, shape)) for line in fitted.head_lines]
    lines.append(("rule", rule))
    return lines + [("row", _fenced(line, shape)) for block in fitted.row_lines for line in block]


def _left_lines(table: Table, fitted: FittedGrid) -> list[tuple[str, str]]:
    lines = [("title", show_controls(table.title))] if table.title else []
    lines += [("head", " │ ".join(line).rstrip()) for line in fitted.head_lines]
    lines.append(("rule", "─┼─".join("─" * size for size in fitted.widths)))
    return lines + [("row", " │ ".join(line).rstrip()) for block in fitted.row_lines for line in block]


def _fenced(cells: tuple[str, ...], shape: Shape) -> str:
    if shape is Shape.VISUAL:
        return " │ ".join(_shaped(cell, shape, text_direction(cell)) for cell in cells)
    return FENCE + f"{FENCE}│{FENCE}".join(_shaped(cell, shape, text_direction(cell)) for cell in cells)


def _shaped(padded: str, shape: Shape, direction: str) -> str:
    """A padded text in its shape; the padding stays outside the run."""
    text = padded.strip(" ")
    if not text:
        return padded
    start = padded.index(text)
    before, after = padded[:start], padded[start + len(text) :]
    if shape is Shape.LOGICAL:
        return before + isolate(text, direction) + after
    drawn = visual_order(text, direction)
    # Marks that joined letters have swallowed must not make the cell narrower.
    room = text_width(bare(text)) - text_width(drawn)
    return before + " " * max(0, room) + drawn + after
