"""The page of the real data sets that Sanjeh is held against: which of their known values it reaches, and by what."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sanjeh.definitions import Catalogue
from tools.reference.markdown import code, join_page, render_table

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
COUNTS = ROOT / "docs" / "reference" / "datasets.csv"
HEADS = ("set", "known values", "by catalogue KPIs", "by own KPIs", "not expressed")
INTRO = """\
Public data sets, with values that others computed from them. Each enters through `sanjeh import` with a mapping kept
under `examples`, and every known value that a KPI of the catalogue or one of its variants means is reached by it
(relative error at most 1e-9). Where no KPI of the catalogue has a value's meaning, the set's own definitions do. The
tests compare all of them wherever the data are at hand, and check these counts."""


def build_datasets(catalogue: Catalogue) -> str:
    """The page: one line of counts for each set, then what each known quantity is matched with."""
    with COUNTS.open(encoding="utf-8", newline="") as file:
        counts = list(csv.DictReader(file))
    sums = [str(sum(int(row[name]) for row in counts)) for name in ("rows", "catalogue", "own", "not_expressed")]
    rows = [
        (f"[{row['set']}](#{row['set']})", row["rows"], row["catalogue"], row["own"], row["not_expressed"])
        for row in counts
    ]
    table = render_table(HEADS, [*rows, ("**all**", *sums)])
    return join_page("# Data sets", INTRO, table, *(_set(row["set"], catalogue) for row in counts))


def _set(name: str, catalogue: Catalogue) -> str:
    folder = EXAMPLES / name
    told = yaml.load((folder / "matches.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    heads = ("known quantity", "reading", "whose", "note")
    matches = render_table(heads, (_match(item, catalogue) for item in told.get("matches") or ()))
    about = f"[What the set is, and its mappings](../../examples/{name}/README.md)" if _has_readme(folder) else ""
    return "\n\n".join(filter(None, (f'<a id="{name}"></a>\n\n## {name}', about, matches, *_not_expressed(told))))


def _has_readme(folder: Path) -> bool:
    return (folder / "README.md").is_file()


def _match(item: Mapping[str, Any], catalogue: Catalogue) -> tuple[str, str, str, str]:
    reading = f"{item['kpi']}.{item['variant']}" if item.get("variant") else str(item["kpi"])
    known = catalogue.kpis.get(str(item["kpi"]))
    is_standard = known is not None and (not item.get("variant") or item["variant"] in known.variants)
    where = f" where {code(item['where'])}" if item.get("where") else ""
    by = f" by {', '.join(item['by'])}" if item.get("by") else ""
    return (
        code(item["reference"]) + by,
        code(reading) + where,
        "catalogue" if is_standard else "own",
        item.get("note", ""),
    )


def _not_expressed(told: Mapping[str, Any]) -> Iterator[str]:
    rows = [(code(item["reference"]), str(item["why"])) for item in told.get("not_expressed") or ()]
    if rows:
        yield render_table(("not expressed", "why"), rows)
