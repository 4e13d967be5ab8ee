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
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from tests.datasets.imported import EXAMPLES, ROOT, build_workspace

from sanjeh.calendars import Grain, Span
from sanjeh.definitions import Catalogue, load_catalogue
from sanjeh.errors import QuestionError
from sanjeh.horizon import first_day
from sanjeh.series import Condition
from sanjeh.workspace import Workspace

TABLE = ROOT / "docs" / "reference" / "datasets.csv"
TOLERANCE = 1e-9
# What a value that is not zero by arithmetic alone may be off from zero.
NOTHING = 1e-12
EMPTY = ("undefined", "no_data")
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


class _Group(NamedTuple):
    """What rows must share to be computed in one go: how they are asked for, the span where the grain is "total"."""

    calendar: str
    grain: str
    where: str | None
    by: tuple[str, ...]
    since: str | None
    until: str | None
    as_of: str | None


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


def stated_sets() -> list[str]:
    """The sets that docs/reference/datasets.csv tells of."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [line["set"] for line in csv.DictReader(file)]


def _match_of(matches: Matches, row: Row) -> Match | None:
    return next((match for match in matches.matches if match.takes(row)), None)


def compare(matches: Matches, space: Workspace, rows: Sequence[Row]) -> list[str]:
    """What differs: a line for each value of the reference that the workspace gives otherwise."""
    asked: dict[_Group, list[tuple[Row, Match]]] = defaultdict(list)
    for row in rows:
        match = _match_of(matches, row)
        if match is not None:
            by = tuple(match.members_of(row))
            dated = replace(row, period=row.period.replace("XXXX", matches.year))
            span = matches.span(match) if row.grain == "total" else (None, None)
            asked[_Group(row.calendar, row.grain, match.where, by, *span, matches.as_of)].append((dated, match))
    return [fault for group, pairs in asked.items() for fault in _compare_group(space, group, pairs)]


def _compare_group(space: Workspace, group: _Group, pairs: Sequence[tuple[Row, Match]]) -> Iterator[str]:
    since, until = group.since, group.until
    if group.grain != "total":
        periods = sorted({row.plain_period for row, _ in pairs})
        since, until = periods[0], periods[-1]
    readings = tuple(dict.fromkeys(match.reading for _, match in pairs))
    frame = space.compute(
        *readings,
        every=group.grain,
        since=since,
        until=until,
        by=group.by,
        where=group.where,
        calendar=group.calendar,
        as_of=group.as_of,
    )
    found = {
        (
            f"{p.kpi}.{p.variant}" if p.variant else p.kpi,
            "total" if group.grain == "total" else p.period,
            tuple(p.members.values()),
        ): p
        for p in frame.points
    }
    for row, match in pairs:
        point = found.get((match.reading, row.plain_period, tuple(match.members_of(row).values())))
        what = f"{row.kpi} {row.period} {dict(row.members)} ({match.reading}): {row.value}"
        if point is None:
            lost = "" if row.value else _rows_of(space, group, row, match)
            if row.value or lost:
                yield f"{what}, but there is no such point{lost}"
        elif row.value is None and (point.value is not None or point.reason not in EMPTY):
            yield f"{what}, found {point.value} {point.reason}"
        elif row.value is not None and not is_equal(row.value, point.value, match.factor):
            yield f"{what}, found {point.value} {point.reason or ''}"


def _rows_of(space: Workspace, group: _Group, row: Row, match: Match) -> str:
    """What lies behind a value of which there is no point; "" where the member has no row of any of its measures.

    A member without a row has no point, and the reference writes 0, or nothing, for it. Whether it has one is asked
    through the listing of rows, which knows nothing of how members are found.
    """
    conditions = [str(Condition(name, (member,))) for name, member in match.members_of(row).items()]
    where = " and ".join([*([group.where] if group.where else []), *conditions]) or None
    found: Counter[str] = Counter()
    try:
        for period in _periods(space, group, row):
            asked = space.rows(
                match.reading, period=period, where=where, calendar=group.calendar, limit=1, as_of=group.as_of
            )
            for listing in asked:
                found[listing.measure] += listing.total
    except QuestionError as error:
        return f", and its rows cannot be asked for ({error})"
    behind = [f"{total} rows of {measure}" for measure, total in found.items() if total]
    return f", though {', '.join(behind)} lie behind it" if behind else ""


def _periods(space: Workspace, group: _Group, row: Row) -> tuple[str, ...]:
    """The periods that together hold the row's: itself, or the years that "total" reaches into."""
    if group.grain != "total":
        return (row.plain_period,)
    ground, calendar = space.ground(), space.calendar(group.calendar)
    since, until = (calendar.parse_day(day) if day else None for day in (group.since, group.until))
    end = until + timedelta(1) if until else ground.timeline.as_of_end
    first = since or first_day(ground.catalogue, ground.holdings) or end - timedelta(1)
    return tuple(period.label for period in calendar.periods(Grain.YEAR, Span(first, end)))


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
        faults = compare(load_matches(name), imported.space, rows)
        sys.stdout.write("\n".join([*faults[:60], f"{len(faults)} differ", str(count(name, rows))]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
