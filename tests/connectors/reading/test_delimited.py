"""Delimited text: what is read, what is set aside and what is refused."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanjeh.connectors.reading import BadRow, Limits, RawTable, Source, find_sources, read
from sanjeh.errors import DataError, Severity

from .conftest import ReadText


def names(raw: RawTable) -> list[str]:
    return [column.name for column in raw.columns]


def codes(raw: RawTable) -> list[str]:
    return [issue.code for issue in raw.issues]


def test_a_plain_file_keeps_its_text_and_counts_the_header_as_row_one(read_content: ReadText) -> None:
    raw, rows = read_content("کد,نام\n007, علی \n۰۸,\n")
    assert names(raw) == ["کد", "نام"]
    assert rows == [(2, "007", " علی "), (3, "۰۸", None)]
    assert (raw.rows, raw.bad_rows, raw.issues) == (2, (), ())
    assert len(raw.fingerprint) == 64


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_the_delimiter_is_found(read_content: ReadText, delimiter: str) -> None:
    raw, rows = read_content(f'a{delimiter}b\n1{delimiter}"x,y;z"\n')
    assert names(raw) == ["a", "b"]
    assert rows == [(2, "1", "x,y;z")]


def test_a_decimal_comma_does_not_pass_for_a_delimiter(read_content: ReadText) -> None:
    _, rows = read_content("day;a;b\n1;2,5;3,5\n2;3,5;4,5\n")
    assert rows == [(2, "1", "2,5", "3,5"), (3, "2", "3,5", "4,5")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "windows-1256"]
)
def test_the_encoding_is_found(read_content: ReadText, encoding: str) -> None:
    raw, rows = read_content("شهر,مبلغ\nتهران,12\nکرج,7\n".encode(encoding))
    assert names(raw) == ["شهر", "مبلغ"]
    assert rows == [(2, "تهران", "12"), (3, "کرج", "7")]


def test_western_accents_are_not_taken_for_persian(read_content: ReadText) -> None:
    _, rows = read_content("ville,n\nOrléans,1\nNîmes,2\n".encode("windows-1252"))
    assert rows == [(2, "Orléans", "1"), (3, "Nîmes", "2")]


def test_a_few_undecodable_lines_in_a_utf8_file_are_set_aside(read_content: ReadText) -> None:
    raw, rows = read_content(b"a,b\n" + "تهران,1\n".encode() * 5 + b"\xc7\xe1,2\n" + b"x,3\n")
    assert [(bad.row, bad.code) for bad in raw.bad_rows] == [(7, "undecodable")]
    assert rows[-1] == (8, "x", "3")
    assert raw.rows == 6


def test_gzip_is_recognised_by_its_bytes_and_not_by_its_name(read_content: ReadText) -> None:
    assert read_content(gzip.compress(b"a,b\n1,2\n"))[1] == [(2, "1", "2")]
    assert read_content(b"a,b\n1,2\n", "b.csv.gz")[1] == [(2, "1", "2")]


def test_nothing_of_a_truncated_gzip_is_loaded(read_content: ReadText, connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(DataError) as error:
        read_content(gzip.compress(b"a,b\n" + b"1,2\n" * 1000)[:-12])
    assert error.value.code == "truncated_gzip"
    assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == []


def test_ragged_records_are_set_aside_with_their_row_and_text(read_content: ReadText) -> None:
    raw, rows = read_content("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,\n")
    assert rows == [(2, "1", "2", "3"), (5, "10", "11", "12")]
    assert raw.bad_rows == (BadRow(3, "ragged", "4,5"), BadRow(4, "ragged", "6,7,8,9"))


def test_a_header_shorter_than_its_rows_sets_them_aside_instead_of_losing_cells(read_content: ReadText) -> None:
    raw, rows = read_content("a,b\n1,2,3\n4,5,6\n")
    assert names(raw) == ["a", "b"]
    assert rows == []
    assert len(raw.bad_rows) == 2


def test_an_unclosed_quote_costs_one_line_only(read_content: ReadText) -> None:
    raw, rows = read_content('a,b\n1,x\n2,"y\n3,z\n4,w\n')
    assert raw.bad_rows == (BadRow(3, "broken_quote", '2,"y'),)
    assert rows == [(2, "1", "x"), (4, "3", "z"), (5, "4", "w")]


def test_an_unclosed_quote_does_not_swallow_the_rows_up_to_the_next_quote(read_content: ReadText) -> None:
    raw, rows = read_content('a,b\n1,"y\n2,"z"\n3,w\n')
    assert [bad.row for bad in raw.bad_rows] == [2]
    assert rows == [(3, "2", "z"), (4, "3", "w")]


def test_cells_may_span_lines_and_hold_quotes(read_content: ReadText) -> None:
    text = 'a,b\r\n1,"x\ny"\r\n2,"say ""hi"""\r\n3,5" pipe\r\n'
    expected = [(2, "1", "x\ny"), (3, "2", 'say "hi"'), (4, "3", '5" pipe')]
    assert read_content(text)[1] == expected
    assert read_content(text.replace("\r\n", "\n"))[1] == expected


