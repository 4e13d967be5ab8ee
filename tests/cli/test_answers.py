"""Answers come in every format with the same numbers, and can be read back."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path

import pytest

SPAN = ("--since", "2024-01", "--until", "2024-03")
KEYS = (
    *("kpi", "variant", "calendar", "grain", "period", "start", "end", "members"),
    *("value", "unit", "currency", "reason", "marks", "inputs", "title", "notes"),
)


def test_a_point_tells_all_that_it_is(sanjeh, shop: Path) -> None:
    points = sanjeh("compute", "average_order_value", *SPAN, "--format", "json", "-w", shop).data
    assert [tuple(point) for point in points] == [KEYS] * 3
    assert points[0] == {
        "kpi": "average_order_value",
        "variant": None,
        "calendar": "gregorian",
        "grain": "month",
        "period": "2024-01",
        "start": "2024-01-01",
        "end": "2024-02-01",
        "members": {},
        "value": 150.0,
        "unit": "money",
        "currency": "IRT",
        "reason": None,
        "marks": [],
        "inputs": {"revenue": 300.0, "orders": 2.0},
        "title": "Average order value",
        "notes": [],
    }


def test_periods_are_named_as_their_calendar_names_them(sanjeh, shop: Path) -> None:
    def periods(*words: str) -> list[str]:
        points = sanjeh("compute", "revenue", *words, "--format", "json", "-w", shop).data
        return [point["period"] for point in points]

    assert periods("--every", "quarter", *SPAN) == ["2024-Q1"]
    assert periods("--every", "year", *SPAN) == ["2024"]
    assert periods("--calendar", "jalali", "--since", "1402-10", "--until", "1402-11") == ["1402-10", "1402-11"]
    assert periods("--every", "total", *SPAN) == ["total"]
    assert periods("--every", "month", "--every", "quarter", "--last", "1") == ["2024-03", "2024-Q1"]


def test_a_breakdown_has_its_members_and_rows_without_one(sanjeh, shop: Path) -> None:
    points = sanjeh("compute", "revenue", "--by", "region", *SPAN, "--format", "json", "-w", shop).data
    found = {(point["period"], point["members"]["region"]): point["value"] for point in points if point["value"]}
    assert found == {
        ("2024-01", "Tehran"): 100.0,
        ("2024-01", "Shiraz"): 200.0,
        ("2024-02", "Tehran"): 300.0,
        ("2024-02", None): 50.0,
        ("2024-03", "Tehran"): 250.0,
    }


def test_conditions_leave_rows_out(sanjeh, shop: Path) -> None:
    words = ("compute", "revenue", "--where", "region == 'Tehran'", *SPAN, "--format", "json", "-w", shop)
    assert [point["value"] for point in sanjeh(*words).data] == [100.0, 300.0, 250.0]


def test_percentages_are_fractions_and_reasons_stand_without_a_value(sanjeh, shop: Path) -> None:
    points = sanjeh("compute", "repeat_purchase_rate", "sales_growth_yoy", *SPAN, "--format", "json", "-w", shop).data
    rates = [point for point in points if point["unit"] == "percentage" and point["value"] is not None]
    assert all(0 <= point["value"] <= 1 for point in rates)
    assert rates
    assert all((point["value"] is None) == (point["reason"] is not None) for point in points)


def test_the_last_open_period_is_marked(sanjeh, shop: Path) -> None:
    points = sanjeh("compute", "revenue", "--as-of", "2024-02-10", "--last", "2", "--format", "json", "-w", shop).data
    assert [(point["period"], point["marks"]) for point in points] == [("2024-01", []), ("2024-02", ["partial"])]


def test_without_a_kpi_all_that_the_data_supports_is_computed(sanjeh, shop: Path) -> None:
    computed = {point["kpi"] for point in sanjeh("compute", *SPAN, "--format", "json", "-w", shop).data}
    listed = {record["id"] for record in sanjeh("kpis", "--computable", "--format", "json", "-w", shop).data}
    assert computed == listed
    assert {"revenue", "average_order_value", "new_customers"} <= listed
    assert not {"cac", "mql_count"} & listed


@pytest.mark.parametrize("ending", ["json", "csv", "parquet", "xlsx"])
def test_a_file_read_back_has_the_same_numbers(sanjeh, shop: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"answer.{ending}"
    said = sanjeh("compute", "revenue", "--by", "region", *SPAN, "-o", path, "-w", shop)
    assert (said.code, said.out) == (0, "")
    found = {(row["period"], row["region"]): row["value"] for row in READERS[ending](path)}
    assert found[("2024-02", "Tehran")] == 300.0
    assert found[("2024-02", None)] == 50.0
    assert len(found) == 9


def test_days_are_days_in_every_file(sanjeh, shop: Path, tmp_path: Path) -> None:
    for ending in ("parquet", "xlsx"):
        path = tmp_path / f"answer.{ending}"
        sanjeh("compute", "revenue", *SPAN, "-o", path, "-w", shop)
        starts = {str(row["start"])[:10] for row in READERS[ending](path)}
        assert starts == {"2024-01-01", "2024-02-01", "2024-03-01"}


def test_a_format_named_wins_over_the_ending(sanjeh, shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    assert sanjeh("compute", "revenue", *SPAN, "--format", "json", "-o", path, "-w", shop).code == 0
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 3
    assert sanjeh("compute", "revenue", *SPAN, "--format", "table", "-o", path, "-w", shop).code == 0
    assert "│" in path.read_text(encoding="utf-8")


def test_a_member_that_looks_like_a_formula_is_made_safe_in_csv(sanjeh, tmp_path: Path) -> None:
    rows = "order_id,ordered_at,net_amount,customer_id,region\n1,2024-01-05,100,A,=1+1\n2,2024-01-06,100,B,Rey\n"
    (tmp_path / "orders.csv").write_text(rows, encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "en")
    sanjeh("import", tmp_path / "orders.csv", "--yes", "-w", tmp_path / "w")
    said = sanjeh("compute", "revenue", "--by", "region", "--format", "csv", "-w", tmp_path / "w")
    assert {row["region"] for row in csv.DictReader(io.StringIO(said.out))} == {"'=1+1", "Rey"}


REFUNDED = """order_id,ordered_at,net_amount,customer_id,region,note
1,2024-01-05,-300.5,A,Rey,=1+1
2,2024-01-06,100,B,-Qom,+2
"""


@pytest.fixture
def refunded(sanjeh, tmp_path: Path) -> Path:
    """Two orders: one with a negative amount, one of a region that looks like a formula."""
    (tmp_path / "orders.csv").write_text(REFUNDED, encoding="utf-8")
    sanjeh("new", tmp_path / "w", "--language", "en", "--currency", "IRT")
    sanjeh("import", tmp_path / "orders.csv", "--yes", "-w", tmp_path / "w")
    return tmp_path / "w"


def test_negative_numbers_stay_numbers_in_csv_and_texts_that_look_like_formulas_are_made_safe(
    sanjeh, refunded: Path
) -> None:
    said = sanjeh("rows", "revenue", "--period", "2024-01", "--format", "csv", "-w", refunded)
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [float(row["net_amount"]) for row in rows] == [-300.5, 100]
    assert [row["region"] for row in rows] == ["Rey", "'-Qom"]
    said = sanjeh("compute", "revenue", "--by", "region", "--format", "csv", "-w", refunded)
    found = {row["region"]: float(row["value"]) for row in csv.DictReader(io.StringIO(said.out))}
    assert found == {"Rey": -300.5, "'-Qom": 100}


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_rows_of_all_measures_stand_in_the_file(sanjeh, shop: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"rows.{ending}"
    assert sanjeh("rows", "average_order_value", "--period", "2024-02", "-o", path, "-w", shop).code == 0
    text = path.read_text(encoding="utf-8")
    if ending == "json":
        assert [listing["measure"] for listing in json.loads(text)] == ["revenue", "orders"]
    else:
        assert len([line for line in text.splitlines() if line.startswith("order_id,")]) == 2


def test_columns_that_are_empty_in_all_rows_take_no_room_on_the_screen(sanjeh, shop: Path) -> None:
    words = ("rows", "revenue", "--period", "2024-02", "-w", shop)
    assert "Region" in sanjeh(*words).out
    assert "00:00:00" not in sanjeh(*words).out
    said = sanjeh(*words, "--where", "region == None")
    assert "1 of 1 row." in said.err
    assert "Region" not in said.out


def test_a_member_that_no_row_has_is_told_with_near_ones_and_marked_in_json(sanjeh, shop: Path) -> None:
    words = ("compute", "revenue", "--where", "region == 'Tehrn'", *SPAN, "-w", shop)
    said = sanjeh(*words)
    assert said.code == 0
    assert "warning: No row behind Revenue has 'Tehrn' as region" in said.err
    assert "There are: Tehran." in said.err
    points = sanjeh(*words, "--format", "json").data
    assert {tuple(point["notes"]) for point in points} == {("member_without_rows",)}
    known = sanjeh("compute", "revenue", "--where", "region == 'Tehran'", *SPAN, "-w", shop)
    assert "warning" not in known.err


def test_an_answer_is_in_the_language_asked_for_whatever_the_workspace_speaks(sanjeh, shop: Path) -> None:
    for words in (("compute", "revenue", *SPAN), ("explain", "revenue"), ("kpis",), ("show", "revenue")):
        assert "درآمد" in sanjeh(*words, "--language", "fa", "-w", shop).out
        assert "درآمد" in sanjeh("--language", "fa", *words, "-w", shop).out
        assert "درآمد" not in sanjeh(*words, "-w", shop).out


def test_one_row_is_a_row_and_two_are_rows(sanjeh, shop: Path) -> None:
    told = [sanjeh("rows", "revenue", "--period", period, "-w", shop).err for period in ("2024-01", "2024-03")]
    assert told == ["2 of 2 rows.\n", "1 of 1 row.\n"]


def test_a_variant_is_shown_as_itself_and_names_its_kpi(sanjeh, shop: Path) -> None:
    lines = sanjeh("show", "revenue.gross", "-w", shop).lines
    assert lines[0] == "Gross sales (before refunds) (revenue.gross)"
    assert "Variant of: Revenue (revenue)" in lines
    assert "Formula: sales" in lines


VISITS = "session_id,started_at,visitor_id,customer_id\n1,2024-01-02,V,C2\n2,2024-01-03,W,C4\n3,2024-01-03,X,C4\n"
CUSTOMERS = "customer_id,name,region\nC2,Ali,Tehran\nC3,Babak,Tehran\nC4,Cyrus,Shiraz\n"


def test_a_share_above_the_whole_is_marked_with_a_note_under_the_table(sanjeh, tmp_path: Path) -> None:
    orders = "order_id,ordered_at,net_amount,customer_id,is_online\n"
    orders += "".join(f"{n},2024-01-0{n},100,C{n},true\n" for n in (2, 3))
    space = tmp_path / "w"
    sanjeh("new", space, "--language", "en")
    for name, text in (("orders", orders), ("web_sessions", VISITS), ("customers", CUSTOMERS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        assert sanjeh("import", tmp_path / f"{name}.csv", "--as", name, "--yes", "-w", space).code == 0
    words = ("compute", "online_store_conversion_rate", "--by", "region", "-w", space)
    said = sanjeh(*words)
    assert "200.0% *!" in said.out
    assert "! above 100 %: the parts are counted over different rows" in said.err
    notes = {point["members"]["region"]: point["notes"] for point in sanjeh(*words, "--format", "json").data}
    assert notes == {"Tehran": ["above_whole"], "Shiraz": []}
    assert "! بیش از ۱۰۰٪" in sanjeh(*words, "--language", "fa").err


def test_a_table_shows_titles_numbers_and_the_last_known_day(sanjeh, shop: Path, persian_shop: Path) -> None:
    said = sanjeh("compute", "revenue", *SPAN, "-w", shop)
    assert [cell.strip() for cell in said.lines[2].split("│")][:4] == [
        "Revenue",
        "300 toman",
        "350 toman",
        "250 toman *",
    ]
    assert "As of 1 March 2024." in said.err
    persian = sanjeh("compute", "revenue", *SPAN, "-w", persian_shop)
    assert "درآمد" in persian.out
    assert "۳۰۰" in persian.out
    assert "تا پایان" in persian.err


def test_a_kpi_without_data_tells_what_it_lacks(sanjeh, shop: Path) -> None:
    said = sanjeh("compute", "cac", *SPAN, "-w", shop)
    assert said.code == 0
    assert "Customer acquisition cost has no value" in said.err
    assert "(marketing_spend)" in said.err


def test_the_rows_behind_a_number_add_up_to_it(sanjeh, shop: Path) -> None:
    listings = sanjeh("rows", "average_order_value", "--period", "2024-02", "--format", "json", "-w", shop).data
    by_measure = {listing["measure"]: listing for listing in listings}
    assert set(by_measure) == {"revenue", "orders"}
    assert [row["order_id"] for row in by_measure["revenue"]["rows"]] == ["3", "4"]
    assert sum(float(row["net_amount"]) for row in by_measure["revenue"]["rows"]) == 350


def test_an_explanation_names_formula_measures_and_dimensions(sanjeh, shop: Path) -> None:
    said = sanjeh("explain", "average_order_value", "--sql", "-w", shop)
    assert said.code == 0
    assert "= revenue / orders" in said.out
    assert "Can be broken down by: " in said.out
    assert "region" in said.out
    assert "SELECT" in said.out.upper()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_kpi_is_shown_in_either_language_without_a_workspace(
    sanjeh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = sanjeh("show", "average_order_value", "--language", language)
    assert said.code == 0
    assert {"en": "Average order value", "fa": "میانگین ارزش سفارش"}[language] in said.out
    assert "revenue / orders" in said.out


def read_json(path: Path) -> list[dict[str, object]]:
    return [{**row, **row["members"]} for row in json.loads(path.read_text(encoding="utf-8"))]


def read_csv(path: Path) -> list[dict[str, object]]:
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    return [{**row, "region": row["region"] or None, "value": float(row["value"] or 0)} for row in rows]


def read_parquet(path: Path) -> list[dict[str, object]]:
    import duckdb

    with duckdb.connect() as connection:
        answer = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in answer.description]
        rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    assert all(isinstance(row["start"], datetime.date) for row in rows)
    return rows


def read_xlsx(path: Path) -> list[dict[str, object]]:
    import openpyxl

    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


READERS = {"json": read_json, "csv": read_csv, "parquet": read_parquet, "xlsx": read_xlsx}
