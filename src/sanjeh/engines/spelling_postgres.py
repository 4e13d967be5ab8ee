"""PostgreSQL's spelling: what it says in other words than DuckDB, so that both give the same values.

Names are quoted, values are bound as ``%(name)s`` and every other ``%`` is doubled, as psycopg reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import exp

from sanjeh.engines.columns_named import name_columns
from sanjeh.engines.raw_table import RAW, raw_columns, types_by_name
from sanjeh.engines.terms import Terms
from sanjeh.engines.whole import WORKED

DIALECT = "postgres"
_HELD = "\x01{}\x02"
_HELD_NAME = re.compile("\x01(\\w+)\x02")
_FLAGS = frozenset(["at_start", "at_end", "is_open", "is_last"])  # the flags of our own common tables


def write(tree: exp.Expr, terms: Terms) -> str:
    """The text of ``tree``, which is changed."""
    types = types_by_name(terms.catalogue, terms.holdings)

    def columns(table: str) -> Mapping[str, str] | None:
        entity = terms.catalogue.entities.get(table.removeprefix(RAW)) if table.startswith(RAW) else None
        return None if entity is None else raw_columns(entity, terms.holdings)

    holder = exp.Paren(this=tree)
    name_columns(holder, columns, types)
    for query in holder.find_all(exp.Select):
        _spell_having(query)
    flags = _FLAGS | {name for name, kind in types.items() if kind == "BOOLEAN"}
    for node in reversed(list(holder.walk())):
        changed = _changed(node, flags)
        if changed is not node:
            node.replace(changed)
    text = holder.this.sql(dialect=DIALECT, identify=True)
    return _HELD_NAME.sub(r"%(\1)s", text.replace("%", "%%"))


def _spell_having(query: exp.Select) -> None:
    """A condition on groups may not name what is selected: it repeats the expression."""
    having = query.args.get("having")
    if having is None:
        return
    made = {item.alias: item.this for item in query.expressions if isinstance(item, exp.Alias)}
    for column in list(having.find_all(exp.Column)):
        value = made.get(column.name) if not column.table else None
        if value is not None and value.find(exp.AggFunc) is not None:
            column.replace(exp.paren(value.copy()))


def _changed(node: exp.Expr, flags: frozenset[str]) -> exp.Expr:
    match node:
        case exp.Placeholder():
            return exp.Var(this=_HELD.format(node.name))
        case exp.Max() | exp.Min():
            return _extreme(node, flags)
        case exp.Div():
            return _divided(node.this, node.expression)
        case exp.Mod():
            return exp.Mod(this=_number(node.this), expression=_number(node.expression))
        case exp.Round():
            return _rounded(node)
        case exp.DateDiff():
            return exp.paren(exp.Sub(this=_as(node.this, "DATE"), expression=_as(node.expression, "DATE")))
        case exp.TimestampDiff():
            return exp.paren(exp.Sub(this=_second(node.this), expression=_second(node.expression)))
        case exp.Year() | exp.Month():
            part = exp.Extract(this=exp.var(node.key.upper()), expression=node.this)
            return _as(part, "BIGINT")
        case exp.Anonymous():
            return _function(node)
        case _:
            return node


def _as(value: exp.Expr, kind: str) -> exp.Expr:
    return exp.cast(value, kind)


def _number(value: exp.Expr) -> exp.Expr:
    return _as(value, "DECIMAL")


def _extreme(node: exp.Max | exp.Min, flags: frozenset[str]) -> exp.Expr:
    """The largest of flags is whether one holds: PostgreSQL orders no booleans in ``max``."""
    value = node.this.unnest()
    is_flag = isinstance(value, (exp.Predicate, exp.Boolean, exp.Not, exp.Connector))
    if not is_flag and not (isinstance(value, exp.Column) and value.name in flags):
        return node
    return exp.Anonymous(this="bool_or" if isinstance(node, exp.Max) else "bool_and", expressions=[node.this])


def _divided(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    """A quotient of doubles; by zero it is infinite, or not a number, and no error."""
    quotient = exp.Div(this=_wrapped(left), expression=_wrapped(right), typed=True, safe=False)
    divisor = right.unnest()
    is_never_zero = isinstance(divisor, exp.Nullif) or (isinstance(divisor, exp.Literal) and float(divisor.name) != 0)
    if is_never_zero:
        return exp.paren(quotient)
    infinite = exp.Mul(this=_wrapped(left.copy()), expression=_as(exp.Literal.string("infinity"), "DOUBLE"))
    return exp.paren(exp.Case().when(exp.paren(right.copy()).eq(exp.Literal.number(0)), infinite).else_(quotient))


def _wrapped(value: exp.Expr) -> exp.Expr:
    return _as(value, "DOUBLE")


def _rounded(node: exp.Round) -> exp.Expr:
    places = node.args.get("decimals")
    rounded = exp.Anonymous(this="round", expressions=[_number(node.this), *([places] if places is not None else [])])
    return _as(rounded, "DOUBLE")


def _second(moment: exp.Expr) -> exp.Expr:
    """The number of the second that ``moment`` lies in."""
    epoch = exp.Extract(this=exp.var("EPOCH"), expression=_as(moment, "TIMESTAMP"))
    return _as(exp.Floor(this=epoch), "BIGINT")


def _function(node: exp.Anonymous) -> exp.Expr:
    match node.name.lower(), node.expressions:
        case "quantile_cont", [value, share]:
            order = exp.Order(expressions=[exp.Ordered(this=value, nulls_first=False)])
            return exp.WithinGroup(this=exp.PercentileCont(this=share), expression=order)
        case "bit_count", [value]:
            return exp.Anonymous(this="bit_count", expressions=[_as(value, "BIT(64)")])
        case "worked_until", [moment]:
            return _worked(moment)
        case _:
            return node


def _worked(moment: exp.Expr) -> exp.Expr:
    """The working minutes before the day of ``moment`` and on it, looked up by the day's number in two lists."""
    base, before, minutes, opens = (exp.Var(this=_HELD.format(name)) for name in WORKED)
    place = exp.paren(_as(moment.copy(), "DATE") - _as(base, "DATE") + 1)
    lists = [
        exp.Bracket(this=exp.paren(_as(item, "DOUBLE[]")), expressions=[place.copy()]) for item in (before, minutes)
    ]
    midnight = exp.Anonymous(this="date_trunc", expressions=[exp.Literal.string("day"), moment.copy()])
    passed = exp.paren(_second(moment) - _second(midnight))
    minutes_passed = exp.Div(this=_wrapped(passed), expression=exp.Literal.number("60.0"), typed=True)
    since = exp.Sub(this=minutes_passed, expression=_as(opens, "DOUBLE"))
    worked = exp.Least(this=lists[1], expressions=[exp.Greatest(this=exp.Literal.number("0.0"), expressions=[since])])
    return exp.paren(exp.Add(this=lists[0], expression=worked))
