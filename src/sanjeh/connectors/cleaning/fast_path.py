"""A fast path is the SQL that reads a column's plain spellings; what it leaves empty goes to the careful reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

from sanjeh.calendars import date_from_jalali
from sanjeh.connectors.cleaning.date import DateStyle
from sanjeh.connectors.cleaning.number import NumberStyle
from sanjeh.connectors.cleaning.text import fold_digits_sql, quote

_ISO_DAY = "(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_ISO_TIME = "[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?"
_YEAR_LAST = "[0-9]{1,2}/[0-9]{1,2}/(19|20|21)[0-9]{2}( [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?)?"


def date_sql(expression: str, style: DateStyle, sql_type: str) -> str:
    """The DATE or TIMESTAMP of ISO days and times, and of Gregorian days in the column's order; NULL for the rest."""
    branches = [
        f"WHEN regexp_full_match({expression}, '{_ISO_DAY}') THEN TRY_CAST({expression} AS {sql_type})",
        f"WHEN regexp_full_match({expression}, '{_ISO_DAY}{_ISO_TIME}') "
        f"THEN CAST(TRY_CAST({expression} AS TIMESTAMP) AS {sql_type})",
    ]
    if style.order != "ymd":
        day = "%d/%m/%Y" if style.order == "dmy" else "%m/%d/%Y"
        formats = ", ".join(quote(day + clock) for clock in ("", " %H:%M", " %H:%M:%S"))
        branches.append(
            f"WHEN regexp_full_match({expression}, '{_YEAR_LAST}') "
            f"THEN CAST(try_strptime({expression}, [{formats}]) AS {sql_type})"
        )
    read = f"CASE {' '.join(branches)} END"
    return f"coalesce({read}, {jalali_sql(expression, sql_type)})" if style.calendar == "jalali" else read


_JALALI = "1[2-5][0-9]{2}[/-][0-9]{1,2}[/-][0-9]{1,2}"
_CLOCK = "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
# The Jalali years that begin and end between 1900 and 2200.
_JALALI_YEARS = range(1279, 1579)


def jalali_sql(expression: str, sql_type: str) -> str:
    """The DATE or TIMESTAMP of Jalali days written year first with a clock time; NULL for the rest.

    Only what is a day of its month is read; the careful reader says what is wrong with the others. Days alone are left
    to it as well: a column has few different ones, and joining them is cheaper than this arithmetic.
    """
    folded = fold_digits_sql(f"trim({expression})")
    part = f"string_split(replace(split_part({folded}, ' ', 1), '-', '/'), '/')"
    year, month, day = (f"TRY_CAST({part}[{index}] AS INTEGER)" for index in (1, 2, 3))
    starts = f"({_year_starts()}::INTEGER[])"
    first = f"{starts}[{year} - {_JALALI_YEARS.start - 1}]"
    length = (
        f"CASE WHEN {month} <= 6 THEN 31 WHEN {month} <= 11 THEN 30 "
        f"ELSE {starts}[{year} - {_JALALI_YEARS.start - 2}] - {first} - 336 END"
    )
    number = f"{first} + 30 * ({month} - 1) + least({month} - 1, 6) + {day} - 1"
    # DuckDB counts an index below zero from the end of the list, so that the year 1200 would be one of 2123.
    is_year = f"{year} BETWEEN {_JALALI_YEARS.start} AND {_JALALI_YEARS.stop - 1}"
    is_day = f"{is_year} AND {month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND {length}"
    value = f"DATE '1900-01-01' + ({number})"
    if sql_type != "DATE":
        value = f"({value}) + TRY_CAST({_clock(folded)} AS TIME)"
    shape = f"regexp_full_match({folded}, '{_JALALI} {_CLOCK}')"
    read = f"CASE WHEN {is_day} THEN CAST({value} AS {sql_type}) END"
    return f"CASE WHEN contains({expression}, ':') AND {shape} THEN {read} END"


def _clock(folded: str) -> str:
    """The clock part, with its seconds, since DuckDB casts no time without them."""
    clock = f"split_part({folded}, ' ', 2)"
    return f"CASE WHEN length({clock}) <= 5 THEN {clock} || ':00' ELSE {clock} END"


@cache
def _year_starts() -> list[int]:
    """Days from 1900-01-01 to the first day of each Jalali year, and of the year after the last."""
    years = range(_JALALI_YEARS.start, _JALALI_YEARS.stop + 1)
    origin = date(1900, 1, 1).toordinal()
    return [date_from_jalali(year, 1, 1).toordinal() - origin for year in years]


def double_sql(expression: str, style: NumberStyle, scale: Decimal) -> str:
    """The DOUBLE of bare numbers in the column's marks, times ``scale``; NULL for the rest."""
    value = f"TRY_CAST({_digits(expression, style, 18, 20)} AS DOUBLE)"
    if scale == 1:
        return value
    # Dividing by 100 is rounded once; multiplying by a double's idea of 0.01 makes 0.07000000000000001 of 7.
    inverse = 1 / scale
    return (
        f"{value} / {inverse:f}::DOUBLE" if inverse == inverse.to_integral_value() else f"{value} * {scale:f}::DOUBLE"
    )


def bigint_sql(expression: str, style: NumberStyle, scale: Decimal) -> str:
    """The BIGINT of bare whole numbers; NULL for the rest, and for all when ``scale`` is not 1."""
    if scale != 1:
        return "NULL::BIGINT"
    return f"TRY_CAST({_digits(expression, style, 18, 0)} AS BIGINT)"


def money_sql(expression: str, style: NumberStyle, scale: Decimal) -> str:
    """The exact DECIMAL(38,9) of bare numbers in the column's marks, times ``scale``; NULL for the rest."""
    if scale == 1:
        return f"TRY_CAST({_digits(expression, style, 18, 9)} AS DECIMAL(38,9))"
    exponent = scale.as_tuple().exponent
    if scale >= 10**14 or not isinstance(exponent, int) or exponent < -5:
        return "NULL::DECIMAL(38,9)"
    # The product of a (19,4) and a (19,5) decimal is a (38,9) one: exact, and it cannot overflow.
    return f"TRY_CAST({_digits(expression, style, 15, 4)} AS DECIMAL(19,4)) * CAST('{scale:f}' AS DECIMAL(19,5))"


def _digits(expression: str, style: NumberStyle, whole: int, fraction: int) -> str:
    """The plain digits of a bare number that keeps to ``style`` and these lengths, NULL for anything else."""
    point = style.decimal
    group = "." if point == "," else ","
    folded = f"translate({fold_digits_sql(f'trim({expression})')}, '٬٫', '{group}{point}')"
    tail = f"([{point}][0-9]{{1,{fraction}}})?" if fraction else ""
    head = f"([0-9]{{1,{whole}}}|[0-9]{{1,3}}([{group}][0-9]{{3}}){{1,{whole // 3 - 1}}})"
    plain = f"replace(replace({folded}, '{group}', ''), '{point}', '.')"
    return f"CASE WHEN regexp_full_match({folded}, '-?{head}{tail}') THEN {plain} END"
