"""Markdown is the text of a page: tables, headings, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def render_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar or a line break within a cell cannot break it.

    >>> print(render_table(("id", "meaning"), [("a", "this|that")]))
    | id | meaning |
    |---|---|
    | a | this\\|that |
    """
    lines = [_row(heads), "|" + "---|" * len(heads), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(re.sub(r"\s*\n\s*", " ", cell).replace("|", "\\|") for cell in cells) + " |"


def code(text: object) -> str:
    """``text`` as code, or nothing where it is empty."""
    return f"`{text}`" if str(text) else ""


def codes(texts: Iterable[object]) -> str:
    """Each text as code, separated by commas."""
    return ", ".join(code(text) for text in texts)


def demote(markdown: str, levels: int) -> str:
    """The headings of ``markdown`` so many levels lower.

    >>> demote("# A", 2)
    '### A'
    """
    return re.sub(r"^(#+ )", "#" * levels + r"\1", markdown, flags=re.MULTILINE)


def join_page(*blocks: str) -> str:
    """A page of blocks with an empty line between them; it says that it was generated."""
    note = "<!-- Written by `make reference` from the code; change the code, not this page. -->"
    return "\n\n".join((note, *(block.strip("\n") for block in blocks if block.strip()))) + "\n"
