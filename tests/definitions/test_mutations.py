"""Breaking a formula breaks an example: the wrong formulas next to each are made, and none may pass for right.

A wrong one swaps the sides of / and -, drops a term, adds what is to be taken away, takes the other end of a period,
drops a filter or a shift in time, reduces members another way, or counts another measure of the same unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sanjeh.compute import Question, Reading, compute
from sanjeh.definitions import KPI, Example, Variant, load_catalogue
from sanjeh.example import lay_ground
from sanjeh.formula import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word, parse, walk

CATALOGUE = load_catalogue()
OTHER_END = {"opening": "closing", "closing": "opening", "average": "closing"}
SHIFTS = ("prior", "year_ago", "baseline", "rolling", "to_date", "year_to_date", "lagged", "daily", "real")

OTHER_WAY = {"mean": "sum", "median": "mean"}

# Other in text only: these come to the same number on any rows, and why.
EQUIVALENT = {
    (
        "contract_renewal_rate.net_revenue_retention",
        "(closing(opening_customers_run_rate) / opening(opening_customers_run_rate))",
    ): "a contract that runs at the start is always one of a customer who has a contract at the start",
}
# One measure alone of its entity, unit and kind: there is nothing that it could be taken for.
SINGLE = frozenset({"dso.count_back"})


def text_of(node: Node) -> str:
    """The node as the language writes it."""
    match node:
        case Number(value=value):
            return f"{value:g}"
        case Name(id=name):
            return name
        case VariantName(kpi=kpi, variant=variant):
            return f"{kpi}.{variant}"
        case Negative(operand=inner):
            return f"(-{text_of(inner)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({text_of(left)} {operator} {text_of(right)})"
        case Filtered(operand=inner, condition=condition):
            return f"{text_of(inner)}[{condition}]"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(text_of(argument) for argument in arguments)})"
        case Word(value=value):
            return repr(value)


def formulas_of(kpi: KPI) -> dict[str, str]:
    """Every reading's formula, "" being the default's."""
    return {"": kpi.formula} | {name: variant.formula for name, variant in kpi.variants.items()}


def neighbours(kpi: KPI, name: str) -> list[str]:
    """Measures that could be taken for ``name``: of its unit and kind, from this KPI first, then its entity."""
    measure = CATALOGUE.measures[name]
    own = [node.id for text in formulas_of(kpi).values() for node in walk(parse(text)) if isinstance(node, Name)]
    same_entity = [m.id for m in CATALOGUE.measures.values() if m.bindings[0].entity == measure.bindings[0].entity]
    found = dict.fromkeys(other for other in (*own, *same_entity) if other in CATALOGUE.measures and other != name)
    return [
        other
        for other in found
        if CATALOGUE.measures[other].unit == measure.unit
        and CATALOGUE.measures[other].kind.is_balance == measure.kind.is_balance
    ]


def changes(kpi: KPI, node: Node) -> Iterator[Node]:
    """What ``node`` itself may be wrongly written as."""
    match node:
        case Binary(operator="/" | "-" as operator, left=left, right=right):
            yield replace(node, left=right, right=left)
            if operator == "-":
                yield left
                yield replace(node, operator="+")
        case Binary(operator="+", left=left, right=right):
            yield left
            yield right
            yield replace(node, operator="-")
        case Binary(operator="*", left=left, right=right):
            yield right if isinstance(left, Number) else left
        case Call(function=function, arguments=arguments) if function in OTHER_END:
            yield Call(OTHER_END[function], arguments)
        case Call(function=function, arguments=arguments) if function in SHIFTS:
            yield arguments[0]
        case Filtered(operand=inner):
            yield inner
        case Word(value=value) if value in OTHER_WAY:
            yield Word(OTHER_WAY[value])
        case Name(id=name) if name in CATALOGUE.measures:
            for other in neighbours(kpi, name)[:1]:
                yield Name(other)
        case _:
            return


def mutants(kpi: KPI, node: Node) -> Iterator[Node]:
    """The formula with one node changed, for each node and change."""
    yield from changes(kpi, node)
    match node:
        case Negative(operand=inner) | Filtered(operand=inner):
            yield from (replace(node, operand=wrong) for wrong in mutants(kpi, inner))
        case Binary(left=left, right=right):
            yield from (replace(node, left=wrong) for wrong in mutants(kpi, left))
            yield from (replace(node, right=wrong) for wrong in mutants(kpi, right))
        case Call(function=function, arguments=arguments) if function not in ("target", "budget", "on_target"):
            for n, argument in enumerate(arguments):
                for wrong in mutants(kpi, argument):
                    yield Call(function, (*arguments[:n], wrong, *arguments[n + 1 :]))
        case _:
            return


def wrong_forms(kpi: KPI, formula: str) -> list[str]:
    """The wrong formulas next to ``formula``."""
    right = parse(formula)
    found = dict.fromkeys(text_of(wrong) for wrong in mutants(kpi, right))
    return [text for text in found if text != text_of(right)]


def is_as_stated(value: float | None, reason: str | None, expected: float | str) -> bool:
    """Whether a point is what the example states."""
    if isinstance(expected, str):
        return reason == expected
    return value is not None and abs(value - expected) <= 1e-6 * max(1.0, abs(expected))


def survivors_of(kpi: KPI, example: Example, wrong: dict[str, list[str]]) -> set[tuple[str, str]]:
    """The wrong formulas (variant, text) that come out of ``example`` as the right one should."""
    ground, question = lay_ground(kpi, example, CATALOGUE)
    names = {f"w{n}": pair for n, pair in enumerate((v, text) for v in example.expect for text in wrong.get(v, ()))}

    def reading(name: str, text: str) -> Reading:
        variant = Variant(name, kpi.title, text, kpi.unit, kpi.direction, kpi.timing)
        return Reading(kpi, variant)

    readings = tuple(reading(name, text) for name, (_, text) in names.items())
    results = compute(Question(readings, question.periods, (), question.conditions), ground, strict=False)
    alive = set()
    for result in results.results:
        point = next(iter(result.points()), None)
        pair = names[result.reading.variant.id if result.reading.variant else ""]
        if point is not None and is_as_stated(point.value, point.reason, example.expect[pair[0]]):
            alive.add(pair)
    return alive


def all_survivors(kpi: KPI, wrong: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Those of the ``wrong`` formulas (by variant) that no example of ``kpi`` tells from the right ones."""
    alive = {(variant, text) for variant, texts in wrong.items() for text in texts}
    for example in kpi.examples:
        asked = {v: [text for text in texts if (v, text) in alive] for v, texts in wrong.items()}
        if any(asked.get(variant) for variant in example.expect):
            still = survivors_of(kpi, example, asked)
            alive -= {pair for pair in alive if pair[0] in example.expect and pair not in still}
    return sorted(alive)


