"""The table of support: what each engine cannot do, with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools.reference.engines import MARKS, Mark, build_engines, read_support

from sanjeh.definitions import load_catalogue

CATALOGUE = load_catalogue()
SUPPORT = read_support()


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
