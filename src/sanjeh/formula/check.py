"""Checking formulas finds what parses but means nothing: unknown names, states without an instant, wrong units."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from sanjeh.definitions import KPI, Catalogue, ColumnType, Variant
from sanjeh.errors import Datum, DefinitionError, Issue, Place, Severity, suggest
from sanjeh.formula.chain import MOST_COUNT, find_circles, measure_extents
from sanjeh.formula.dimension import dimensions_named, find_column, may_be_stated, measures_of
from sanjeh.formula.function import FUNCTIONS, NAMES, REDUCTIONS, Takes
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word, walk
from sanjeh.formula.parse import parse
from sanjeh.formula.unit import NOT_UNITS, Inference, is_of_kind
from sanjeh.units import parse_unit

_AT_LEAST_ONE = ("rolling", "baseline")


@dataclass(frozen=True, slots=True)
class Reading:
    """One formula to check: a KPI's own or a variant's, under the name by which formulas call it."""

    owner: str
    formula: str
    unit: str
    place: Place | None


def check_formulas(catalogue: Catalogue, dimensions: Collection[str] = ()) -> list[Issue]:
    """Everything wrong with the formulas and units of ``catalogue``, in the order of the definitions.

    Each issue stands at its KPI or variant, with ``owner`` ("kpi" or "kpi.variant") and ``column`` in its data.
    ``dimensions`` are names that the workspace's own mappings add to the model's columns.

    >>> from sanjeh.definitions import load_catalogue
    >>> check_formulas(load_catalogue())
    []
    """
    issues = [*_check_units(catalogue), *_check_names(catalogue)]
    readings = {reading.owner: reading for reading in readings_of(catalogue)}
    trees: dict[str, Node] = {}
    for owner, reading in readings.items():
        try:
            trees[owner] = parse(reading.formula, owner)
        except DefinitionError as error:
            issues += [replace(issue, place=reading.place) for issue in error.issues]
    chains = list(_check_chains(trees, readings, catalogue))
    inference = Inference(catalogue)
    for owner, node in trees.items():
        walker = _Walker(catalogue, readings[owner], frozenset(dimensions))
        walker.value(node, balance=None)
        if not chains:  # what follows goes down through other formulas
            walker.dimensions(node)
            walker.issues += [] if walker.has_error else _check_kind(readings[owner], node, inference)
        issues += walker.issues
    return [*issues, *chains]


def readings_of(catalogue: Catalogue) -> Iterator[Reading]:
    """Every formula of the catalogue: each KPI's own, then its variants'."""
    for kpi in catalogue.kpis.values():
        yield _reading(kpi.id, kpi)
        for variant in kpi.variants.values():
            yield _reading(f"{kpi.id}.{variant.id}", variant)


def _reading(owner: str, of: KPI | Variant) -> Reading:
    return Reading(owner, of.formula, of.unit, of.place)


class _Walker:
    """Walks one formula's tree and collects what is wrong with names, arguments and states."""

    def __init__(self, catalogue: Catalogue, reading: Reading, extra: frozenset[str]) -> None:
        self.catalogue, self.reading, self.extra = catalogue, reading, extra
        self.issues: list[Issue] = []

    @property
    def has_error(self) -> bool:
        """Whether anything was found that stops the formula."""
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    def fault(self, code: str, at: Node | int, suggestion: str | None = None, **data: Datum) -> None:
        """Record an issue at the node or column ``at``."""
        column = at if isinstance(at, int) else at.column
        where: dict[str, Datum] = {"owner": self.reading.owner, "column": column}
        self.issues.append(Issue(code, data | where, self.reading.place, suggestion=suggestion))

    def value(self, node: Node, balance: str | None) -> None:
        """Check a node that stands for a value; ``balance`` is the function whose instant it is taken at, if any."""
        match node:
            case Name():
                self.name(node, balance)
            case VariantName():
                self.variant(node, balance)
            case Negative(operand=inner) | Filtered(operand=inner):
                self.value(inner, balance)
            case Binary(left=left, right=right):
                self.value(left, balance)
                self.value(right, balance)
            case Call():
                self.call(node, balance)
            case Word(value=word):
                self.fault("bad_formula", node, text=repr(word))
            case Number():
                return

    def name(self, node: Name, balance: str | None) -> None:
        """A measure in its right place, a KPI outside of opening and the like, a number."""
        name, catalogue = node.id, self.catalogue
        if name in catalogue.measures:
            is_balance = catalogue.measures[name].kind.is_balance
            if is_balance and balance is None:
                self.fault("balance_without_instant", node, name=name)
            if not is_balance and balance is not None:
                self.fault("flow_at_instant", node, name=name, function=balance)
        elif name in catalogue.kpis:
            if balance is not None:
                self.fault("flow_at_instant", node, name=name, function=balance)
        elif name in catalogue.parameters:
            self.parameter(node)
        elif name not in NAMES:
            self.fault("unknown_term", node, self.nearest(name), name=name)

    def nearest(self, name: str) -> str | None:
        """The term that ``name`` was probably meant to be."""
        return suggest(name, [*self.catalogue.measures, *self.catalogue.kpis, *self.catalogue.parameters, *NAMES])

    def parameter(self, node: Name) -> None:
        """A parameter that stands for a number must be one."""
        value = self.catalogue.parameters[node.id].default
        if not isinstance(value, (int, float)):
            self.fault("not_a_number_parameter", node, name=node.id, value=str(value))

    def variant(self, node: VariantName, balance: str | None) -> None:
        """A variant of a KPI that has it."""
        kpi = self.catalogue.kpis.get(node.kpi)
        if kpi is not None and node.variant in kpi.variants:
            if balance is not None:
                self.fault("flow_at_instant", node, name=f"{node.kpi}.{node.variant}", function=balance)
            return
        known = [f"{other.id}.{variant}" for other in self.catalogue.kpis.values() for variant in other.variants]
        close = suggest(f"{node.kpi}.{node.variant}", known)
        self.fault("unknown_variant", node, close, kpi=node.kpi, name=node.variant)

    def call(self, node: Call, balance: str | None) -> None:
        """Each argument as the function takes it; the last kind holds for all that follow."""
        function = FUNCTIONS[node.function]
        if Takes.BALANCE in function.takes and balance is not None:
            self.fault("flow_at_instant", node, name=f"{node.function}()", function=balance)
        for number, argument in enumerate(node.arguments):
            match function.takes[min(number, len(function.takes) - 1)]:
                case Takes.VALUE:
                    self.value(argument, None if Takes.BALANCE in function.takes else balance)
                case Takes.BALANCE:
                    self.balance(argument, node.function)
                case Takes.COUNT:
                    self.count(argument, 1 if node.function in _AT_LEAST_ONE else 0)
                case Takes.NAME:
                    self.goal(argument, node.function)
                case Takes.DIMENSION:
                    if not isinstance(argument, Name):
                        self.fault("not_a_dimension", argument, function=node.function)
                case Takes.REDUCTION:
                    self.reduction(argument)

    def balance(self, node: Node, function: str) -> None:
        """A state at an instant: at least one balance, and nothing that happens over a span."""
        before = len(self.issues)
        self.value(node, function)
        inside = [part for part in walk(node) if isinstance(part, Name) and part.id in self.catalogue.measures]
        if len(self.issues) == before and not inside:
            self.fault("no_balance", node, function=function)

    def count(self, node: Node, least: int) -> None:
        """A whole number known before any data: a number, a parameter, or sums of these."""
        match node:
            case Number(value=value) if value.is_integer() and least <= value <= MOST_COUNT:
                return
            case Name(id="periods_per_year"):
                return
            case Name(id=name) if name in self.catalogue.parameters:
                self.parameter(node)
            case Binary(operator="+" | "-", left=left, right=right):
                self.count(left, 0)
                self.count(right, 0)
            case Name(id=name) if not self.is_term(name):
                self.fault("unknown_term", node, suggest(name, self.catalogue.parameters), name=name)
            case _:
                self.fault("not_a_count", node, least=least, most=MOST_COUNT)

    def is_term(self, name: str) -> bool:
        """Whether the name means anything at all."""
        return name in self.catalogue.measures or name in self.catalogue.kpis or name in NAMES

    def goal(self, node: Node, function: str) -> None:
        """The name of what targets are stated for; on_target also takes its value, so it cannot be a bare balance."""
        match node:
            case Name(id=name) if name in self.catalogue.measures and function != "on_target":
                return
            case Name(id=name) if name in self.catalogue.parameters or name in NAMES:
                self.fault("not_a_goal", node, function=function)
            case Name() | VariantName():
                self.value(node, None)
            case _:
                self.fault("not_a_goal", node, function=function)

    def reduction(self, node: Node) -> None:
        """How across reduces: one of the known words, quoted."""
        word = node.value if isinstance(node, Word) else ""
        if word not in REDUCTIONS:
            self.fault("unknown_reduction", node, suggest(word, REDUCTIONS), choices=", ".join(REDUCTIONS))

    def dimensions(self, node: Node) -> None:
        """Every measure under a condition or across must reach its dimension, and know the members named."""
        for name, operand, column in dimensions_named(node):
            for measure in measures_of(operand, self.catalogue):
                if name not in self.extra and not self.reaches(name, measure, column):
                    break
        for part in walk(node):
            if isinstance(part, Filtered):
                self.members(part)

    def reaches(self, dimension: str, measure: str, column: int) -> bool:
        """Whether ``measure`` can be cut by ``dimension``; the reason why not becomes an issue."""
        definition = self.catalogue.measures[measure]
        if may_be_stated(definition) or find_column(self.catalogue, definition, dimension) is not None:
            return True
        entities = self.catalogue.entities.values()
        everywhere = {name for entity in entities for name in (*entity.columns, *entity.derived)}
        entity = definition.bindings[0].entity
        if dimension in everywhere:
            self.fault("unreachable_dimension", column, dimension=dimension, measure=measure, entity=entity)
        else:
            close = suggest(dimension, everywhere)
            self.fault("unknown_dimension", column, close, dimension=dimension, measure=measure, entity=entity)
        return False

    def members(self, node: Filtered) -> None:
        """A flag must be one; a member that a closed list of values does not have gives zero, and is warned of."""
        for measure in measures_of(node.operand, self.catalogue)[:1]:
            column = find_column(self.catalogue, self.catalogue.measures[measure], node.condition.dimension)
            if column is None:
                return
            if node.condition.values == ("true",) and column.type is not ColumnType.BOOLEAN:
                self.fault("not_a_flag_column", node, name=node.condition.dimension)
            known = getattr(column, "values", ())
            for value in node.condition.values:
                if known and value is not None and value not in known:
                    self.fault("unknown_member", node, suggest(value, known), name=value, dimension=column.name)
                    self.issues[-1] = replace(self.issues[-1], severity=Severity.WARNING)