def test_old_and_mixed_line_ends_are_line_ends(read_content: ReadText) -> None:
    assert read_content("a,b\r1,2\r3,4\r")[1] == [(2, "1", "2"), (3, "3", "4")]
    assert read_content("a,b\r\n1,2\n3,4\r")[1] == [(2, "1", "2"), (3, "3", "4")]


def test_blank_lines_keep_their_place_in_the_numbering(read_content: ReadText) -> None:
    assert read_content("a,b\n1,2\n\n,\n3,4\n\n")[1] == [(2, "1", "2"), (5, "3", "4")]


def test_titles_above_the_header_are_passed_over_and_told(read_content: ReadText) -> None:
    raw, rows = read_content("گزارش فروش\nاز,1403/01/01\na,b,c,d\n1,2,3,4\n5,6,7,8\n")
    assert names(raw) == ["a", "b", "c", "d"]
    assert rows[0] == (4, "1", "2", "3", "4")
    assert [(issue.code, issue.severity, issue.data) for issue in raw.issues] == [
        ("title_rows", Severity.NOTE, {"count": 2})
    ]


def test_the_delimiter_that_excel_declares_is_taken(read_content: ReadText) -> None:
    raw, rows = read_content("sep=;\r\na;b,c\r\n1;2\r\n")
    assert (names(raw), rows) == (["a", "b,c"], [(3, "1", "2")])


def test_headers_are_trimmed_numbered_and_told_apart(read_content: ReadText) -> None:
    raw, _ = read_content("\ufeff\u200cنام\u200c,, نام ,x\n1,2,3,4\n")
    assert names(raw) == ["نام", "column_2", "نام_2", "x"]
    assert codes(raw) == ["duplicate_header"]


def test_a_column_without_name_and_content_is_left_out(read_content: ReadText) -> None:
    raw, rows = read_content("a,,b,\n1,,2,\n3,,4,\n")
    assert [(column.name, column.field, column.position) for column in raw.columns] == [("a", "c0", 0), ("b", "c2", 2)]
    assert rows == [(2, "1", "2"), (3, "3", "4")]


def test_a_header_alone_is_no_error_but_a_warning(read_content: ReadText) -> None:
    raw, rows = read_content("a,b\n")
    assert (names(raw), rows, codes(raw)) == (["a", "b"], [], ["no_rows"])


def test_a_first_row_of_numbers_is_doubted(read_content: ReadText) -> None:
    assert "header_looks_like_data" in codes(read_content("1,2\n3,4\n")[0])
    raw, rows = read_content("1,2\n3,4\n", header=0)
    assert (names(raw), len(rows), codes(raw)) == (["column_1", "column_2"], 2, [])


