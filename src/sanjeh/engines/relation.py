"""A relation is an entity as a query: its own, derived and related columns under their logical names.

Whatever is joined is unique on its side (a many-to-one relation or a folded sub-select), so a relation has exactly the
entity's rows: nothing here can multiply them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from sanjeh.definitions import Catalogue, ColumnType, Derived, Entity, ParameterValue
from sanjeh.engines.snippet import parse_select, parse_snippet
from sanjeh.errors import DefinitionError, Issue, Place
from sanjeh.plan.holdings import Held, Holdings

DAY, CODE = "__day", "__code"
_SQL_TYPES = {
    ColumnType.KEY: "VARCHAR",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.DATE: "DATE",
    ColumnType.TIME: "TIMESTAMP",
    ColumnType.NUMBER: "DOUBLE",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.MONEY: "DECIMAL(38, 9)",
    ColumnType.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Money:
    """The workspace's currency and what one unit of each constant relative is worth in it (rial in toman: 0.1)."""

    currency: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relations:
    """Builds relations from the catalogue, the company's settings and what the warehouse holds."""

    catalogue: Catalogue
    settings: Mapping[str, ParameterValue]
    holdings: Holdings
    as_of_end: date
    money: Money = field(default_factory=Money)
    building: tuple[str, ...] = ()
    convert: bool = True

    def select(self, entity: str, wanted: Iterable[str]) -> exp.Select:
        """The query that returns the columns ``wanted`` of ``entity``, each under its own (quoted) name."""
        builder = _Builder(self, self.catalogue.entities[entity])
        projections = [exp.alias_(builder.column(name), name, quoted=True) for name in dict.fromkeys(wanted)]
        query = exp.select(*(projections or [exp.alias_(exp.Literal.number(1), "one", quoted=True)]))
        query = query.from_(builder.base())
        for join in builder.joins.values():
            query.append("joins", join)
        return query

    def literal(self, name: str, owner: str) -> list[exp.Expr]:
        """The literals that the parameter ``name`` stands for: one, or one for each item of a list."""
        if name not in self.settings:
            raise DefinitionError(Issue("unknown_name", {"kind": "parameter", "name": name}, Place(owner)))
        value = self.settings[name]
        values = value if isinstance(value, tuple) else (value,)
        return [exp.Literal.string(v) if isinstance(v, str) else exp.Literal.number(v) for v in values] or [exp.null()]

    def is_days(self, name: str) -> bool:
        """Whether the parameter counts days, so that adding it to a time moves the time."""
        parameter = self.catalogue.parameters.get(name)
        return parameter is not None and parameter.unit == "days"


