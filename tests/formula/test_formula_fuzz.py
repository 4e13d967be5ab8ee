"""Whatever is written as a formula, the answer is a tree or a SanjehError, soon, and nothing is run."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree import trees

from sanjeh.definitions import load_catalogue
from sanjeh.errors import SanjehError
from sanjeh.formula import in_words, infer_unit, parse, parse_conditions, to_text
from sanjeh.formula.check import readings_of

SOON = timedelta(seconds=2)
_STANDARD = [reading.formula for reading in readings_of(load_catalogue())]
_PIECES = st.sampled_from(
    [
        *"()[]{}+-*/.,:;=<>!'\"\\#@~^&|%$?`\n\t\0 ",
        "**",
        "//",
        ":=",
        "->",
        "f'",
        "lambda ",
        " if ",
        " else ",
        " for ",
        " in ",
        "not ",
        "await ",
        "yield ",
        "__class__",
        "ناحیه",
        "۱۲",
        "\u200c",
        "\ud800",
        "\ufeff",
        "1e999",
        "9" * 400,
        "0x" + "f" * 300,
        "revenue",
        "prior(",
        "x == 'y'",
    ]
)


def understood(text: str) -> bool:
    """Whether ``text`` is a formula; all that is done with one is done with it."""
    catalogue = load_catalogue()
    try:
        tree = parse(text)
    except SanjehError as error:
        assert all(issue.place is not None for issue in error.issues)
        return False
    assert to_text(parse(to_text(tree))) == to_text(tree)
    assert in_words(tree, catalogue, "en") and in_words(tree, catalogue, "fa")
    try:
        infer_unit(tree, catalogue)
    except SanjehError as error:
        assert error.code in ("unit_mismatch", "unknown_unit")
    return True


@settings(deadline=SOON)
@given(st.text(max_size=200) | st.lists(_PIECES, max_size=60).map("".join))
def test_random_text_is_refused_or_understood(text: str) -> None:
    understood(text)


@settings(deadline=SOON)
@given(st.sampled_from(_STANDARD), st.data())
def test_a_mutated_formula_is_refused_or_understood(formula: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(formula)))
    end = data.draw(st.integers(start, min(len(formula), start + 5)))
    understood(formula[:start] + data.draw(_PIECES) + formula[end:])


@settings(deadline=SOON)
@given(trees)
def test_any_tree_of_the_language_can_be_written_read_and_measured(tree: Any) -> None:
    assert understood(to_text(tree))


@settings(deadline=SOON)
@given(st.text(max_size=100) | st.lists(_PIECES, max_size=30).map("".join))
def test_a_random_filter_is_refused_or_understood(text: str) -> None:
    try:
        parse_conditions(text)
    except SanjehError as error:
        assert error.issues


PYTHON = [
    "__import__('os').system('echo ran')",
    "().__class__.__bases__[0].__subclasses__()",
    "eval('1')",
    "exec('import os')",
    "open('/etc/passwd').read()",
    "globals()",
    "(lambda: 1)()",
    "[x for x in (1, 2)]",
    "{x: x for x in (1, 2)}",
    "sum(x for x in (1, 2))",
    "f'{revenue}'",
    "f'{__import__(\"os\").getpid()}'",
    "(revenue := 1)",
    "max(*revenue)",
    "max(**revenue)",
    "revenue if orders else 1",
    "revenue.__class__.__init__",
    "revenue[__import__('os')]",
    "revenue[region == __import__('os')]",
    "revenue[(lambda: 'x')()]",
    "revenue[f'{1}']",
    "revenue[region == f'{1}']",
    "revenue[*orders]",
    "(yield 1)",
    "await revenue",
    "9 ** 9 ** 9 ** 9",
    "9 << 999999999",
    "'a' * 999999999",
    "[0] * 999999999",
    "prior(revenue, 9 ** 9)",
    "revenue @ orders",
    "revenue, orders",
    "revenue; orders",
    "revenue\nimport os",
    "import os",
    "@revenue",
    "%run x",
    "!ls",
]


_watched: list[list[str]] = []


def _watch(event: str, _: object) -> None:
    if _watched and event in ("exec", "import", "open", "os.system", "subprocess.Popen", "socket.connect"):
        _watched[-1].append(event)


sys.addaudithook(_watch)


@pytest.mark.parametrize("text", PYTHON)
def test_python_is_refused_and_not_run(text: str) -> None:
    seen: list[str] = []
    _watched.append(seen)
    try:
        with pytest.raises(SanjehError):
            parse(text)
        with pytest.raises(SanjehError):
            parse_conditions(text)
    finally:
        _watched.remove(seen)
    assert seen == []


def test_the_watch_over_what_is_run_sees_it() -> None:
    seen: list[str] = []
    _watched.append(seen)
    try:
        eval(compile("1 + 1", "<formula>", "eval"))
    finally:
        _watched.remove(seen)
    assert seen == ["exec"]


@settings(deadline=SOON, max_examples=30)
@given(
    st.sampled_from(["(", "[", "{", "-", "not ", "a[", "prior(", "f'{", "a.", "1+", "lambda:", "a if b else ", "*"]),
    st.integers(1, 2000),
)
def test_deep_nesting_is_refused_without_running_out_of_stack(piece: str, times: int) -> None:
    understood(piece * times + "a" + ")" * times)
    understood((piece * times)[:2000])


@settings(deadline=SOON)
@given(st.integers(1, 1999), st.sampled_from("0123456789"))
def test_huge_numbers_are_refused_or_finite(digits: int, digit: str) -> None:
    understood(digit * digits)
    understood("1e" + digit * digits)
    understood(f"prior(revenue, {digit * digits})"[:2000])
