"""The first hour: one messy sales file, one command, and what a newcomer is told."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from sanjeh.present import word

HEADS = ["رديف", "شماره فاكتور", "تاريخ فاکتور", "نام مشتري", "شهر", "شرح كالا", "مبلغ کل (ریال)", "مبلغ کل (ریال)"]
EMPTY = [""] * len(HEADS)
# Two title rows and a blank one above the names, Arabic letters, Persian digits, a blank row, a sum at the bottom.
SHEET = [
    ["شرکت بازرگانی نمونه", *EMPTY[1:]],
    ["گزارش فروش بهار ۱۴۰۳", *EMPTY[1:]],
    EMPTY,
    HEADS,
    ["۱", "F-۱۰۰۱", "۱۴۰۳/۰۱/۰۵", "علي رضايي", "تهران", "میز", "۱۱٬۰۰۰٬۰۰۰", "۱۱٬۰۰۰٬۰۰۰"],
    ["۲", "F-۱۰۰۲", "۱۴۰۳/۰۱/۲۰", "شركت پارس", "شيراز", "صندلي", "۲,۵۰۰,۰۰۰", "۲,۵۰۰,۰۰۰"],
    EMPTY,
    ["۳", "F-۱۰۰۳", "۱۴۰۳/۰۲/۰۳", "علی رضایی", "تهران", "میز", "۵٬۴۰۰٬۰۰۰", "۵٬۴۰۰٬۰۰۰"],
    ["۴", "F-۱۰۰۴", "نامشخص", "زهرا اکبری", "تهران", "میز", "۱٬۰۰۰٬۰۰۰", "۱٬۰۰۰٬۰۰۰"],
    ["۵", "F-۱۰۰۵", "۱۴۰۳/۰۲/۱۰", "زهرا اکبری", "تهران", "میز", "۶٬۰۰۰٬۰۰۰", "۶٬۰۰۰٬۰۰۰"],
    ["جمع کل", "", "", "", "", "", "۲۵٬۹۰۰٬۰۰۰", "۲۵٬۹۰۰٬۰۰۰"],
]


def as_csv(folder: Path) -> Path:
    path = folder / "فروش بهار.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(SHEET)
    return path


def as_xlsx(folder: Path) -> Path:
    import openpyxl

    path = folder / "فروش بهار.xlsx"
    book = openpyxl.Workbook()
    for row in SHEET:
        book.active.append([cell or None for cell in row])
    book.save(path)
    return path


@pytest.fixture(params=[as_csv, as_xlsx], ids=["csv", "xlsx"])
def sheet(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The messy sheet, as CSV and as XLSX."""
    return request.param(tmp_path)


TOLD = {
    "en": [
        "Read as",
        "order_id",
        "rial",
        "(not used)",
        "1 row was set aside",
        "row 9",
        "1 row that adds up",
        "of 105 KPIs",
    ],
    "fa": ["شیوهٔ خواندن", "order_id", "ریال", "(به کار نرفت)", "۱ ردیف کنار", "ردیف ۹", "۱ ردیفِ جمع", "۱۰۵ شاخص"],
}


@pytest.mark.parametrize("language", TOLD)
def test_one_command_tells_all_that_a_newcomer_must_know(sanjeh, sheet: Path, tmp_path: Path, language: str) -> None:
    sanjeh("new", tmp_path / "w", "--language", language, "--calendar", "jalali")
    said = sanjeh("import", sheet, "--yes", "-w", tmp_path / "w")
    everything = said.out + said.err
    assert said.code == 1
    told = [*TOLD[language], word("calendar", "jalali", language)]
    assert [part for part in told if part not in everything] == []
    assert str(tmp_path / "w" / "sources") in said.err


def test_the_numbers_are_right(sanjeh, sheet: Path, tmp_path: Path) -> None:
    sanjeh("new", tmp_path / "w", "--language", "fa")
    sanjeh("import", sheet, "--yes", "-w", tmp_path / "w")
    words = ("compute", "revenue", "customer_count", "--since", "1403-01", "--until", "1403-02", "--format", "json")
    points = sanjeh(*words, "-w", tmp_path / "w").data
    found = {(point["kpi"], point["period"]): point["value"] for point in points}
    # Rials in the file, tomans in the workspace.
    assert found[("revenue", "1403-01")] == 1_350_000
    assert found[("revenue", "1403-02")] == 1_140_000