class _Builder:
    """The joins that one entity's query needs, gathered while its columns are resolved."""

    def __init__(self, relations: Relations, entity: Entity) -> None:
        self.relations, self.entity = relations, entity
        self.held: Held | None = relations.holdings.entities.get(entity.id)
        self.joins: dict[str, exp.Join] = {}
        self.pending: dict[str, set[str]] = {}
        self.open: list[str] = []  # derived columns being resolved: inside its own expression a name means the stored column

    def base(self) -> exp.Expr:
        """The stored rows, or the query that the definition puts in their place."""
        if self.entity.rows is None:
            return exp.alias_(_stored(self.relations, self.entity), "base", table=True)
        query = parse_select(self.entity.rows, self.entity.id).copy()
        query = self._bind(query, own=True)
        return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("base")))

    def column(self, name: str) -> exp.Expr:
        """The expression of the logical column ``name``."""
        head, _, rest = name.partition(".")
        if rest:
            return self._related(head, rest)
        for suffix in (DAY, CODE):
            if name.endswith(suffix):
                return self._physical(name.removesuffix(suffix), suffix)
        derived = self.entity.derived.get(name)
        if derived is not None and name not in self.open:
            return self._derived(derived)
        return self._own(name)

    def _physical(self, name: str, suffix: str) -> exp.Expr:
        plain = self.entity.rows is None and self._is_filled(name) and name not in self.entity.derived
        plain = plain and not (name in self.entity.columns and self.entity.columns[name].default)
        if plain:
            return _base(name + suffix)
        value = self.column(name)
        return exp.cast(value, "DATE") if suffix == DAY else value

    def _is_filled(self, name: str) -> bool:
        return self.held is not None and name in self.held.columns

    def _is_foreign(self) -> bool:
        return self.relations.convert and self._is_filled("currency")

    def _own(self, name: str) -> exp.Expr:
        column = self.entity.columns.get(name)
        known = self._is_filled(name) or self.entity.derived_only or name == "_row_key" or self._from_rows(name)
        value = _base(name) if known else None
        if column is None:
            return value if value is not None else exp.null()
        if value is not None and column.type is ColumnType.MONEY and self._is_foreign():
            value = self._converted(value)
        if column.default is None:
            return value if value is not None else exp.cast(exp.null(), _SQL_TYPES[column.type])
        default = self._default(column.default, column.type)
        return default if value is None else exp.Coalesce(this=value, expressions=[default])

    def _from_rows(self, name: str) -> bool:
        """Whether a ``rows`` query brings a column that the stored rows lack (an adjustment's refunded amount)."""
        return self.entity.rows is not None and f" as {name}" in self.entity.rows and "union" in self.entity.rows

    def _default(self, default: str, kind: ColumnType) -> exp.Expr:
        if default in self.entity.columns and default != "":
            return self.column(default)
        return exp.cast(exp.Literal.string(default), _SQL_TYPES[kind])

    def _converted(self, value: exp.Expr) -> exp.Expr:
        """The amount in the workspace's currency: by a constant, by the last rate on or before the day, else nothing."""
        money = self.relations.money
        code = _base("currency")
        own = exp.or_(code.copy().is_(exp.null()), code.copy().eq(exp.Literal.string(money.currency)))
        case = exp.Case().when(own, value.copy())
        for other, factor in money.constants.items():
            case = case.when(code.copy().eq(exp.Literal.string(other)), value.copy() * exp.Literal.number(factor))
        if self.relations.holdings.has("exchange_rates") and self.entity.times:
            self._join_rates()
            case = case.else_(value.copy() * exp.column("rate", table="fx"))
        return case

    def _join_rates(self) -> None:
        day = exp.cast(_base(self.entity.times[0]), "DATE")
        rates = exp.select("currency", "rate", "date", exp.alias_(_LEAD.copy(), "next_date")).from_("raw_exchange_rates")
        on = exp.and_(
            exp.column("currency", table="fx").eq(_base("currency")),
            exp.column("date", table="fx") <= day.copy(),
            exp.or_(exp.column("next_date", table="fx").is_(exp.null()), exp.column("next_date", table="fx") > day.copy()),
        )
        self._join("fx", rates, on)

    def _join(self, alias: str, query: exp.Expr, on: exp.Expr) -> None:
        if alias not in self.joins:
            source = exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
            self.joins[alias] = exp.Join(this=source, side="LEFT", on=on)

    def _related(self, name: str, rest: str) -> exp.Expr:
        relation = self.entity.relations.get(name)
        if relation is None:
            raise DefinitionError(Issue("unknown_name", {"kind": "relation", "name": name}, self.entity.place))
        if not self.relations.holdings.has(relation.entity):
            return exp.null()
        alias = f"to_{name}"
        wanted = self.pending.setdefault(alias, {relation.to})
        wanted.add(rest)
        query = self.relations.select(relation.entity, sorted(wanted))
        on = exp.column(relation.to, table=alias, quoted=True).eq(self._own_or_derived(relation.on))
        self.joins.pop(alias, None)
        self._join(alias, query, on)
        return exp.column(rest, table=alias, quoted=True)

    def _own_or_derived(self, name: str) -> exp.Expr:
        return self.column(name)

    def _derived(self, derived: Derived) -> exp.Expr:
        owner = f"{self.entity.id}.{derived.name}"
        self.open.append(derived.name)
        tree = parse_snippet(derived.expression, owner).copy()
        names = {join.name: f"{derived.name}_{join.name}" for join in derived.joins}
        for join in derived.joins:
            query = self._bind(parse_select(join.select, f"{self.entity.id}.{join.name}").copy(), own=False)
            pairs = [exp.column(on, table=names[join.name], quoted=True).eq(self.column(on)) for on in join.on]
            self._join(names[join.name], query, exp.and_(*pairs))
        resolved = self.resolve(tree, owner, names)
        self.open.remove(derived.name)
        return resolved

    def resolve(self, tree: exp.Expr, owner: str, aliases: Mapping[str, str] | None = None) -> exp.Expr:
        """``tree`` with logical names, parameters and functions replaced by what the engine knows."""
        aliases = aliases or {}

        def column(node: exp.Column) -> exp.Expr:
            parts = [part.name for part in node.parts]
            if len(parts) == 2 and parts[0] in aliases:
                return exp.column(parts[1], table=aliases[parts[0]], quoted=True)
            return self.column(".".join(parts))

        return rewrite(tree, self.relations, owner, column)

    def _bind(self, query: exp.Expr, *, own: bool) -> exp.Expr:
        """``query`` with the entity names in it replaced by relations that return the columns it mentions."""
        mentioned = {column.name for column in query.find_all(exp.Column)}
        for table in list(query.find_all(exp.Table)):
            name = table.name
            alias = exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
            if name == "self" and own:
                source: exp.Expr = exp.select("*").from_(_stored(self.relations, self.entity))
            elif name in self.relations.catalogue.entities:
                source = self._mentioned(name, mentioned, convert=not own)
            else:
                continue
            table.replace(exp.Subquery(this=source, alias=alias))
        _fill_parameters(query, self.relations, self.entity.id)
        return query

    def _mentioned(self, entity: str, mentioned: set[str], *, convert: bool) -> exp.Select:
        definition = self.relations.catalogue.entities[entity]
        held = self.relations.holdings.entities.get(entity)
        known = {*definition.columns, *definition.derived, *(held.extra if held else ())}
        if entity in self.relations.building:
            return exp.select("*").from_(_stored(self.relations, definition))
        inner = Relations(
            self.relations.catalogue,
            self.relations.settings,
            self.relations.holdings,
            self.relations.as_of_end,
            self.relations.money,
            (*self.relations.building, self.entity.id),
            convert,
        )
        wanted = sorted(mentioned & known)
        query = inner.select(entity, wanted)
        return query if held is not None or definition.derived_only else query.where(exp.false())


