"""The page of the engines: what each of them can compute, from the one file that the tests of the matrix read too."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sanjeh.definitions import Catalogue
from tools.reference.markdown import code, join_page, render_table

FILE = Path(__file__).with_name("engines.toml")
MARKS = ("notimpl", "notyet", "never")


@dataclass(frozen=True, slots=True)
class Mark:
    """Why an engine does not compute a KPI or a variant."""

    kind: str
    reason: str

    def __post_init__(self) -> None:
        if self.kind not in MARKS or not self.reason.strip():
            raise ValueError(f"a mark is one of {', '.join(MARKS)}, with its reason")


@dataclass(frozen=True, slots=True)
class Support:
    """One engine of the table; ``marks`` are by the name of a KPI ("revenue") or variant ("revenue.real")."""

    name: str
    data: str
    tested: str
    marks: Mapping[str, Mark]

    def of(self, kpi: str, variant: str = "") -> Mark | None:
        """The mark of a variant, its own or that of its KPI."""
        return self.marks.get(f"{kpi}.{variant}" if variant else kpi) or self.marks.get(kpi)


def read_support(path: Path = FILE) -> dict[str, Support]:
    """Every engine by its key."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    found = {}
    for key, item in table.items():
        marks = {name: Mark(mark["kind"], mark["reason"]) for name, mark in item["marks"].items()}
        found[key] = Support(item["name"], item["data"], item["tested"], marks)
    return found


def build_engines(catalogue: Catalogue) -> str:
    """The page: the engines, how many KPIs each computes, and every exception with its reason."""
    engines = read_support()
    heads = ("engine", "where the data are", "tested with", "standard KPIs", "variants", "exceptions")
    rows = [_row(engine, catalogue) for engine in engines.values()]
    exceptions = list(_exceptions(engines))
    told = render_table(("engine", "KPI or variant", "mark", "reason"), exceptions) if exceptions else "There are none."
    return join_page(
        "# Engines",
        "Every example of every standard KPI is run on each engine; values, reasons and marks must be equal.",
        render_table(heads, rows),
        "## Exceptions",
        "`notimpl`: the engine lacks something that is needed, and the question is refused. `notyet`: it could be done "
        "and is not done yet. `never`: it cannot be right there.",
        told,
    )


def _row(engine: Support, catalogue: Catalogue) -> tuple[str, ...]:
    kpis = [kpi for kpi in catalogue.kpis.values() if engine.of(kpi.id) is None]
    every = [(kpi.id, variant) for kpi in catalogue.kpis.values() for variant in kpi.variants]
    variants = [name for name in every if engine.of(*name) is None]
    counts = f"{len(kpis)} of {len(catalogue.kpis)}", f"{len(variants)} of {len(every)}"
    return (engine.name, engine.data, engine.tested, *counts, str(len(engine.marks)))


def _exceptions(engines: Mapping[str, Support]) -> Iterator[tuple[str, str, str, str]]:
    for engine in engines.values():
        for name, mark in engine.marks.items():
            yield engine.name, code(name), code(mark.kind), mark.reason
