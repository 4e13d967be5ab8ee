"""A relation is an entity as a query: its own, derived and related columns under their logical names.

Whatever is joined is unique on its side (a many-to-one relation or a folded sub-select), so a relation has exactly the
entity's rows: nothing here can multiply them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from sanjeh.definitions import Column, ColumnType, Derived, Entity
from sanjeh.engines.language import fill_parameters, rewrite
from sanjeh.engines.snippet import bad_sql, parse_select, parse_snippet
from sanjeh.engines.stored import CODE, DAY, SQL_TYPES, is_rewound, known_value, stored_rows
from sanjeh.engines.terms import Money as Money
from sanjeh.engines.terms import Terms
from sanjeh.errors import DefinitionError, Issue
from sanjeh.plan.holdings import Held

PRICED = "__priced"


@dataclass(frozen=True, slots=True)
class Relations(Terms):
    """Builds relations under the terms given."""

    building: tuple[str, ...] = ()
    convert: bool = True

    def select(self, entity: str, wanted: Iterable[str]) -> exp.Select:
        """The query that returns the columns ``wanted`` of ``entity``, each under its own (quoted) name."""
        builder = _Builder(self, self.catalogue.entities[entity])
        wanted = tuple(dict.fromkeys(wanted))
        items = [exp.alias_(builder.column(name), name, quoted=True, copy=False) for name in wanted]
        query = exp.select(*(items or [exp.alias_(exp.Literal.number(1), "one", quoted=True)]), copy=False)
        query = query.from_(builder.base(), copy=False)
        for join in builder.finished():
            query.append("joins", join)
        return query


class _Builder:
    """The joins that one entity's query needs, gathered while its columns are resolved."""

    def __init__(self, relations: Relations, entity: Entity) -> None:
        self.relations, self.entity = relations, entity
        self.held: Held | None = relations.holdings.entities.get(entity.id)
        self.joins: dict[str, exp.Join] = {}
        self.related: dict[str, tuple[str, dict[str, None]]] = {}
        self.codes: dict[str, None] = {}  # what is asked of the base's rows by its dense code, joins included
        self.open: list[
            str
        ] = []  # derived columns being resolved: inside its own expression a name means the stored column

    def base(self) -> exp.Expr:
        """The stored rows, or the query that the definition puts in their place, with every code asked of it so far."""
        found = _rows_query(self.relations, self.entity)
        if found is None:
            return exp.alias_(stored_rows(self.relations, self.entity), "base", table=True)
        for name in self.codes:
            _carry(found, name)
        query = self._bind(found, own=True)
        return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("base")))

    def column(self, name: str) -> exp.Expr:
        """The expression of the logical column ``name``."""
        if name == PRICED:
            return self._priced()
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
        column = self.entity.columns.get(name)
        plain = self._is_filled(name) and name not in self.entity.derived and not (column and column.has_default)
        plain = plain and not is_rewound(self.relations, self.entity, name)
        if suffix == CODE and carries(self.relations, self.entity.id, name):
            self.codes[name] = None
            return _base(name + suffix)
        if suffix == DAY and plain and _rows_query(self.relations, self.entity) is None:
            return _base(name + suffix)
        value = self.column(name)
        return exp.cast(value, "DATE") if suffix == DAY else value

    def _is_filled(self, name: str) -> bool:
        return self.held is not None and name in self.held.columns

    def _is_foreign(self) -> bool:
        return self.relations.convert and has_currency(self.relations, self.entity)

    def _own(self, name: str) -> exp.Expr:
        column = self.entity.columns.get(name)
        known = self._is_filled(name) or self.entity.derived_only or name == "_row_key" or self._from_rows(name)
        value = known_value(self.relations, self.entity, name, "base") if known else None
        if column is None:
            return value if value is not None else exp.null()
        if value is not None and column.type is ColumnType.MONEY and self._is_foreign():
            value = self._converted(value)
        if not column.has_default:
            return value if value is not None else exp.cast(exp.null(), SQL_TYPES[column.type])
        default = self._default(column)
        return default if value is None else exp.Coalesce(this=value, expressions=[default])

    def _from_rows(self, name: str) -> bool:
        """Whether a ``rows`` query brings a column that the stored rows lack (an adjustment's refunded amount)."""
        query = _rows_query(self.relations, self.entity)
        return query is not None and any(name in branch.named_selects for branch in _branches(query))

    def _default(self, column: Column) -> exp.Expr:
        if column.default_from is not None:
            return self.column(column.default_from)
        return exp.cast(exp.Literal.string(column.default or ""), SQL_TYPES[column.type])

    def _converted(self, value: exp.Expr) -> exp.Expr:
        """The amount in the workspace's currency: by a constant or the last rate on or before the day, else nothing."""
        case = exp.Case().when(self._is_own_currency(), value.copy())
        for other, factor in self.relations.money.constants.items():
            test = _base("currency").eq(exp.Literal.string(other))
            case = case.when(test, value.copy() * exp.Literal.number(factor))
        if self.relations.holdings.has("exchange_rates") and self.entity.times:
            self._join_rates()
            case = case.else_(value.copy() * exp.column("rate", table="fx"))
        return case

    def _is_own_currency(self) -> exp.Expr:
        code = _base("currency")
        return exp.or_(code.copy().is_(exp.null()), code.eq(exp.Literal.string(self.relations.money.currency)))

    def _priced(self) -> exp.Expr:
        """Whether a constant or a rate ties the row's currency to the workspace's."""
        others = [exp.Literal.string(other) for other in self.relations.money.constants]
        tests = [self._is_own_currency(), *(_base("currency").eq(other) for other in others)]
        if self.relations.holdings.has("exchange_rates") and self.entity.times:
            self._join_rates()
            tests.append(exp.not_(exp.column("rate", table="fx").is_(exp.null())))
        return exp.paren(exp.or_(*tests))

    def _join_rates(self) -> None:
        day = self.column(self.entity.times[0] + DAY)
        rates = exp.select("currency", "rate", "date", _LEAD.copy()).from_("raw_exchange_rates")
        on = exp.and_(
            exp.column("currency", table="fx").eq(_base("currency")),
            exp.column("date", table="fx") <= day.copy(),
            exp.or_(
                exp.column("next_date", table="fx").is_(exp.null()), exp.column("next_date", table="fx") > day.copy()
            ),
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
        if alias not in self.related:
            coded = relation.on == relation.to and carries(self.relations, self.entity.id, relation.on)
            coded = coded and carries(self.relations, relation.entity, relation.to)
            suffix = CODE if coded else ""
            self.related[alias] = (relation.entity, {relation.to + suffix: None})
            on = exp.column(relation.to + suffix, table=alias, quoted=True).eq(self.column(relation.on + suffix))
            self._join(alias, exp.Select(), on)
        self.related[alias][1][rest] = None
        return exp.column(rest, table=alias, quoted=True)

    def finished(self) -> Iterable[exp.Join]:
        """The joins, those along relations with every column that was asked of them."""
        for alias, (entity, wanted) in self.related.items():
            self.joins[alias].this.set("this", self.relations.select(entity, wanted))
        return self.joins.values()

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
                source: exp.Expr = exp.select("*").from_(stored_rows(self.relations, self.entity))
            elif name in self.relations.catalogue.entities:
                source = self._mentioned(name, mentioned, convert=not own)
            else:
                raise bad_sql(f"from {name}", "table", self.entity.id)
            table.replace(exp.Subquery(this=source, alias=alias))
        fill_parameters(query, self.relations, self.entity.id)
        return query

    def _mentioned(self, entity: str, mentioned: set[str], *, convert: bool) -> exp.Select:
        definition = self.relations.catalogue.entities[entity]
        held = self.relations.holdings.entities.get(entity)
        known = {*definition.columns, *definition.derived, *(held.extra if held else ())}
        known |= {name + CODE for name in known if carries(self.relations, entity, name)}
        if entity in self.relations.building:
            return exp.select("*").from_(stored_rows(self.relations, definition))
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


_LEAD = parse_select("select lead(date) over (partition by currency order by date) as next_date").selects[0]


def _rows_query(relations: Relations, entity: Entity) -> exp.Query | None:
    """The query in the place of the stored rows; without the parts of a union that read what the warehouse lacks."""
    if entity.rows is None:
        return None
    query = parse_select(entity.rows, entity.id).copy()
    while isinstance(query, exp.Union) and not entity.derived_only and not _has_rows(query.expression, relations):
        query = query.this
    only_self = isinstance(query, exp.Select) and query.sql().lower() == "select self.* from self"
    return None if only_self else query


def has_currency(relations: Relations, entity: Entity) -> bool:
    """Whether rows of ``entity`` may be in another currency: their own, or those that ``rows`` adds (refunds)."""
    entities = relations.holdings.entities
    if entity.id in entities and "currency" in entities[entity.id].columns:
        return True
    query = _rows_query(relations, entity)
    branches = [b for b in (_branches(query) if query is not None else ()) if "currency" in b.named_selects]
    sources = [source.name for branch in branches if (source := branch.find(exp.From)) is not None]
    return any(name in entities and "currency" in entities[name].columns for name in sources)


def sets_aside(relations: Relations, name: str) -> bool:
    """Whether rows of the entity ``name`` whose currency has no rate are left out: those with a day and an amount."""
    entity = relations.catalogue.entities[name]
    is_priced = "currency" in entity.columns and any(c.type is ColumnType.MONEY for c in entity.columns.values())
    return bool(is_priced and entity.times and relations.money.currency) and has_currency(relations, entity)


def _has_rows(branch: exp.Expr, relations: Relations) -> bool:
    source = branch.find(exp.From)
    return source is None or source.name == "self" or relations.holdings.has(source.name)


def _branches(query: exp.Query) -> list[exp.Select]:
    """The selects of a union, or the one select."""
    if isinstance(query, exp.SetOperation):
        return [*_branches(query.this), *_branches(query.expression)]
    return [query] if isinstance(query, exp.Select) else []


def carries(relations: Relations, entity: str, name: str) -> bool:
    """Whether the rows of ``entity`` have the dense code of ``name``, stored and kept by a ``rows`` query."""
    definition = relations.catalogue.entities[entity]
    held = relations.holdings.entities.get(entity)
    if held is None or name not in held.columns or name in definition.derived or name not in relations.holdings.codes:
        return False
    if is_rewound(relations, definition, name):
        return False
    column = definition.columns.get(name)
    is_key = column is not None and column.type is ColumnType.KEY
    if (column is not None and column.has_default) or not (
        is_key or name in definition.dimensions or name in held.extra
    ):
        return False
    query = _rows_query(relations, definition)
    return query is None or all(_is_carried(branch, name, relations) for branch in _branches(query))


def is_coded(relations: Relations, key: str) -> bool:
    """Whether dense codes can stand for the key ``key`` in every entity that has it."""
    entities = relations.holdings.entities
    holders = [name for name, held in entities.items() if key in held.columns and name in relations.catalogue.entities]
    return key in relations.holdings.codes and all(carries(relations, name, key) for name in holders)


def _is_carried(branch: exp.Select, name: str, relations: Relations) -> bool:
    """Whether a select passes the stored rows through, lacks the column, or takes it from a stored one with a code."""
    if branch.is_star or name not in branch.named_selects:
        return True
    value = next(item for item in branch.selects if item.alias_or_name == name).unalias()
    return isinstance(value, exp.Column) and value.name == name and carries(relations, value.table, name)


def _carry(query: exp.Query, name: str) -> None:
    """Add the code of ``name`` to the selects of ``query`` that list their columns."""
    for branch in _branches(query):
        if not branch.is_star and name in branch.named_selects:
            value = next(item for item in branch.selects if item.alias_or_name == name).unalias()
            table = value.table if isinstance(value, exp.Column) else None
            branch.append("expressions", exp.alias_(exp.column(name + CODE, table=table), name + CODE))


def _base(name: str) -> exp.Column:
    return exp.column(name, table="base", quoted=True)