_LEAD = parse_snippet("lead(date) over (partition by currency order by date)")


def _base(name: str) -> exp.Column:
    return exp.column(name, table="base", quoted=True)


def _stored(relations: Relations, entity: Entity) -> exp.Expr:
    """The table of the stored rows; one without rows where the warehouse has none, so that joins still stand."""
    if relations.holdings.entities.get(entity.id) is not None:
        return exp.to_table(f"raw_{entity.id}")
    columns = [exp.alias_(exp.cast(exp.null(), _SQL_TYPES[c.type]), n, quoted=True) for n, c in entity.columns.items()]
    return exp.Subquery(this=exp.select(*columns).where(exp.false()))


def rewrite(
    tree: exp.Expr, relations: Relations, owner: str, column: Callable[[exp.Column], exp.Expr]
) -> exp.Expr:
    """``tree`` with columns passed through ``column`` and parameters and functions of the language put into SQL."""

    def change(node: exp.Expr) -> exp.Expr:
        match node:
            case exp.Column():
                if node.name == "as_of" and len(node.parts) == 1:
                    return exp.cast(exp.Literal.string(relations.as_of_end.isoformat()), "TIMESTAMP")
                return column(node)
            case exp.Placeholder():
                return relations.literal(node.name, owner)[0]
            case exp.Day():
                return exp.cast(node.this, "DATE")
            case exp.Anonymous():
                return _function(node, owner)
            case _:
                return node

    holder = exp.Paren(this=tree.copy())
    _shift_days(holder, relations)
    _spread_lists(holder, relations, owner)
    for node in reversed(list(holder.walk())):  # parts before wholes, so that a function meets finished arguments
        changed = change(node)
        if changed is not node:
            node.replace(changed)
    return holder.this  # type: ignore[no-any-return]


def _fill_parameters(query: exp.Expr, relations: Relations, owner: str) -> None:
    _shift_days(query, relations)
    _spread_lists(query, relations, owner)
    for node in list(query.find_all(exp.Placeholder)):
        node.replace(relations.literal(node.name, owner)[0])


def _shift_days(tree: exp.Expr, relations: Relations) -> None:
    """``x + :n_days`` moves a time by whole days."""
    for node in list(tree.find_all(exp.Add, exp.Sub)):
        right = node.expression
        if isinstance(right, exp.Placeholder) and relations.is_days(right.name):
            number = relations.literal(right.name, "")[0]
            right.replace(exp.Interval(this=exp.Literal.string(number.name), unit=exp.var("DAY")))


def _spread_lists(tree: exp.Expr, relations: Relations, owner: str) -> None:
    """``x in (:list)`` becomes one literal for each item."""
    for node in list(tree.find_all(exp.In)):
        items: list[exp.Expr] = []
        for item in node.expressions:
            items += relations.literal(item.name, owner) if isinstance(item, exp.Placeholder) else [item]
        node.set("expressions", items)


def _function(node: exp.Anonymous, owner: str) -> exp.Expr:
    name, arguments = node.name.lower(), node.expressions
    match name, arguments:
        case "days_between", [start, end]:
            return exp.DateDiff(this=exp.cast(end, "DATE"), expression=exp.cast(start, "DATE"), unit=exp.var("DAY"))
        case "minutes_between", [start, end]:
            return exp.Div(this=_seconds(start, end), expression=exp.Literal.number("60.0"))
        case "hours_between", [start, end]:
            return exp.Div(this=_seconds(start, end), expression=exp.Literal.number("3600.0"))
        case "working_minutes", [start, end]:
            return exp.paren(_worked(end) - _worked(start))
        case "working_hours", [start, end]:
            return exp.Div(this=exp.paren(_worked(end) - _worked(start)), expression=exp.Literal.number("60.0"))
        case _:
            return node


def _seconds(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    return exp.TimestampDiff(this=exp.cast(end, "TIMESTAMP"), expression=exp.cast(start, "TIMESTAMP"), unit=exp.var("SECOND"))


def _worked(moment: exp.Expr) -> exp.Expr:
    """Working minutes from the calendar's beginning to ``moment``, by the table of working days."""
    return exp.Anonymous(this="worked_until", expressions=[exp.cast(moment.copy(), "TIMESTAMP")])
