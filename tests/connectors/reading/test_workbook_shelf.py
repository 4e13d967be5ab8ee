"""A workbook of many sheets is hashed, looked through and parsed once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from sanjeh.connectors.reading import Source, open_workbook, read
from sanjeh.connectors.reading.workbook_shelf import WorkbookShelf
from sanjeh.errors import DataError


def write_book(path: Path, sheets: int, value: str = "v") -> Path:
    with xlsxwriter.Workbook(path) as book:
        for number in range(sheets):
            book.add_worksheet(f"s{number}").write_column(0, 0, ["head", f"{value}{number}"])
    return path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files for which a sheet process was started."""
    found: list[str] = []
    start = open_workbook._start

    def count(source: Source) -> object:
        found.append(source.file)
        return start(source)

    monkeypatch.setattr(open_workbook, "_start", count)
    return found


def cells(path: Path, part: str, shelf: WorkbookShelf) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        read(Source(str(path), "xlsx", part), connection, "t", shelf=shelf)
        return connection.execute("SELECT c0 FROM t").fetchall()


def test_all_sheets_of_a_workbook_are_read_by_one_process(tmp_path: Path, started: list[str]) -> None:
    path = write_book(tmp_path / "book.xlsx", 5)
    with WorkbookShelf() as shelf:
        assert [cells(path, f"s{number}", shelf) for number in range(5)] == [[(f"v{n}",)] for n in range(5)]
    assert started == ["book.xlsx"]


def test_a_sheet_that_is_not_there_leaves_the_others_readable(tmp_path: Path, started: list[str]) -> None:
    path = write_book(tmp_path / "book.xlsx", 2)
    with WorkbookShelf() as shelf:
        with pytest.raises(DataError, match="none"):
            cells(path, "none", shelf)
        assert cells(path, "s1", shelf) == [("v1",)]


def test_a_workbook_that_was_changed_meanwhile_is_opened_anew(tmp_path: Path, started: list[str]) -> None:
    path = write_book(tmp_path / "book.xlsx", 1)
    with WorkbookShelf() as shelf:
        assert cells(path, "s0", shelf) == [("v0",)]
        write_book(path, 1, "longer than before ")
        assert cells(path, "s0", shelf) == [("longer than before 0",)]
    assert len(started) == 2
