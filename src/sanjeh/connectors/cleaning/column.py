"""A column profile is what one column of text holds: blanks, distinct values, and the types it could be, best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning.column_reading import ColumnReading, TypeGuess, issues_as, read_column
from sanjeh.connectors.cleaning.convert import quote_name
from sanjeh.connectors.cleaning.date import DateStyle
from sanjeh.connectors.cleaning.month_name import CalendarName
from sanjeh.connectors.cleaning.number import NumberStyle
from sanjeh.connectors.cleaning.text import blank_sql, clean_text_sql
from sanjeh.connectors.cleaning.typed_twin import find_twin, text_sql
from sanjeh.errors import Datum, Issue, Severity
from sanjeh.units import CurrencyMark

if TYPE_CHECKING:
    import duckdb

# Distinct values read in Python; of a column with more, the most frequent ones speak for the rest.
DISTINCT_READ = 20_000
# Of a typed source's, which are all spelled alike.
TYPED_READ = 2_000
_SAMPLES = 8


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column holds and could be.

    ``distinct`` counts the different non-blank texts, exactly; ``sampled`` says that only the most frequent were read
    (20,000, or 2,000 of a typed source). ``reading`` is what the values and the header say; ``issues`` are what the
    best type has to ask or to warn of. ``shortest`` and ``longest`` are lengths in characters.
    """

    name: str
    rows: int
    blanks: int
    distinct: int
    sampled: bool
    samples: tuple[str, ...]
    reading: ColumnReading
    shortest: int = 0
    longest: int = 0
    issues: tuple[Issue, ...] = ()

    @property
    def types(self) -> tuple[TypeGuess, ...]:
        """The types it could be, best first."""
        return self.reading.types

    @property
    def currency(self) -> CurrencyMark | None:
        """The currency that the header names, or else most cells."""
        return self.reading.currency

    @property
    def number_style(self) -> NumberStyle | None:
        """The style of its numbers, None while it must be asked or when there are none."""
        return self.reading.number.style

    @property
    def date_style(self) -> DateStyle | None:
        """The style of its dates, None while it must be asked or when there are none."""
        return self.reading.date.style

    @property
    def minimum(self) -> str | None:
        """The smallest value under the best type, in its canonical spelling."""
        return self.reading.minimum

    @property
    def maximum(self) -> str | None:
        """The largest value under the best type, in its canonical spelling."""
        return self.reading.maximum


def profile_column(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    field: str,
    header: str | None = None,
    *,
    prefer_calendar: CalendarName = "jalali",
    this_year: int | None = None,
) -> ColumnProfile:
    """The profile of the VARCHAR column ``field`` of ``table`` (SQL), whose header in the file is ``header``.

    ``prefer_calendar`` reads two-digit years that could be of both calendars; ``this_year`` (Gregorian) bounds them.
    """
    header = field if header is None else header
    counts = "profiled_values"
    twin = find_twin(connection, table, field)
    # Values of a type are told apart faster than their texts.
    alike, text = (quote_name(field), "alike") if twin is None else (twin.name, text_sql("alike", twin.type))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {counts} AS SELECT {text} AS raw, n"
        f" FROM (SELECT {alike} AS alike, count(*) AS n FROM {table} GROUP BY 1)"
    )
    total = connection.execute(
        "SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (blank), 0), count(*) FILTER (NOT blank), "
        "coalesce(min(length(raw)) FILTER (NOT blank), 0), coalesce(max(length(raw)) FILTER (NOT blank), 0) "
        f"FROM (SELECT raw, n, raw IS NULL OR {blank_sql(clean_text_sql('raw'))} AS blank FROM {counts}) AS counted"
    ).fetchone()
    rows, blanks, distinct, shortest, longest = (int(part) for part in total or (0, 0, 0, 0, 0))
    values = _values(connection, counts, DISTINCT_READ if twin is None else TYPED_READ)
    connection.execute(f"DROP TABLE {counts}")
    unique = 0 < distinct == rows - blanks
    reading = read_column(values, header, prefer=prefer_calendar, unique=unique, this_year=this_year)
    return _profile(header, rows, blanks, distinct, values, reading, (shortest, longest))


def _values(connection: duckdb.DuckDBPyConnection, counts: str, most: int) -> dict[str, int]:
    # By hash, not by text: the first 20,000 days of the alphabet would all begin with 1, and never show a 13th month.
    found = connection.execute(
        f"SELECT raw, n FROM {counts} WHERE raw IS NOT NULL ORDER BY n DESC, hash(raw) LIMIT {most}"
    )
    return {str(raw): int(n) for raw, n in found.fetchall()}


def _profile(
    name: str,
    rows: int,
    blanks: int,
    distinct: int,
    values: dict[str, int],
    reading: ColumnReading,
    lengths: tuple[int, int],
) -> ColumnProfile:
    issues = issues_as(reading, reading.best)
    if distinct > len(values):
        data: dict[str, Datum] = {"column": name, "read": len(values), "distinct": distinct}
        issues = (*issues, Issue("column_sampled", data, severity=Severity.NOTE))
    return ColumnProfile(
        name=name,
        rows=rows,
        blanks=blanks,
        distinct=distinct,
        sampled=distinct > len(values),
        samples=tuple(list(reading.filled)[:_SAMPLES]),
        reading=reading,
        shortest=lengths[0],
        longest=lengths[1],
        issues=issues,
    )
