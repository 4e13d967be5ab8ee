"""Parsing reads the text of a formula into a tree of nodes; what is not in the language is an error with its column.

The grammar is a subset of Python expressions, read by Python's own ``ast`` and never evaluated by it.
"""

from __future__ import annotations

import ast
import math
import warnings
from functools import lru_cache

from sanjeh.errors import Datum, DefinitionError, Issue, Place, suggest
from sanjeh.formula.function import FUNCTIONS, Takes
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word
from sanjeh.series import Condition

MOST_CHARACTERS = 2000
MOST_NODES = 500
MOST_DEPTH = 60
_SHOWN = 80
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@lru_cache(maxsize=4096)
def parse(text: str, owner: str = "formula") -> Node:
    """The tree of the formula ``text``; ``owner`` names it in errors.

    Raises DefinitionError: ``bad_formula``, ``unknown_function``, ``formula_too_long``.

    >>> parse("revenue / orders")
    Binary(operator='/', left=Name(id='revenue', column=1), right=Name(id='orders', column=11), column=1)
    """
    return _Builder(owner, text).build(_expression(text, owner))


def parse_conditions(text: str, owner: str = "--where") -> tuple[Condition, ...]:
    """The conditions of a filter such as ``region == 'Tehran' and is_online``.

    >>> [str(condition) for condition in parse_conditions("region == 'Tehran' and is_online")]
    ["region == 'Tehran'", 'is_online']
    """
    expression = _expression(text, owner)
    builder = _Builder(owner, text)
    parts = (
        expression.values if isinstance(expression, ast.BoolOp) and isinstance(expression.op, ast.And) else [expression]
    )
    return tuple(builder.condition(part) for part in parts)


def _expression(text: str, owner: str) -> ast.expr:
    if len(text) > MOST_CHARACTERS:
        raise _too_long(owner, MOST_CHARACTERS)
    code, before = _one_line(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code, mode="eval").body
    except SyntaxError as error:
        raise _bad(owner, text, max(1, error.offset or 1) + before) from None
    except (ValueError, RecursionError, MemoryError, OverflowError):
        raise _bad(owner, text, 1) from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise _too_long(owner, MOST_NODES)
    return tree


def _one_line(text: str) -> tuple[str, int]:
    """What Python reads, and how many characters stand before it; a line break in a formula is only a space."""
    code = text.replace("\r", " ").replace("\n", " ")
    return code.strip(), len(code) - len(code.lstrip())


def _bad(owner: str, text: str, column: int) -> DefinitionError:
    column = min(column, len(text) + 1)
    data: dict[str, Datum] = {"text": text[:_SHOWN], "owner": owner, "column": column}
    return DefinitionError(Issue("bad_formula", data, Place(owner, 1, column)))


def _too_long(owner: str, limit: int) -> DefinitionError:
    return DefinitionError(Issue("formula_too_long", {"limit": limit, "owner": owner}, Place(owner)))


class _Builder:
    """Turns Python's nodes into ours; anything unexpected is refused where it stands."""

    def __init__(self, owner: str, text: str) -> None:
        self.owner, self.depth = owner, 0
        self.code, self.before = _one_line(text)

    def refuse(
        self, node: ast.AST, code: str = "bad_formula", suggestion: str | None = None, **data: str
    ) -> DefinitionError:
        column = self.column(node)
        found: dict[str, Datum] = dict(data) or {
            "text": (ast.get_source_segment(self.code, node) or self.code)[:_SHOWN]
        }
        found |= {"owner": self.owner, "column": column}
        return DefinitionError(Issue(code, found, Place(self.owner, 1, column), suggestion=suggestion))

    def column(self, node: ast.AST) -> int:
        """The place of ``node`` in the text, in characters; Python counts bytes, and Persian letters have two."""
        offset = getattr(node, "col_offset", 0)
        return len(self.code.encode()[:offset].decode()) + self.before + 1

    def build(self, node: ast.expr) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise _too_long(self.owner, MOST_DEPTH)
        built = self._node(node)
        self.depth -= 1
        return built

    def _node(self, node: ast.expr) -> Node:
        column = self.column(node)
        match node:
            case ast.Constant(value=bool()):
                raise self.refuse(node)
            case ast.Constant(value=int() | float() as value):
                return Number(self._finite(node, value), column)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Negative(self.build(operand), column)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.build(operand)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
                return Binary(_OPERATORS[type(operator)], self.build(left), self.build(right), column)
            case ast.Name(id=name):
                return Name(name, column)
            case ast.Attribute(value=ast.Name(id=kpi), attr=variant):
                return VariantName(kpi, variant, column)
            case ast.Subscript(value=operand, slice=condition):
                return Filtered(self.build(operand), self.condition(condition), column)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=keywords):
                return self.call(node, name, arguments, keywords)
            case _:
                raise self.refuse(node)

    def call(self, node: ast.Call, name: str, arguments: list[ast.expr], keywords: list[ast.keyword]) -> Node:
        function = FUNCTIONS.get(name)
        if function is None:
            raise self.refuse(node, "unknown_function", suggest(name, FUNCTIONS), name=name)
        given = list(arguments)
        for keyword in keywords:
            if keyword.arg != "n" or len(given) != 1 or Takes.COUNT not in function.takes[1:]:
                raise self.refuse(keyword, "bad_arguments", name=name)
            given.append(keyword.value)
        least, most = len(function.takes) - function.optional, len(function.takes)
        if function.many:
            least = 1
        if not least <= len(given) or (len(given) > most and not function.many):
            raise self.refuse(node, "bad_arguments", name=name)
        return Call(name, tuple(self.argument(item) for item in given), self.column(node))

    def argument(self, node: ast.expr) -> Node:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return Word(node.value, self.column(node))
        return self.build(node)

    def condition(self, node: ast.expr) -> Condition:
        match node:
            case ast.Name(id=name):
                return Condition(name, ("true",))
            case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
                return Condition(name, ("true",), negated=True)
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq() | ast.NotEq() as operator], comparators=[value]):
                return Condition(name, (self._member(value),), negated=isinstance(operator, ast.NotEq))
            case ast.Compare(
                left=ast.Name(id=name),
                ops=[ast.In() | ast.NotIn() as operator],
                comparators=[ast.Tuple() | ast.List() as values],
            ):
                members = tuple(self._member(value) for value in values.elts)
                return Condition(name, members, negated=isinstance(operator, ast.NotIn))
            case _:
                raise self.refuse(node, "bad_condition")

    def _member(self, node: ast.expr) -> str | None:
        match node:
            case ast.Constant(value=None):
                return None
            case ast.Constant(value=bool() as value):
                return "true" if value else "false"
            case ast.Constant(value=str() as value):
                return value
            case ast.Constant(value=int() as value):
                return str(value)
            case _:
                raise self.refuse(node, "bad_condition")

    def _finite(self, node: ast.expr, value: float) -> float:
        try:
            number = float(value)
        except OverflowError:
            raise self.refuse(node) from None
        if not math.isfinite(number):
            raise self.refuse(node)
        return number
