"""The list of KPIs tells what each is, and what of the data at hand it lacks."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest


def test_without_a_workspace_nothing_is_said_about_data(
    sanjeh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    records = sanjeh("kpis", "--format", "json").data
    assert {record["computable"] for record in records} == {None}
    assert {record["missing"] for record in records} == {None}


def test_a_record_has_all_that_is_promised(sanjeh, shop: Path) -> None:
    records = {record["id"]: record for record in sanjeh("kpis", "--format", "json", "-w", shop).data}
    revenue, cac = records["revenue"], records["cac"]
    assert revenue["names"] == {"en": "Revenue", "fa": "درآمد"}
    told = {name: revenue[name] for name in ("unit", "direction", "timing", "perspective", "computable", "missing")}
    assert told == {
        "unit": "money",
        "direction": "maximize",
        "timing": "lagging",
        "perspective": "financial",
        "computable": True,
        "missing": [],
    }
    assert isinstance(revenue["packs"], list)
    assert {"gross", "real"} <= {variant["id"] for variant in revenue["variants"]}
    assert (cac["computable"], cac["missing"]) == (False, ["marketing_spend"])


def test_a_variant_may_lack_what_its_kpi_has(sanjeh, shop: Path) -> None:
    [revenue] = [r for r in sanjeh("kpis", "--format", "json", "-w", shop).data if r["id"] == "revenue"]
    lacking = {variant["id"]: variant["missing"] for variant in revenue["variants"]}
    assert lacking["real"] == ["cpi"]


def test_filters_leave_kpis_out(sanjeh, shop: Path) -> None:
    b2b = sanjeh("kpis", "--pack", "b2b", "--format", "json", "-w", shop).data
    assert b2b
    assert all("b2b" in record["packs"] for record in b2b)
    customer = sanjeh("kpis", "--perspective", "customer", "--format", "json", "-w", shop).data
    assert {record["perspective"] for record in customer} == {"customer"}
    computable = sanjeh("kpis", "--computable", "--format", "json", "-w", shop).data
    assert all(record["computable"] for record in computable)


def test_filters_that_leave_nothing_are_no_error(sanjeh, empty: Path) -> None:
    said = sanjeh("kpis", "--computable", "--format", "json", "-w", empty)
    assert (said.code, said.data) == (0, [])
    said = sanjeh("kpis", "--computable", "-w", empty)
    assert said.code == 0
    assert "sanjeh import FILE" in said.err


def test_the_table_keeps_ids_whole_so_that_they_can_be_copied(
    sanjeh, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    said = sanjeh("kpis", "-w", shop)
    assert any(line.startswith("average_order_value ") for line in said.lines)
    assert any(line.startswith("social_engagement_rate ") for line in said.lines)


def test_csv_has_a_row_for_each(sanjeh, shop: Path) -> None:
    rows = list(csv.reader(io.StringIO(sanjeh("kpis", "--format", "csv", "-w", shop).out)))
    assert len(rows) == 1 + 105
    assert {len(row) for row in rows} == {7}
