"""The engine matrix on Spark."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from database import Database, Records, lay_tables
from on_spark import OnSpark
from same_matrix import CATALOGUE, faults_of

from sanjeh.compute import Ground
from sanjeh.engines import load_engine

pytestmark = pytest.mark.heavy
Matrix = dict[str, "Future[list[str]]"]


def moved(database: Database, ground: Ground, records: Records, schema: str) -> Ground:
    """The same ground with the rows in tables of ``schema``; what they hold and state is known from the ground.

    Looking that up again would be two statements of three; that it is read rightly, other tests say.
    """
    link, catalogue = database.link(), ground.catalogue
    tables = lay_tables(database, records, catalogue, schema)
    raw = load_engine("hold_spark").build_raw(link, tables, catalogue, "UTC")
    held, until = replace(ground.holdings, codes={}), ground.timeline.as_of_end
    engine = load_engine("spark").build(link, raw, catalogue, ground.settings, held, until)
    return replace(ground, holdings=held, engine=engine)


@pytest.fixture(scope="module")
def matrix(owner: Any) -> Matrix:
    """What fails of each KPI; they are asked side by side, as Spark plans longer than it computes."""
    database = OnSpark(owner, views=True)
    with ThreadPoolExecutor(4) as pool:
        return {kpi: pool.submit(faults_of, database, kpi, f"matrix_{kpi}", moved) for kpi in CATALOGUE.kpis}


@pytest.mark.parametrize("kpi", CATALOGUE.kpis)
def test_every_example_comes_out(matrix: Matrix, kpi: str) -> None:
    """Values, reasons and marks; what is marked must fail, so that no mark stays when it is mended."""
    assert not matrix[kpi].result()
