"""A snippet is a piece of SQL in a definition: parsed once, checked against a short list of what may stand in it.

Whatever is not on the list is refused: nothing reads a file, the clock or the database's own tables; nothing writes.
Snippets are trees from here on; values reach a statement as literals of the tree or as bound parameters, never as text.
"""

from __future__ import annotations

import re
from functools import lru_cache

import sqlglot
from sqlglot import exp

from sanjeh.errors import DefinitionError, Issue, Place

MOST_CHARACTERS = 20_000
MOST_DEPTH = 100
# ``order`` is a word of SQL and the name of a relation; quoted text is left as it is.
_KEYWORD_PATH = re.compile(r"('(?:[^']|'')*')|(?<![\w.\"])order\.(?=[a-z_\"])")
_SCALAR: frozenset[type[exp.Expr]] = frozenset(
    (
        *(exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Paren, exp.Var),
        *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.And, exp.Or, exp.Not, exp.Is, exp.In, exp.Between),
        *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike, exp.Case, exp.If, exp.Interval),
        *(exp.Cast, exp.DataType, exp.DataTypeParam, exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Abs),
        *(exp.Round, exp.Floor, exp.Ceil, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Concat, exp.DPipe),
        *(exp.Year, exp.Month, exp.Day),
    )
)
_QUERY: frozenset[type[exp.Expr]] = _SCALAR | {
    *(exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Subquery, exp.Alias, exp.Star, exp.Where, exp.Group),
    *(exp.Having, exp.Join, exp.Union, exp.Exists, exp.Distinct, exp.Order, exp.Ordered),
    *(exp.Window, exp.WindowSpec, exp.RowNumber, exp.Lag, exp.Lead),
    *(exp.Sum, exp.Count, exp.Min, exp.Max, exp.Avg),
}
_OWN_FUNCTIONS = frozenset(
    ["days_between", "minutes_between", "hours_between", "working_minutes", "working_hours", "segment", "last_before"]
)
_TYPES = frozenset(["DATE", "TIMESTAMP", "DOUBLE", "BIGINT", "INT", "DECIMAL", "VARCHAR", "TEXT", "BOOLEAN"])


@lru_cache(maxsize=4096)
def parse_snippet(sql: str, owner: str = "") -> exp.Expr:
    """The tree of the expression ``sql``; raises DefinitionError (``bad_sql``) naming the ``owner``."""
    return _parse(sql, owner, select=False)


@lru_cache(maxsize=512)
def parse_select(sql: str, owner: str = "") -> exp.Query:
    """The tree of the query ``sql``; raises DefinitionError (``bad_sql``) for anything but a query."""
    tree = _parse(sql, owner, select=True)
    if not isinstance(tree, exp.Query):
        raise bad_sql(sql, "query", owner)
    return tree


def bad_sql(sql: str, problem: str, owner: str) -> DefinitionError:
    """The error that a snippet is not one of ours."""
    return DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": problem}, Place(owner) if owner else None))


def _parse(sql: str, owner: str, *, select: bool) -> exp.Expr:
    if len(sql) > MOST_CHARACTERS:
        raise bad_sql(sql, "length", owner)
    text = _KEYWORD_PATH.sub(lambda match: match[1] or '"order".', sql)
    try:
        trees = sqlglot.parse(text if select else f"SELECT {text}", read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise bad_sql(sql, type(error).__name__, owner) from None
    tree = trees[0] if len(trees) == 1 else None
    if tree is None or not isinstance(tree, exp.Query):
        raise bad_sql(sql, "query" if select else "expression", owner)
    _refuse(tree, sql, owner, select)
    return tree if select else tree.expressions[0]


def _refuse(tree: exp.Expr, sql: str, owner: str, select: bool) -> None:
    if not select and (not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or _has_more(tree)):
        raise bad_sql(sql, "expression", owner)
    allowed = _QUERY if select else _SCALAR
    for node in tree.walk():
        node.pop_comments()
        if node is tree:
            continue
        fine = type(node) in allowed or (isinstance(node, exp.Anonymous) and node.name.lower() in _OWN_FUNCTIONS)
        if isinstance(node, exp.Table):
            fine = fine and isinstance(node.this, exp.Identifier) and not node.db and not node.catalog
        if isinstance(node, exp.DataType):
            fine = fine and getattr(node.this, "name", "") in _TYPES
        if not fine or node.depth > MOST_DEPTH:
            raise bad_sql(sql, node.key, owner)


def _has_more(tree: exp.Select) -> bool:
    """Whether a select has anything besides what it selects."""
    return any(value for name, value in tree.args.items() if name != "expressions")
