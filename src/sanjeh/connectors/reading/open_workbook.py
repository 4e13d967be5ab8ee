"""An open workbook is one XLSX or XLS file that was found harmless, with the process that parses its sheets."""

from __future__ import annotations

import marshal
import subprocess
import sys
import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

from sanjeh.connectors.reading.byte_stream import check_file, fingerprint_file
from sanjeh.connectors.reading.content_kind import OLE, ZIP
from sanjeh.connectors.reading.limits import MEGABYTE, Limits
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.workbook_guard import (
    SheetScan,
    check_workbook,
    guarding,
    has_cells,
    scan_sheet,
    unreadable,
)
from sanjeh.errors import DataError, Datum, Issue

# Seconds of work for one sheet of a workbook, and for each megabyte of the file; far more than a sound one takes.
_SECONDS = 20
_SECONDS_PER_MEGABYTE = 3
_START = "import sys; sys.path[:] = {path!r}; from {module} import {name} as run; run({file!r}, {seconds})"

Answer = Generator[tuple[Any, ...], None, None]


class OpenWorkbook:
    """The workbook of ``source``: hashed, looked through and parsed once, however many of its sheets are read.

    Use it as a context. Raises DataError ``unreadable_workbook``, ``zip_bomb``, ``workbook_too_large``.
    """

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._archive: zipfile.ZipFile | None = None
        self.fingerprint = fingerprint_file(source)
        # The archive member of each sheet, none for an old workbook.
        self.parts = _check(source, limits)
        if self.parts:
            with guarding(source):
                self._archive = zipfile.ZipFile(source.path)

    def __enter__(self) -> OpenWorkbook:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if self._archive is not None:
            self._archive.close()

    def list_sheets(self) -> tuple[str, ...]:
        """The names of the sheets that have cells, in the order of the workbook."""
        if self._archive is not None:
            archive = self._archive
            return tuple(name for name, part in self.parts.items() if part and has_cells(self._source, archive, part))
        answer = self.ask(None)
        names = tuple(next(answer)[1])
        for _ in answer:
            pass
        return names

    def scan(self, sheet: str) -> SheetScan:
        """What one pass over the sheet's XML finds; empty where there is none."""
        part = self.parts.get(sheet, "")
        if self._archive is None or not part.endswith(".xml"):
            return SheetScan()
        return scan_sheet(self._source, self._archive, part, self._limits)

    def ask(self, sheet: str | None) -> Answer:
        """The messages of the sheet process on one sheet (None: on which there are); read them to the end.

        An answer that breaks off is a workbook that cannot be read.
        """
        was_used = self._process is not None
        is_whole = False
        try:
            first = self._ask_first(sheet, may_retry=was_used)
            while first != ("done",):
                yield first
                first = self._receive()
            is_whole = True
        except (EOFError, ValueError, TypeError, OSError):
            raise unreadable(self._source) from None
        finally:
            if not is_whole:
                self._stop()

    def _ask_first(self, sheet: str | None, *, may_retry: bool) -> tuple[Any, ...]:
        try:
            self._send(sheet)
            return self._receive()
        except (EOFError, ValueError, TypeError, OSError):
            if not may_retry:
                raise
        # The sheets before may have left too little memory for this one.
        self._stop()
        self._send(sheet)
        return self._receive()

    def _send(self, sheet: str | None) -> None:
        if self._process is None:
            self._process = _start(self._source)
        assert self._process.stdin is not None
        marshal.dump(sheet, self._process.stdin)
        self._process.stdin.flush()

    def _receive(self) -> tuple[Any, ...]:
        assert self._process is not None and self._process.stdout is not None
        message: tuple[Any, ...] = marshal.load(self._process.stdout)
        return message

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            # Leaving it closes the pipes and waits; what was still to be flushed has nobody to read it.
            with process:
                pass


def _check(source: Source, limits: Limits) -> dict[str, str]:
    """The archive member of each sheet, none for an old workbook; refuses what must not be opened."""
    path = check_file(source)
    try:
        with path.open("rb") as file:
            head = file.read(8)
        size = path.stat().st_size
    except OSError:
        raise unreadable(source) from None
    if head.startswith(ZIP):
        return check_workbook(source, limits)
    if head != OLE:
        raise unreadable(source)
    if size > limits.sheet:
        data: dict[str, Datum] = {"file": source.file, "limit": limits.sheet >> 20}
        raise DataError(Issue("workbook_too_large", data, source.place))
    return {}


def _start(source: Source) -> subprocess.Popen[bytes]:
    seconds = _SECONDS + _SECONDS_PER_MEGABYTE * (Path(source.path).stat().st_size // MEGABYTE + 1)
    code = _START.format(
        path=sys.path,
        module="sanjeh.connectors.reading.sheet_process",
        name="run_sheet_process",
        file=str(Path(source.path).resolve()),
        seconds=seconds,
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
