"""``sanjeh check`` finds what is wrong in settings, definitions, mappings and data, each with its place and a hint."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

KPI = """kpis:
  - id: web_share
    name: {{en: Web share}}
    description: {{en: The part of revenue from Tehran.}}
    question: {{en: How much of it comes from Tehran?}}
    formula: {formula}
    unit: {unit}
    direction: maximize
    timing: lagging
    perspective: process
{examples}"""
EXAMPLES = """    examples:
      - period: 2024-03
        rows:
          orders: |
            order_id, ordered_at, net_amount, customer_id, region
            1, 2024-03-05, 300, A, Tehran
            2, 2024-03-20, 100, B, Rey
        expect: {default: VALUE}
"""
SHARE = "revenue[region == 'Tehran'] / revenue"


@pytest.fixture
def space(shop: Path, tmp_path: Path) -> Path:
    """A copy of the shop to write into."""
    return Path(shutil.copytree(shop, tmp_path / "copy"))


def write_kpi(space: Path, formula: str = SHARE, unit: str = "percentage", value: str = "") -> None:
    examples = EXAMPLES.replace("VALUE", value) if value else ""
    text = KPI.format(formula=formula, unit=unit, examples=examples)
    (space / "kpis" / "own.yaml").write_text(text, encoding="utf-8")


def test_a_good_own_kpi_is_fine_and_can_be_asked(sanjeh, space: Path) -> None:
    write_kpi(space, value="3/4")
    assert sanjeh("check", "-w", space).err == "Nothing wrong was found.\n"
    [point] = sanjeh("compute", "web_share", "--last", "1", "--format", "json", "-w", space).data
    assert point["value"] == 1.0


def test_an_example_that_fails_is_an_error_with_both_numbers(sanjeh, space: Path) -> None:
    write_kpi(space, value="1/2")
    said = sanjeh("check", "-w", space)
    assert said.code == 1
    assert "own.yaml:" in said.err
    assert "0.75" in said.err
    assert "0.5" in said.err


def test_a_kpi_without_example_is_only_a_warning(sanjeh, space: Path) -> None:
    write_kpi(space)
    said = sanjeh("check", "-w", space)
    assert said.code == 0
    assert said.err.startswith("warning: ")
    assert "no example" in said.err


@pytest.mark.parametrize(
    ("formula", "unit", "told"),
    [
        ("revnue / orders", "money", "Did you mean 'revenue'?"),
        (SHARE, "money", "money"),
        ("revenue +", "money", "column 1"),
        ("revenue / orders", "monye", "Did you mean 'money'?"),
    ],
)
def test_a_wrong_definition_is_told_with_its_place(sanjeh, space: Path, formula: str, unit: str, told: str) -> None:
    write_kpi(space, formula, unit)
    said = sanjeh("check", "-w", space)
    assert said.code == 1
    assert "own.yaml:" in said.err
    assert told in said.err


def test_a_wrong_definition_stops_a_question_with_the_same_words(sanjeh, space: Path) -> None:
    write_kpi(space, unit="monye")
    said = sanjeh("compute", "revenue", "-w", space)
    assert said.code == 2
    assert "own.yaml:2" in said.err


def test_a_wrong_mapping_is_told_with_its_line(sanjeh, space: Path) -> None:
    [path] = (space / "sources").glob("*.yaml")
    path.write_text(path.read_text(encoding="utf-8") + "\nmatsch: [x]\n", encoding="utf-8")
    said = sanjeh("check", "-w", space)
    assert said.code == 1
    assert f"{path.name}:" in said.err
    assert "matsch" in said.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('langauge = "fa"', "Did you mean 'language'?"),
        ('language = "de"', "Possible: en, fa."),
        ("[parameters]\nlost_after_dayz = 3", "Did you mean 'lost_after_days'?"),
        ("[parameters]\nlost_after_days = -3", "lost_after_days"),
        ("[parameters]\nlost_after_days = 'long'", "lost_after_days"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(sanjeh, space: Path, line: str, told: str) -> None:
    (space / "sanjeh.toml").write_text(f'name = "Shop"\n{line}\n', encoding="utf-8")
    said = sanjeh("check", "-w", space)
    assert said.code == 1
    assert f"sanjeh.toml:{1 + len(line.splitlines())}" in said.err
    assert told in said.err


def load(sanjeh, space: Path, name: str, text: str) -> None:
    (space / name).write_text(text, encoding="utf-8")
    assert sanjeh("import", space / name, "--yes", "-w", space).code == 0


def test_rows_that_name_nobody_are_a_warning(sanjeh, space: Path) -> None:
    load(sanjeh, space, "customers.csv", "customer_id,name\nA,Ali\nB,Babak\nC,Cyrus\n")
    said = sanjeh("check", "-w", space)
    assert said.code == 0
    assert "1 of 5 rows of Orders names a customer_id that Customers does not have." in said.err


def test_a_currency_without_a_rate_is_a_warning(sanjeh, space: Path) -> None:
    rows = "order_id,ordered_at,net_amount,customer_id,currency\n7,2024-03-02,10,A,USD\n8,2024-03-02,20,A,IRT\n"
    load(sanjeh, space, "orders-export.csv", rows)
    said = sanjeh("check", "-w", space)
    assert said.code == 0
    assert "1 row of Orders is in USD" in said.err


def test_a_stated_number_that_differs_from_the_rows_is_a_warning(sanjeh, space: Path) -> None:
    load(sanjeh, space, "observations.csv", "measure,date,grain,value\norders,2024-01-31,month,9\n")
    said = sanjeh("check", "-w", space)
    assert said.code == 0
    assert "Orders: the rows since 2024-01-01 give 2, but 9 was stated" in said.err
    [point] = sanjeh(
        "compute", "successful_orders", "--since", "2024-01", "--until", "2024-01", "--format", "json", "-w", space
    ).data
    assert point["value"] == 2


def test_rows_set_aside_are_remembered(sanjeh, space: Path) -> None:
    (space / "orders-2.csv").write_text("order_id,ordered_at,net_amount\n9,someday,5\n", encoding="utf-8")
    assert sanjeh("import", space / "orders-2.csv", "--yes", "--as", "orders", "-w", space).code == 1
    assert "1 row was set aside" in sanjeh("check", "-w", space).err
    [record] = sanjeh("quarantine", "--format", "json", "-w", space).data
    assert (record["file"], record["row"], record["column"], record["value"]) == (
        "orders-2.csv",
        2,
        "ordered_at",
        "someday",
    )


def test_programs_get_every_issue_with_code_place_and_sentence(sanjeh, space: Path) -> None:
    write_kpi(space, unit="monye")
    said = sanjeh("check", "--format", "json", "-w", space)
    assert said.code == 1
    [issue] = said.data
    assert set(issue) == {"code", "severity", "place", "text", "data"}
    assert issue["severity"] == "error"
    assert issue["place"].endswith("own.yaml:2:5")


def test_issues_are_told_in_persian_too(sanjeh, persian_shop: Path, tmp_path: Path) -> None:
    space = Path(shutil.copytree(persian_shop, tmp_path / "copy"))
    write_kpi(space, "revnue")
    said = sanjeh("check", "-w", space)
    assert said.code == 1
    assert said.err.startswith("خطا: ")
    assert "منظورتان «revenue» بود؟" in said.err


def test_an_unknown_status_is_never_proposed_to_be_paid(sanjeh, empty: Path) -> None:
    file = empty.parent / "orders.csv"
    rows = "1,2024-03-01,10,لغو در مرحلهٔ ارسال\n2,2024-03-01,20,نامشخص\n"
    file.write_text("order_id,ordered_at,net_amount,status\n" + rows, encoding="utf-8")
    sanjeh("import", file, "--yes", "-w", empty)
    said = sanjeh("check", "-w", empty).err + sanjeh("check", "-w", empty).out
    assert "values: {'لغو در مرحلهٔ ارسال': cancelled}" in said and "values: {'نامشخص': STATUS}" in said
    assert "possible: paid, shipped" in said and ": paid}" not in said
