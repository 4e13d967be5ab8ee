"""Output is where a command's answer goes: a table on the screen, or JSON, CSV, Parquet or XLSX in a file."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sys
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sanjeh.engines import load_engine
from sanjeh.errors import DataError, Issue, Severity
from sanjeh.frame import Frame
from sanjeh.present import Table, advise_shape, issue_sentence, print_table, render_csv


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


SUFFIXES = {f".{form.value}": form for form in Format if form is not Format.TABLE}


def write_text(text: str, path: Path | None) -> None:
    """Write ``text`` to ``path``, or to the standard output."""
    if path is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(Issue("cannot_write", {"file": str(path), "problem": error.strerror or ""})) from None


def say(line: str) -> None:
    """One line for a person, beside the answer."""
    sys.stderr.write(line + "\n")


def say_issues(issues: Iterable[Issue], language: str) -> bool:
    """Print the issues; whether one of them is an error."""
    failed = False
    for issue in issues:
        say(f"{issue.severity}: {issue_sentence(issue, language)}")
        failed = failed or issue.severity is Severity.ERROR
    return failed


def show_table(table: Table, language: str) -> None:
    """The table on the screen, right to left in Persian; SANJEH_BIDI=visual turns the text for terminals that do
    not.
    """
    from rich.console import Console

    console = Console(width=screen_width(), highlight=False)
    print_table(console, table, language, shape=shape())


def screen_width() -> int:
    """How many characters a line of the screen holds; 140 where nobody looks and COLUMNS says nothing."""
    return max(40, shutil.get_terminal_size((140, 40)).columns)


def shape() -> str:
    """How Persian is written to this terminal."""
    return os.environ.get("SANJEH_BIDI") or advise_shape(os.environ).value


def write_frame(frame: Frame, form: Format, path: Path | None, table: Table) -> None:
    """The frame in ``form``; Parquet and XLSX need a file."""
    if form is Format.JSON:
        write_text(frame.to_json(), path)
    elif form is Format.CSV:
        write_text(frame_csv(frame), path)
    elif path is None and form is not Format.TABLE:
        raise DataError(Issue("file_needed", {"format": form.value}))
    elif form is Format.PARQUET and path is not None:
        load_engine("parquet").write_parquet(frame.flat(), path)
    elif form is Format.XLSX and path is not None:
        write_xlsx(frame, path)
    elif path is not None:
        write_text(render_csv(table), path)
    else:
        show_table(table, frame.language)


def frame_csv(frame: Frame) -> str:
    """The frame as CSV: plain numbers, ISO dates, a column for each dimension; cells that look like formulas made
    safe.
    """
    out = io.StringIO()
    columns = frame.flat()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for cells in zip(*columns.values(), strict=True):
        writer.writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _safe(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    text = str(cell)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def write_xlsx(frame: Frame, path: Path) -> None:
    """The frame as a workbook: one sheet of plain numbers and dates; right to left in Persian."""
    import xlsxwriter

    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet("sanjeh")
            if frame.language == "fa":
                sheet.right_to_left()
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            bold = book.add_format({"bold": True})
            columns = frame.flat()
            for column, (name, cells) in enumerate(columns.items()):
                sheet.write_string(0, column, name, bold)
                for row, cell in enumerate(cells, start=1):
                    _write_cell(sheet, row, column, cell, day)
            sheet.freeze_panes(1, 1)
            sheet.autofit()
    except OSError as error:
        raise DataError(Issue("cannot_write", {"file": str(path), "problem": error.strerror or ""})) from None


def _write_cell(sheet: Any, row: int, column: int, cell: object, day: object) -> None:
    if isinstance(cell, float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif cell is not None:
        sheet.write_string(row, column, str(cell)[:32_000])
