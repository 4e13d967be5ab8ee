"""The unit of a formula follows from the units of its measures; the declared one says only what kind it must be.

Counts are plain numbers, so money per customer is money. What is added, compared or taken as a part must have one
dimension.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, auto

from sanjeh.definitions import Catalogue
from sanjeh.errors import DefinitionError, Place
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word
from sanjeh.formula.parse import parse
from sanjeh.units import Unit, parse_unit, same_dimension

NUMBER, RATIO, DAYS = parse_unit("number"), parse_unit("ratio"), parse_unit("days")
_RATES = tuple(parse_unit(f"1/{base}") for base in ("days", "hours", "minutes"))
NOT_UNITS = ("list", "word", "years")  # what a parameter may be that is no unit


class Result(Enum):
    """How the unit of a function follows from those of its arguments."""

    SAME = auto()
    SUM = auto()
    PART = auto()
    NUMBER = auto()
    DAYS = auto()


RESULTS: dict[str, Result] = {
    "prior": Result.SAME,
    "year_ago": Result.SAME,
    "rolling": Result.SAME,
    "to_date": Result.SAME,
    "year_to_date": Result.SAME,
    "lagged": Result.SAME,
    "opening": Result.SAME,
    "closing": Result.SAME,
    "average": Result.SAME,
    "baseline": Result.SAME,
    "daily": Result.SAME,
    "total": Result.SAME,
    "target": Result.SAME,
    "budget": Result.SAME,
    "real": Result.SAME,
    "abs": Result.SAME,
    "positive": Result.SAME,
    "across": Result.SAME,
    "min": Result.SUM,
    "max": Result.SUM,
    "plus": Result.SUM,
    "part_of": Result.PART,
    "share": Result.NUMBER,
    "on_target": Result.NUMBER,
    "count_back": Result.DAYS,
}


def infer_unit(node: Node, catalogue: Catalogue, owner: str = "formula") -> Unit:
    """The unit that ``node`` works out to; ``owner`` names the formula in errors.

    Measures and parameters have the unit they declare (years are a plain number), ``days`` is in days, a KPI has the
    unit of its own formula (the declared one where that formula is at fault, so that one fault is told once). A written
    zero goes with every unit. Names that lead nowhere count as plain numbers: the check of names reports them.

    Raises UnitMismatch (``unit_mismatch``) with the column, DefinitionError (``unknown_unit``).

    >>> from sanjeh.definitions import load_catalogue
    >>> print(infer_unit(parse("revenue / orders / days"), load_catalogue()))
    money/days
    """
    return Inference(catalogue).infer(node, owner)


def is_of_kind(found: Unit, declared: Unit) -> bool:
    """Whether a formula whose unit is ``found`` may be declared as ``declared``.

    The dimensions must be the same, with one allowance: what is counted per day, hour or minute may be declared as the
    plain ``number`` that it is a count of (units_per_hour: so many units, the name says the rest), or exactly
    (``1/hours``).

    >>> is_of_kind(parse_unit("1/hours"), parse_unit("number"))
    True
    >>> is_of_kind(parse_unit("money/days"), parse_unit("money"))
    False
    """
    return same_dimension(found, declared) or (declared == NUMBER and found in _RATES)


@dataclass(slots=True)
class Inference:
    """Infers units over one catalogue and remembers those of KPIs; ``infer_unit`` is one use of it."""

    catalogue: Catalogue
    known: dict[str, Unit] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)

    def infer(self, node: Node, owner: str) -> Unit:
        """The unit of ``node``; see ``infer_unit``."""
        match node:
            case Negative(operand=inner) | Filtered(operand=inner):
                return self.infer(inner, owner)
            case Binary(operator="*", left=left, right=right):
                return self.infer(left, owner) * self.infer(right, owner)
            case Binary(operator="/", left=left, right=right):
                return self.infer(left, owner) / self.infer(right, owner)
            case Binary(left=left, right=right):
                return self.sum((left, right), owner)
            case Name(id=name):
                return self.name(name)
            case VariantName(kpi=kpi, variant=variant):
                return self.reading(kpi, variant)
            case Call():
                return self.call(node, owner)
            case Number() | Word():
                return NUMBER

    def sum(self, nodes: tuple[Node, ...], owner: str) -> Unit:
        """The one unit of all ``nodes``, which are added, compared or taken as a part."""
        terms = [node for node in nodes if not _is_zero(node)] or [nodes[0]]
        total = self.infer(terms[0], owner)
        for node in terms[1:]:
            unit = self.infer(node, owner)
            try:
                total = total + unit
            except DefinitionError as error:
                data = {**error.issues[0].data, "owner": owner, "column": node.column}
                place = Place(owner, 1, node.column)
                raise type(error)(replace(error.issues[0], data=data, place=place)) from None
        return total

    def call(self, node: Call, owner: str) -> Unit:
        """The unit of a function's result."""
        match RESULTS[node.function]:
            case Result.SUM:
                return self.sum(node.arguments, owner)
            case Result.PART:
                self.sum(node.arguments, owner)
                return RATIO
            case Result.DAYS:
                self.sum(node.arguments, owner)
                return DAYS
            case Result.NUMBER:
                self.infer(node.arguments[0], owner)
                return NUMBER
            case Result.SAME:
                unit = self.infer(node.arguments[0], owner)
                return NUMBER if _counts_members(node) else unit

    def name(self, name: str) -> Unit:
        """The unit of a measure, KPI, parameter or name of the language."""
        if name in self.catalogue.measures:
            return parse_unit(self.catalogue.measures[name].unit)
        if name in self.catalogue.kpis:
            return self.reading(name, "")
        if name in self.catalogue.parameters:
            unit = self.catalogue.parameters[name].unit
            return NUMBER if unit in NOT_UNITS else parse_unit(unit)
        return DAYS if name == "days" else NUMBER

    def reading(self, kpi_id: str, variant_id: str) -> Unit:
        """The unit of a KPI or variant, worked out once."""
        kpi = self.catalogue.kpis.get(kpi_id)
        reading = kpi if kpi is None or not variant_id else kpi.variants.get(variant_id)
        if reading is None:
            return NUMBER
        key = f"{kpi_id}.{variant_id}"
        if key not in self.known:
            self.known[key] = self.formula(key, reading.formula, reading.unit)
        return self.known[key]

    def formula(self, key: str, formula: str, declared: str) -> Unit:
        """The unit of a KPI's formula; the declared one inside a cycle or where the formula is at fault."""
        if key in self.pending:
            return parse_unit(declared)
        self.pending.append(key)
        try:
            return self.infer(parse(formula, key), key)
        except DefinitionError:
            return parse_unit(declared)
        finally:
            self.pending.pop()


def _is_zero(node: Node) -> bool:
    return isinstance(node, Number) and node.value == 0


def _counts_members(node: Call) -> bool:
    words = (argument.value for argument in node.arguments if isinstance(argument, Word))
    return node.function == "across" and "count" in words
