"""A stream is where a command writes: a screen in its own encoding, or a pipe or file, which is always UTF-8."""

from __future__ import annotations

import io
import sys


def prepare_streams() -> None:
    """Make both streams fit for Persian: no text may end in an encoding error, and no machine get question marks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            _prepare(stream)


def _prepare(stream: io.TextIOWrapper) -> None:
    # A plain C locale claims ASCII, though the screens of today understand UTF-8.
    is_plain = stream.encoding.lower().replace("_", "-") in ("ascii", "us-ascii", "ansi-x3.4-1968")
    if is_plain or not stream.isatty():
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    else:
        stream.reconfigure(errors="replace")
