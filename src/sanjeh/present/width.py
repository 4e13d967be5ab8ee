"""The width of a text is the number of terminal cells it takes: 0 for marks and joiners, 2 for wide signs, else 1."""

from __future__ import annotations

import unicodedata

_ZERO = frozenset(["Mn", "Me", "Cf", "Cc"])
ELLIPSIS = "…"


def character_width(character: str) -> int:
    """The cells one character takes: ZWNJ, direction marks and combining marks none, wide ones two.

    >>> [character_width(character) for character in ("ک", "\\u200c", "\\u0654", "漢")]
    [1, 0, 0, 2]
    """
    if unicodedata.category(character) in _ZERO:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def text_width(text: str) -> int:
    """The cells that ``text`` takes on one line.

    >>> text_width("می‌شود"), text_width("دورهٔ")
    (5, 4)
    """
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(character_width, text))


def cut_text(text: str, width: int) -> str:
    """``text`` when it fits into ``width`` cells, else its beginning and an ellipsis.

    >>> cut_text("Average order value", 9)
    'Average …'
    """
    if text_width(text) <= width:
        return text
    return _head(text, width - 1) + ELLIPSIS if width > 0 else ""


def wrap_text(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells (1 or more), broken at spaces; a longer word is broken inside.

    >>> wrap_text("Average order value", 13)
    ['Average order', 'value']
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split(" "):
            joined = f"{line} {word}" if line else word
            if text_width(joined) <= width:
                line = joined
                continue
            if line:
                lines.append(line)
            line = word
            while text_width(line) > width:
                # A wide sign in a column of one cell: something must go forward.
                head = _head(line, width) or line[0]
                lines.append(head)
                line = line[len(head) :]
        lines.append(line)
    return lines


def pad_text(text: str, width: int, side: str) -> str:
    """``text`` filled with spaces to ``width`` cells, standing on the "left", "right" or "center".

    >>> pad_text("ab", 5, "right"), pad_text("ab", 5, "center")
    ('   ab', ' ab  ')
    """
    room = max(0, width - text_width(text))
    before = {"left": 0, "right": room, "center": room // 2}[side]
    return " " * before + text + " " * (room - before)


def _head(text: str, width: int) -> str:
    taken = 0
    for place, character in enumerate(text):
        taken += character_width(character)
        if taken > width:
            return text[:place]
    return text
