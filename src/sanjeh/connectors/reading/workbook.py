"""A workbook is an XLSX or XLS file; one of its sheets is read as a grid of typed cells."""

from __future__ import annotations

import marshal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sanjeh.connectors.reading.byte_stream import check_file, fingerprint_file
from sanjeh.connectors.reading.content_kind import OLE, ZIP
from sanjeh.connectors.reading.grid import Record, stage_grid
from sanjeh.connectors.reading.limits import MEGABYTE, Limits
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.staging import Request, Stage, build_raw_table
from sanjeh.connectors.reading.typed_text import join_hints
from sanjeh.connectors.reading.workbook_guard import SheetScan, check_workbook, has_cells, scan_sheet, unreadable
from sanjeh.errors import DataError, Datum, Issue, Severity

# Seconds of work for one workbook, and for each megabyte of it; far more than a sound one takes.
_SECONDS = 20
_SECONDS_PER_MEGABYTE = 3
_START = "import sys; sys.path[:] = {path!r}; from {module} import {name} as run; run({file!r}, {sheet!r}, {seconds})"

Answer = Generator[tuple[Any, ...], None, None]


def list_sheets(source: Source, limits: Limits) -> tuple[str, ...]:
    """The names of the sheets that have cells, in the order of the workbook.

    Raises:
        DataError: as ``read_workbook``.
    """
    parts = _check(source, limits)
    if parts:
        return tuple(name for name, part in parts.items() if part and has_cells(source, part))
    with closing(_parse(source, None)) as answer:
        return tuple(next(answer)[1])


def read_workbook(request: Request) -> RawTable:
    """The raw table of one sheet; without a part, of the first that has cells.

    Raises:
        DataError: ``unreadable_workbook`` (damaged, or with a password), ``zip_bomb``, ``workbook_too_large``,
            ``no_such_part``, ``empty_file``, ``too_many_columns``.
    """
    source = request.source
    fingerprint = fingerprint_file(source)
    parts = _check(source, request.limits)
    name = source.part or _first_sheet(source, request.limits)
    scan = SheetScan()
    if parts.get(name, "").endswith(".xml"):
        scan = scan_sheet(source, parts[name], request.limits)
    with closing(_parse(source, name)) as answer:
        kind, *shape = next(answer)
        if kind == "missing":
            raise DataError(Issue("no_such_part", {"file": source.file, "part": name}, source.place))
        first, last_row, width = shape
        if last_row < 0:
            raise DataError(Issue("empty_file", {"file": source.file}, source.place))
        tally = _Tally(width)
        records = _read_cells(answer, scan.errors, first, tally)
        return _stage_sheet(request, records, scan, tally, last_row + 1, fingerprint)


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
        raise _too_large(source, limits.sheet)
    return {}


def _too_large(source: Source, limit: int) -> DataError:
    data: dict[str, Datum] = {"file": source.file, "limit": limit >> 20}
    return DataError(Issue("workbook_too_large", data, source.place))


def _first_sheet(source: Source, limits: Limits) -> str:
    names = list_sheets(source, limits)
    if not names:
        raise DataError(Issue("empty_file", {"file": source.file}, source.place))
    return names[0]


def _parse(source: Source, sheet: str | None) -> Answer:
    """The messages of a sheet process; an answer that breaks off is a workbook that cannot be read."""
    seconds = _SECONDS + _SECONDS_PER_MEGABYTE * (Path(source.path).stat().st_size // MEGABYTE + 1)
    code = _START.format(
        path=sys.path,
        module="sanjeh.connectors.reading.sheet_process",
        name="run_sheet_process",
        file=str(Path(source.path).resolve()),
        sheet=sheet,
        seconds=seconds,
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        try:
            while (message := marshal.load(process.stdout)) != ("done",):
                yield message
        except (EOFError, ValueError, TypeError):
            raise unreadable(source) from None
        finally:
            process.kill()


def _stage_sheet(
    request: Request, records: Iterator[Record], scan: SheetScan, tally: _Tally, rows: int, fingerprint: str
) -> RawTable:
    with Stage(request, total=rows) as stage:
        header = stage_grid(records, stage, request, width=tally.width)
        stage.load([f"c{position}" for position in range(header.width)])
        issues = []
        if scan.empty_formulas:
            data = {"count": scan.empty_formulas}
            issues.append(Issue("formulas_without_values", data, request.source.place, Severity.WARNING))
        hints = tally.hints_below(header.row)
        return build_raw_table(
            request, header, fingerprint, bad_rows=stage.bad_rows, issues=issues, hints=hints, nuls=stage.nuls
        )


class _Tally:
    """The hints seen in each column; those of the first rows are kept apart until the header is known."""

    _EARLY = 2000

    def __init__(self, width: int) -> None:
        self.width = width
        self._hints: list[set[str | None]] = [set() for _ in range(width)]
        self._early: list[tuple[int, list[str | None]]] = []

    def add(self, row: int, hints: list[str | None]) -> None:
        if row <= self._EARLY:
            self._early.append((row, hints))
        else:
            self._merge(hints)

    def _merge(self, hints: list[str | None]) -> None:
        for seen, hint in zip(self._hints, hints, strict=True):
            seen.add(hint)

    def hints_below(self, row: int) -> list[str | None]:
        for at, hints in self._early:
            if at > row:
                self._merge(hints)
        return [join_hints(seen) for seen in self._hints]


def _read_cells(answer: Answer, errors: dict[tuple[int, int], str], first: int, tally: _Tally) -> Iterator[Record]:
    rows_with_errors = {row for row, _ in errors}
    for _, batch in answer:
        for row, texts, hints in batch:
            tally.add(row, hints)
            if row in rows_with_errors:
                # The parser gives error values as nothing, and nothing may be lost.
                for position in range(len(texts)):
                    texts[position] = texts[position] or errors.get((row, first + position + 1), "")
            yield row, texts, None