@pytest.mark.parametrize("name", CATALOGUE.kpis)
def test_no_wrong_formula_passes_for_the_right_one(name: str) -> None:
    """Each formula's wrong forms fail at least one of its examples, save those that are the same number."""
    kpi = CATALOGUE.kpis[name]
    wrong = {variant: wrong_forms(kpi, formula) for variant, formula in formulas_of(kpi).items()}
    alive = [(v, text) for v, text in all_survivors(kpi, wrong) if (f"{name}.{v}".rstrip("."), text) not in EQUIVALENT]
    assert not alive, "\n".join(f"{name}.{variant}: {text}" for variant, text in alive)


def test_every_formula_has_wrong_forms_to_be_told_from() -> None:
    """A formula of which nothing wrong can be written would be tested by nothing here."""
    without = [
        f"{kpi.id}.{variant}"
        for kpi in CATALOGUE.kpis.values()
        for variant, formula in formulas_of(kpi).items()
        if not wrong_forms(kpi, formula)
    ]
    assert not [name for name in without if name not in SINGLE]


def test_a_formula_that_is_right_passes_for_itself() -> None:
    """The check is no blind one: what is not wrong is found to survive every example."""
    kpi = CATALOGUE.kpis["churn_rate"]
    right = {variant: [formula] for variant, formula in formulas_of(kpi).items()}
    assert all_survivors(kpi, right) == sorted((variant, formula) for variant, (formula,) in right.items())


def test_what_is_excused_is_still_written_so() -> None:
    """An excuse for a formula that has changed since is no excuse."""
    known = {
        (f"{kpi.id}.{variant}".rstrip("."), text)
        for kpi in CATALOGUE.kpis.values()
        for variant, formula in formulas_of(kpi).items()
        for text in wrong_forms(kpi, formula)
    }
    assert set(EQUIVALENT) <= known
