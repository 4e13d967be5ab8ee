"""A snippet is a piece of SQL in a definition: parsed once, checked against a short list of what may stand in it.

Snippets are trees from here on; values reach a statement as literals of the tree or as bound parameters, never as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp

from sanjeh.errors import DefinitionError, Issue, Place

_KEYWORD_PATH = re.compile(r"(?<![\w.\"])order\.(?=[a-z_\"])")
_REFUSED = (exp.Command, exp.DDL, exp.DML, exp.Into, exp.Lock, exp.Set, exp.Pragma, exp.Attach, exp.Detach, exp.Copy)
_FUNCTIONS = frozenset(
    "days_between minutes_between hours_between working_minutes working_hours segment last_before to_days ceil".split()
)
_SAFE_ANONYMOUS = _FUNCTIONS | frozenset("greatest least coalesce nullif abs round floor lower upper trim".split())


@lru_cache(maxsize=4096)
def parse_snippet(sql: str, owner: str = "") -> exp.Expr:
    """The tree of the expression ``sql``; raises DefinitionError (``bad_sql``) naming the ``owner``."""
    return _parse(sql, owner, select=False)


@lru_cache(maxsize=512)
def parse_select(sql: str, owner: str = "") -> exp.Expr:
    """The tree of the query ``sql``; raises DefinitionError (``bad_sql``) for anything but a query."""
    return _parse(sql, owner, select=True)


def _parse(sql: str, owner: str, *, select: bool) -> exp.Expr:
    place = Place(owner) if owner else None
    if len(sql) > 20_000:
        raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": "length"}, place))
    text = _KEYWORD_PATH.sub('"order".', sql)
    try:
        tree = sqlglot.parse_one(text, read="duckdb") if select else sqlglot.parse_one(f"SELECT {text}", read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": type(error).__name__}, place)) from None
    if not select:
        if not isinstance(tree, exp.Select) or len(tree.expressions) != 1 or len([v for v in tree.args.values() if v]) != 1:
            raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": "expression"}, place))
        tree = tree.expressions[0]
    elif not isinstance(tree, exp.Query):
        raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": "query"}, place))
    _refuse(tree, sql, place, select)
    return tree


def _refuse(tree: exp.Expr, sql: str, place: Place | None, select: bool) -> None:
    for node in tree.walk():
        bad = isinstance(node, _REFUSED) or (isinstance(node, exp.Query) and not select)
        bad = bad or (isinstance(node, exp.Anonymous) and node.name.lower() not in _SAFE_ANONYMOUS)
        bad = bad or (isinstance(node, exp.Table) and isinstance(node.this, exp.Func))
        bad = bad or isinstance(node, (exp.Parameter, exp.SessionParameter, exp.ReadCSV))
        if bad:
            raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": node.key}, place))


def columns_of(tree: exp.Expr) -> Iterator[tuple[str, ...]]:
    """The dotted names of every column that stands in ``tree``, as tuples of parts."""
    for column in tree.find_all(exp.Column):
        yield tuple(part.name for part in column.parts)


def parameters_of(tree: exp.Expr) -> Iterator[str]:
    """The names of the parameters (``:name``) that stand in ``tree``."""
    for node in tree.find_all(exp.Placeholder):
        yield node.name
