"""The benchmarks of roll-ups and readers run, and say what they are to say."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.board import company
from benchmarks.readers import __main__ as readers
from benchmarks.rollups import __main__ as rollups

pytestmark = pytest.mark.heavy


def test_every_step_of_roll_ups_is_measured(tmp_path: Path) -> None:
    results = rollups.run(tmp_path, company.of_orders(2_000))
    assert set(results["steps"]) == {
        "build",
        "answer",
        "refresh, last month",
        "answer after last month",
        "refresh, all days",
        "answer after all days",
        "build again",
    }
    assert results["bytes"] > 0
    assert all(spent["cpu"] > 0 for spent in results["steps"]["build"]["steps"].values())


def test_readers_meet_no_error_while_rows_come_in(tmp_path: Path) -> None:
    results = readers.run(tmp_path, company.of_orders(2_000), 3, 6)
    assert results["errors"] == []
    assert results["questions"] == 3 * 5
