"""An expression is SQL of a mapping over a file's headers: parsed, held against a short list, put over staged columns.

``number(x)``, ``date(x)`` and ``text(x)`` read a header's cells as the import reads a column of that type; a bare
header is its raw text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import match_key
from sanjeh.connectors.reading import RawColumn
from sanjeh.definitions import ColumnType
from sanjeh.errors import DefinitionError, Issue, Place, suggest

if TYPE_CHECKING:
    from sqlglot import exp

HELPERS: Mapping[str, ColumnType] = {
    "number": ColumnType.MONEY,
    "date": ColumnType.TIME,
    "text": ColumnType.TEXT,
}
_LONGEST = 5_000
_SCALAR = (
    "Column Identifier Literal Boolean Null Paren Neg Not And Or EQ NEQ GT GTE LT LTE Is In Between Like ILike"
    " Add Sub Mul Div IntDiv Mod DPipe Case If Coalesce Nullif Cast TryCast DataType Abs Round Floor Ceil Greatest"
    " Least Lower Upper Trim Substring Left Right Length Replace Concat ConcatWs SplitPart StartsWith EndsWith"
    " RegexpLike RegexpReplace RegexpExtract StrPosition Contains Lpad Pad Extract Year Month Day DateTrunc Escape Var"
    " TimestampTrunc Interval DateAdd"
)
_AGGREGATE = "Sum Count Min Max Avg Median First Last AnyValue ArgMin ArgMax Star Distinct CountIf LogicalOr LogicalAnd"


@dataclass(frozen=True, slots=True)
class Helper:
    """A column of the base relation that holds a header's cells as read by a helper function."""

    function: str
    column: RawColumn
    currency: str | None = None

    @property
    def name(self) -> str:
        """What the column is called."""
        return ":".join(part for part in (self.function, self.column.field, self.currency) if part)


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL over staged columns, the helper columns it needs, and whether it folds many rows into one value."""

    sql: str
    helpers: tuple[Helper, ...]
    aggregates: bool


def build_expression(
    sql: str, columns: tuple[RawColumn, ...], place: Place | None = None, *, currency: str | None = None
) -> Expression:
    """The expression that ``sql`` writes over the headers of ``columns``; ``currency`` is what its bare amounts are in.

    Raises DefinitionError ``bad_sql`` for anything but scalar functions and aggregates, ``unknown_name`` for a header
    that is not there.

    >>> build_expression("sum(number(Price)) / 2", (RawColumn(0, "Price", "c0"),)).sql
    'SUM("number:c0") / 2'
    """
    from sqlglot import exp

    tree = _parse(sql, place)
    _check(tree, sql, place)
    helpers: dict[str, Helper] = {}

    def put(node: exp.Expression) -> exp.Expression:
        function = _helper_of(node)
        if function:
            [argument] = list(node.iter_expressions())
            helper = Helper(
                function, find_column(argument.name, columns, place), currency if function == "number" else None
            )
            helpers[helper.name] = helper
            return exp.column(helper.name, quoted=True)
        if isinstance(node, exp.Column):
            return exp.column(find_column(node.name, columns, place).field, quoted=True)
        return node

    wanted = tuple(getattr(exp, name) for name in _AGGREGATE.split() if hasattr(exp, name))
    aggregates = any(isinstance(node, wanted) for node in tree.walk())
    bound = tree.transform(put)
    return Expression(bound.sql(dialect="duckdb"), tuple(helpers.values()), aggregates)


def find_column(name: str, columns: tuple[RawColumn, ...], place: Place | None = None) -> RawColumn:
    """The column whose header is ``name``: as written, or in another spelling where only one fits.

    Raises DefinitionError ``unknown_name`` with the nearest header.
    """
    for column in columns:
        if column.name == name:
            return column
    alike = [column for column in columns if match_key(column.name) == match_key(name) and match_key(name)]
    if len(alike) == 1:
        return alike[0]
    known = [column.name for column in columns]
    data = {"kind": "header", "name": name}
    raise DefinitionError(Issue("unknown_name", data, place, suggestion=suggest(name, known)))


def _parse(sql: str, place: Place | None) -> exp.Expression:
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(f"SELECT {sql}", read="duckdb") if len(sql) <= _LONGEST else None
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": type(error).__name__}, place)) from None
    given = [name for name, value in tree.args.items() if value] if isinstance(tree, exp.Select) else []
    if tree is None or given != ["expressions"] or len(tree.expressions) != 1:
        raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": "expression"}, place))
    found: exp.Expression = tree.expressions[0]
    return found


def _helper_of(node: exp.Expr) -> str | None:
    """The helper function that a node calls, or None."""
    from sqlglot import exp

    if isinstance(node, exp.Date):
        return "date"
    if isinstance(node, exp.Anonymous) and node.name.lower() in HELPERS:
        return node.name.lower()
    return None


def _check(tree: exp.Expression, sql: str, place: Place | None) -> None:
    from sqlglot import exp

    allowed = tuple(getattr(exp, name) for name in (_SCALAR + " " + _AGGREGATE).split() if hasattr(exp, name))
    for node in tree.walk():
        is_fine = type(node) in allowed
        if _helper_of(node):
            arguments = list(node.iter_expressions())
            is_fine = len(arguments) == 1 and isinstance(arguments[0], exp.Column)
        if isinstance(node, exp.Column) and len(node.parts) != 1:
            is_fine = False
        if not is_fine:
            raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": node.key}, place))
