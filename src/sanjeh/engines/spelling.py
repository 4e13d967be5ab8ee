"""A spelling is how one engine writes a statement: the tree is the same for all, what differs is put in here.

Statements are built in DuckDB's words. A spelling changes what its engine has another word for, and says how values are
bound in its text.
"""

from __future__ import annotations

from typing import Protocol

from sqlglot import exp

from sanjeh.engines import spelling_clickhouse, spelling_postgres, spelling_spark
from sanjeh.engines.terms import Terms


class Spelling(Protocol):
    """What a module ``spelling_<engine>`` has."""

    def write(self, tree: exp.Expr, terms: Terms) -> str:
        """The text of ``tree``, which it may change."""
        ...


SPELLINGS: dict[str, Spelling] = {
    "postgres": spelling_postgres,
    "clickhouse": spelling_clickhouse,
    "spark": spelling_spark,
}


def spell(tree: exp.Expr, terms: Terms) -> str:
    """The text of ``tree`` in the words of the engine that ``terms`` name."""
    own = SPELLINGS.get(terms.dialect)
    return tree.sql(dialect=terms.dialect) if own is None else own.write(tree.copy(), terms)
