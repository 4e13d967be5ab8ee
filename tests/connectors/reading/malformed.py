"""Files as broken, odd or hostile as people and systems send them: each with the code that reading it must end in."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import xlsxwriter
import xlwt

Made = tuple[Path, str | None]

MEGABYTE = 1 << 20
PERSIAN = "تاریخ,شهر,مبلغ\n1403/01/05,تهران,1200\n1403/01/06,شیراز,900\n"


def _write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _rows(dice: random.Random, count: int = 20) -> list[str]:
    cities = ["تهران", "شیراز", "رشت", "Yazd"]
    return [f"{at},{dice.choice(cities)},{dice.randrange(10**6)}" for at in range(1, count + 1)]


def _table(dice: random.Random, count: int = 20) -> str:
    return "\n".join(["id,city,amount", *_rows(dice, count)]) + "\n"


def _noise(dice: random.Random, size: int) -> bytes:
    return bytes(dice.randrange(256) for _ in range(size))


def truncated_gzip(folder: Path, dice: random.Random) -> Made:
    packed = gzip.compress(_table(dice, 3000).encode())
    return _write(folder / "a.csv.gz", packed[: dice.randrange(30, len(packed) - 10)]), "truncated_gzip"


def binary_as_csv(folder: Path, dice: random.Random) -> Made:
    head = dice.choice([b"", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n", b"\x00\x01\x02"])
    return _write(folder / "a.csv", head + _noise(dice, dice.randrange(3000, 30000))), "not_text"


def million_columns(folder: Path, dice: random.Random) -> Made:
    count = dice.choice([1_000_000, 10_001, 30_000])
    header = ",".join(f"c{at}" for at in range(count))
    return _write(folder / "a.csv", f"{header}\n{header}\n"), "too_many_columns"


def mixed_encodings(folder: Path, dice: random.Random) -> Made:
    lines = [line.encode() for line in _table(dice, 40).splitlines()]
    lines += ["41,تبرک,5".encode("windows-1256")] * dice.randrange(1, 4)
    return _write(folder / "a.csv", b"\n".join(lines) + b"\n"), None


def formula_in_csv(folder: Path, dice: random.Random) -> Made:
    formula = dice.choice(['"=HYPERLINK(""http://x"",""y"")"', "=1+2", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"])
    return _write(folder / "a.csv", f"name,value\nx,{formula}\n"), None


def formula_in_xlsx(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["name", "value"])
        sheet.write_row(1, 0, ["x", dice.randrange(9)])
        sheet.write_formula(2, 1, "=B2*2", None, dice.choice([6, "#N/A", "#DIV/0!", ""]))
        sheet.write(3, 0, "=HYPERLINK('x')")
    return path, None


def year_9999(folder: Path, dice: random.Random) -> Made:
    if dice.random() < 0.5:
        return _write(folder / "a.csv", "day,value\n9999-12-31,1\n0001-01-01,2\n"), None
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["day", "value"])
        for row, serial in enumerate([2958465, 2958466, 99999999, 0, 60, 1.5, -5], 1):
            sheet.write_number(row, 0, serial, day)
            sheet.write_number(row, 1, row)
    return path, None


def duplicate_headers(folder: Path, dice: random.Random) -> Made:
    names = ",".join(dice.choice([["a", "a", "a_2"], ["نام", "نام", "نام"], ["x", "", "column_2"]]))
    return _write(folder / "a.csv", f"{names}\n1,2,3\n"), None


def empty_file(folder: Path, dice: random.Random) -> Made:
    content = dice.choice([b"", b"\xef\xbb\xbf", b"\xff\xfe", gzip.compress(b"", mtime=0)])
    return _write(folder / "a.csv", content), "empty_file"


def header_only(folder: Path, dice: random.Random) -> Made:
    return _write(folder / "a.csv", "id,city,amount" + dice.choice(["", "\n", "\r\n", "\n\n\n"])), None


def ragged(folder: Path, dice: random.Random) -> Made:
    rows = _rows(dice)
    for _ in range(3):
        rows.insert(dice.randrange(len(rows)), dice.choice(["1", "1,2", "1,2,3,4", "1,2,3,,", ",,,,,,5"]))
    return _write(folder / "a.csv", "\n".join(["id,city,amount", *rows])), None


def nul_bytes(folder: Path, dice: random.Random) -> Made:
    content = _table(dice, 50).encode()
    at = dice.randrange(len("id,city,amount\n"), len(content))
    while content[at] & 0xC0 == 0x80:
        at += 1
    return _write(folder / "a.csv", content[:at] + b"\0" + content[at:]), None


def huge_line(folder: Path, dice: random.Random) -> Made:
    kind = dice.randrange(4)
    if kind == 0:
        packed = gzip.compress(b"id,city\n1," + b"x" * (100 * MEGABYTE), compresslevel=1)
        return _write(folder / "a.csv.gz", packed), "line_too_long"
    head = dice.choice([b"", b"id,city\n", b'id,city\n1,"'])
    return _write(folder / "a.csv", head + b"x" * (17 * MEGABYTE)), "line_too_long"


def xlsx_zip_bomb(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, "x")
    is_real = dice.random() < 0.3
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        name = dice.choice(["xl/worksheets/sheet2.xml", "xl/sharedStrings2.xml"])
        with archive.open(name, "w") as member:
            for _ in range(210 if is_real else 1):
                member.write(b" " * MEGABYTE)
    if not is_real:
        # The last entry of the directory declares four gigabytes, which is refused before anything is unpacked.
        content = bytearray(path.read_bytes())
        at = content.rfind(b"PK\x01\x02")
        content[at + 24 : at + 28] = struct.pack("<I", 0xFFFFFFF0)
        path.write_bytes(content)
    return path, "zip_bomb"


def corrupt_xlsx(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(50):
            sheet.write_row(row, 0, [row, "x" * dice.randrange(20)])
    content = path.read_bytes()
    broken = dice.choice([content[: len(content) // 2], b"PK\x03\x04" + _noise(dice, 500), content[:-40]])
    return _write(path, broken), "unreadable_workbook"


def password_xlsx(folder: Path, dice: random.Random) -> Made:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
    name = "EncryptedPackage".encode("utf-16-le")
    return _write(folder / "a.xlsx", head + name + _noise(dice, 2048)), "unreadable_workbook"


def truncated_xls(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for row in range(400):
        sheet.write(row, 0, f"row {row}")
    book.save(str(path))
    content = path.read_bytes()
    return _write(path, content[: dice.randrange(600, len(content) // 2)]), "unreadable_workbook"


def truncated_parquet(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT range AS i, 'x' || range AS s FROM range(5000)) TO '{path}'")
    content = path.read_bytes()
    return _write(path, content[: dice.randrange(4, len(content) - 8)]), "unreadable_parquet"


def broken_jsonl(folder: Path, dice: random.Random) -> Made:
    lines = [json.dumps({"id": at, "city": "رشت"}, ensure_ascii=False) for at in range(10)]
    broken = ['{"id": 1', "[1, 2]", "nonsense", '{"id": 1}}', "5", '{"id": "\\ud800"}', "{'id': 1}"]
    lines.insert(dice.randrange(1, 10), dice.choice(broken))
    return _write(folder / "a.jsonl", "\n".join(lines)), None


def broken_json_array(folder: Path, dice: random.Random) -> Made:
    text = json.dumps([{"id": at} for at in range(10)])
    return _write(folder / "a.json", text[: dice.randrange(15, len(text) - 1)]), "broken_json"


def sqlite_garbage(folder: Path, dice: random.Random) -> Made:
    return _write(folder / "a.sqlite", b"SQLite format 3\0" + _noise(dice, 4096)), "unreadable_database"


def damaged_sqlite(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE orders (id INTEGER, note TEXT)")
    connection.executemany("INSERT INTO orders VALUES (?, ?)", [(at, "x" * 90) for at in range(500)])
    connection.commit()
    connection.close()
    content = path.read_bytes()
    return _write(path, content[:4096] + _noise(dice, len(content) - 4096)), "unreadable_database"


def utf16_without_bom(folder: Path, dice: random.Random) -> Made:
    encoding = dice.choice(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
    return _write(folder / "a.csv", PERSIAN.encode(encoding)), None


def windows_1256(folder: Path, dice: random.Random) -> Made:
    text = PERSIAN.replace("ی", "ي") * dice.randrange(1, 4)
    return _write(folder / "a.csv", text.replace(",", dice.choice(",;\t")).encode("windows-1256")), None


def only_delimiters(folder: Path, dice: random.Random) -> Made:
    return _write(folder / "a.csv", (dice.choice([",,,", ";;", "\t\t"]) + "\n") * dice.randrange(1, 9)), "empty_file"


def unclosed_quote(folder: Path, dice: random.Random) -> Made:
    rows = _rows(dice)
    rows.insert(dice.randrange(len(rows)), '99,"تهران,5')
    return _write(folder / "a.csv", "\n".join(["id,city,amount", *rows]) + "\n"), None


def quote_inside(folder: Path, dice: random.Random) -> Made:
    cell = dice.choice(['5" pipe', 'a"b"c', '"a"b', "it's", '""""', '"a" '])
    return _write(folder / "a.csv", f"id,city,amount\n1,{cell},3\n2,x,4\n"), None


