"""A frame holds the results of a question as a table that notebooks, Arrow, Polars and pandas understand."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from sanjeh.compute import Point, Reading, Results
from sanjeh.definitions import Catalogue, Kind
from sanjeh.errors import Datum, Issue, QuestionError, Severity
from sanjeh.formula import parse
from sanjeh.formula.node import Binary, Filtered, Name, Node
from sanjeh.plan import Difference
from sanjeh.present import Cell, Column, ColumnKind, Table, format_value, mark_words, render_html, render_text, word

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

COLUMNS = (
    "kpi",
    "variant",
    "calendar",
    "grain",
    "period",
    "start",
    "end",
    "members",
    "value",
    "unit",
    "currency",
    "reason",
    "marks",
    "inputs",
    "title",
    "notes",
)
Plain = str | float | date | dict[str, str | None] | dict[str, float | None] | list[str] | None


@dataclass(frozen=True)
class Frame:
    """Points of one or more results; ``as_of`` is the last known day, ``by`` the dimensions of the breakdown.

    ``shares`` names the readings that are a part of a whole; ``doubts`` tell what the question may mean otherwise.
    """

    results: Results
    as_of: date
    language: str = "en"
    by: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = field(default=())
    shares: frozenset[str] = frozenset()
    doubts: tuple[Issue, ...] = ()

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Every point, in the order of the results."""
        return tuple(self.results.points())

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Stated numbers that do not agree with the rows; the rows were taken."""
        return self.results.differences

    @property
    def difference_issues(self) -> tuple[Issue, ...]:
        """The differences as warnings, to be told in either language."""
        return tuple(_difference_issue(difference) for difference in self.differences)

    def __len__(self) -> int:
        return len(self.points)

    def __iter__(self) -> Iterator[Point]:
        return iter(self.points)

    def value(self, kpi: str, period: str, variant: str | None = None, **members: str | None) -> float | None:
        """The value of one point, or None where it has a reason instead; KeyError where there is no such point.

        >>> shop.compute("revenue", by="region", last=1).value("revenue", "2024-02", region="south")
        50.0
        """
        for point in self.points:
            if (point.kpi, point.period, point.variant) == (kpi, period, variant) and dict(point.members) == members:
                return point.value
        raise KeyError((kpi, variant, period, members))

    def records(self) -> list[dict[str, Plain]]:
        """One dictionary a point, as ``--format json`` prints them (dates as dates)."""
        titles = {result.reading.name: title_of(result.reading, self.language) for result in self.results.results}
        return [_record(point, titles[_name(point)], self.notes_of(point)) for point in self.points]

    def notes_of(self, point: Point) -> list[str]:
        """The codes of what to know of a point beside its marks: ``above_whole``, and the codes of the doubts."""
        above = ["above_whole"] if _name(point) in self.shares and is_above_whole(point.value) else []
        return [*above, *dict.fromkeys(doubt.code for doubt in self.doubts)]

    def to_json(self) -> str:
        """The points as a JSON list; percentages are fractions, money is in the currency named."""
        return json.dumps(self.records(), ensure_ascii=False, default=str, allow_nan=False)

    def __repr__(self) -> str:
        return render_text(self.table(), self.language)

    def _repr_html_(self) -> str:
        """The points as a table for notebooks: one row a KPI and member, one column a period."""
        return render_html(self.table(), self.language)

    def table(self) -> Table:
        """The points laid out for reading: KPIs by title and id (and members) down the side, periods across."""
        periods = list(dict.fromkeys(point.period for point in self.points))
        lines: dict[tuple[str, ...], dict[str, Cell]] = {}
        titles = {result.reading.name: title_of(result.reading, self.language) for result in self.results.results}
        for point in self.points:
            name = _name(point)
            key = (titles[name], name, *("" if part is None else part for part in point.members.values()))
            text = format_value(point.value, point.reason, point.unit, self.language, currency=point.currency or "")
            marks = mark_words(point.marks, self.language, short=True)
            lines.setdefault(key, {})[point.period] = Cell(f"{text} {marks}".rstrip(), point.value)
        width = max((len(key) for key in lines), default=2)
        heads = [Column(word("frame", name, self.language)) for name in ("kpi", "id")]
        heads += [Column(name) for name in (*self.by, *("" for _ in range(width)))[: width - 2]]
        heads += [Column(period, ColumnKind.NUMBER) for period in periods]
        rows = [
            (
                *(Cell(part) for part in key),
                *(Cell("") for _ in range(width - len(key))),
                *(cells.get(p, Cell("")) for p in periods),
            )
            for key, cells in lines.items()
        ]
        return Table(tuple(heads), tuple(rows))

    def flat(self) -> dict[str, list[Plain]]:
        """Columns of plain cells: one for each dimension, marks as words, inputs as JSON text."""
        records = self.records()
        dimensions = list(dict.fromkeys(name for point in self.points for name in point.members))
        flat: dict[str, list[Plain]] = {name: [record[name] for record in records] for name in COLUMNS[:7]}
        for name in dimensions:
            flat[name] = [point.members.get(name) for point in self.points]
        flat |= {name: [record[name] for record in records] for name in ("value", "unit", "currency", "reason")}
        flat["marks"] = [" ".join(point.marks) for point in self.points]
        flat["inputs"] = [json.dumps(dict(point.inputs), ensure_ascii=False, default=str) for point in self.points]
        flat["title"] = [record["title"] for record in records]
        flat["notes"] = [" ".join(self.notes_of(point)) for point in self.points]
        return flat

    def to_arrow(self) -> pyarrow.Table:
        """The points as an Arrow table (needs the extra ``arrow``).

        >>> shop.compute("revenue").to_arrow().column("value").to_pylist()
        [300.0, 600.0]
        """
        _need("pyarrow", "arrow")
        import pyarrow as pa

        types = {"start": pa.date32(), "end": pa.date32(), "value": pa.float64()}
        return pa.table({name: pa.array(cells, types.get(name, pa.string())) for name, cells in self.flat().items()})

    def to_polars(self) -> polars.DataFrame:
        """The points as a Polars frame (needs the extra ``polars``).

        >>> shop.compute("revenue").to_polars()["period"].to_list()
        ['2024-01', '2024-02']
        """
        _need("polars", "polars")
        import polars as pl

        schema = {"start": pl.Date, "end": pl.Date, "value": pl.Float64}
        columns = self.flat()
        return pl.DataFrame(columns, schema={name: schema.get(name, pl.String) for name in columns})

    def to_pandas(self) -> pandas.DataFrame:
        """The points as a pandas frame (needs the extra ``pandas``).

        >>> float(shop.compute("revenue").to_pandas()["value"].sum())
        900.0
        """
        _need("pandas", "pandas")
        import pandas as pd

        frame = pd.DataFrame(self.flat())
        frame["value"] = frame["value"].astype("float64")
        return frame


def _difference_issue(difference: Difference) -> Issue:
    data: dict[str, Datum] = {
        "measure": difference.measure,
        "rows": difference.rows,
        "stated": difference.stated,
        "since": str(difference.span.start),
    }
    return Issue("stated_differs", data, severity=Severity.WARNING)


def title_of(reading: Reading, language: str) -> str:
    """The reading's name in the reader's language."""
    if reading.variant is None:
        return reading.kpi.title.get(language)
    own = reading.variant.title.get(language)
    return own or f"{reading.kpi.title.get(language)} ({reading.variant.id})"


def is_above_whole(value: float | None) -> bool:
    """Whether a share is more than the whole, rounding aside."""
    return value is not None and value > 1 + 1e-9


_COUNTS = (Kind.COUNT, Kind.DISTINCT, Kind.COHORT, Kind.FIRST, Kind.RETURNING)


def is_share(reading: Reading, catalogue: Catalogue) -> bool:
    """Whether the reading cannot honestly be above 100 %: a percentage within [0, 1] by its definition, or one count
    through another.

    A growth rate, a margin or a rate of money or time may be above, and is none.
    """
    if reading.unit != "percentage":
        return False
    if reading.variant is None and reading.kpi.limits == (0.0, 1.0):
        return True
    tree = parse(reading.formula, reading.name)
    if not (isinstance(tree, Binary) and tree.operator == "/"):
        return False
    return all(_is_count(side, catalogue) for side in (tree.left, tree.right))


def _is_count(node: Node, catalogue: Catalogue) -> bool:
    node = node.operand if isinstance(node, Filtered) else node
    measure = catalogue.measures.get(node.id) if isinstance(node, Name) else None
    return measure is not None and measure.kind in _COUNTS


def _name(point: Point) -> str:
    return point.kpi if point.variant is None else f"{point.kpi}.{point.variant}"


def _record(point: Point, title: str, notes: list[str]) -> dict[str, Plain]:
    return {
        "kpi": point.kpi,
        "variant": point.variant,
        "calendar": point.calendar,
        "grain": point.grain,
        "period": point.period,
        "start": point.start,
        "end": point.end,
        "members": dict(point.members),
        "value": point.value,
        "unit": point.unit,
        "currency": point.currency,
        "reason": point.reason,
        "marks": list(point.marks),
        "inputs": dict(point.inputs),
        "title": title,
        "notes": list(notes),
    }


def _need(package: str, extra: str) -> None:
    """Raise QuestionError (``missing_extra``) where an optional package is not installed."""
    if importlib.util.find_spec(package) is None:
        raise QuestionError(Issue("missing_extra", {"package": package, "extra": extra}))
