"""A workbook shelf keeps the workbook that was read last open, since its other sheets are mostly read next."""

from __future__ import annotations

from pathlib import Path

from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.open_workbook import OpenWorkbook
from sanjeh.connectors.reading.source import Source

_Stamp = tuple[str, int, int, Limits]


class WorkbookShelf:
    """Gives open workbooks; use it as a context, at whose end the last one is closed."""

    def __init__(self) -> None:
        self._stamp: _Stamp | None = None
        self._book: OpenWorkbook | None = None

    def __enter__(self) -> WorkbookShelf:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def take(self, source: Source, limits: Limits) -> OpenWorkbook:
        """The open workbook of ``source``; opened anew where the file is another or was changed. Raises DataError."""
        stamp = _stamp(source, limits)
        if self._book is not None and stamp is not None and stamp == self._stamp:
            return self._book
        self._close()
        self._book, self._stamp = OpenWorkbook(source, limits), stamp
        return self._book

    def _close(self) -> None:
        book, self._book, self._stamp = self._book, None, None
        if book is not None:
            book.__exit__()


def _stamp(source: Source, limits: Limits) -> _Stamp | None:
    try:
        state = Path(source.path).stat()
    except OSError:
        return None
    return source.path, state.st_size, state.st_mtime_ns, limits
