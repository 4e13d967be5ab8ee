"""Spark's spelling: values like DuckDB's, nothing of a bound value in the text."""

from __future__ import annotations

import pytest
from same_spelling import SameSpelling, terms_of
from sqlglot import exp

from sanjeh.engines.spelling import spell


@pytest.mark.heavy
class TestSpark(SameSpelling):
    """Expressions and aggregates of the language."""


def test_values_stay_bound_and_texts_are_left_alone() -> None:
    """Nothing of a value stands in the text, and no text is taken for one."""
    query = exp.select("a").where(exp.column("a").eq(exp.Placeholder(this="p0")), exp.column("b").like("it's :p1"))
    text = spell(query, terms_of("spark"))
    assert text == "SELECT `a` WHERE `a` = :p0 AND `b` LIKE 'it\\'s :p1'"
