"""The engine matrix: every example of every KPI on PostgreSQL, with the exceptions of the one table of support."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tools.reference.engines import MARKS, Mark, build_engines, read_support
from two_engines import on_postgres

from sanjeh.compute import compute
from sanjeh.definitions import load_catalogue
from sanjeh.engines.link_postgres import Access, Link
from sanjeh.errors import SanjehError
from sanjeh.example import lay_ground, outcome_of

CATALOGUE = load_catalogue()
SUPPORT = read_support()


@pytest.fixture(scope="module")
def link(server: str) -> Iterator[Link]:
    """The link that Sanjeh asks over."""
    made = Link(Access(server))
    yield made
    made.close()


@pytest.mark.heavy
@pytest.mark.parametrize("kpi", CATALOGUE.kpis)
def test_every_example_comes_out_on_postgresql(owner: Any, link: Link, kpi: str) -> None:
    """Values, reasons and marks; what is marked must fail, so that no mark stays when it is mended."""
    known = CATALOGUE.kpis[kpi]
    assert known.examples
    for example in known.examples:
        ground, question = lay_ground(known, example, CATALOGUE)
        asked, _ = on_postgres(owner, link, ground, example.rows, "matrix")
        for variant, reading in zip(example.expect, question.readings, strict=True):
            mark = SUPPORT["postgres"].of(kpi, variant)
            try:
                (result,) = compute(
                    type(question)((reading,), question.periods, (), question.conditions), asked
                ).results
                fault = None if (outcome := outcome_of(known, example, variant, result)).holds else str(outcome.issue())
            except SanjehError as error:
                fault = str(error)
            assert (fault is None) == (mark is None), fault or f"{kpi} {variant} is marked and works"


def test_no_standard_kpi_is_left_out_on_duckdb_or_postgresql() -> None:
    """The two engines that everybody has."""
    for engine in ("duckdb", "postgres"):
        assert not [name for name, mark in SUPPORT[engine].marks.items() if mark.kind == "notimpl"]


def test_every_mark_names_something_that_there_is() -> None:
    """A KPI or one of its variants."""
    known = {kpi.id for kpi in CATALOGUE.kpis.values()}
    known |= {f"{kpi.id}.{variant}" for kpi in CATALOGUE.kpis.values() for variant in kpi.variants}
    for engine in SUPPORT.values():
        assert set(engine.marks) <= known


@pytest.mark.parametrize(("kind", "reason"), [("later", "x"), ("never", " ")])
def test_a_mark_has_a_kind_and_a_reason(kind: str, reason: str) -> None:
    """Nothing else is taken from the file."""
    with pytest.raises(ValueError, match="a mark is one of"):
        Mark(kind, reason)


def test_exceptions_are_counted_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A marked KPI takes its variants with it."""
    text = '[x]\nname = "X"\ndata = "d"\ntested = "1"\n[x.marks]\nrevenue = {kind = "never", reason = "no rows"}\n'
    (tmp_path / "engines.toml").write_text(text, encoding="utf-8")
    support = read_support(tmp_path / "engines.toml")
    monkeypatch.setattr("tools.reference.engines.read_support", lambda: support)
    page = build_engines(CATALOGUE)
    assert f"{len(CATALOGUE.kpis) - 1} of {len(CATALOGUE.kpis)}" in page
    assert "| X | `revenue` | `never` | no rows |" in page
    assert support["x"].of("revenue", "real") == Mark("never", "no rows")
    assert set(MARKS) == {"notimpl", "notyet", "never"}
