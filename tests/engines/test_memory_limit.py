"""A question over more than fits into memory is answered by way of the disk, or ends in a sentence of ours."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import sanjeh
from sanjeh.errors import QuestionError
from sanjeh.settings import EngineSettings, Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = """SELECT i AS order_id, DATE '2023-01-01' + CAST(i % 700 AS INTEGER) AS ordered_at,
    CAST(i % 90 + 10 AS DECIMAL(12, 2)) AS net_amount, CAST(i * 7919 % 61001 AS BIGINT) AS customer_id
    FROM range(200000) r(i)"""
KPIS = ("average_order_value", "repeat_purchase_rate", "loyal_sales_growth_share", "returning_customers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two hundred thousand orders."""
    made = tmp_path_factory.mktemp("large")
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({ORDERS}) TO '{made}/orders.parquet' (FORMAT parquet)")
    space = create_workspace(made / "space", Settings(name="large", currency="USD"))
    assert space.import_files([made / "orders.parquet"], as_entity="orders").total("loaded") == 200_000
    return made / "space"


def open_with(folder: Path, memory: str, spill: str = "") -> Workspace:
    """The workspace whose questions may take so much memory; ``sanjeh.toml`` refuses as little as these tests need."""
    space = sanjeh.open(folder)
    engine = EngineSettings(threads=2, spill_folder=spill)
    return Workspace(folder, replace(space.settings, engine=engine), space.today, memory_limit=memory)


def ask(space: Workspace, kpi: str) -> list[float | None] | str:
    """The values of 24 months, or the code of what is said instead."""
    try:
        return [point.value for point in space.compute(kpi, every="month", last=24)]
    except QuestionError as error:
        return error.code


def test_less_memory_gives_the_same_numbers_or_a_sentence(folder: Path, tmp_path: Path) -> None:
    right = {kpi: ask(open_with(folder, "2GB"), kpi) for kpi in KPIS}
    assert all(isinstance(values, list) for values in right.values())
    outcomes = {"answered": 0, "refused": 0}
    for memory in ("60MB", "30MB", "15MB", "6MB", "2MB"):
        for kpi in KPIS:
            found = ask(open_with(folder, memory, str(tmp_path)), kpi)
            assert found in (right[kpi], "memory_limit"), (memory, kpi)
            outcomes["answered" if found == right[kpi] else "refused"] += 1
    assert min(outcomes.values()) > 0
    assert list(tmp_path.iterdir()) == [], "what was put aside is gone"


def test_a_workspace_answers_after_a_question_that_was_too_large(folder: Path) -> None:
    space = open_with(folder, "12MB")
    said = [ask(space, kpi) for kpi in KPIS]
    assert "memory_limit" in said
    fresh = open_with(folder, "2GB")
    assert ask(space, "revenue") == ask(fresh, "revenue")


def test_a_place_that_cannot_be_written_to_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = {ask(open_with(folder, "12MB", str(tmp_path / "file" / "spill")), kpi) for kpi in KPIS[1:3]}
    assert "spill_failed" in said


FULL = """
import resource, sys
from dataclasses import replace
import sanjeh
from sanjeh.errors import QuestionError
space = sanjeh.open(sys.argv[1])
space.memory_limit = "12MB"
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for kpi in sys.argv[2:]:
    try:
        space.compute(kpi, every="month", last=24)
    except QuestionError as error:
        print(error.code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_a_full_disk_under_the_spill_is_told(folder: Path) -> None:
    command = [sys.executable, "-c", FULL, str(folder), *KPIS[1:3]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "spill_failed" in done.stdout.split() and set(done.stdout.split()) <= {"spill_failed", "memory_limit"}
