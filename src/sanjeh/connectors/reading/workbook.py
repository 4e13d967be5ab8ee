"""A workbook is an XLSX or XLS file; one of its sheets is read as a grid of typed cells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, nullcontext

from sanjeh.connectors.reading.grid import Record, stage_grid
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.open_workbook import Answer, OpenWorkbook
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.staging import Request, Stage, build_raw_table
from sanjeh.connectors.reading.typed_text import join_hints
from sanjeh.connectors.reading.workbook_guard import SheetScan
from sanjeh.errors import DataError, Issue, Severity


def list_sheets(source: Source, limits: Limits) -> tuple[str, ...]:
    """The names of the sheets that have cells, in the order of the workbook.

    Raises:
        DataError: as ``read_workbook``.
    """
    with OpenWorkbook(source, limits) as book:
        return book.list_sheets()


def read_workbook(request: Request) -> RawTable:
    """The raw table of one sheet; without a part, of the first that has cells.

    Raises:
        DataError: ``unreadable_workbook`` (damaged, or with a password), ``zip_bomb``, ``workbook_too_large``,
            ``no_such_part``, ``empty_file``, ``too_many_columns``.
    """
    source, limits, shelf = request.source, request.limits, request.shelf
    opened = OpenWorkbook(source, limits) if shelf is None else nullcontext(shelf.take(source, limits))
    with opened as book:
        return _read_sheet(request, book)


def _read_sheet(request: Request, book: OpenWorkbook) -> RawTable:
    source = request.source
    name = source.part or _first_sheet(source, book)
    scan = book.scan(name)
    with closing(book.ask(name)) as answer:
        kind, *shape = next(answer)
        if kind == "missing":
            raise DataError(Issue("no_such_part", {"file": source.file, "part": name}, source.place))
        first, last_row, width = shape
        if last_row < 0:
            raise DataError(Issue("empty_file", {"file": source.file}, source.place))
        tally = _Tally(width)
        records = _read_cells(answer, scan.errors, first, tally)
        return _stage_sheet(request, records, scan, tally, last_row + 1, book.fingerprint)


def _first_sheet(source: Source, book: OpenWorkbook) -> str:
    names = book.list_sheets()
    if not names:
        raise DataError(Issue("empty_file", {"file": source.file}, source.place))
    return names[0]


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