def test_what_the_advice_promises_comes_true(sanjeh, sheet: Path, tmp_path: Path) -> None:
    space = tmp_path / "w"
    sanjeh("new", space, "--language", "en", "--calendar", "jalali")
    said = sanjeh("import", sheet, "--yes", "-w", space)
    [line] = [line for line in said.err.splitlines() if "(leads)" in line]
    assert "7 more KPIs" in line
    before = {record["id"] for record in sanjeh("kpis", "--computable", "--format", "json", "-w", space).data}
    (tmp_path / "leads.csv").write_text(
        "lead_id,created_at,source_class,mql_at,sql_at,converted_at\n"
        "1,1403/01/02,social,1403/01/03,1403/01/04,1403/01/05\n2,1403/01/03,referral,,,\n",
        encoding="utf-8",
    )
    assert sanjeh("import", tmp_path / "leads.csv", "--yes", "-w", space).code == 0
    after = {record["id"] for record in sanjeh("kpis", "--computable", "--format", "json", "-w", space).data}
    assert len(after - before) == 7


def test_a_corrected_mapping_corrects_the_numbers(sanjeh, sheet: Path, tmp_path: Path) -> None:
    space = tmp_path / "w"
    sanjeh("new", space, "--language", "en", "--calendar", "jalali")
    sanjeh("import", sheet, "--yes", "-w", space)
    [path] = (space / "sources").glob("*.yaml")
    text = path.read_text(encoding="utf-8")
    assert "currency: IRR" in text
    path.write_text(text.replace("currency: IRR", "currency: IRT"), encoding="utf-8")
    sanjeh("import", sheet, "-w", space)
    [point] = sanjeh(
        "compute", "revenue", "--since", "1403-01", "--until", "1403-01", "--format", "json", "-w", space
    ).data
    assert point["value"] == 13_500_000


def test_the_same_file_twice_changes_nothing(sanjeh, sheet: Path, tmp_path: Path) -> None:
    space = tmp_path / "w"
    sanjeh("new", space, "--language", "en", "--calendar", "jalali")
    first = sanjeh("import", sheet, "--yes", "--format", "json", "-w", space).data
    second = sanjeh("import", sheet, "--yes", "--format", "json", "-w", space).data
    assert (first["read"], first["loaded"], first["quarantined"]) == (6, 4, 2)
    assert (second["read"], second["loaded"], second["duplicate"], second["quarantined"]) == (6, 0, 4, 2)


def test_an_import_is_undone_by_its_number(sanjeh, sheet: Path, tmp_path: Path) -> None:
    space = tmp_path / "w"
    sanjeh("new", space, "--language", "en", "--calendar", "jalali")
    sanjeh("import", sheet, "--yes", "-w", space)
    [record] = sanjeh("sources", "--format", "json", "-w", space).data
    said = sanjeh("sources", "--undo", record["number"], "-w", space)
    assert "4 rows were taken out" in said.err
    assert sanjeh("compute", "--format", "json", "-w", space).data == []


def test_many_warnings_of_one_kind_are_one_line(sanjeh, tmp_path: Path) -> None:
    for name in ("orders", "refunds", "marketing_spend"):
        (tmp_path / f"{name}.csv").write_text(FILES[name], encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "en")
    said = sanjeh("import", *(tmp_path / f"{name}.csv" for name in FILES), "--yes", "-w", tmp_path / "w")
    warned = [line for line in said.err.splitlines() if line.startswith("warning: ")]
    assert len(warned) == 1
    assert "of 3 columns are (net_amount, amount)" in warned[0]


