"""A typed twin is the column beside a text column that holds, in the source's own type, what the text spells.

The readers of typed sources keep ``t3`` as it was and let ``c3`` be its text, worked out only when asked for. Where the
type says already what the text rules would find, values are taken from the twin; what it leaves NULL although there is
a value goes through the text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning.conversion import Conversion
from sanjeh.connectors.cleaning.date import time_zone
from sanjeh.connectors.cleaning.money import bare_factor
from sanjeh.definitions.entity import ColumnType

if TYPE_CHECKING:
    import duckdb

_FIELD = re.compile(r"c(\d+)")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_MOMENTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS")
_ZONED = "TIMESTAMP WITH TIME ZONE"
TYPES = frozenset((*_WHOLE, *_MOMENTS, _ZONED, "TIMESTAMP_NS", "DATE", "BOOLEAN", "DOUBLE"))
# Local days outside these are no plain spellings (see fast_path): 1403-05-14 in a column of dates is Jalali.
_FIRST, _LAST = "1900-01-01", "2200-01-01"
_MOST_YEARS = 60


@dataclass(frozen=True, slots=True)
class TypedTwin:
    """The twin of ``field`` and its DuckDB type; ``low`` and ``high`` bound its moments where they have a zone."""

    field: str
    name: str
    type: str
    low: datetime | None = None
    high: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers."""
        return self.type in _WHOLE

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers of any kind."""
        return self.is_whole or self.type == "DOUBLE" or self.type.startswith("DECIMAL(")

    @property
    def scale(self) -> int:
        """The digits behind the point that a decimal has; 0 for any other type."""
        found = re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", self.type)
        return int(found[1]) if found else 0


def twin_name(field: str) -> str:
    """What the twin of a text column is called.

    >>> twin_name("c12")
    't12'
    """
    return f"t{field[1:]}"


def text_sql(value: str, sql_type: str) -> str:
    """The text that ``value``, SQL of this DuckDB type, stands for: a number without exponent and idle zeros."""
    text = f"CAST({value} AS VARCHAR)"
    if sql_type in ("DOUBLE", "FLOAT"):
        return _plain_sql(text)
    if sql_type.startswith("DECIMAL("):
        return _trimmed_sql(text)
    if sql_type == _ZONED:
        # In UTC and said so, whatever the time zone of the session is.
        moment = f"CAST(make_timestamp(epoch_us({value})) AS VARCHAR) || '+00:00'"
        return f"CASE WHEN isfinite({value}) THEN {moment} ELSE {text} END"
    return text


def _trimmed_sql(text: str) -> str:
    return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"


def _plain_sql(text: str) -> str:
    """The number's text without exponent: its digits moved to where the exponent says the point is."""
    digits = f"replace(regexp_extract({text}, '^-?([0-9.]+)e', 1), '.', '')"
    point = (
        f"(length(split_part(regexp_extract({text}, '^-?([0-9.]+)e', 1), '.', 1))"
        f" + CAST(regexp_extract({text}, 'e(.*)$', 1) AS INTEGER))"
    )
    plain = (
        f"CASE WHEN {point} <= 0 THEN '0.' || repeat('0', -{point}) || rtrim({digits}, '0')"
        f" WHEN {point} >= length({digits}) THEN {digits} || repeat('0', {point} - length({digits}))"
        f" ELSE left({digits}, {point}) || '.' || substr({digits}, {point} + 1) END"
    )
    sign = f"CASE WHEN starts_with({text}, '-') THEN '-' ELSE '' END"
    return f"CASE WHEN regexp_matches({text}, '^-?[0-9.]+e') THEN {sign} || {plain} ELSE {_trimmed_sql(text)} END"


def is_twin_type(sql_type: str) -> bool:
    """Whether columns of this DuckDB type are kept as they are beside their text."""
    return sql_type in TYPES or sql_type.startswith("DECIMAL(")


def find_twin(connection: duckdb.DuckDBPyConnection, table: str, field: str) -> TypedTwin | None:
    """The typed twin of ``field`` in ``table`` (SQL), or None where its source was text."""
    if not _FIELD.fullmatch(field):
        return None
    name = twin_name(field)
    described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    sql_type = next((str(row[1]) for row in described if row[0] == name), None)
    if sql_type is None:
        return None
    if sql_type != _ZONED:
        return TypedTwin(field, name, sql_type)
    inside = f"{name} >= TIMESTAMPTZ '{_FIRST} 00:00:00+00' AND {name} < TIMESTAMPTZ '{_LAST} 00:00:00+00'"
    bounds = connection.execute(
        f"SELECT make_timestamp(epoch_us(min({name}))), make_timestamp(epoch_us(max({name})))"
        f" FROM {table} WHERE {inside}"
    ).fetchone()
    low, high = bounds or (None, None)
    return TypedTwin(field, name, sql_type, low, high)


def twin_sql(twin: TypedTwin, alias: str, conversion: Conversion) -> str | None:
    """SQL of the values that the twin's type gives under ``conversion``; None where its text must be read.

    NULL where the twin is NULL, and where only the text rules know what is meant.
    """
    value = f"{alias}.{twin.name}"
    match conversion.type:
        case ColumnType.TEXT | ColumnType.KEY:
            return f"CAST({value} AS VARCHAR)" if twin.is_whole else None
        case ColumnType.BOOLEAN:
            plain = twin.type == "BOOLEAN" and not conversion.yes and not conversion.no
            return value if plain else None
        case ColumnType.DATE | ColumnType.TIME:
            return _moment_sql(twin, value, conversion)
        case _:
            return _number_sql(twin, value, conversion)


