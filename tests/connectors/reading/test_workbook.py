"""Workbooks: sheets, typed cells, formulas, errors and what is refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
import xlsxwriter
import xlwt

from sanjeh.connectors.reading import Limits, RawTable, Source, find_sources, read
from sanjeh.errors import DataError

from .conftest import ReadText


def read_path(path: Path, part: str | None = None) -> tuple[RawTable, list[tuple[object, ...]]]:
    with duckdb.connect() as connection:
        raw = read(Source(str(path), "xlsx", part), connection, "t")
        return raw, connection.execute("FROM t ORDER BY _row").fetchall()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "فروش.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("سفارش‌ها")
        sheet.write_row(1, 1, ["کد", "روز", "زمان", "مبلغ", "شد", "آمیخته"])
        sheet.write_row(2, 1, ["007", None, None, 12.0, True, "x"])
        sheet.write_datetime(2, 2, dt.datetime(2024, 3, 25), day)
        sheet.write_datetime(2, 3, dt.datetime(2024, 3, 25, 10, 20), moment)
        sheet.write_row(4, 1, ["008", "", "", 1e20, False, 5])
        sheet.write_formula(5, 4, "=E3*2", None, 0.1)
        sheet.write_formula(5, 6, "=1/0", None, "#DIV/0!")
        book.add_worksheet("خالی")
        book.add_worksheet("دوم").write_column(0, 0, ["a", "b"])
    return path


def test_cells_are_written_as_plain_text_with_the_row_of_the_sheet(book: Path) -> None:
    raw, rows = read_path(book)
    assert [column.name for column in raw.columns] == ["کد", "روز", "زمان", "مبلغ", "شد", "آمیخته"]
    assert rows == [
        (3, "007", "2024-03-25", "2024-03-25 10:20:00", "12", "true", "x"),
        (5, "008", None, None, "100000000000000000000", "false", "5"),
        (6, None, None, None, "0.1", None, "#DIV/0!"),
    ]
    assert [column.typed_hint for column in raw.columns] == ["text", "date", "time", "number", "boolean", None]


def test_each_sheet_with_cells_is_a_source(book: Path) -> None:
    assert [source.part for source in find_sources(book)] == ["سفارش‌ها", "دوم"]
    assert read_path(book, "دوم")[1] == [(2, "b")]
    with pytest.raises(DataError) as error:
        read_path(book, "سوم")
    assert error.value.code == "no_such_part"


def test_formulas_without_a_stored_result_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, "=A2*2"], [2, "=A3*2"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    raw, rows = read_path(tmp_path / "a.xlsx")
    assert rows == [(2, "1", None), (3, "2", None)]
    assert [(issue.code, issue.data) for issue in raw.issues] == [("formulas_without_values", {"count": 2})]


def test_an_old_workbook_is_read_too(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("یک")
    for at, row in enumerate([["شهر", "مبلغ"], ["رشت", 12], ["یزد", 2.5]]):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell)
    book.add_sheet("دو")
    book.save(str(tmp_path / "a.xls"))
    [source] = find_sources(tmp_path)
    assert (source.kind, source.part) == ("xls", "یک")
    with duckdb.connect() as connection:
        read(source, connection, "t")
        assert connection.execute("FROM t").fetchall() == [(2, "رشت", "12"), (3, "یزد", "2.5")]


def test_a_csv_named_xls_is_read_as_what_it_is(read_content: ReadText) -> None:
    assert read_content("a\tb\n1\t2\n", "a.xls")[1] == [(2, "1", "2")]


def test_a_cell_in_the_last_corner_of_a_sheet_is_refused_before_the_parser_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "z")
    with pytest.raises(DataError) as error:
        read_path(path)
    assert error.value.code == "workbook_too_large"


def test_formatted_empty_cells_do_not_make_a_sheet_large(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["a", "1"])
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
    assert read_path(path)[1] == [(2, "1")]


def test_a_sheet_or_an_archive_beyond_the_limits_is_refused(book: Path, connection: duckdb.DuckDBPyConnection) -> None:
    for limits, code in ((Limits(sheet=500), "workbook_too_large"), (Limits(unpacked=500), "zip_bomb")):
        with pytest.raises(DataError) as error:
            read(Source(str(book), "xlsx"), connection, "t", limits=limits)
        assert error.value.code == code


def test_a_part_that_unpacks_to_more_than_it_declares_is_a_bomb(book: Path) -> None:
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b" " * 3_000_000)
    content = bytearray(book.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    book.write_bytes(content)
    with duckdb.connect() as connection, pytest.raises(DataError) as error:
        read(Source(str(book), "xlsx"), connection, "t", limits=Limits(unpacked=2_000_000))
    assert error.value.code == "zip_bomb"
