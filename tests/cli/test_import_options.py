"""What an import is told beforehand, and the exit code by which a script notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import type_in

DATES = "order_id,ordered_at,net_amount\n1,04/05/2024,1.500\n2,06/07/2024,2.750\n"
REPEATED = "order_id,ordered_at,net_amount\n1,2024-03-01,10\n2,2024-03-01,20\n3,2024-03-01,5\n4,2024-03-01,5\n"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An empty workspace."""
    assert type_in("new", tmp_path / "shop", "--language", "en", "--currency", "EUR").code == 0
    return tmp_path / "shop"


def test_ambiguous_dates_and_numbers_are_answered_by_options_that_the_refusal_names(made: Path) -> None:
    file = made.parent / "orders.csv"
    file.write_text(DATES, encoding="utf-8")
    refused = type_in("import", file, "--yes", "-w", made)
    assert refused.code == 1 and "--dates dmy" in refused.err
    refused = type_in("import", file, "--yes", "--dates", "dmy", "-w", made)
    assert refused.code == 1 and "--decimal ," in refused.err
    assert type_in("import", file, "--yes", "--dates", "dmy", "--decimal", ",", "-w", made).code == 0
    text = (made / "sources" / "orders.yaml").read_text(encoding="utf-8")
    assert "order: dmy" in text and "decimal: ','" in text
    assert type_in("import", file, "--yes", "-w", made).code == 0


def test_a_key_twice_in_one_file_ends_in_exit_code_one_and_is_counted_on_its_own(made: Path) -> None:
    file = made.parent / "orders.csv"
    file.write_text(REPEATED + "1,2024-03-01,12\n", encoding="utf-8")
    said = type_in("import", file, "--yes", "--format", "json", "-w", made)
    assert (said.code, said.data["superseded"], said.data["duplicate"]) == (1, 1, 0)
    assert "rows_superseded" in {issue["code"] for issue in said.data["files"][0]["tables"][0]["issues"]}