def _check_kind(reading: Reading, node: Node, inference: Inference) -> list[Issue]:
    try:
        found, declared = inference.infer(node, reading.owner), parse_unit(reading.unit)
    except DefinitionError as error:
        issues = [issue for issue in error.issues if issue.code != "unknown_unit"]  # reported where it is declared
        return [replace(issue, place=reading.place) for issue in issues]
    if is_of_kind(found, declared):
        return []
    data: dict[str, Datum] = {"owner": reading.owner, "column": 1, "found": found.kind, "declared": reading.unit}
    return [Issue("wrong_unit", data, reading.place)]


def _check_units(catalogue: Catalogue) -> Iterator[Issue]:
    declared = [(measure.unit, measure.place) for measure in catalogue.measures.values()]
    declared += [(unit.unit, unit.place) for unit in catalogue.parameters.values() if unit.unit not in NOT_UNITS]
    declared += [(reading.unit, reading.place) for reading in readings_of(catalogue)]
    for unit, place in declared:
        try:
            parse_unit(unit)
        except DefinitionError as error:
            yield replace(error.issues[0], place=place)


def _check_names(catalogue: Catalogue) -> Iterator[Issue]:
    """A name must mean one thing: a KPI may share a measure's name only by being that measure."""
    for kpi in catalogue.kpis.values():
        if kpi.id in catalogue.measures and kpi.formula.strip() != kpi.id:
            yield Issue("two_meanings", {"name": kpi.id, "owner": kpi.id, "column": 1}, kpi.place)
    for parameter in catalogue.parameters.values():
        if parameter.id in catalogue.measures or parameter.id in catalogue.kpis:
            yield Issue("reserved_name", {"name": parameter.id}, parameter.place)
    defined = [(named.id, named.place) for named in catalogue.kpis.values()]
    defined += [(named.id, named.place) for named in catalogue.measures.values()]
    defined += [(named.id, named.place) for named in catalogue.parameters.values()]
    for name, place in defined:
        if name in NAMES or name in FUNCTIONS or keyword.iskeyword(name):
            yield Issue("reserved_name", {"name": name}, place)


def _check_chains(trees: dict[str, Node], readings: Mapping[str, Reading], catalogue: Catalogue) -> Iterator[Issue]:
    """One issue for each circle of formulas, at its first member, and one for each formula that grows too large."""
    for circle in find_circles(trees, catalogue):
        data: dict[str, Datum] = {"owner": circle[0], "column": 1, "circle": " → ".join(circle)}
        yield Issue("circular_formula", data, readings[circle[0]].place)
    for owner, extent in measure_extents(trees, catalogue).items():
        if not extent.is_bearable:
            data = {"owner": owner, "column": 1, "depth": extent.depth, "steps": extent.steps}
            yield Issue("chain_too_long", data, readings[owner].place)
