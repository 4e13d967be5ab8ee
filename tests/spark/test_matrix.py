"""The engine matrix on Spark."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from on_spark import OnSpark
from same_matrix import CATALOGUE, faults_of

pytestmark = pytest.mark.heavy
Matrix = dict[str, "Future[list[str]]"]


@pytest.fixture(scope="module")
def matrix(owner: Any) -> Matrix:
    """What fails of each KPI; they are asked side by side, as Spark plans longer than it computes."""
    database = OnSpark(owner, views=True)
    with ThreadPoolExecutor(4) as pool:
        return {kpi: pool.submit(faults_of, database, kpi, f"matrix_{kpi}") for kpi in CATALOGUE.kpis}


@pytest.mark.parametrize("kpi", CATALOGUE.kpis)
def test_every_example_comes_out(matrix: Matrix, kpi: str) -> None:
    """Values, reasons and marks; what is marked must fail, so that no mark stays when it is mended."""
    assert not matrix[kpi].result()
