"""Every example of the standard catalogue holds, and none would hold for a broken formula."""

from __future__ import annotations

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.example import run_examples

CATALOGUE = load_catalogue()


@pytest.mark.parametrize("kpi", CATALOGUE.kpis)
def test_every_example_comes_out_as_stated(kpi: str) -> None:
    """Values, reasons and marks are those that the definition states."""
    outcomes = list(run_examples(CATALOGUE.kpis[kpi], CATALOGUE))
    assert outcomes, f"{kpi} has no example"
    failures = [str(outcome.issue()) for outcome in outcomes if not outcome.holds]
    assert not failures, "\n".join(failures)
