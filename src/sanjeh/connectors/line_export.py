"""A line export is a file with a row for each line of a document: the order and the product stand in the same row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sanjeh.connectors.cleaning import ColumnProfile, match_key
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.match import EntityMatch
from sanjeh.definitions import Catalogue, ColumnType, Entity

# What exports call the price of one piece, from which a line's amount is reckoned where the file has none.
_PRICES = (
    "unit price|price|item price|price each|unit cost price|sales price|rate|lineitem price|قیمت واحد|مبلغ واحد|فی|"
    "قیمت|بهای واحد|نرخ|فی فروش|قیمت فروش"
)
AMOUNT, QUANTITY = "net_amount", "quantity"
_SUMMED = (AMOUNT, QUANTITY)


@dataclass(frozen=True, slots=True)
class LineExport:
    """The entity of the documents, that of their lines, and the header of the price where no column is an amount."""

    parent: EntityMatch
    child: EntityMatch
    price: str | None = None


def find_lines(
    matches: Sequence[EntityMatch], profiles: Sequence[ColumnProfile], catalogue: Catalogue
) -> LineExport | None:
    """The line export that a file is, where it has all that documents and their lines need; else None."""
    by_entity = {match.entity: match for match in matches}
    for child in matches:
        entity = catalogue.entities[child.entity]
        if child.missing or child.is_certain or AMOUNT not in entity.columns:
            continue
        for name in _parents(entity, catalogue):
            parent = by_entity.get(name)
            if parent is None or parent.is_certain:
                continue
            if not parent.missing:
                return LineExport(parent, child)
            price = _find_price(profiles, child)
            if parent.missing == (AMOUNT,) and AMOUNT not in child.columns and price is not None:
                return LineExport(parent, child, price)
    return None


def _parents(entity: Entity, catalogue: Catalogue) -> list[str]:
    """The entities whose rows a row of ``entity`` cannot be without: it has no time but theirs."""
    if any("." not in time for time in entity.times):
        return []
    return [
        relation.entity
        for relation in entity.relations.values()
        if entity.columns[relation.on].required
        and (relation.on,) in catalogue.entities[relation.entity].keys
        and AMOUNT in catalogue.entities[relation.entity].columns
    ]


def _find_price(profiles: Sequence[ColumnProfile], child: EntityMatch) -> str | None:
    wanted = [match_key(name) for name in _PRICES.split("|")]
    free = [
        profile
        for profile in profiles
        if profile.name not in child.columns.values() and profile.reading.number.understood
    ]
    found = [
        (wanted.index(key), profile.name)
        for profile in free
        for key in (match_key(profile.name), match_key(profile.name.split("(")[0]))
        if key in wanted
    ]
    return min(found)[1] if found else None


def score_lines(lines: LineExport, profiles: Sequence[ColumnProfile]) -> float:
    """How surely the file is a line export (0 to 1): two entities that are both whole explain more than either."""
    used = {*lines.parent.columns.values(), *lines.child.columns.values(), lines.price}
    filled = [profile.name for profile in profiles if profile.reading.filled or profile.name in used]
    explained = sum(1 for name in filled if name in used) / max(len(filled), 1)
    name = max(lines.parent.name_score, lines.child.name_score)
    return round(min(1.0, 0.55 + 0.25 * explained + 0.25 * name), 4)


def fold_documents(parent: TableMapping, entity: Entity, child: TableMapping) -> TableMapping:
    """The table of the documents: one row per key, amount and quantity added up over the lines.

    Other amounts (tax, shipping) are left out, since nothing says whether lines share them or repeat them.
    """
    key = entity.keys[0]
    fields = []
    for each in parent.fields:
        kind = entity.columns[each.target].type
        if each.target == AMOUNT:
            fields.append(_sum(each))
        elif kind is not ColumnType.MONEY and each.target != QUANTITY:
            fields.append(each)
    amount, quantity = child.field_of(AMOUNT), child.field_of(QUANTITY)
    if parent.field_of(AMOUNT) is None and amount is not None:
        fields.append(_sum(amount))
    if QUANTITY in entity.columns and quantity is not None:
        fields.append(_sum(replace(quantity, target=QUANTITY)))
    found = (parent.field_of(name) for name in key)
    group = tuple(field.column for field in found if field is not None and field.column)
    return replace(parent, fields=tuple(fields), group=group, ignore=())


def price_lines(child: TableMapping, money: Field) -> TableMapping:
    """The table of the lines with the amount reckoned from the quantity and the price, whose field is ``money``."""
    quantity = child.field_of(QUANTITY)
    if quantity is None or quantity.column is None or money.column is None:
        return child
    sql = f"number({_quoted(quantity.column)}) * number({_quoted(money.column)})"
    amount = Field(AMOUNT, sql=sql, currency=money.currency, unit=money.unit)
    return replace(child, fields=(*child.fields, amount))


def take_first_amount(parent: TableMapping, child: TableMapping) -> tuple[TableMapping, TableMapping]:
    """The tables where each line repeats the document's total: it counts once, and no line has an amount of its own."""
    amount = child.field_of(AMOUNT)
    if amount is None or amount.column is None:
        return parent, child
    total = replace(amount, target=AMOUNT)
    fields = tuple(total if each.target == AMOUNT else each for each in parent.fields)
    rest = tuple(each for each in child.fields if each.target != AMOUNT)
    return replace(parent, fields=fields), replace(child, fields=rest)


def _sum(field: Field) -> Field:
    inner = field.sql if field.sql is not None else f"number({_quoted(field.column or '')})"
    return Field(field.target, sql=f"sum({inner})", currency=field.currency, unit=field.unit, place=field.place)


def _quoted(header: str) -> str:
    return '"' + header.replace('"', '""') + '"'
