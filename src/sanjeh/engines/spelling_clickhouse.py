"""ClickHouse's spelling: what it says in other words than DuckDB, so that both give the same values.

Names are quoted; values are bound as ``{name:Type}``, and no other brace is left in the text. Every type can be empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import exp

from sanjeh.engines.columns_named import name_columns
from sanjeh.engines.raw_table import RAW, raw_columns, types_by_name
from sanjeh.engines.script_clickhouse import bind
from sanjeh.engines.stored import SQL_TYPES
from sanjeh.engines.terms import Terms
from sanjeh.engines.whole import WORKED

DIALECT = "clickhouse"
_HELD = "\x01{}\x02"
_HELD_NAME = re.compile("\x01(\\w+)\x02")
_TYPES = {
    "DATE": "Date32",
    "TIMESTAMP": "DateTime64(6, 'UTC')",
    "TIMESTAMPNTZ": "DateTime64(6, 'UTC')",
    "VARCHAR": "String",
    "TEXT": "String",
    "DOUBLE": "Float64",
    "BIGINT": "Int64",
    "INT": "Int32",
    "BOOLEAN": "Bool",
}
_PLACES = (38, 9)
_WITH_PLACES = re.compile(r"\d{1,9}\.\d{1,9}")
_BITS: dict[type[exp.Expr], str] = {
    exp.BitwiseAnd: "bitAnd",
    exp.BitwiseOr: "bitOr",
    exp.BitwiseLeftShift: "bitShiftLeft",
}


def write(tree: exp.Expr, terms: Terms) -> str:
    """The text of ``tree``, which is changed."""
    types = types_by_name(terms.catalogue, terms.holdings)

    def columns(table: str) -> Mapping[str, str] | None:
        entity = terms.catalogue.entities.get(table.removeprefix(RAW)) if table.startswith(RAW) else None
        return None if entity is None else raw_columns(entity, terms.holdings)

    holder = exp.Paren(this=tree)
    name_columns(holder, columns, types)
    for query in list(holder.find_all(exp.Select)):
        _name_items(query)
    doubles = _doubles(terms)
    for node in reversed(list(holder.walk())):
        changed = _changed(node, doubles)
        if changed is not node:
            node.replace(changed)
    text = holder.this.sql(dialect=DIALECT, identify=True).replace("{", "\\x7B")
    return _HELD_NAME.sub(lambda found: bind(found[1]), text)


def _doubles(terms: Terms) -> frozenset[str]:
    """The names of columns that are doubles wherever they are."""
    kinds: dict[str, set[str]] = {}
    for entity in terms.catalogue.entities.values():
        for name, kind in raw_columns(entity, terms.holdings).items():
            kinds.setdefault(name, set()).add(kind)
        for derived in entity.derived.values():
            kinds.setdefault(derived.name, set()).add(SQL_TYPES[derived.type])
    return frozenset(name for name, found in kinds.items() if found == {"DOUBLE"})


def _name_items(query: exp.Select) -> None:
    """What is selected has its own name: that of a joined column would have the table's in front."""
    for item in list(query.expressions):
        if isinstance(item, exp.Column) and item.table:
            item.replace(exp.alias_(item.copy(), item.name, quoted=True))