def whitespace_only(folder: Path, dice: random.Random) -> Made:
    return _write(folder / "a.csv", dice.choice([" \n", "\n\n\n", "\t\r\n \r\n", "   "])), "empty_file"


def deep_json(folder: Path, dice: random.Random) -> Made:
    depth = dice.choice([1_000, 100_000, 1_000_000])
    return _write(folder / "a.jsonl", '{"id": 1}\n' + '{"a":' * depth + "1" + "}" * depth + '\n{"id": 2}\n'), None


def gzip_of_gzip(folder: Path, dice: random.Random) -> Made:
    return _write(folder / "a.csv.gz", gzip.compress(gzip.compress(_table(dice).encode()))), None


def folder_named_csv(folder: Path, dice: random.Random) -> Made:
    path = folder / f"{dice.randrange(9)}.csv"
    path.mkdir()
    return path, "no_sources"


def symlink_loop(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.csv"
    other = folder / "b.csv"
    path.symlink_to(dice.choice([path, other]))
    other.symlink_to(path)
    return path, "no_such_file"


def missing_file(folder: Path, dice: random.Random) -> Made:
    return folder / dice.choice(["a.csv", "a.xlsx", "نیست.csv", "a\nb.csv"]), "no_such_file"


def huge_numbers(folder: Path, dice: random.Random) -> Made:
    numbers = ["-1", "1e308", "9" * 400, "-0", "1e999999999", "NaN", "-Infinity", "0.000000000000000001"]
    dice.shuffle(numbers)
    if dice.random() < 0.5:
        return _write(folder / "a.csv", "id,amount\n" + "".join(f"{at},{x}\n" for at, x in enumerate(numbers))), None
    return _write(folder / "a.jsonl", "".join(f'{{"amount": {x}}}\n' for x in numbers)), None


def control_headers(folder: Path, dice: random.Random) -> Made:
    mark = dice.choice(["\x1b[31m", "\x07", "\u202e", "\u200c", "\x08"])
    return _write(folder / "a.csv", f"{mark}a,b{mark},c\n" + "1,2,3\n" * 90), None


def sql_headers(folder: Path, dice: random.Random) -> Made:
    name = dice.choice(['"; drop table x; --', "'); DROP TABLE staging; --", "a\\", "%s", "{0}", "c0", "_row"])
    quoted = name.replace('"', '""')
    return _write(folder / "a.csv", f'"{quoted}",b\n1,"{quoted}"\n'), None


def html_as_xls(folder: Path, dice: random.Random) -> Made:
    rows = "".join(f"<tr><td>{at}<td>&#1578;هران</td></tr>" for at in range(dice.randrange(1, 5)))
    text = f"<html><body><table><tr><th>id<th>شهر</tr>{rows}</table></body></html>"
    return _write(
        folder / "a.xls",
        text.encode(dice.choice(["utf-8", "utf-8-sig", "utf-16", "windows-1256"]), "xmlcharrefreplace"),
    ), None


def workbook_named_csv(folder: Path, dice: random.Random) -> Made:
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("فروش")
        sheet.write_row(0, 0, ["id", "amount"])
        sheet.write_row(1, 0, [1, dice.random()])
    return path.rename(folder / dice.choice(["a.csv", "a.xls", "a.txt"])), None


def old_line_ends(folder: Path, dice: random.Random) -> Made:
    ends = ["\r", "\r\n"]
    text = "".join(line + dice.choice([*ends, "\n"]) for line in _table(dice).splitlines())
    return _write(folder / "a.csv", text), None


def title_rows(folder: Path, dice: random.Random) -> Made:
    titles = dice.choice(["گزارش فروش\n", "گزارش فروش,,\nاز,,\n\n", '"گزارش\nفروش"\n', "sep=,\n"])
    return _write(folder / "a.csv", titles + _table(dice)), None


MAKERS: tuple[Callable[[Path, random.Random], Made], ...] = (
    truncated_gzip,
    binary_as_csv,
    million_columns,
    mixed_encodings,
    formula_in_csv,
    formula_in_xlsx,
    year_9999,
    duplicate_headers,
    empty_file,
    header_only,
    ragged,
    nul_bytes,
    huge_line,
    xlsx_zip_bomb,
    corrupt_xlsx,
    password_xlsx,
    truncated_xls,
    truncated_parquet,
    broken_jsonl,
    broken_json_array,
    sqlite_garbage,
    damaged_sqlite,
    utf16_without_bom,
    windows_1256,
    only_delimiters,
    unclosed_quote,
    quote_inside,
    whitespace_only,
    deep_json,
    gzip_of_gzip,
    folder_named_csv,
    symlink_loop,
    missing_file,
    huge_numbers,
    control_headers,
    sql_headers,
    html_as_xls,
    workbook_named_csv,
    old_line_ends,
    title_rows,
)


def malformed_files(folder: Path, seed: int) -> list[tuple[str, Path, str | None]]:
    """One file of each class: its class, its path and the error's code, or None when it is imported."""
    found = []
    for maker in MAKERS:
        own = folder / f"{maker.__name__}-{seed}"
        own.mkdir(parents=True)
        path, code = maker(own, random.Random(f"{maker.__name__}-{seed}"))
        found.append((maker.__name__, path, code))
    return found
