"""The language of snippets is the common subset of SQL with parameters, ``as_of`` and a few functions of time.

Parameters become the literals that the company's settings give; ``as_of`` is bound when the statement runs.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from sanjeh.engines.statement import AS_OF
from sanjeh.engines.terms import Terms
from sanjeh.errors import DefinitionError, Issue, Place


def literal(terms: Terms, name: str, owner: str) -> list[exp.Expr]:
    """The literals that the parameter ``name`` stands for: one, or one for each item of a list."""
    if name not in terms.settings:
        raise DefinitionError(Issue("unknown_name", {"kind": "parameter", "name": name}, Place(owner)))
    value = terms.settings[name]
    values = value if isinstance(value, tuple) else (value,)
    return [exp.Literal.string(v) if isinstance(v, str) else exp.Literal.number(v) for v in values] or [exp.null()]


def is_days(terms: Terms, name: str) -> bool:
    """Whether the parameter counts days, so that adding it to a time moves the time."""
    parameter = terms.catalogue.parameters.get(name)
    return parameter is not None and parameter.unit == "days"


def rewrite(tree: exp.Expr, terms: Terms, owner: str, column: Callable[[exp.Column], exp.Expr]) -> exp.Expr:
    """``tree`` with columns passed through ``column`` and parameters and functions of the language put into SQL."""

    def change(node: exp.Expr) -> exp.Expr:
        match node:
            case exp.Column():
                if node.name == AS_OF and len(node.parts) == 1:
                    return exp.cast(exp.Placeholder(this=AS_OF), "TIMESTAMP")
                return column(node)
            case exp.Placeholder(this=name) if name != AS_OF:
                return literal(terms, node.name, owner)[0]
            case exp.Day():
                return exp.cast(node.this, "DATE")
            case exp.Anonymous():
                return _function(node, owner)
            case _:
                return node

    holder = exp.Paren(this=tree.copy())
    _shift_days(holder, terms)
    _spread_lists(holder, terms, owner)
    for node in reversed(list(holder.walk())):  # parts before wholes, so that a function meets finished arguments
        changed = change(node)
        if changed is not node:
            node.replace(changed)
    return holder.this  # type: ignore[no-any-return]


def fill_parameters(query: exp.Expr, terms: Terms, owner: str) -> None:
    """Put the settings' values in the place of the parameters of ``query``."""
    _shift_days(query, terms)
    _spread_lists(query, terms, owner)
    for node in [node for node in query.find_all(exp.Placeholder) if node.name != AS_OF]:
        node.replace(literal(terms, node.name, owner)[0])


def _shift_days(tree: exp.Expr, terms: Terms) -> None:
    """``x + :n_days`` moves a time by whole days."""
    for node in list(tree.find_all(exp.Add, exp.Sub)):
        right = node.expression
        if isinstance(right, exp.Placeholder) and is_days(terms, right.name):
            number = literal(terms, right.name, "")[0]
            right.replace(exp.Interval(this=exp.Literal.string(number.name), unit=exp.var("DAY")))


def _spread_lists(tree: exp.Expr, terms: Terms, owner: str) -> None:
    """``x in (:list)`` becomes one literal for each item; nothing is in an empty list."""
    for node in list(tree.find_all(exp.In)):
        items: list[exp.Expr] = []
        for item in node.expressions:
            items += literal(terms, item.name, owner) if isinstance(item, exp.Placeholder) else [item]
        items = [item for item in items if not isinstance(item, exp.Null)]
        if node.expressions and not items:
            node.replace(exp.false())
        else:
            node.set("expressions", items)


def _function(node: exp.Anonymous, owner: str) -> exp.Expr:
    name, arguments = node.name.lower(), node.expressions
    match name, arguments:
        case "days_between", [start, end]:
            return exp.DateDiff(this=exp.cast(end, "DATE"), expression=exp.cast(start, "DATE"), unit=exp.var("DAY"))
        case "minutes_between", [start, end]:
            return exp.Div(this=_seconds(start, end), expression=exp.Literal.number("60.0"))
        case "hours_between", [start, end]:
            return exp.Div(this=_seconds(start, end), expression=exp.Literal.number("3600.0"))
        case "working_minutes", [start, end]:
            return exp.paren(_worked(end) - _worked(start))
        case "working_hours", [start, end]:
            return exp.Div(this=exp.paren(_worked(end) - _worked(start)), expression=exp.Literal.number("60.0"))
        case _:
            return node


def _seconds(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    return exp.TimestampDiff(
        this=exp.cast(end, "TIMESTAMP"), expression=exp.cast(start, "TIMESTAMP"), unit=exp.var("SECOND")
    )


def _worked(moment: exp.Expr) -> exp.Expr:
    """Working minutes from the calendar's beginning to ``moment``, by the table of working days."""
    return exp.Anonymous(this="worked_until", expressions=[exp.cast(moment.copy(), "TIMESTAMP")])
