"""The KPIs that the example workspaces define for themselves: each has rows whose value is added up by hand."""

from __future__ import annotations

import pytest
from tests.datasets.compare import EXAMPLES

from sanjeh.definitions import load_catalogue
from sanjeh.example import run_examples

SETS = sorted(path.name for path in EXAMPLES.iterdir() if any(path.glob("kpis/*.yaml")))


@pytest.mark.parametrize("name", SETS)
def test_every_own_kpi_has_examples_that_hold(name: str) -> None:
    catalogue = load_catalogue(sorted((EXAMPLES / name / "kpis").glob("*.yaml")))
    own = [kpi for kpi in catalogue.kpis.values() if kpi.own]
    assert own and all(kpi.examples for kpi in own)
    failed = [outcome for kpi in own for outcome in run_examples(kpi, catalogue) if not outcome.holds]
    assert failed == []
