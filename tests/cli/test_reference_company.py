"""Every value of the hand-made company comes out of the command line as it was worked out by hand."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, str]


def expected(shared: Path) -> list[Row]:
    """The rows of the reference."""
    with (shared / "spec" / "tiny" / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_name(points: list[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The points without breakdown, by KPI, variant and period."""
    whole = (point for point in points if set(point["members"]) <= {"campaign"})
    return {(point["kpi"], point["variant"] or "", point["period"]): point for point in whole}


def faults(rows: list[Row], points: list[dict[str, Any]]) -> Iterator[str]:
    """What differs between the rows and the points."""
    known = by_name(points)
    for row in rows:
        name = (row["kpi"], row["variant"], row["period"])
        point = known.get(name)
        if point is None:
            yield f"{name}: missing"
            continue
        if (point["reason"] or "") != row["reason"] or " ".join(point["marks"]) != row["marks"]:
            yield f"{name}: {point['reason']} {point['marks']}, not {row['reason']} {row['marks']}"
        elif row["value"] and abs(point["value"] - float(row["value"])) > 1e-6 * max(1.0, abs(point["value"])):
            yield f"{name}: {point['value']}, not {row['value']}"
        elif not row["value"] and point["value"] is not None:
            yield f"{name}: {point['value']}, not empty"


@pytest.mark.parametrize(("grain", "is_quarter"), [("month", False), ("quarter", True)])
def test_every_row_of_the_reference_is_met(sanjeh, tiny: Path, shared: Path, grain: str, is_quarter: bool) -> None:
    span = ("--since", "1403-01-01", "--until", "1403-04-31")
    said = sanjeh("compute", "--variants", "--every", grain, *span, "--format", "json", "-w", tiny)
    rows = [row for row in expected(shared) if ("Q" in row["period"]) == is_quarter]
    assert said.code == 0
    assert len(rows) > 50
    assert list(faults(rows, said.data)) == []


def test_the_catalogue_has_the_facts_of_the_reference(sanjeh, shared: Path) -> None:
    with (shared / "spec" / "kpis.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("id", "unit", "direction", "timing", "perspective")
    told = {tuple(record[name] for name in names) for record in sanjeh("kpis", "--format", "json").data}
    assert len(rows) == 105
    assert told == {tuple(row[name] for name in names) for row in rows}


def test_every_item_of_the_lists_has_its_kpi(sanjeh) -> None:
    items = {item for record in sanjeh("kpis", "--format", "json").data for item in record["list_items"]}
    # What a source names in running text only ("000#text") stands in no list.
    listed = Counter(item.rstrip("0123456789") for item in items if item[-1].isdigit())
    assert listed == LISTS


LISTS = {
    "000#lead": 5,
    "000#lag": 5,
    "001#": 15,
    "003#b2b": 9,
    "003#b2c": 9,
    "003#soc": 8,
    "003#onl": 8,
    "004#fin": 7,
    "004#cus": 5,
    "004#pro": 3,
}
