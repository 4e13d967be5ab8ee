"""The engine matrix: every example of every KPI on one engine, with the exceptions of the one table of support.

The test is the method of a class, so that each engine's own file runs it; its fixture ``database`` says where.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from database import Database, Records
from tools.reference.engines import read_support
from two_engines import moved_into

from sanjeh.compute import Ground, compute
from sanjeh.definitions import load_catalogue
from sanjeh.errors import SanjehError
from sanjeh.example import lay_ground, outcome_of

CATALOGUE = load_catalogue()
SUPPORT = read_support()


Move = Callable[[Database, Ground, Records, str], Ground]


def faults_of(database: Database, kpi: str, schema: str, move: Move = moved_into) -> list[str]:
    """What fails of the examples of ``kpi`` with their rows in ``schema``, and what is marked and works."""
    known = CATALOGUE.kpis[kpi]
    assert known.examples
    found: list[str | None] = []
    for example in known.examples:
        ground, question = lay_ground(known, example, CATALOGUE)
        asked = move(database, ground, example.rows, schema)
        for variant, reading in zip(example.expect, question.readings, strict=True):
            one = type(question)((reading,), question.periods, (), question.conditions)
            try:
                (result,) = compute(one, asked).results
                outcome = outcome_of(known, example, variant, result)
                fault = None if outcome.holds else str(outcome.issue())
            except SanjehError as error:
                fault = str(error)
            if SUPPORT[database.engine].of(kpi, variant) is not None:
                fault = f"{kpi} {variant} is marked and works" if fault is None else None
            found.append(fault)
    return [fault for fault in found if fault is not None]


class SameMatrix:
    """Every KPI and every variant."""

    @pytest.mark.parametrize("kpi", CATALOGUE.kpis)
    def test_every_example_comes_out(self, database: Database, kpi: str) -> None:
        """Values, reasons and marks; what is marked must fail, so that no mark stays when it is mended."""
        assert not faults_of(database, kpi, "matrix")
