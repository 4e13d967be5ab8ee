"""A formula as text and as words in two languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from tree import trees

from sanjeh.definitions import load_catalogue
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
    in_words,
    parse,
    to_text,
)


def bare(node: Node) -> Node:
    """The tree without columns."""
    match node:
        case Binary(left=left, right=right):
            return replace(node, left=bare(left), right=bare(right), column=0)
        case Negative(operand=inner) | Filtered(operand=inner):
            return replace(node, operand=bare(inner), column=0)
        case Call(arguments=arguments):
            return replace(node, arguments=tuple(bare(part) for part in arguments), column=0)
        case Number() | Name() | VariantName() | Word():
            return replace(node, column=0)


@given(trees)
def test_text_and_tree_are_inverse(tree: Node) -> None:
    assert bare(parse(to_text(tree))) == tree


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("((a)+(b))", "a + b"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a/(b*c)", "a / (b * c)"),
        ("(a+b)*c", "(a + b) * c"),
        ("-(a+b)", "-(a + b)"),
        ("(a+b)[ x=='y' ]", "(a + b)[x == 'y']"),
        ("prior(a,n=2)", "prior(a, 2)"),
        ("1e3*a", "1000 * a"),
        ("0.50*a", "0.5 * a"),
        ('across(a,b,"mean")', "across(a, b, 'mean')"),
    ],
)
def test_text_has_no_more_brackets_than_needed(text: str, canonical: str) -> None:
    assert to_text(parse(text)) == canonical


def test_every_standard_formula_survives_being_printed() -> None:
    for kpi in load_catalogue().kpis.values():
        for formula in (kpi.formula, *(variant.formula for variant in kpi.variants.values())):
            assert bare(parse(to_text(parse(formula)))) == bare(parse(formula))


SENTENCES = [
    ("revenue / orders", "Revenue ÷ Orders", "درآمد ÷ سفارش‌ها"),
    ("1000.5 * orders", "1,000.5 × Orders", "۱٬۰۰۰٫۵ × سفارش‌ها"),
    ("-orders", "−Orders", "−سفارش‌ها"),
    ("prior(orders)", "Orders of the period before", "سفارش‌ها در دورهٔ قبل"),
    ("prior(orders, 2)", "Orders 2 periods earlier", "سفارش‌ها مربوط به ۲ دوره قبل"),
    ("rolling(orders, periods_per_year)", "Orders over the last year", "سفارش‌ها در یک سال اخیر"),
    (
        "year_ago(orders + buyers)",
        "(Orders + Buyers) in the same period of last year",
        "(سفارش‌ها + خریداران) در مدت مشابه سال قبل",
    ),
    ("plus(likes, shares, tags)", "The sum of Likes, Shares and Tags", "جمع پسندها، اشتراک‌گذاری‌ها و برچسب‌گذاری‌ها"),
    (
        "average(followers) * days",
        "(the average of Followers) × days of the period",
        "(میانگین دنبال‌کنندگان) × روزهای دوره",
    ),
    ("orders / average(followers)", "Orders ÷ the average of Followers", "سفارش‌ها ÷ میانگین دنبال‌کنندگان"),
    ("orders[region == 'تهران']", "Orders (where Region = تهران)", "سفارش‌ها (به شرط منطقه = تهران)"),
    ("orders[region != None]", "Orders (where Region ≠ empty)", "سفارش‌ها (به شرط منطقه ≠ خالی)"),
    ("orders[region in ('A', 'B')]", "Orders (where Region = A or B)", "سفارش‌ها (به شرط منطقه = A یا B)"),
    ("orders[is_online]", "Orders (only Online)", "سفارش‌ها (فقط سفارش آنلاین)"),
    ("orders[not is_online]", "Orders (except Online)", "سفارش‌ها (به‌جز سفارش آنلاین)"),
    ("orders[is_online == False]", "Orders (except Online)", "سفارش‌ها (به‌جز سفارش آنلاین)"),
    (
        "orders[is_online][region == 'A']",
        "Orders (where Online and Region = A)",
        "سفارش‌ها (به شرط سفارش آنلاین و منطقه = A)",
    ),
    ("retention_rate.exact", "Retained of those at the start", "مانده از مشتریان آغاز دوره"),
    (
        "across(assigned_revenue, salesperson, 'median')",
        "The median of Revenue with a salesperson over the members of Salesperson",
        "میانهٔ درآمد دارای فروشنده در میان اعضای «فروشنده»",
    ),
]


@pytest.mark.parametrize(("formula", "english", "persian"), SENTENCES)
def test_a_formula_reads_as_a_sentence_in_both_languages(formula: str, english: str, persian: str) -> None:
    catalogue = load_catalogue()
    assert in_words(parse(formula), catalogue, "en") == english
    assert in_words(parse(formula), catalogue, "fa") == persian


def test_a_number_of_periods_is_told_where_the_settings_are_known() -> None:
    catalogue, node = load_catalogue(), parse("prior(orders, organic_periods + 1)")
    assert in_words(node, catalogue, "en") == "Orders (“Periods of organic growth” + 1) periods earlier"
    assert in_words(node, catalogue, "en", {"organic_periods": 12}) == "Orders 13 periods earlier"
    assert in_words(node, catalogue, "en", {"organic_periods": 0}) == "Orders of the period before"


@given(trees)
def test_every_tree_has_words_in_both_languages(tree: Node) -> None:
    catalogue = load_catalogue()
    assert in_words(tree, catalogue, "en")
    assert in_words(tree, catalogue, "fa")
