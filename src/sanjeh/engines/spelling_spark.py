"""Spark's spelling: what it says in other words than DuckDB, so that both give the same values.

Names are quoted, values are bound as ``:name``. The session is strict (dividing by zero would be an error) and in UTC.
Sets are whole numbers with a bit for each moment: Spark's own bitmaps cut keys into buckets of 32,768 that must be
counted one by one, and a plain count over them is wrong without a word.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from sanjeh.engines.columns_named import name_columns
from sanjeh.engines.raw_table import RAW, raw_columns, types_by_name
from sanjeh.engines.terms import Terms
from sanjeh.engines.whole import WORKED

DIALECT = "spark"


def write(tree: exp.Expr, terms: Terms) -> str:
    """The text of ``tree``, which is changed."""

    def columns(table: str) -> Mapping[str, str] | None:
        entity = terms.catalogue.entities.get(table.removeprefix(RAW)) if table.startswith(RAW) else None
        return None if entity is None else raw_columns(entity, terms.holdings)

    holder = exp.Paren(this=tree)
    name_columns(holder, columns, types_by_name(terms.catalogue, terms.holdings))
    for node in reversed(list(holder.walk())):
        changed = _changed(node)
        if changed is not node:
            node.replace(changed)
    return str(holder.this.sql(dialect=DIALECT, identify=True))


def _changed(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.DataType(this=exp.DataType.Type.TIMESTAMP):
            return exp.DataType(this=exp.DataType.Type.TIMESTAMPNTZ)
        case exp.Ordered() if node.args.get("nulls_first") is None:
            node.set("nulls_first", False)
            return node
        case exp.Div():
            return _divided(node.this, node.expression)
        case exp.Mod():
            divisor = node.expression
            safe = divisor if _is_never_zero(divisor) else exp.Nullif(this=divisor, expression=exp.Literal.number(0))
            return exp.Mod(this=node.this, expression=safe)
        case exp.DateDiff():
            return _call("datediff", _as(node.this, "DATE"), _as(node.expression, "DATE"))
        case exp.TimestampDiff():
            return exp.paren(exp.Sub(this=_second(node.this), expression=_second(node.expression)))
        case exp.PercentileCont() if node.expression:
            return _call("percentile", node.this, node.expression)
        case exp.Anonymous():
            return _function(node)
        case _:
            return node


def _as(value: exp.Expr, kind: str) -> exp.Expr:
    return exp.cast(value, kind, dialect=DIALECT)


def _call(name: str, *values: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(values))


def _is_never_zero(divisor: exp.Expr) -> bool:
    plain = divisor.unnest()
    return isinstance(plain, exp.Nullif) or (isinstance(plain, exp.Literal) and float(plain.name) != 0)


def _divided(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """A quotient of doubles; by zero it is infinite, or not a number, and no error."""
    quotient = exp.Div(this=_as(left, "DOUBLE"), expression=_as(right, "DOUBLE"), typed=True, safe=False)
    if _is_never_zero(right):
        return exp.paren(quotient)
    infinite = exp.Mul(this=_as(left.copy(), "DOUBLE"), expression=_as(exp.Literal.string("infinity"), "DOUBLE"))
    is_zero = exp.EQ(this=exp.paren(right.copy()), expression=exp.Literal.number(0))
    return exp.paren(exp.Case().when(is_zero, infinite).else_(quotient))


def _second(moment: exp.Expr) -> exp.Expr:
    """The number of the second that ``moment`` lies in."""
    return _call("unix_seconds", _as(_as(moment, "TIMESTAMP_NTZ"), "TIMESTAMP_LTZ"))


def _function(node: exp.Anonymous) -> exp.Expr:
    match node.name.lower(), node.expressions:
        case "quantile_cont", [value, share]:
            return _call("percentile", value, share)
        case "worked_until", [moment]:
            return _worked(moment)
        case _:
            return node


def _worked(moment: exp.Expr) -> exp.Expr:
    """The working minutes before the day of ``moment`` and on it, looked up by the day's number in two lists."""
    base, before, minutes, opens = (exp.Placeholder(this=name) for name in WORKED)
    day = _as(moment.copy(), "DATE")
    place = _call("datediff", day, _as(base, "DATE"))
    lists = [_call("get", _numbers(item), place.copy()) for item in (before, minutes)]
    passed = exp.paren(exp.Sub(this=_second(moment), expression=_second(day.copy())))
    minutes_passed = exp.Div(this=_as(passed, "DOUBLE"), expression=_as(exp.Literal.number(60), "DOUBLE"), typed=True)
    since = exp.Sub(this=minutes_passed, expression=_as(opens, "DOUBLE"))
    nothing = _as(exp.Literal.number(0), "DOUBLE")
    worked = exp.Least(this=lists[1], expressions=[exp.Greatest(this=nothing, expressions=[since])])
    return exp.paren(exp.Add(this=lists[0], expression=worked))


def _numbers(listed: exp.Expr) -> exp.Expr:
    """A list that is bound as one text, as binding thousands of numbers takes seconds."""
    return _as(_call("split", listed, exp.Literal.string(",")), "ARRAY<DOUBLE>")
