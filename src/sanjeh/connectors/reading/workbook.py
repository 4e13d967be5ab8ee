"""A workbook is an XLSX or XLS file; one of its sheets is read as a grid of typed cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjeh.connectors.reading.byte_stream import check_file, fingerprint_file
from sanjeh.connectors.reading.content_kind import OLE, ZIP
from sanjeh.connectors.reading.grid import Record, stage_grid
from sanjeh.connectors.reading.limits import Limits
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.staging import Request, Stage, build_raw_table
from sanjeh.connectors.reading.typed_text import hint_of_types, typed_text
from sanjeh.connectors.reading.workbook_guard import SheetScan, check_workbook, has_cells, scan_sheet, unreadable
from sanjeh.errors import DataError, Datum, Issue, Severity

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def list_sheets(source: Source, limits: Limits) -> tuple[str, ...]:
    """The names of the sheets that have cells, in the order of the workbook.

    Raises:
        DataError: as ``read_workbook``.
    """
    parts = _check(source, limits)
    if parts:
        filled = {
            name: bool(part) and _guarded(source, partial(has_cells, source, part)) for name, part in parts.items()
        }
        return tuple(name for name, has_any in filled.items() if has_any)
    with _open(source) as workbook:
        names = list(workbook.sheet_names)
        return tuple(n for n in names if _guarded(source, partial(workbook.get_sheet_by_name, n)).end is not None)


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
        scan = _guarded(source, partial(scan_sheet, source, parts[name], request.limits))
    with _open(source) as workbook:
        if name not in workbook.sheet_names:
            raise DataError(Issue("no_such_part", {"file": source.file, "part": name}, source.place))
        sheet = _guarded(source, partial(workbook.get_sheet_by_name, name))
        if sheet.end is None:
            raise DataError(Issue("empty_file", {"file": source.file}, source.place))
        return _stage_sheet(request, sheet, scan, fingerprint)


def _check(source: Source, limits: Limits) -> dict[str, str]:
    path = check_file(source)
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:
        raise unreadable(source) from None
    if head.startswith(ZIP):
        return check_workbook(source, limits)
    if head != OLE:
        raise unreadable(source)
    # An old workbook holds at most 65536 rows, but its records are parsed from one piece of memory.
    if path.stat().st_size > limits.sheet:
        raise DataError(Issue("workbook_too_large", {"file": source.file, "limit": limits.sheet >> 20}, source.place))
    return {}


def _first_sheet(source: Source, limits: Limits) -> str:
    names = list_sheets(source, limits)
    if not names:
        raise DataError(Issue("empty_file", {"file": source.file}, source.place))
    return names[0]


def _open(source: Source) -> CalamineWorkbook:
    import python_calamine

    def open_file() -> CalamineWorkbook:
        with Path(source.path).open("rb") as file:
            return python_calamine.CalamineWorkbook.from_filelike(file)

    return _guarded(source, open_file)


def _guarded(source: Source, step: Callable[[], Any]) -> Any:
    """The step's result; whatever the parser stumbles over is one error, and so is a panic of its native code."""
    try:
        return step()
    except DataError:
        raise
    except MemoryError:
        raise DataError(Issue("workbook_too_large", {"file": source.file, "limit": 0}, source.place)) from None
    except Exception:
        raise unreadable(source) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable(source) from None


def _stage_sheet(request: Request, sheet: CalamineSheet, scan: SheetScan, fingerprint: str) -> RawTable:
    source = request.source
    first = sheet.start[1]
    width = sheet.end[1] - first + 1
    tally = _Tally(width)
    with Stage(request, total=sheet.end[0]) as stage:
        header = stage_grid(_read_cells(sheet, scan.errors, first, tally), stage, request, width=width)
        stage.load([f"c{position}" for position in range(header.width)])
        issues = []
        if scan.empty_formulas:
            data: dict[str, Datum] = {"count": scan.empty_formulas}
            issues.append(Issue("formulas_without_values", data, source.place, Severity.WARNING))
        hints = tally.hints_below(header.row)
        return build_raw_table(
            request, header, fingerprint, bad_rows=stage.bad_rows, issues=issues, hints=hints, nuls=stage.nuls
        )


class _Tally:
    """The types seen in each column; those of the first rows are kept apart until the header is known."""

    _EARLY = 2000

    def __init__(self, width: int) -> None:
        self._types: list[set[type]] = [set() for _ in range(width)]
        self._early: list[tuple[int, list[type]]] = []

    def add(self, row: int, cells: list[object]) -> None:
        kinds = [type(cell) if cell != "" else type(None) for cell in cells]
        if row <= self._EARLY:
            self._early.append((row, kinds))
        else:
            self._merge(kinds)

    def _merge(self, kinds: list[type]) -> None:
        for seen, kind in zip(self._types, kinds, strict=True):
            seen.add(kind)

    def hints_below(self, row: int) -> list[str | None]:
        for at, kinds in self._early:
            if at > row:
                self._merge(kinds)
        return [hint_of_types(seen) for seen in self._types]


def _read_cells(
    sheet: CalamineSheet, errors: dict[tuple[int, int], str], first: int, tally: _Tally
) -> Iterator[Record]:
    rows_with_errors = {row for row, _ in errors}
    for row, cells in enumerate(sheet.iter_rows(), 1):
        tally.add(row, cells)
        texts = [typed_text(cell) for cell in cells]
        if row in rows_with_errors:
            # The parser gives error values as nothing, and nothing may be lost.
            for position in range(len(texts)):
                texts[position] = texts[position] or errors.get((row, first + position + 1), "")
        yield row, texts, None