def _changed(node: exp.Expr, doubles: frozenset[str]) -> exp.Expr:
    match node:
        case exp.Placeholder():
            return _held(node.name)
        case exp.Literal():
            return _exact(node)
        case exp.Exists():
            return _among(node)
        case exp.Case() | exp.Coalesce() | exp.Greatest() | exp.Least():
            _make_alike(node, doubles)
            return node
        case exp.Cast():
            return _cast(node)
        case exp.Alias() if isinstance(node.this.unnest(), (exp.Predicate, exp.Not, exp.Connector)):
            node.set("this", _typed(node.this, "Bool"))
            return node
        case exp.Div():
            return exp.paren(
                exp.Div(this=_number(node.this), expression=_number(node.expression), typed=True, safe=False)
            )
        case exp.Round():
            return _rounded(node)
        case exp.Interval():
            unit = str(getattr(node.args.get("unit"), "name", "DAY"))
            return _call(f"toInterval{unit.capitalize()}", exp.Literal.number(node.this.name))
        case exp.DateDiff():
            return _call("dateDiff", _text("day"), node.expression, node.this)
        case exp.TimestampDiff():
            return _call("dateDiff", _text("second"), node.expression, node.this)
        case exp.Year() | exp.Month():
            return _typed(_call(f"to{node.key.capitalize()}", node.this), "Int64")
        case exp.Length():
            return _call("lengthUTF8", node.this)
        case exp.Lower() | exp.Upper():
            return _call(f"{node.key}UTF8", node.this)
        case exp.BitwiseAnd() | exp.BitwiseOr() | exp.BitwiseLeftShift():
            return _call(_BITS[type(node)], node.this, node.expression)
        case exp.BitwiseCount():
            return _call("bitCount", node.this)
        case exp.LogicalOr():
            return exp.Max(this=node.this)
        case exp.LogicalAnd():
            return exp.Min(this=node.this)
        case exp.Filter():
            return _filtered(node)
        case exp.PercentileCont():
            return _quantile(node.this, node.expression)
        case exp.Anonymous():
            return _function(node)
        case _:
            return node


def _held(name: str) -> exp.Expr:
    return exp.Var(this=_HELD.format(name))


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _typed(value: exp.Expr, kind: str) -> exp.Expr:
    return _call("CAST", value, _text(f"Nullable({kind})"))


def _number(value: exp.Expr) -> exp.Expr:
    return _typed(value, "Float64")


def _cast(node: exp.Cast) -> exp.Expr:
    """A cast to a type that can be empty; a truth as a text is true or false."""
    value, kind = node.this, node.to
    name = str(getattr(kind.this, "name", ""))
    if name == "DECIMAL":
        places = [int(part.name) for part in kind.expressions] or list(_PLACES)
        return _typed(value, f"Decimal({', '.join(map(str, places))})")
    inner = value.unnest()
    if name in ("VARCHAR", "TEXT") and isinstance(inner, (exp.Predicate, exp.Not, exp.Connector)):
        value = _typed(value, "Bool")
    if name.startswith("TIMESTAMP") and isinstance(inner, exp.Var):  # the instant of knowledge is bound as a day
        value = _typed(value, "Date32")
    return _typed(value, _TYPES[name])


def _among(node: exp.Exists) -> exp.Expr:
    """Whether a row exists whose key is this one, asked as a set of keys.

    ClickHouse 26.9 answers a query that names the row outside wrongly where both read the same common table.
    """
    query = node.this
    where = query.args.get("where") if isinstance(query, exp.Select) else None
    if where is None:
        return node
    own = {source.alias_or_name for source in query.find_all(exp.Table, exp.Subquery)}
    tests = list(where.this.flatten() if isinstance(where.this, exp.And) else [where.this])
    for test in tests:
        sides = [test.this, test.expression] if isinstance(test, exp.EQ) else []
        if len(sides) == 2 and all(isinstance(side, exp.Column) for side in sides):
            inner, outer = sides if sides[0].table in own else sides[::-1]
            if inner.table in own and outer.table not in own:
                rest = [other.copy() for other in tests if other is not test]
                found = query.copy()
                found.set("where", exp.Where(this=exp.and_(*rest)) if rest else None)
                found.set("expressions", [inner.copy()])
                return _call("ifNull", exp.In(this=outer.copy(), query=exp.Subquery(this=found)), exp.false())
    return node


def _exact(node: exp.Literal) -> exp.Expr:
    """A factor or summand with places is a decimal number, not a double, so that amounts stay exact."""
    is_part = isinstance(node.parent, (exp.Mul, exp.Add, exp.Sub))
    if node.is_string or not is_part or not _WITH_PLACES.fullmatch(node.name):
        return node
    return _call("toDecimal64", _text(node.name), exp.Literal.number(len(node.name.partition(".")[2])))


def _make_alike(node: exp.Expr, doubles: frozenset[str]) -> None:
    """Where one of several values is a double the others are too: ClickHouse finds no type for both."""
    arms = [arm for arm in _arms(node) if not isinstance(arm, exp.Null)]
    others = [arm for arm in arms if not _is_double(arm, doubles)]
    if len(others) < len(arms):
        for arm in others:
            arm.replace(_number(arm.copy()))


