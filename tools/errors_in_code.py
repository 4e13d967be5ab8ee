"""A code is found where the source gives it to an issue, at once or through a function's parameter named ``code``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def _trees(folder: Path) -> tuple[tuple[Path, ast.Module], ...]:
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(folder.rglob("*.py")))


def find_codes(folder: Path) -> dict[str, str]:
    """Every code that the modules in ``folder`` give to an issue, with the place where it is given first."""
    takers = {"Issue": 0} | dict(_find_takers(folder))
    found: dict[str, str] = {}
    for path, tree in _trees(folder):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in takers:
                for code in _literals(_argument(call, takers[name])):
                    found.setdefault(code, f"{path.relative_to(folder)}:{call.lineno}")
    return found


def _find_takers(folder: Path) -> Iterator[tuple[str, int]]:
    """The functions that hand their parameter ``code`` on to an issue, with the parameter's place."""
    for _, tree in _trees(folder):
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            names = [argument.arg for argument in function.args.args if argument.arg != "self"]
            if "code" in names and any(_hands_on(node) for node in ast.walk(function)):
                yield function.name, names.index("code")


def _hands_on(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Issue"):
        return False
    return any(isinstance(argument, ast.Name) and argument.id == "code" for argument in node.args[:1])


def _argument(call: ast.Call, place: int) -> ast.expr | None:
    if len(call.args) > place:
        return call.args[place]
    return next((keyword.value for keyword in call.keywords if keyword.arg == "code"), None)


def _literals(node: ast.expr | None) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)


def find_words(folder: Path) -> set[str]:
    """Every word that stands by itself, or in quotes within SQL, in a text of the modules in ``folder``."""
    texts = [
        node.value
        for _, tree in _trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {*texts, *(word for text in texts for word in re.findall(r"'(\w+)'", text))}


def find_beginnings(folder: Path) -> tuple[str, ...]:
    """The beginnings of codes whose end is computed (``f"assumed_{kind}"``)."""
    return tuple(
        str(node.values[0].value)
        for _, tree in _trees(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        and len(node.values) == 2
        and isinstance(node.values[0], ast.Constant)
        and re.fullmatch(r"[a-z_]+_", str(node.values[0].value))
    )