FILES = {
    "orders": "order_id,ordered_at,net_amount,customer_id\n1,2024-01-05,100,A\n2,2024-01-06,150,B\n",
    "refunds": "refund_id,order_id,refunded_at,amount\n1,1,2024-01-08,10\n2,2,2024-01-09,10\n",
    "marketing_spend": "spent_at,amount,channel\n2024-01-01,30,ads\n2024-01-02,40,mail\n",
}


def test_a_file_that_is_not_recognised_is_named_with_what_to_type(sanjeh, tmp_path: Path) -> None:
    (tmp_path / "x1.csv").write_text("aa,bb\n1,2\n3,4\n", encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "en")
    said = sanjeh("import", tmp_path / "x1.csv", "--yes", "-w", tmp_path / "w")
    assert said.code == 1
    assert "not taken" in said.out
    assert "--as ENTITY" in said.err


def test_a_column_is_mapped_by_hand(sanjeh, tmp_path: Path) -> None:
    text = "Doc,When,Sum,Who\n1,2024-01-05,100,A\n2,2024-01-06,150,B\n"
    (tmp_path / "x1.csv").write_text(text, encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "en")
    maps = [f"{header}={field}" for header, field in zip(HEADERS, FIELDS, strict=True)]
    words = [word for item in maps for word in ("--map", item)]
    assert sanjeh("import", tmp_path / "x1.csv", "--as", "orders", *words, "--yes", "-w", tmp_path / "w").code == 0
    [point] = sanjeh("compute", "revenue", "--last", "1", "--format", "json", "-w", tmp_path / "w").data
    assert point["value"] == 250


HEADERS = ("Doc", "When", "Sum", "Who")
FIELDS = ("order_id", "ordered_at", "net_amount", "customer_id")


class Keyboard(io.StringIO):
    """Somebody who types these lines."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "loaded"), [("\n\n", 2), ("IRR\ny\n", 2), ("\nn\n", 0)])
def test_a_person_is_asked_and_shown_the_mapping_before_it_is_used(
    sanjeh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, loaded: int
) -> None:
    (tmp_path / "orders.csv").write_text(FILES["orders"], encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "en", "--currency", "IRT")
    monkeypatch.setattr("sys.stdin", Keyboard(typed))
    said = sanjeh("import", tmp_path / "orders.csv", "-w", tmp_path / "w")
    assert "in which currency the amounts of column 'net_amount' are" in said.err
    assert "Net amount (net_amount)" in said.out
    assert "Take orders.csv like this?" in said.err
    assert said.code == (0 if loaded else 1)
    assert (
        sum(record["loaded"] for record in sanjeh("sources", "--format", "json", "-w", tmp_path / "w").data) == loaded
    )
    if typed.startswith("IRR"):
        [point] = sanjeh("compute", "revenue", "--last", "1", "--format", "json", "-w", tmp_path / "w").data
        assert point["value"] == 25


def test_the_end_of_the_input_is_no_consent(sanjeh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "orders.csv").write_text(FILES["orders"], encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "en")
    for typed in ("", "\n"):
        monkeypatch.setattr("sys.stdin", Keyboard(typed))
        assert sanjeh("import", tmp_path / "orders.csv", "-w", tmp_path / "w").code == 1
    assert sanjeh("sources", "--format", "json", "-w", tmp_path / "w").data == []


def test_a_cell_in_toman_does_not_make_a_column_of_rials_one_of_tomans(sanjeh, tmp_path: Path) -> None:
    rows = (
        "شماره فاکتور,تاریخ فاکتور,مبلغ کل (ریال),نام مشتری\n1,۱۴۰۳/۰۱/۰۵,۱٬۰۰۰٬۰۰۰,الف\n2,۱۴۰۳/۰۱/۰۶,۵۰٬۰۰۰ تومان,ب\n"
    )
    (tmp_path / "سفارش‌ها.csv").write_text(rows, encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "fa")
    assert sanjeh("import", tmp_path / "سفارش‌ها.csv", "--yes", "-w", tmp_path / "w").code == 0
    [point] = sanjeh("compute", "revenue", "--last", "1", "--format", "json", "-w", tmp_path / "w").data
    assert point["value"] == 100_000 + 50_000
