"""Comparing holds every value of a reference table against the KPI or variant that a set's matches.yaml names for it.

A set lives in examples/<set>: settings, source mappings, own definitions, and matches.yaml:

    total: [2010-12-01, 2011-12-09]      # the span that the period "total" stands for; left out: all of the data
    as_of: 2011-12-31                    # the last day to be known; left out: the data's last day
    year: 2018                           # the year that the mapping gives the XXXX of the reference
    matches:
      - reference: gross_revenue         # the kpi of reference.csv
        kpi: revenue
        variant: gross                   # left out: the KPI's default formula
        every: [total, month]            # grains that this match takes (jalali_month, ...); left out: all
        by: {country: region}            # dimension of the reference: dimension of the workspace
        members: {country: {UK: GB}}     # a member's name in the reference: its name in the workspace
        of: {month_offset: '3'}          # rows of this member only, which the reading itself stands for
        where: "channel == 'web'"
        factor: 100                      # what the workspace's value is multiplied by
        total: [2023-12-01, 2023-12-31]  # the span of "total" for this match alone
        note: ...
    not_expressed:
      - {reference: cohort_retention, every: [month], by: [month_offset], why: ...}

A row of the reference belongs to the first match that takes it; one that no match takes must be not_expressed.
"""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from sanjeh.definitions import Catalogue, load_catalogue
from sanjeh.workspace import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TABLE = ROOT / "docs" / "reference" / "datasets.csv"
TOLERANCE = 1e-9
# What a value that is not zero by arithmetic alone may be off from zero.
NOTHING = 1e-12
EMPTY = ("undefined", "no_data")
# The calendar, grain, condition, dimensions and span that rows are computed with in one go.
_Group = tuple[str, str, str | None, tuple[str, ...], tuple[str | None, str | None]]
_GRAINS = {
    r"total": "total",
    r"\d{4}": "year",
    r"\d{4}-Q[1-4]": "quarter",
    r"(\d{4}|XXXX)-\d\d": "month",
    r"\d{4}-\d\d-\d\d": "day",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a reference table; ``value`` is None where it is not defined."""

    kpi: str
    period: str
    members: Mapping[str, str]
    value: float | None

    @property
    def calendar(self) -> str:
        """The calendar that the period is of; "" for the company's own."""
        return "jalali" if self.period.startswith("j") else ""

    @property
    def plain_period(self) -> str:
        """The period as the command line writes it."""
        return self.period.removeprefix("j")

    @property
    def grain(self) -> str:
        """Total, or the grain of the period."""
        return next(grain for shape, grain in _GRAINS.items() if re.fullmatch(shape, self.plain_period))

    @property
    def every(self) -> str:
        """The grain with the calendar before it where that is not the company's own."""
        return f"jalali_{self.grain}" if self.calendar else self.grain


@dataclass(frozen=True, slots=True)
class Match:
    """Which reading the rows of one reference KPI are compared with."""

    reference: str
    kpi: str
    variant: str | None = None
    every: tuple[str, ...] = ()
    by: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    of: Mapping[str, str] = field(default_factory=dict)
    where: str | None = None
    factor: float = 1.0
    total: tuple[str, ...] = ()
    note: str = ""

    @property
    def reading(self) -> str:
        """The name by which the reading is asked."""
        return f"{self.kpi}.{self.variant}" if self.variant else self.kpi

    def takes(self, row: Row) -> bool:
        """Whether the match speaks of the row."""
        is_asked = row.kpi == self.reference and (not self.every or row.every in self.every)
        is_of = all(row.members.get(name) == member for name, member in self.of.items())
        return is_asked and is_of and set(row.members) <= {*self.by, *self.of}

    def members_of(self, row: Row) -> dict[str, str]:
        """The row's place in the breakdown, in the workspace's words."""
        names = [(name, member) for name, member in row.members.items() if name not in self.of]
        return {self.by[name]: self.members.get(name, {}).get(member, member) for name, member in names}

    def is_catalogue(self, standard: Catalogue) -> bool:
        """Whether the reading is the standard catalogue's."""
        found = standard.kpis.get(self.kpi)
        return found is not None and (self.variant is None or self.variant in found.variants)


@dataclass(frozen=True, slots=True)
class Left:
    """Rows of a reference KPI that no reading expresses, and why."""

    reference: str
    why: str
    every: tuple[str, ...] = ()
    by: tuple[str, ...] | None = None

    def takes(self, row: Row) -> bool:
        """Whether the row is one of these."""
        is_asked = row.kpi == self.reference and (not self.every or row.every in self.every)
        return is_asked and (self.by is None or set(self.by) == set(row.members))


@dataclass(frozen=True, slots=True)
class Matches:
    """What a set's matches.yaml says."""

    matches: tuple[Match, ...]
    left: tuple[Left, ...]
    since: str | None = None
    until: str | None = None
    year: str = "XXXX"
    as_of: str | None = None

    def span(self, match: Match) -> tuple[str | None, str | None]:
        """The first and the last day of "total" for ``match``."""
        return (match.total[0], match.total[1]) if match.total else (self.since, self.until)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many values of a reference are matched through catalogue ids, through own KPIs, and not at all."""

    rows: int
    catalogue: int
    own: int
    not_expressed: int


def load_matches(name: str) -> Matches:
    """The matches of the set called ``name``."""
    import yaml

    raw = yaml.safe_load((EXAMPLES / name / "matches.yaml").read_text(encoding="utf-8"))
    listed = [Match(**(item | {key: _words(item.get(key)) for key in ("every", "total")})) for item in raw["matches"]]
    left = [
        Left(item["reference"], item["why"], _words(item.get("every")), _words(item["by"]) if "by" in item else None)
        for item in raw.get("not_expressed") or ()
    ]
    since, until = (str(day) for day in raw["total"]) if "total" in raw else (None, None)
    return Matches(tuple(listed), tuple(left), since, until, str(raw.get("year", "XXXX")), _day(raw.get("as_of")))


def _day(value: object) -> str | None:
    return None if value is None else str(value)


def _words(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(word) for word in value) if isinstance(value, list) else (str(value),)


def read_reference(path: Path) -> tuple[Row, ...]:
    """The rows of a reference.csv."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(
                line["kpi"],
                line["period"],
                _members(line["dimension"]),
                float(line["value"]) if line["value"] else None,
            )
            for line in csv.DictReader(file)
        )


