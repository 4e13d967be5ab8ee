"""The KPIs that the example workspaces define for themselves: each has rows whose value is added up by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.datasets.imported import EXAMPLES

from sanjeh.definitions import load_catalogue
from sanjeh.example import run_examples

SETS = sorted(path.name for path in EXAMPLES.iterdir() if any(path.glob("kpis/*.yaml")))


@pytest.mark.parametrize("name", SETS)
def test_every_own_kpi_has_examples_that_hold(name: str, tmp_path: Path) -> None:
    # Beside the tests' own folders lies one cache of the standard files, which are as they were.
    files, cache = sorted((EXAMPLES / name / "kpis").glob("*.yaml")), tmp_path.parent / "trees"
    catalogue = load_catalogue(files, cache_folder=cache)
    own = [kpi for kpi in catalogue.kpis.values() if kpi.own]
    assert own and all(kpi.examples for kpi in own)
    failed = [outcome for kpi in own for outcome in run_examples(kpi, catalogue) if not outcome.holds]
    assert failed == []
