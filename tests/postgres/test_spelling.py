"""The spelling: one expression in DuckDB's words comes to the same value in PostgreSQL's."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from sanjeh.calendars import Span
from sanjeh.definitions import load_catalogue
from sanjeh.engines.language import rewrite
from sanjeh.engines.size import mask_type
from sanjeh.engines.snippet import parse_snippet
from sanjeh.engines.spelling import spell
from sanjeh.engines.terms import Terms
from sanjeh.plan import Block, Holdings, Strategy

CATALOGUE = load_catalogue()
DUCKDB = Terms(CATALOGUE, CATALOGUE.settings(), Holdings(), date(2024, 1, 1))
POSTGRES = Terms(CATALOGUE, CATALOGUE.settings(), Holdings(), date(2024, 1, 1), dialect="postgres")
ROWS = """(VALUES
  (7, 2.5, CAST(0.1 AS DOUBLE), DATE '2024-02-28',
    TIMESTAMP '2024-02-28 23:59:59.9', TIMESTAMP '2024-03-01 00:00:00.1', 'a%b', true),
  (-7, 0.0, CAST(-2.5 AS DOUBLE), DATE '2024-03-01',
    TIMESTAMP '2024-03-01 10:00:00', TIMESTAMP '2024-03-01 09:00:00', '', false),
  (0, -1.5, CAST(1e9 AS DOUBLE), DATE '2023-12-31',
    TIMESTAMP '2023-12-31 00:00:00', TIMESTAMP '2024-01-01 00:00:00', NULL, NULL)
) AS r (i, n, x, d, t, u, s, is_online)"""
SCALARS = (
    *(
        "i / 2",
        "n / i",
        "x / n",
        "i / nullif(i, 0)",
        "cast(i as double) / 0",
        "0 / 0",
        "round(x, 1)",
        "round(x)",
        "round(n)",
    ),
    *("days_between(t, u)", "days_between(d, u)", "minutes_between(t, u)", "hours_between(t, u)", "d + 7", "d + 7 - 7"),
    *(
        "year(t)",
        "month(d)",
        "day(t)",
        "greatest(i, 1)",
        "least(d, day(t))",
        "coalesce(s, 'x')",
        "i % 3",
        "x % 2",
        "abs(i)",
    ),
    *(
        "floor(x)",
        "ceil(n)",
        "lower(s)",
        "length(s)",
        "s || '%'",
        "s like 'a%'",
        "s ilike 'A%'",
        "case when is_online then 1 else 0 end",
    ),
    *(
        "i between -1 and 7",
        "i in (7, 0)",
        "not is_online",
        "is_online or i = 0",
        "t < u",
        "cast(is_online as varchar)",
        "cast(d as varchar)",
    ),
)
AGGREGATES = (
    *(
        "max(is_online)",
        "min(is_online)",
        "max(i > 0)",
        "sum(n)",
        "sum(x)",
        "sum(i)",
        "max(s)",
        "count(*) filter (where is_online)",
    ),
    *("quantile_cont(cast(i as double), 0.5)", "quantile_cont(cast(x as double), 0.5) filter (where i <> 0)"),
    *("bit_count(bit_or(cast(1 as bigint) << abs(i)))", "bit_or(cast(1 as bigint) << abs(i)) & 3"),
)


def tree_of(text: str) -> exp.Expr:
    """The expression as Sanjeh's language has it."""
    return rewrite(parse_snippet(text), DUCKDB, "test", lambda column: column)


def same(one: object, other: object) -> bool:
    """Whether two databases mean the same."""
    if one is None or other is None or isinstance(one, (str, bool, date)):
        return one == other
    left, right = float(str(one)), float(str(other))
    return (math.isnan(left) and math.isnan(right)) or math.isclose(left, right, rel_tol=1e-9)


def run_both(item: exp.Expr, owner: Any) -> tuple[list[object], list[object]]:
    """The values of ``item`` over the rows."""
    import duckdb

    source = sqlglot.parse_one(f"SELECT * FROM {ROWS}", read="duckdb").find(exp.From)
    assert source is not None
    query = exp.select(exp.alias_(item, "v")).from_(source.this)
    if not item.find(exp.AggFunc) and "bit_" not in item.sql():
        query = query.order_by(sqlglot.parse_one("i"))
    left = [row[0] for row in duckdb.sql(spell(query, DUCKDB)).fetchall()]
    right = [row[0] for row in owner.execute(spell(query, POSTGRES), {}).fetchall()]
    return left, right


@pytest.mark.heavy
@pytest.mark.parametrize("text", SCALARS)
def test_an_expression_of_the_language_has_one_value(owner: Any, text: str) -> None:
    """Quotients by zero, remainders, boundaries of seconds, signs of patterns."""
    left, right = run_both(tree_of(text), owner)
    assert len(left) == 3
    assert all(same(one, other) for one, other in zip(left, right, strict=True)), (left, right)


@pytest.mark.heavy
@pytest.mark.parametrize("text", AGGREGATES)
def test_an_aggregate_has_one_value(owner: Any, text: str) -> None:
    """Flags, medians, bits."""
    left, right = run_both(sqlglot.parse_one(text, read="duckdb"), owner)
    assert len(left) == 1
    assert same(left[0], right[0]), (left, right)


def test_values_stay_bound_and_other_signs_are_doubled() -> None:
    """Nothing of a value stands in the text."""
    query = exp.select("a").where(exp.column("a").eq(exp.Placeholder(this="p0")), exp.column("b").like("5%"))
    assert spell(query, POSTGRES) == 'SELECT "a" WHERE "a" = %(p0)s AND "b" LIKE \'5%%\''


def test_duckdb_is_spelt_as_it_was() -> None:
    """Its own words are not touched."""
    query = exp.select(exp.column("a")).where(exp.column("a").eq(exp.Placeholder(this="p0")))
    assert spell(query, DUCKDB) == "SELECT a WHERE a = $p0"


def test_sets_over_many_atoms_are_no_numbers_of_128_bits() -> None:
    """Only DuckDB has them."""
    spans = tuple(Span(date(2024, 1, n), date(2024, 1, n + 1)) for n in range(1, 31))
    more = tuple(Span(date(2024, m, n), date(2024, m, n + 1)) for m in (2, 3, 4) for n in range(1, 28))
    for over, duckdb, postgres in ((spans, "BIGINT", "BIGINT"), ((*spans, *more), "HUGEINT", None)):
        block = Block(Strategy.FLOW, "orders", ("ordered_at",), (), over)
        assert (mask_type(block), mask_type(block, "postgres")) == (duckdb, postgres)
