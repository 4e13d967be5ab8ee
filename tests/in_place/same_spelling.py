"""The spelling: one expression in DuckDB's words comes to the same value in another engine's.

The tests are methods of a class, so that each engine's own file runs all of them; its fixture ``database`` says where.
"""

from __future__ import annotations

import math
from datetime import date

import pytest
import sqlglot
from database import Database
from sqlglot import exp

from sanjeh.definitions import load_catalogue
from sanjeh.engines.language import rewrite
from sanjeh.engines.snippet import parse_snippet
from sanjeh.engines.spelling import spell
from sanjeh.engines.terms import Terms
from sanjeh.plan import Holdings

CATALOGUE = load_catalogue()
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


def terms_of(dialect: str) -> Terms:
    """Terms without rows."""
    return Terms(CATALOGUE, CATALOGUE.settings(), Holdings(), date(2024, 1, 1), dialect=dialect)


def tree_of(text: str) -> exp.Expr:
    """The expression as Sanjeh's language has it."""
    return rewrite(parse_snippet(text), terms_of("duckdb"), "test", lambda column: column)


def same(one: object, other: object) -> bool:
    """Whether two databases mean the same."""
    if one is None or other is None or isinstance(one, (str, bool, date)):
        return one == other
    left, right = float(str(one)), float(str(other))
    return (math.isnan(left) and math.isnan(right)) or math.isclose(left, right, rel_tol=1e-9)


def run_both(item: exp.Expr, database: Database) -> tuple[list[object], list[object]]:
    """The values of ``item`` over the rows."""
    import duckdb

    source = sqlglot.parse_one(f"SELECT * FROM {ROWS}", read="duckdb").find(exp.From)
    assert source is not None
    query = exp.select(exp.alias_(item, "v")).from_(source.this)
    if not item.find(exp.AggFunc) and "bit_" not in item.sql():
        query = query.order_by(sqlglot.parse_one("i"))
    left = [row[0] for row in duckdb.sql(spell(query, terms_of("duckdb"))).fetchall()]
    right = [row[0] for row in database.query(spell(query, terms_of(database.engine)))]
    return left, right


class SameSpelling:
    """Expressions and aggregates of the language."""

    @pytest.mark.parametrize("text", SCALARS)
    def test_an_expression_of_the_language_has_one_value(self, database: Database, text: str) -> None:
        """Quotients by zero, remainders, boundaries of seconds, signs of patterns."""
        left, right = run_both(tree_of(text), database)
        assert len(left) == 3
        assert all(same(one, other) for one, other in zip(left, right, strict=True)), (left, right)

    @pytest.mark.parametrize("text", AGGREGATES)
    def test_an_aggregate_has_one_value(self, database: Database, text: str) -> None:
        """Flags, medians, bits."""
        left, right = run_both(sqlglot.parse_one(text, read="duckdb"), database)
        assert len(left) == 1
        assert same(left[0], right[0]), (left, right)
