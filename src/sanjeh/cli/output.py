"""Output is where a command's answer goes: a table on the screen, or JSON, CSV, Parquet or XLSX in a file."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from sanjeh.cli.repeated import fold_issues
from sanjeh.engines import load_engine
from sanjeh.errors import Datum, Issue, QuestionError, SanjehError, Severity
from sanjeh.frame import Frame
from sanjeh.part import load_part
from sanjeh.present import (
    Shape,
    Table,
    advise_shape,
    bare,
    issue_sentence,
    message,
    print_table,
    render_lines,
    render_rows_csv,
    render_text,
    show_controls,
    visual_order,
    word,
)


class Format(StrEnum):
    """How the answer to a question is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class Listing(StrEnum):
    """How a list is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Report(StrEnum):
    """How a report is written: for a person or for a program."""

    TABLE = "table"
    JSON = "json"


SUFFIXES = {f".{form.value}": form for form in Format if form is not Format.TABLE}


def write_text(text: str, path: Path | None) -> None:
    """Write ``text`` to ``path``, or to the standard output; a terminal obeys no control sign in it."""
    if path is None:
        text = show_controls(text) if sys.stdout.isatty() else text
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(path, error.strerror or "") from None


def cannot_write(path: Path, problem: str) -> QuestionError:
    """The error that tells that ``path`` cannot be written."""
    data: dict[str, Datum] = {"file": str(path), "folder": str(path.parent), "problem": problem}
    if path.is_dir():
        return QuestionError(Issue("output_is_folder", data))
    return QuestionError(Issue("cannot_write" if path.parent.is_dir() else "no_output_folder", data))


def choose_format(form: Format | None, path: Path | None) -> Format:
    """The format asked for, or that of the file's ending, or a table on the screen."""
    if form is not None or path is None:
        return form or Format.TABLE
    if path.suffix.lower() not in SUFFIXES:
        raise QuestionError(Issue("unknown_ending", {"file": path.name, "choices": ", ".join(SUFFIXES)}))
    return SUFFIXES[path.suffix.lower()]


def check_output(form: StrEnum, path: Path | None) -> None:
    """Refuse a file that cannot be written before an answer is worked out for it."""
    if path is None:
        if form in (Format.PARQUET, Format.XLSX):
            raise QuestionError(Issue("file_needed", {"format": form.value}))
    elif path.is_dir() or not path.parent.is_dir():
        raise cannot_write(path, "")


def say(line: str) -> None:
    """One line for a person, beside the answer."""
    line = show_controls(line)
    if sys.stderr.isatty() and shape() == Shape.VISUAL and any("\u0600" <= sign <= "\u06ff" for sign in line):
        line = render_lines(line, "fa", screen_width(), shape=Shape.VISUAL)
    sys.stderr.write(line + "\n")


def drawn(text: str) -> str:
    """``text`` as this terminal needs it: Persian in the order it is drawn where the terminal turns none."""
    if shape() != Shape.VISUAL:
        return text
    return "\n".join(bare(_DRAWN.sub(lambda run: visual_order(run[0], "rtl"), line)) for line in text.split("\n"))


# From the first Persian letter of a line to its last sign.
_DRAWN = re.compile("[\u0600-\u06ff].*")


def say_issues(issues: Iterable[Issue], language: str) -> bool:
    """Print the issues, those of one kind together; whether one of them is an error."""
    issues = list(issues)
    for issue, more in fold_issues(issues, language):
        say(word("severity", issue.severity, language) + word("list", "colon", language) + told(issue, language))
        if more:
            say("  " + message("cli.more_like_this", language, count=more))
    return any(issue.severity is Severity.ERROR for issue in issues)


def show_table(table: Table, language: str) -> None:
    """The table on the screen, right to left in Persian; SANJEH_BIDI=visual turns the text for terminals that do
    not.
    """
    from rich.console import Console

    console = Console(width=screen_width(), highlight=False)
    print_table(console, table, language, shape=shape())


def told(issue: Issue, language: str) -> str:
    """The issue's sentence, the things it speaks of (a KPI, a grain, an entity) named in the language too."""
    kind = issue.data.get("kind")
    if isinstance(kind, str):
        issue = replace(issue, data={**issue.data, "kind": word("cli.kind", kind, language)})
    if not issue.code.startswith("usage_"):  # what is wrong with a command line needs no model to tell
        issue = load_part("naming").titled(issue, language)
    return issue_sentence(issue, language)


def screen_width() -> int:
    """How many characters a line of the screen holds; 140 where nobody looks and COLUMNS says nothing."""
    return max(40, shutil.get_terminal_size((140, 40)).columns)


def shape() -> str:
    """How Persian is written to this terminal."""
    return os.environ.get("SANJEH_BIDI") or advise_shape(os.environ).value


def write_frame(
    frame: Frame, form: Format, path: Path | None, boards: Iterable[Table], below: Iterable[str] = ()
) -> None:
    """The frame in ``form``, as a table its ``boards`` with the lines ``below``; Parquet and XLSX need a file."""
    if form is Format.JSON:
        write_text(frame.to_json(), path)
    elif form is Format.CSV:
        write_text(frame_csv(frame), path)
    elif form is Format.PARQUET and path is not None:
        write_parquet(frame, path)
    elif form is Format.XLSX and path is not None:
        write_xlsx(frame, path)
    else:
        blocks = [*(render_text(table, frame.language) for table in boards), "\n".join(below)]
        write_text("\n\n".join(block for block in blocks if block), path)


def frame_csv(frame: Frame) -> str:
    """The frame as CSV: plain numbers, ISO dates, a column for each dimension; cells that look like formulas made
    safe.
    """
    columns = frame.flat()
    return render_rows_csv(list(columns), zip(*columns.values(), strict=True))


def write_parquet(frame: Frame, path: Path) -> None:
    """The frame as a Parquet file: the flat columns, numbers and dates as such."""
    try:
        load_engine("parquet").write_parquet(frame.flat(), path)
    except SanjehError as error:
        raise cannot_write(path, str(error.issues[0].data.get("problem", ""))) from None


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
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise cannot_write(path, " ".join(str(error).split())) from None


def _write_cell(sheet: Any, row: int, column: int, cell: object, day: object) -> None:
    if isinstance(cell, float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif cell is not None:
        sheet.write_string(row, column, str(cell)[:32_000])