def test_the_options_overrule_what_would_be_found(read_content: ReadText) -> None:
    raw, rows = read_content("x\na;b,c\n1;2,3\n", delimiter=",", header=2)
    assert (names(raw), rows) == (["a;b", "c"], [(3, "1;2", "3")])
    raw, rows = read_content("junk,junk\na,'b,c'\n1,'x,y'\n", skip=1, quote="'")
    assert (names(raw), rows) == (["a", "b,c"], [(3, "1", "x,y")])
    assert read_content("ي\n".encode(), encoding="windows-1256", header=0)[1] != [(1, "ي")]


def test_an_unknown_encoding_is_refused(read_content: ReadText) -> None:
    for name in ("utf-99", "base64", "idna-x"):
        with pytest.raises(DataError) as error:
            read_content("a,b\n1,2\n", encoding=name)
        assert error.value.code == "unknown_encoding"


def test_nul_bytes_are_taken_out_with_a_warning(read_content: ReadText) -> None:
    raw, rows = read_content(b"a,b\n" + b"1,xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n" * 3 + b"2,x\0y\n")
    assert rows[-1] == (5, "2", "xy")
    assert codes(raw) == ["nul_bytes"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\n", "empty_file"),
        (b",,\n,,\n", "empty_file"),
        (bytes(range(256)) * 9, "not_text"),
        (b"%PDF-1.4 text", "not_text"),
        (b"a,b\n1," + b"x" * 3_000_000, "line_too_long"),
        (b'a,b\n1,"' + b"x\n" * 2_000_000, None),
        (",".join(f"c{at}" for at in range(200)).encode() + b"\n", "too_many_columns"),
        (b"a,b,c\n" + b"1,2\n" * 99 + b"1,2,3\n" * 200, "too_many_bad_rows"),
    ],
)
def test_what_is_no_table_is_refused_with_a_code(read_content: ReadText, content: bytes, code: str | None) -> None:
    limits = Limits(line=1 << 20, columns=100, bad_rows=50)
    if code is None:
        code = "too_many_bad_rows"
    with pytest.raises(DataError) as error:
        read_content(content, limits=limits)
    assert error.value.code == code
    assert code not in str(error.value)


def test_rows_keep_the_order_of_the_file_whatever_the_connection_is_set_to(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("n,s\n" + "".join(f"{at},x\n" for at in range(300_000)))
    connection.execute("SET preserve_insertion_order = false")
    ticks: list[tuple[int, int | None]] = []
    raw = read(Source(str(path), "csv"), connection, "t", progress=lambda rows, total: ticks.append((rows, total)))
    assert connection.execute("SELECT count(*) FROM t WHERE _row <> CAST(c0 AS BIGINT) + 2").fetchall() == [(0,)]
    assert connection.execute("SELECT current_setting('preserve_insertion_order')").fetchall() == [(False,)]
    assert raw.rows == 300_000
    assert ticks[-1] == (300_000, 300_000)
    assert len(ticks) > 1


def test_a_path_that_looks_like_a_pattern_is_one_file(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    (tmp_path / "a1.csv").write_text("a\nwrong\n")
    path = tmp_path / "a[1]?*.csv"
    path.write_text("a,b\n1,2\n")
    read(Source(str(path), "csv"), connection, 'odd "name"')
    assert connection.execute('FROM "odd ""name"""').fetchall() == [(2, "1", "2")]


CELL = st.text(alphabet=st.sampled_from('ab ،ی,;"\n\r\t1\x1a\x1f\u2028'), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
)
def test_whatever_is_written_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], end: str, encoding: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("first", "second", "third"), *rows])
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    with duckdb.connect() as connection:
        [source] = find_sources(path)
        raw = read(source, connection, "t")
        found = connection.execute("SELECT * EXCLUDE (_row) FROM t ORDER BY _row").fetchall()
    assert raw.bad_rows == ()
    assert found == [tuple(cell or None for cell in row) for row in rows if any(row)]
