"""An export is a table written to a file, in the dialect of the system it would come from, the same bytes each time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sanjeh.demo.table import CellValue, Format, Table

# A workbook states when it was made: a fixed day keeps its bytes the same.
_MADE = datetime(2025, 3, 21)
# Windows-1256 has no Persian ی: systems that write it write the Arabic one.
_TO_1256 = str.maketrans({"ی": "ي", "ٔ": None, "ۀ": "ه"})


def write_tables(folder: Path, tables: Sequence[Table]) -> None:
    """Writes every table to its file in ``folder``; the sheets of one workbook or database go in together."""
    for file in dict.fromkeys(table.file for table in tables):
        members = [table for table in tables if table.file == file]
        path = folder / file
        match members[0].format:
            case Format.CSV:
                path.write_bytes(("\ufeff" + _delimited(members[0], ",")).encode())
            case Format.SEMICOLON:
                path.write_bytes(_delimited(members[0], ";").encode())
            case Format.WINDOWS_1256:
                path.write_bytes(_delimited(members[0], ";").translate(_TO_1256).encode("cp1256"))
            case Format.GZIP:
                path.write_bytes(gzip.compress(_delimited(members[0], ",").encode(), compresslevel=5, mtime=0))
            case Format.JSON_LINES:
                path.write_bytes(_json_lines(members[0]).encode())
            case Format.WORKBOOK:
                _write_workbook(path, members)
            case Format.SQLITE:
                _write_database(path, members)


def _delimited(table: Table, delimiter: str) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(table.headers)
    writer.writerows(table.rows)
    return buffer.getvalue()


def _json_lines(table: Table) -> str:
    names = list(table.headers)
    lines = [
        json.dumps({name: value for name, value in zip(names, row, strict=True) if value != ""}, ensure_ascii=False)
        for row in table.rows
    ]
    return "\n".join(lines) + "\n"


def _write_workbook(path: Path, tables: Sequence[Table]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _MADE})
        for table in tables:
            sheet = workbook.add_worksheet(table.sheet)
            sheet.right_to_left()
            _write_row(sheet.write, 0, list(table.headers))
            for place, row in enumerate(table.rows, 1):
                _write_row(sheet.write, place, row)


def _write_row(write: Callable[[int, int, CellValue], object], place: int, row: Sequence[CellValue]) -> None:
    for column, value in enumerate(row):
        if value != "":
            write(place, column, value)


def _write_database(path: Path, tables: Sequence[Table]) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        for table in tables:
            names = ", ".join(f'"{name}"' for name in table.headers)
            marks = ", ".join("?" for _ in table.headers)
            connection.execute(f'CREATE TABLE "{table.sheet}" ({names})')
            cells = ([None if value == "" else value for value in row] for row in table.rows)
            connection.executemany(f'INSERT INTO "{table.sheet}" VALUES ({marks})', cells)
        connection.commit()
    finally:
        connection.close()