def _arms(node: exp.Expr) -> list[exp.Expr]:
    """The values of which ``node`` is one."""
    if isinstance(node, exp.Case):
        rest = node.args.get("default")
        return [*(branch.args["true"] for branch in node.args["ifs"]), *([rest] if rest is not None else [])]
    return [node.this, *node.expressions]


def _is_double(node: exp.Expr, doubles: frozenset[str]) -> bool:
    match node:
        case exp.Column():
            return node.name.rpartition(".")[2] in doubles
        case exp.Case() | exp.Coalesce() | exp.Greatest() | exp.Least():
            return any(_is_double(arm, doubles) for arm in _arms(node))
        case exp.Mul() | exp.Add() | exp.Sub():
            return _is_double(node.this, doubles) or _is_double(node.expression, doubles)
        case exp.Paren() | exp.Neg() | exp.Abs() | exp.Sum() | exp.Filter():
            return _is_double(node.this, doubles)
        case exp.Anonymous(this="CAST", expressions=[_, kind]):
            return "Float64" in kind.name
        case _:
            return isinstance(node, (exp.Div, exp.ParameterizedAgg))


def _rounded(node: exp.Round) -> exp.Expr:
    """A double rounded half away from zero; ClickHouse's own rounds doubles half to even."""
    places = node.args.get("decimals")
    value, one = _number(node.this), exp.Literal.number("1e0")
    scale = one if places is None else _call("exp10", places.copy())
    scaled = exp.Mul(this=_call("abs", value), expression=scale)
    whole = _call("floor", exp.Add(this=scaled, expression=exp.Literal.number("0.5")))
    unsigned = exp.Div(this=whole, expression=scale.copy(), typed=True, safe=False)
    return exp.paren(exp.Mul(this=_call("sign", value.copy()), expression=exp.paren(unsigned)))


def _function(node: exp.Anonymous) -> exp.Expr:
    match node.name.lower(), node.expressions:
        case "quantile_cont", [value, share]:
            return _quantile(value, share)
        case "bit_count", [value]:
            return _call("bitCount", value)
        case "worked_until", [moment]:
            return _worked(moment)
        case _:
            return node


def _quantile(value: exp.Expr, share: exp.Expr) -> exp.Expr:
    """The continuous quantile; the middle is made of the two values in it, as an endless one beside it is not in it."""
    if share.name != "0.5":
        return _at(share, "quantileExactInclusive", value)
    both = exp.Add(this=_at(share, "quantileExactLow", value), expression=_at(share, "quantileExactHigh", value))
    return exp.paren(exp.Div(this=exp.paren(both), expression=exp.Literal.number(2), typed=True, safe=False))


def _at(share: exp.Expr, name: str, value: exp.Expr) -> exp.ParameterizedAgg:
    return exp.ParameterizedAgg(this=name, expressions=[share.copy()], params=[_number(value.copy())])


def _filtered(node: exp.Filter) -> exp.Expr:
    """A filter of what is made of several aggregates is one of each of them."""
    if not isinstance(node.this, exp.Paren):
        return node
    for part in list(node.this.find_all(exp.ParameterizedAgg)):
        part.replace(exp.Filter(this=part.copy(), expression=node.expression.copy()))
    return node.this


def _worked(moment: exp.Expr) -> exp.Expr:
    """The working minutes before the day of ``moment`` and on it, looked up by the day's number in two lists."""
    base, before, minutes, opens = (_held(name) for name in WORKED)
    day = _typed(moment.copy(), "Date32")
    number = exp.Add(this=_call("dateDiff", _text("day"), base, day), expression=exp.Literal.number(1))
    found = [_call("arrayElementOrNull", each, _typed(number.copy(), "Int64")) for each in (before, minutes)]
    midnight = _typed(day.copy(), _TYPES["TIMESTAMP"])
    passed = _call("dateDiff", _text("second"), midnight, moment.copy())
    since = exp.Sub(this=exp.Div(this=passed, expression=exp.Literal.number("60.0"), typed=True), expression=opens)
    worked = _call("least", found[1], _call("greatest", exp.Literal.number("0.0"), since))
    return exp.paren(exp.Add(this=found[0], expression=worked))
