"""A control sign is a character that moves a terminal's cursor or turns its text, and is not itself seen.

Names of files, headers and cells come from strangers: written as they are, an escape sequence in one could clear the
screen or retitle its window, and an override could show a name backwards.
"""

from __future__ import annotations

# C1 controls are escape sequences of one character; embeddings and overrides reach past the text they stand in.
_HIDDEN = map(chr, (*range(0x80, 0xA0), *range(0x202A, 0x202F)))
_SHOWN = str.maketrans(
    {chr(code): chr(0x2400 + code) for code in range(0x20)}
    | dict.fromkeys(_HIDDEN, "\ufffd")
    | {"\n": "\n", "\t": " ", "\x7f": "\u2421"}
)


def show_controls(text: str) -> str:
    """``text`` with each control sign seen instead of obeyed; line ends stay, a tab becomes a space.

    Isolates and marks of direction stay too: they cannot reach past their own line, and Sanjeh writes them itself.

    >>> show_controls("\\x1b[2Ja\\u202eb\\tc")
    '␛[2Ja�b c'
    """
    return text if text.isascii() and text.isprintable() else text.replace("\r\n", "\n").translate(_SHOWN)
