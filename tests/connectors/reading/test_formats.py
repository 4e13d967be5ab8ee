"""The other kinds of sources: markup, Parquet, JSON lines, database files, and finding them in folders."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path

import duckdb
import pytest

from sanjeh.connectors.reading import BadRow, Limits, Source, find_sources, read
from sanjeh.errors import DataError

from .conftest import ReadText


def hints(raw: object) -> list[str | None]:
    return [column.typed_hint for column in raw.columns]  # type: ignore[attr-defined]


def test_an_html_table_named_xls_is_read_with_its_spans(read_content: ReadText) -> None:
    text = """<html><table><tr><td>menu</td></tr></table>
    <table border=1><tr><th>شهر<th>کالا<th>تعداد</tr>
    <tr><td rowspan=2>رشت</td><td>چای &amp; قند</td><td>5</td></tr>
    <tr><td>برنج<br>هاشمی</td><td>&nbsp;</td></tr><tr><td colspan=3>جمع</td></tr></table>"""
    raw, rows = read_content(text, "a.xls")
    assert [column.name for column in raw.columns] == ["شهر", "کالا", "تعداد"]
    assert rows == [(2, "رشت", "چای & قند", "5"), (3, None, "برنج هاشمی", None), (4, "جمع", None, None)]


def test_the_xml_that_excel_wrote_in_2003_is_read(read_content: ReadText) -> None:
    text = """<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="x"><Table>
     <Row><Cell><Data ss:Type="String">a</Data></Cell><Cell><Data ss:Type="String">b</Data></Cell>
     <Cell><Data ss:Type="String">c</Data></Cell></Row>
     <Row><Cell><Data ss:Type="Number">1</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">z</Data></Cell></Row>
     </Table></Worksheet></Workbook>"""
    raw, rows = read_content(text, "a.xls")
    assert [column.name for column in raw.columns] == ["a", "b", "c"]
    assert rows == [(2, "1", None, "z")]


def test_parquet_columns_become_plain_text(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "a[1].parquet"
    connection.execute(
        f"""COPY (SELECT 7 AS i, 1e20::DOUBLE AS big, 5.0::DOUBLE AS whole, -2.5e-7::DOUBLE AS small, 0.1::FLOAT AS f,
        1.50::DECIMAL(9, 2) AS d, true AS b, DATE '2024-03-25' AS day, TIMESTAMP '2024-03-25 10:20:00' AS t,
        {{'a': 1, 'deep': {{'c': 2}}}} AS s, [1, 2] AS l, '' AS e, encode('متن') AS raw UNION ALL SELECT
        NULL, 'nan'::DOUBLE, 0, 1234567.125, NULL, 100, NULL, DATE '9999-12-31', NULL, NULL, NULL, 'x', NULL)
        TO '{tmp_path}/b.parquet'"""
    )
    (tmp_path / "b.parquet").rename(path)
    raw = read(Source(str(path), "parquet"), connection, "t")
    row = connection.execute("SELECT COLUMNS('_row|c[0-9]+') FROM t ORDER BY _row").fetchall()
    names = [column.name for column in raw.columns]
    assert names[:9] == ["i", "big", "whole", "small", "f", "d", "b", "day", "t"]
    assert names[9:] == ["s.a", "s.deep", "l", "e", "raw"]
    assert row[0][:7] == (1, "7", "100000000000000000000", "5", "-0.00000025", "0.1", "1.5")
    assert row[0][7:] == ("true", "2024-03-25", "2024-03-25 10:20:00", "1", '{"c":2}', "[1,2]", None, "متن")
    assert row[1][:7] == (2, None, "nan", "0", "1234567.125", None, "100")
    assert hints(raw)[:9] == ["number"] * 6 + ["boolean", "date", "time"]


@pytest.mark.parametrize("number", [1e15, 1.5e16, 123456789e20, 5e-324, 1.7976931348623157e308, -1e-5, 1e21, 0.1 + 0.2])
def test_doubles_of_parquet_are_spelled_exactly(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection, number: float
) -> None:
    connection.execute(f"COPY (SELECT CAST({number!r} AS DOUBLE) AS x) TO '{tmp_path}/a.parquet'")
    read(Source(f"{tmp_path}/a.parquet", "parquet"), connection, "t")
    [(text,)] = connection.execute("SELECT c0 FROM t").fetchall()
    assert float(text) == number
    assert "e" not in text


def test_json_lines_keep_the_spelling_of_numbers_and_open_objects_one_level(read_content: ReadText) -> None:
    lines = [
        '{"id": 1.10, "n": 12345678901234567890, "c": {"x": "الف", "y": {"z": 1.50}}, "ok": true}',
        "",
        '{"id": 1e3, "l": [1, "a\\nb", 2.50], "new": null, "d": "2024-03-25"}',
        "{broken",
        '["no", "object"]',
    ]
    raw, rows = read_content("\n".join(lines), "a.jsonl")
    assert [column.name for column in raw.columns] == ["id", "n", "c.x", "c.y", "ok", "l", "new", "d"]
    assert rows[0] == (1, "1.10", "12345678901234567890", "الف", '{"z": 1.50}', "true", None, None, None)
    assert rows[1] == (3, "1000", None, None, None, None, '[1, "a\\nb", 2.50]', None, "2024-03-25")
    assert raw.bad_rows == (BadRow(4, "bad_json", "{broken"), BadRow(5, "bad_json", '["no", "object"]'))
    assert hints(raw)[:5] == ["number", "number", "text", "text", "boolean"]


def test_a_json_array_of_any_length_is_read_object_by_object(read_content: ReadText) -> None:
    items = [{"id": at, "note": "x" * (at % 50)} for at in range(5000)]
    raw, rows = read_content(json.dumps(items, indent=1), "a.json")
    assert (raw.rows, rows[-1][:2]) == (5000, (5000, "4999"))
    for text, code in (("[1, 2", "broken_json"), ("[]", "empty_file"), ("{\n}", "no_json_objects")):
        with pytest.raises(DataError) as error:
            read_content(text, "a.json")
        assert error.value.code == code


def test_every_sqlite_table_with_rows_is_a_source(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "فروشگاه ۱.db"
    base = sqlite3.connect(path)
    base.execute('CREATE TABLE "my orders" (id INTEGER, amount REAL, note TEXT, mixed, "a""b")')
    base.execute("CREATE TABLE hollow (id INTEGER)")
    base.execute("""INSERT INTO "my orders" VALUES (1, 12.0, 'الف', 1, ''), (2, 0.5, NULL, 'x', 'y')""")
    base.execute("""INSERT INTO "my orders" VALUES (3, 1, CAST(X'C7E1' AS TEXT), 1, 'z')""")
    base.commit()
    base.close()
    [source] = find_sources(path)
    assert (source.kind, source.part) == ("sqlite", "my orders")
    raw = read(source, connection, "t")
    rows = connection.execute("FROM t").fetchall()
    assert rows == [(1, "1", "12", "الف", "1", None), (2, "2", "0.5", None, "x", "y")]
    assert [(bad.row, bad.code) for bad in raw.bad_rows] == [(3, "undecodable")]
    assert hints(raw) == ["number", "number", "text", None, "text"]
    assert raw.columns[4].name == 'a"b'


def test_every_duckdb_table_with_rows_is_a_source(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute("CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 'x' AS a; CREATE TABLE empty (a INTEGER)")
        base.execute("CREATE TABLE orders AS SELECT range AS id, range / 2 AS half FROM range(3)")
    sources = find_sources(path)
    assert [source.part for source in sources] == ["orders", "s.t"]
    raw = read(sources[0], connection, "t")
    assert connection.execute("FROM t").fetchall() == [(1, "0", "0"), (2, "1", "0.5"), (3, "2", "1")]
    assert hints(raw) == ["number", "number"]
    with pytest.raises(DataError) as error:
        read(Source(str(path), "duckdb", "gone"), connection, "t")
    assert error.value.code == "no_such_part"


def test_a_folder_gives_its_data_files_by_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".hidden.csv", "~$a.xlsx", "notes.md", "sub/c.tsv", ".git/d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a,b\n1,2\n")
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path}/odd.bin' (FORMAT parquet)")
    (tmp_path / "sub" / "back").symlink_to(tmp_path)
    found = [(Path(source.path).name, source.kind) for source in find_sources(tmp_path)]
    assert found == [("a.csv", "csv"), ("b.csv", "csv"), ("odd.bin", "parquet"), ("c.tsv", "csv")]


def test_the_members_of_an_archive_are_sources(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/فروش.csv", "a,b\n1,2\n")
        archive.writestr("y.jsonl", '{"a": 1}\n')
        archive.writestr("__MACOSX/z.csv", "junk")
        archive.writestr("big.csv", "a,b\n" + "1,2\n" * 100_000)
    sources = find_sources(path)
    assert [source.part for source in sources] == ["big.csv", "x/فروش.csv", "y.jsonl"]
    assert [read(source, connection, "t").rows for source in sources] == [100_000, 1, 1]
    with pytest.raises(DataError) as error:
        read(sources[0], connection, "t", limits=Limits(ratio=10, ratio_from=100_000))
    assert error.value.code == "zip_bomb"
