"""Below a board stands why a value is provisional, and what the KPIs stand on whose neighbours suggest otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjeh.definitions import load_catalogue

SPAN = ("--since", "2024-01", "--until", "2024-03")
EARLY = "~ provisional: purchases before the data begin are not known (history_from)"
UNRIPE = "~ provisional: the cohort is not ripe"


def test_a_count_of_new_customers_near_the_first_row_is_provisional_for_want_of_earlier_purchases(
    sanjeh, shop: Path
) -> None:
    said = sanjeh("compute", "new_customers", *SPAN, "-w", shop).err
    assert EARLY in said
    assert UNRIPE not in said
    assert "history_from = first_row" in said


def test_an_unripe_cohort_is_provisional_as_such(sanjeh, empty: Path) -> None:
    (empty / "leads.csv").write_text(
        "lead_id,created_at,converted_at\n1,2024-01-05,2024-01-25\n2,2024-01-06,\n", encoding="utf-8"
    )
    assert sanjeh("import", empty / "leads.csv", "--as", "leads", "--yes", "-w", empty).code == 0
    said = sanjeh("compute", "lead_conversion_rate", "-w", empty).err
    assert UNRIPE in said
    assert EARLY not in said


def test_show_and_explain_name_the_day_from_which_purchases_are_known(sanjeh, shop: Path) -> None:
    for command in ("show", "explain"):
        assert "history_from" in sanjeh(command, "new_customers", "-w", shop).out


def test_kpis_whose_neighbours_suggest_otherwise_have_a_note(sanjeh, shop: Path) -> None:
    said = sanjeh("compute", "churn_rate", "revenue", "retention_rate", *SPAN, "-w", shop)
    assert "Customer churn rate [1]" in said.out
    assert "Customer retention rate [2]" in said.out
    assert "Revenue [" not in said.out
    assert "[2] Customer retention rate: By (E - N) / S" in said.err
    persian = sanjeh("compute", "retention_rate", *SPAN, "--language", "fa", "-w", shop)
    assert "[۱] نرخ نگهداشت مشتری" in persian.err
    assert "[1]" not in sanjeh("compute", "churn_rate.end", *SPAN, "-w", shop).out


def test_a_table_in_a_file_has_what_its_signs_and_notes_mean(sanjeh, shop: Path, tmp_path: Path) -> None:
    path = tmp_path / "board.txt"
    assert sanjeh("compute", "churn_rate", *SPAN, "--format", "table", "-o", path, "-w", shop).code == 0
    assert "[1] Customer churn rate: " in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [kpi.id for kpi in load_catalogue().kpis.values() if kpi.basis.en])
def test_a_note_is_on_the_page_of_its_kpi_in_both_languages(sanjeh, shop: Path, name: str) -> None:
    kpi = load_catalogue().kpis[name]
    for language, label in (("en", "Basis: "), ("fa", "مبنا: ")):
        assert kpi.basis.get(language) != kpi.basis.get("fa" if language == "en" else "en")
        assert label in sanjeh("show", name, "--language", language, "-w", shop).out
