"""The grammar: what is in the language becomes a tree, all else an error at its column."""

from __future__ import annotations

import pytest

from sanjeh.errors import DefinitionError
from sanjeh.formula import (
    Binary,
    Call,
    Filtered,
    Name,
    Negative,
    Node,
    Number,
    VariantName,
    Word,
    parse,
    parse_conditions,
)
from sanjeh.series import Condition

A, B = Name("a", 1), Name("b", 5)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("  a  ", Name("a", 3)),
        ("1_000.5", Number(1000.5, 1)),
        ("a + b", Binary("+", A, B, 1)),
        ("a\n  + b", Binary("+", A, Name("b", 7), 1)),
        ("a - b", Binary("-", A, B, 1)),
        ("a * b", Binary("*", A, B, 1)),
        ("a / b", Binary("/", A, B, 1)),
        ("+a", Name("a", 2)),
        ("-a", Negative(Name("a", 2), 1)),
        ("a.b", VariantName("a", "b", 1)),
        ("prior(a)", Call("prior", (Name("a", 7),), 1)),
        ("prior(a, n=2)", Call("prior", (Name("a", 7), Number(2, 12)), 1)),
        ("across(a, b, 'mean')", Call("across", (Name("a", 8), Name("b", 11), Word("mean", 14)), 1)),
        ("a[x == 'y']", Filtered(A, Condition("x", ("y",)), 1)),
        ("a[x != 'y']", Filtered(A, Condition("x", ("y",), negated=True), 1)),
        ("a[x in ('y', 'z')]", Filtered(A, Condition("x", ("y", "z")), 1)),
        ("a[x not in ['y']]", Filtered(A, Condition("x", ("y",), negated=True), 1)),
        ("a[x]", Filtered(A, Condition("x", ("true",)), 1)),
        ("a[not x]", Filtered(A, Condition("x", ("true",), negated=True), 1)),
        ("a[x == None]", Filtered(A, Condition("x", (None,)), 1)),
        ("a[x == 3]", Filtered(A, Condition("x", ("3",)), 1)),
        ("a[x == False]", Filtered(A, Condition("x", ("false",)), 1)),
    ],
)
def test_a_formula_becomes_a_tree_that_points_back_into_its_text(text: str, tree: Node) -> None:
    assert parse(text) == tree


def test_products_bind_before_sums_and_equals_from_the_left() -> None:
    assert _shape("a - b - c / d * e") == "((a-b)-((c/d)*e))"


def _shape(text: str) -> str:
    def shape(node: Node) -> str:
        return f"({shape(node.left)}{node.operator}{shape(node.right)})" if isinstance(node, Binary) else node.id  # type: ignore[union-attr]

    return shape(parse(text))


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("", "bad_formula", 1),
        ("a ** 2", "bad_formula", 1),
        ("1 + a ** 2", "bad_formula", 5),
        ("a // b", "bad_formula", 1),
        ("a % b", "bad_formula", 1),
        ("a > b", "bad_formula", 1),
        ("a and b", "bad_formula", 1),
        ("a if b else c", "bad_formula", 1),
        ("True", "bad_formula", 1),
        ("None", "bad_formula", 1),
        ("1j", "bad_formula", 1),
        ("1e999", "bad_formula", 1),
        ("'word'", "bad_formula", 1),
        ("b'x'", "bad_formula", 1),
        ("...", "bad_formula", 1),
        ("a + [b]", "bad_formula", 5),
        ("(a, b)", "bad_formula", 1),
        ("{a: b}", "bad_formula", 1),
        ("a + f'{b}'", "bad_formula", 5),
        ("lambda: a", "bad_formula", 1),
        ("(a := 1)", "bad_formula", 2),
        ("[a for a in b]", "bad_formula", 1),
        ("min(*a)", "bad_formula", 5),
        ("prior(**a)", "bad_arguments", 7),
        ("a.b.c", "bad_formula", 1),
        ("a().b", "bad_formula", 1),
        ("a[0]", "bad_condition", 3),
        ("a[1:2]", "bad_condition", 3),
        ("a[x == y]", "bad_condition", 8),
        ("a[x == 1.5]", "bad_condition", 8),
        ("a[x < 'y']", "bad_condition", 3),
        ("a[x and y]", "bad_condition", 3),
        ("a[x == 'y' == 'z']", "bad_condition", 3),
        ("prior()", "bad_arguments", 1),
        ("prior(a, 1, 2)", "bad_arguments", 1),
        ("year_ago(a, 1)", "bad_arguments", 1),
        ("across(a, b)", "bad_arguments", 1),
        ("prior(a, m=2)", "bad_arguments", 10),
        ("min(a, n=2)", "bad_arguments", 8),
        ("part_of(a, n=2)", "bad_arguments", 12),
        ("eval('1')", "unknown_function", 1),
        ("__import__('os').system('x')", "bad_formula", 1),
        ("a[ناحیه == 'تهران'] + b ** 2", "bad_formula", 23),
        ("   a + b ** 2", "bad_formula", 8),
    ],
)
def test_what_is_not_in_the_language_is_refused_at_its_column(text: str, code: str, column: int) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(text, "kpi.variant")
    (issue,) = caught.value.issues
    assert issue.place is not None
    assert (issue.code, issue.place.file, issue.place.column) == (code, "kpi.variant", column)


@pytest.mark.parametrize("text", ["a +", "a b", "(a", "a)", "a[", "'a", "a ∕ b", "a;b", "import os", "a = 1", "\\"])
def test_a_broken_sentence_is_refused_within_its_text(text: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(text)
    (issue,) = caught.value.issues
    assert issue.code == "bad_formula"
    assert issue.place is not None and 1 <= (issue.place.column or 0) <= len(text) + 1


def test_a_misspelt_function_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse("roling(a, 3)")
    assert caught.value.issues[0].suggestion == "rolling"


@pytest.mark.parametrize("text", ["a" + " + a" * 600, "(" * 70 + "a" + ")" * 70 + "*" * 2, "-" * 70 + "a", "a" * 2001])
def test_what_is_too_long_or_too_deep_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError):
        parse(text)


def test_conditions_of_a_filter_are_joined_by_and() -> None:
    assert parse_conditions("region == 'تهران' and not is_online and channel in ('a', 'b')") == (
        Condition("region", ("تهران",)),
        Condition("is_online", ("true",), negated=True),
        Condition("channel", ("a", "b")),
    )


@pytest.mark.parametrize("text", ["a == 'x' or b == 'y'", "a", "__import__('os')", "a == 'x'; b"])
def test_a_filter_is_conditions_only(text: str) -> None:
    if text == "a":
        assert parse_conditions(text) == (Condition("a", ("true",)),)
        return
    with pytest.raises(DefinitionError):
        parse_conditions(text)