def _moment_sql(twin: TypedTwin, value: str, conversion: Conversion) -> str | None:
    kind = conversion.sql_type
    if twin.type == _ZONED:
        local = _local_sql(twin, value, conversion.zone)
        return local and _bounded(local, kind)
    if conversion.source_zone not in (None, conversion.zone):
        return None
    if twin.type == "DATE" or twin.type in _MOMENTS:
        return _bounded(value, kind)
    if twin.type == "TIMESTAMP_NS":
        # Of digits behind the sixth, the text rules say what becomes.
        return _bounded(f"CASE WHEN epoch_ns({value}) % 1000 = 0 THEN CAST({value} AS TIMESTAMP) END", kind)
    return None


def _bounded(value: str, kind: str) -> str:
    return f"CASE WHEN {value} >= DATE '{_FIRST}' AND {value} < DATE '{_LAST}' THEN CAST({value} AS {kind}) END"


def _local_sql(twin: TypedTwin, value: str, zone: str) -> str | None:
    """The local time of ``zone`` of a moment; DuckDB's own zones may be of another year than Python's."""
    if twin.low is None or twin.high is None or twin.high.year - twin.low.year > _MOST_YEARS:
        return None
    utc = f"make_timestamp(epoch_us({value}))"
    steps = _offsets(twin.low, twin.high, zone)
    branches = [f"WHEN {utc} < TIMESTAMP '{until}' THEN {_seconds(offset)}" for until, offset in steps[:-1]]
    last = _seconds(steps[-1][1])
    shift = f"CASE {' '.join(branches)} ELSE {last} END" if branches else last
    inside = f"{utc} >= TIMESTAMP '{twin.low}' AND {utc} <= TIMESTAMP '{twin.high}'"
    return f"CASE WHEN {inside} THEN {utc} + to_seconds({shift}) END"


def _seconds(offset: timedelta) -> str:
    return str(round(offset.total_seconds()))


def _offsets(low: datetime, high: datetime, zone: str) -> list[tuple[datetime, timedelta]]:
    """The offsets from UTC that ``zone`` has from ``low`` to ``high`` (naive UTC), each until the moment beside it."""
    place = time_zone(zone)

    def offset(moment: datetime) -> timedelta:
        return moment.replace(tzinfo=UTC).astimezone(place).utcoffset() or timedelta()

    found: list[tuple[datetime, timedelta]] = []
    moment, step = low, timedelta(days=1)
    while moment < high:
        after = min(moment + step, high)
        if offset(after) != offset(moment):
            found.append((_change(moment, after, offset), offset(moment)))
        moment = after
    return [*found, (high, offset(high))]


def _change(before: datetime, after: datetime, offset: Callable[[datetime], timedelta]) -> datetime:
    """The first second between the two at which the offset is that of ``after``."""
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (low, middle) if offset(middle) == offset(after) else (middle, high)
    return high.replace(microsecond=0)


def _number_sql(twin: TypedTwin, value: str, conversion: Conversion) -> str | None:
    factor = bare_factor(conversion)
    if factor is None or conversion.number.decimal != ".":
        return None
    if not twin.is_number:
        return None
    fits = _fits(twin, value)
    if conversion.type is ColumnType.INTEGER:
        is_whole = "" if twin.is_whole else f" AND {value} = trunc({value})"
        return f"CASE WHEN {fits}{is_whole} THEN CAST({value} AS BIGINT) END" if factor == 1 else None
    if conversion.type is ColumnType.NUMBER:
        # A double is its own shortest text; a decimal is not always the double that its digits are nearest to.
        exact = f"CAST({_text(value) if twin.type.startswith('DECIMAL') else value} AS DOUBLE)"
        return f"CASE WHEN {fits} THEN {_scaled(exact, factor)} END"
    return _money_sql(twin, value, factor)


def _scaled(value: str, scale: Decimal) -> str:
    """The same arithmetic as that of the text rules, see ``double_sql``."""
    if scale == 1:
        return value
    inverse = 1 / scale
    is_divisor = inverse == inverse.to_integral_value()
    return f"{value} / {inverse:f}::DOUBLE" if is_divisor else f"{value} * {scale:f}::DOUBLE"


def _money_sql(twin: TypedTwin, value: str, scale: Decimal) -> str | None:
    exponent = scale.as_tuple().exponent
    if scale != 1 and (scale >= 10**14 or not isinstance(exponent, int) or exponent < -5):
        return None
    digits = 9 if scale == 1 else 4
    fraction = "true"
    if twin.type == "DOUBLE":
        # By its text, as 0.1 is a tenth and not the double beside it.
        value, number = _text(value), value
        fraction = f"instr({value}, '.') >= length({value}) - {digits}"
        fits = _fits(twin, number)
    else:
        fits = _fits(twin, value)
    if twin.scale > digits:
        return None
    if scale == 1:
        return f"CASE WHEN {fits} AND {fraction} THEN CAST({value} AS DECIMAL(38,9)) END"
    product = f"CAST({value} AS DECIMAL(19,4)) * CAST('{scale:f}' AS DECIMAL(19,5))"
    return f"CASE WHEN {fits} AND {fraction} THEN {product} END"


def _text(value: str) -> str:
    return f"CAST({value} AS VARCHAR)"


def _fits(twin: TypedTwin, value: str) -> str:
    """That a number has so few digits before the point that every rule takes it, and as a double no exponent."""
    if twin.type == "DOUBLE":
        return f"({value} = 0 OR (abs({value}) >= 0.001 AND abs({value}) < 1e15))"
    # The absolute value of the smallest whole number of a type does not fit it.
    size = f"abs(CAST({value} AS HUGEINT))" if twin.is_whole else f"abs({value})"
    return f"{size} < 1000000000000000"
