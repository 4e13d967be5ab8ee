"""An expression is SQL of a mapping over a file's headers: parsed, held against a short list, put over staged columns.

``number(x)``, ``date(x)`` and ``text(x)`` read a header's cells as the import reads a column of that type; a bare
header is its raw text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import DateStyle, match_key
from sanjeh.connectors.cleaning.number import DecimalMark
from sanjeh.connectors.reading import RawColumn
from sanjeh.definitions import ColumnType
from sanjeh.errors import DefinitionError, Issue, Place, suggest

if TYPE_CHECKING:
    from sqlglot import exp

READERS: Mapping[str, ColumnType] = {
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
_RECKONING = "Add Sub Mul Div IntDiv Mod Neg Abs Round Floor Ceil Sum Avg Median"
_AGGREGATE = "Sum Count Min Max Avg Median First Last AnyValue ArgMin ArgMax Star Distinct CountIf LogicalOr LogicalAnd"


@dataclass(frozen=True, slots=True)
class ReadStyle:
    """What a mapping says of how ``number`` and ``date`` read; None is what the cells themselves say.

    ``currency`` is what bare amounts are in, ``decimal`` the mark; ``own_unit`` says that the field names a unit, which
    goes before that of a header. ``date`` is how dates are written, ``zone`` where their clock times were read.
    """

    currency: str | None = None
    decimal: DecimalMark | None = None
    own_unit: bool = False
    date: DateStyle | None = None
    zone: str | None = None

    def of_function(self, function: str, header: ReadStyle) -> ReadStyle:
        """What of it ``function`` goes by; ``header`` is what the mapping says elsewhere of the same header."""
        if function == "number":
            return ReadStyle(self.currency, self.decimal or header.decimal, self.own_unit)
        if function == "date":
            said = self if self.date is not None else header
            return ReadStyle(date=said.date, zone=self.zone or header.zone)
        return _OPEN

    @property
    def word(self) -> str:
        """What tells it from other styles."""
        date = self.date
        parts = (date.calendar, date.order, date.bare, date.year, date.two_digit_year) if date is not None else ()
        return ":".join(
            str(part)
            for part in (self.currency, self.decimal, "unit" if self.own_unit else "", *parts, self.zone)
            if part
        )


_OPEN = ReadStyle()


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of the base relation that holds a header's cells as ``number``, ``date`` or ``text`` reads them."""

    function: str
    column: RawColumn
    style: ReadStyle = _OPEN
    place: Place | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What the column is called."""
        return ":".join(part for part in (self.function, self.column.field, self.style.word) if part)


@dataclass(frozen=True, slots=True)
class Expression:
    """SQL over staged columns, the read columns it needs, and whether it folds many rows into one value.

    ``written`` is the SQL as the mapping has it.
    """

    sql: str
    reads: tuple[ReadColumn, ...]
    aggregates: bool
    written: str = ""
    place: Place | None = None


def build_expression(
    sql: str,
    columns: tuple[RawColumn, ...],
    place: Place | None = None,
    *,
    style: ReadStyle = _OPEN,
    headers: Mapping[str, ReadStyle] | None = None,
) -> Expression:
    """The expression that ``sql`` writes over the headers of ``columns``.

    ``style`` is how it reads them, where that says nothing ``headers``, by staged column; default: what the cells say.
    Raises DefinitionError ``bad_sql`` for anything but scalar functions and aggregates, ``unknown_name`` for a header
    that is not there.

    >>> build_expression("sum(number(Price)) / 2", (RawColumn(0, "Price", "c0"),)).sql
    'SUM("number:c0") / 2'
    """
    from sqlglot import exp

    tree = _parse(sql, place)
    _check(tree, sql, place)
    reads: dict[str, ReadColumn] = {}

    def put(node: exp.Expression) -> exp.Expression:
        function = _reader_of(node)
        if function:
            [argument] = list(node.iter_expressions())
            column = find_column(argument.name, columns, place)
            said = style.of_function(function, (headers or {}).get(column.field, _OPEN))
            read = ReadColumn(function, column, said, place)
            reads[read.name] = read
            return exp.column(read.name, quoted=True)
        if isinstance(node, exp.Column):
            return exp.column(find_column(node.name, columns, place).field, quoted=True)
        return node

    aggregates = any(isinstance(node, _named(_AGGREGATE)) for node in tree.walk())
    bound = tree.transform(put)
    return Expression(bound.sql(dialect="duckdb"), tuple(reads.values()), aggregates, sql, place)


def read_as_numbers(sql: str) -> str | None:
    """``sql`` with each bare header that is reckoned with read as a number, its writer's likely meaning; else None.

    >>> read_as_numbers('"Price" * "Count"'), read_as_numbers("upper(Item)")
    ('number("Price") * number("Count")', None)
    """
    from sqlglot import exp

    tree = _parse(sql, None)
    bare = [node for node in tree.find_all(exp.Column) if _is_reckoned(node)]
    for node in bare:
        called = exp.Anonymous(this="number", expressions=[exp.column(node.name, quoted=True)])
        node.replace(called)
    return tree.sql(dialect="duckdb", normalize_functions=False) if bare else None


def _is_reckoned(column: exp.Column) -> bool:
    """Whether a bare header is reckoned with, or held against a number."""
    from sqlglot import exp

    above = column.parent
    compared = isinstance(above, exp.Predicate) and any(
        isinstance(each, exp.Literal) and not each.is_string for each in above.iter_expressions()
    )
    return compared or isinstance(above, _named(_RECKONING))


def _named(names: str) -> tuple[type[exp.Expression], ...]:
    """The classes of these names that this version of SQLGlot has."""
    from sqlglot import exp

    return tuple(getattr(exp, name) for name in names.split() if hasattr(exp, name))


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


def _reader_of(node: exp.Expr) -> str | None:
    """The reading function that a node calls, or None."""
    from sqlglot import exp

    if isinstance(node, exp.Date):
        return "date"
    if isinstance(node, exp.Anonymous) and node.name.lower() in READERS:
        return node.name.lower()
    return None


def _check(tree: exp.Expression, sql: str, place: Place | None) -> None:
    from sqlglot import exp

    allowed = _named(f"{_SCALAR} {_AGGREGATE}")
    for node in tree.walk():
        is_fine = type(node) in allowed
        if _reader_of(node):
            arguments = list(node.iter_expressions())
            is_fine = len(arguments) == 1 and isinstance(arguments[0], exp.Column)
        if isinstance(node, exp.Column) and len(node.parts) != 1:
            is_fine = False
        if not is_fine:
            raise DefinitionError(Issue("bad_sql", {"sql": sql[:60], "problem": node.key}, place))
