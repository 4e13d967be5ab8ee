"""Columns named: every ``*`` of a tree becomes a list of columns, for engines that cannot replace or match by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from sanjeh.engines.stored import DAY

Columns = Callable[[str], Mapping[str, str] | None]


def name_columns(tree: exp.Expr, columns: Columns, types: Mapping[str, str]) -> None:
    """Change ``tree`` so that no select has a star and unions match by place; columns that nothing names are left out.

    ``columns`` gives the columns of a stored table (None for any other), ``types`` the SQL type of a column's name.
    """
    for number, source in enumerate(_unnamed(tree)):
        source.set("alias", exp.TableAlias(this=exp.to_identifier(f"stored_{number}")))
    named = {column.name for column in tree.find_all(exp.Column)} | {item.alias for item in tree.find_all(exp.Alias)}
    for node in sorted(tree.find_all(exp.Select, exp.Union), key=lambda item: item.depth, reverse=True):
        if isinstance(node, exp.Union) and node.args.get("by_name"):
            _match(node, types)
        if isinstance(node, exp.Select) and any(_star(item) is not None for item in node.expressions):
            expanded = [each for item in node.expressions for each in _expanded(item, node, columns, named)]
            node.set("expressions", expanded or [exp.Literal.number(1)])
    for query in tree.find_all(exp.Select):
        for item in query.expressions:
            if isinstance(item, exp.Alias) and isinstance(item.this, exp.Null):
                item.set("this", _empty(item.alias, types))


def _unnamed(tree: exp.Expr) -> list[exp.Subquery]:
    """The queries in FROM that have no name, which some engines want."""
    found = [source for query in tree.find_all(exp.Select) for source in _sources(query)]
    return [source for source in found if isinstance(source, exp.Subquery) and not source.alias]


def _star(item: exp.Expr) -> exp.Star | None:
    inner = item.this if isinstance(item, exp.Column) else item
    return inner if isinstance(inner, exp.Star) else None


def _expanded(item: exp.Expr, query: exp.Select, columns: Columns, named: set[str]) -> list[exp.Expr]:
    star = _star(item)
    if star is None:
        return [item]
    wanted = item.table if isinstance(item, exp.Column) else ""
    replaced = {change.alias: change for change in star.args.get("replace") or ()}
    found: list[exp.Expr] = []
    for source in _sources(query):
        if wanted in ("", source.alias_or_name):
            kept = [name for name in _names(source, columns) if name in named]
            found += [replaced.get(n) or exp.column(n, table=source.alias_or_name, quoted=True) for n in kept]
    return found


def _sources(query: exp.Select) -> list[exp.Expr]:
    start = query.args.get("from_")
    return [*([start.this] if start else []), *(join.this for join in query.args.get("joins") or ())]


def _names(source: exp.Expr, columns: Columns) -> list[str]:
    if isinstance(source, exp.Subquery):
        return list(source.this.named_selects)
    known = columns(source.name)
    if known is None:
        raise LookupError(f"the columns of {source.name} are not known")
    return list(known)


def _match(union: exp.Union, types: Mapping[str, str]) -> None:
    """Both sides of a union by name get the same columns in the same order; one that a side lacks is empty there."""
    left, right = union.this, union.expression
    names = list(dict.fromkeys([*left.named_selects, *right.named_selects]))
    for side in (left, right):
        for branch in _branches(side):
            own = {item.alias_or_name: item for item in branch.expressions}
            items = [own.get(name) or exp.alias_(_empty(name, types), name, quoted=True) for name in names]
            branch.set("expressions", items)
    union.set("by_name", False)


def _branches(query: exp.Expr) -> list[exp.Select]:
    if isinstance(query, exp.SetOperation):
        return [*_branches(query.this), *_branches(query.expression)]
    return [query] if isinstance(query, exp.Select) else _branches(query.this)


def _empty(name: str, types: Mapping[str, str]) -> exp.Expr:
    """No value, of the type that a column called so (or at the end of such a path) has."""
    last = name.rpartition(".")[2]
    kind = "DATE" if last.endswith(DAY) else types.get(last, "VARCHAR")
    return exp.cast(exp.null(), kind)
