"""Reading KPIs, their variants and their examples out of trees."""

from __future__ import annotations

import re

from sanjeh.definitions.kpi import KPI, Direction, Example, Perspective, Timing, Variant
from sanjeh.definitions.read_model import parse_rows, parse_value
from sanjeh.definitions.reader import Reader
from sanjeh.definitions.tree import Tree
from sanjeh.errors import DefinitionError, Issue

_ARITHMETIC = re.compile(r"[-+*/().\d\s]+(?:e-?\d+)?")


def read_kpi(tree: Tree, issues: list[Issue], *, own: bool = False) -> KPI | None:
    """The KPI written at ``tree``, or None where it has no usable id."""
    reader = Reader(tree, issues, "KPI")
    name = reader.word("id", required=True)
    if not name:
        return None
    unit = reader.word("unit", "number")
    direction = reader.choice("direction", Direction, Direction.MAXIMIZE)
    timing = reader.choice("timing", Timing, Timing.LAGGING)
    kpi = KPI(
        id=name,
        title=reader.text("name"),
        description=reader.text("description"),
        question=reader.text("question"),
        formula=reader.word("formula", required=True),
        unit=unit,
        direction=direction,
        timing=timing,
        perspective=reader.choice("perspective", Perspective, Perspective.FINANCIAL),
        periods=reader.words("periods") or ("month",),
        packs=reader.words("packs"),
        list_items=reader.words("list_items"),
        variants=reader.mapping(
            "variants", lambda key, item: _read_variant(key, item, issues, unit, direction, timing)
        ),
        pitfalls=reader.each("pitfalls", lambda item: reader.text_of(item, "pitfalls")),
        breakdown=reader.optional("breakdown"),
        needs_breakdown=reader.flag("needs_breakdown"),
        basis=reader.text("basis"),
        limits=_read_limits(reader),
        sources=reader.words("sources"),
        examples=reader.each("examples", lambda item: _read_example(item, issues)),
        own=own,
        place=tree.place,
    )
    reader.close()
    return kpi


def _read_limits(reader: Reader) -> tuple[float | None, float | None]:
    found = reader.get("limits")
    if found is None:
        return (None, None)
    numbers = [None if item.value is None else reader.number_of(item, "limits") for item in found.elements()]
    if len(numbers) != 2:
        reader.fault("not_a_pair", found, key="limits")
        return (None, None)
    return (numbers[0], numbers[1])


def _read_variant(
    name: str, tree: Tree, issues: list[Issue], unit: str, direction: Direction, timing: Timing
) -> Variant:
    reader = Reader(tree, issues, "variant")
    variant = Variant(
        id=name,
        title=reader.text("name"),
        formula=reader.word("formula", required=True),
        unit=reader.word("unit", unit),
        direction=reader.choice("direction", Direction, direction),
        timing=reader.choice("timing", Timing, timing),
        description=reader.text("description"),
        place=tree.place,
    )
    reader.close()
    return variant


def _read_example(tree: Tree, issues: list[Issue]) -> Example | None:
    reader = Reader(tree, issues, "example")

    def rows(name: str, item: Tree) -> tuple[dict[str, str], ...]:
        if not isinstance(item.value, str):
            reader.fault("not_a_scalar", item, key=name)
            return ()
        try:
            return parse_rows(item.value)
        except DefinitionError as error:
            reader.issues.extend(Issue(issue.code, issue.data, item.place) for issue in error.issues)
            return ()

    def expected(name: str, item: Tree) -> float | str | None:
        return _expected(reader, name, item)

    found = reader.get("expect")
    if found is not None and not isinstance(found.value, dict):
        single = _expected(reader, "default", found)
        expect: dict[str, float | str] = {} if single is None else {"": single}
    else:
        given: dict[str, float | str] = reader.mapping("expect", expected)
        expect = {_variant(name): value for name, value in given.items()}
    marks = reader.mapping("marks", lambda name, item: tuple(str(mark.value) for mark in item.elements()))
    example = Example(
        period=reader.word("period", required=True),
        rows=reader.mapping("rows", rows),
        expect=expect,
        calendar=reader.word("calendar", "gregorian"),
        as_of=reader.optional("as_of"),
        parameters=reader.mapping("parameters", _parameter),
        where=reader.optional("where"),
        marks={_variant(name): value for name, value in marks.items()},
        note=reader.text("note"),
        place=tree.place,
    )
    reader.close()
    return example


def _variant(name: str) -> str:
    return "" if name == "default" else name


def _parameter(_: str, item: Tree) -> str | float:
    value = parse_value(str(item.value))
    return value if isinstance(value, (int, float, str)) else ""


def _expected(reader: Reader, name: str, item: Tree) -> float | str | None:
    word = item.value if isinstance(item.value, str) else ""
    if not word:
        reader.fault("not_a_scalar", item, key=name)
        return None
    if not _ARITHMETIC.fullmatch(word):
        return word
    value = _arithmetic(word)
    if value is None:
        reader.fault("not_a_number", item, key=name, value=word)
    return value


def _arithmetic(word: str) -> float | None:
    """The value of a sum written with numbers, + - * / and brackets; powers and everything else are not arithmetic."""
    import ast
    import operator

    operators = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -value(inner)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in operators:
                return float(operators[type(op)](value(left), value(right)))
            case _:
                raise ValueError

    try:
        return value(ast.parse(word.strip(), mode="eval").body)
    except (ValueError, SyntaxError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        return None


# Keys whose parts are laid over one by one, so that a company adds a column or variant without repeating the others.
_MAPPINGS = ("variants", "columns", "derived", "relations")
_TEXTS = ("name", "description", "question", "basis")


def override(base: Tree, change: Tree, inside: str = "") -> Tree:
    """``base`` with the keys of ``change`` laid over it; variants, columns and the like one by one, key by key."""
    if not isinstance(base.value, dict) or not isinstance(change.value, dict):
        return change
    merged = dict(base.value)
    for key, item in change.value.items():
        nested = (key in (*_MAPPINGS, *_TEXTS) or inside in _MAPPINGS) and key in merged
        merged[key] = override(merged[key], item, key) if nested else item
    return Tree(merged, change.place)
