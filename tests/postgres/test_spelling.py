"""PostgreSQL's spelling: values like DuckDB's, nothing of a bound value in the text."""

from __future__ import annotations

from datetime import date

import pytest
from same_spelling import SameSpelling, terms_of
from sqlglot import exp

from sanjeh.calendars import Span
from sanjeh.engines.size import mask_type
from sanjeh.engines.spelling import spell
from sanjeh.plan import Block, Strategy


@pytest.mark.heavy
class TestPostgres(SameSpelling):
    """Expressions and aggregates of the language."""


def test_values_stay_bound_and_other_signs_are_doubled() -> None:
    """Nothing of a value stands in the text."""
    query = exp.select("a").where(exp.column("a").eq(exp.Placeholder(this="p0")), exp.column("b").like("5%"))
    assert spell(query, terms_of("postgres")) == 'SELECT "a" WHERE "a" = %(p0)s AND "b" LIKE \'5%%\''


def test_duckdb_is_spelt_as_it_was() -> None:
    """Its own words are not touched."""
    query = exp.select(exp.column("a")).where(exp.column("a").eq(exp.Placeholder(this="p0")))
    assert spell(query, terms_of("duckdb")) == "SELECT a WHERE a = $p0"


def test_sets_over_many_atoms_are_no_numbers_of_128_bits() -> None:
    """Only DuckDB has them."""
    spans = tuple(Span(date(2024, 1, n), date(2024, 1, n + 1)) for n in range(1, 31))
    more = tuple(Span(date(2024, m, n), date(2024, m, n + 1)) for m in (2, 3, 4) for n in range(1, 28))
    for over, duckdb, postgres in ((spans, "BIGINT", "BIGINT"), ((*spans, *more), "HUGEINT", None)):
        block = Block(Strategy.FLOW, "orders", ("ordered_at",), (), over)
        assert (mask_type(block), mask_type(block, "postgres")) == (duckdb, postgres)