def _members(text: str) -> dict[str, str]:
    if text == "all":
        return {}
    return {name: member for name, _, member in (part.partition("=") for part in text.split(";"))}


class Imported(NamedTuple):
    """A workspace with the set's files in it, and the report that the command line gave of the import."""

    space: Workspace
    report: Mapping[str, Any]

    def rows(self, entity: str, what: str = "loaded") -> int:
        """How many rows of the entity were read, loaded, ... in all files."""
        tables = [table for file in self.report["files"] for table in file["tables"] if table["entity"] == entity]
        return sum(table[what] for table in tables)


def run(*words: str | Path) -> tuple[int, str]:
    """The exit code of ``sanjeh`` called with ``words``, and what it printed."""
    command = [sys.executable, "-m", "sanjeh", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode in (0, 1) and done.stdout, done.stderr
    return done.returncode, done.stdout


def import_files(space: Path, files: Sequence[Path]) -> Mapping[str, Any]:
    """The report of importing ``files`` through the command line; every file must find its mapping."""
    _, printed = run("import", *files, "--yes", "--format", "json", "-w", space)
    report: Mapping[str, Any] = json.loads(printed)
    unread = [(file["file"], file["issues"]) for file in report["files"] if file["outcome"] != "imported"]
    assert not unread, unread
    return report


def build_workspace(name: str, folder: Path, files: Sequence[Path]) -> Imported:
    """The example's workspace with ``files`` imported into it."""
    space = folder / name
    shutil.copytree(EXAMPLES / name, space)
    report = import_files(space, files)
    return Imported(open_workspace(space), report)


def count(name: str, rows: Sequence[Row]) -> Counts:
    """How the rows divide; every row must have its place."""
    matches, standard = load_matches(name), load_catalogue()
    found: Counter[str] = Counter()
    for row in rows:
        match = _match_of(matches, row)
        if match is None:
            assert any(left.takes(row) for left in matches.left), f"neither matched nor explained: {row}"
            found["not_expressed"] += 1
        else:
            found["catalogue" if match.is_catalogue(standard) else "own"] += 1
    return Counts(len(rows), found["catalogue"], found["own"], found["not_expressed"])


def stated_counts(name: str) -> Counts:
    """What docs/reference/datasets.csv says of the set."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        line = next(line for line in csv.DictReader(file) if line["set"] == name)
    return Counts(*(int(line[key]) for key in ("rows", "catalogue", "own", "not_expressed")))


def _match_of(matches: Matches, row: Row) -> Match | None:
    return next((match for match in matches.matches if match.takes(row)), None)


def compare(name: str, space: Workspace, rows: Sequence[Row]) -> list[str]:
    """What differs: a line for each value of the reference that the workspace gives otherwise."""
    matches = load_matches(name)
    asked: dict[_Group, list[tuple[Row, Match]]] = defaultdict(list)
    for row in rows:
        match = _match_of(matches, row)
        if match is not None:
            by = tuple(match.members_of(row))
            dated = replace(row, period=row.period.replace("XXXX", matches.year))
            span = matches.span(match) if row.grain == "total" else (None, None)
            asked[row.calendar, row.grain, match.where, by, span].append((dated, match))
    return [fault for key, pairs in asked.items() for fault in _compare_group(space, key, pairs, matches.as_of)]


def _compare_group(
    space: Workspace, key: _Group, pairs: Sequence[tuple[Row, Match]], as_of: str | None
) -> Iterator[str]:
    calendar, grain, where, by, (since, until) = key
    if grain != "total":
        periods = sorted({row.plain_period for row, _ in pairs})
        since, until = periods[0], periods[-1]
    readings = tuple(dict.fromkeys(match.reading for _, match in pairs))
    frame = space.compute(
        *readings, every=grain, since=since, until=until, by=by, where=where, calendar=calendar, as_of=as_of
    )
    found = {
        (
            f"{p.kpi}.{p.variant}" if p.variant else p.kpi,
            "total" if grain == "total" else p.period,
            tuple(p.members.values()),
        ): p
        for p in frame.points
    }
    for row, match in pairs:
        point = found.get((match.reading, row.plain_period, tuple(match.members_of(row).values())))
        what = f"{row.kpi} {row.period} {dict(row.members)} ({match.reading}): {row.value}"
        if point is None and not row.value:
            continue  # a member without a row has no point; the reference writes 0, or nothing, for it
        if point is None:
            yield f"{what}, but there is no such point"
        elif row.value is None and (point.value is not None or point.reason not in EMPTY):
            yield f"{what}, found {point.value} {point.reason}"
        elif row.value is not None and not is_equal(row.value, point.value, match.factor):
            yield f"{what}, found {point.value} {point.reason or ''}"


def is_equal(wanted: float, found: float | None, factor: float = 1.0) -> bool:
    """Whether both are one number: a relative error of 1e-9 at most."""
    return found is not None and math.isclose(wanted, found * factor, rel_tol=TOLERANCE, abs_tol=NOTHING)


def main(name: str, *files: str) -> None:
    """Print what differs and how the values divide: python -m tests.datasets.compare SET REFERENCE.csv FILE..."""
    import tempfile

    rows = read_reference(Path(files[0]))
    with tempfile.TemporaryDirectory() as folder:
        imported = build_workspace(name, Path(folder), [Path(file) for file in files[1:]])
        sys.stdout.write(json.dumps({key: part for key, part in imported.report.items() if key != "files"}) + "\n")
        faults = compare(name, imported.space, rows)
        sys.stdout.write("\n".join([*faults[:60], f"{len(faults)} differ", str(count(name, rows))]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
