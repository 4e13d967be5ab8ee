"""The unit of a formula follows from those of its measures."""

from __future__ import annotations

import pytest

from sanjeh.definitions import load_catalogue
from sanjeh.errors import DefinitionError
from sanjeh.formula import FUNCTIONS, infer_unit, is_of_kind, parse
from sanjeh.formula.unit import RESULTS
from sanjeh.units import parse_unit


@pytest.mark.parametrize(
    ("formula", "unit"),
    [
        ("revenue", "money"),
        ("revenue / orders", "money"),
        ("1000 * media_cost / ad_impressions", "money"),
        ("orders / buyers", "number"),
        ("revenue / sales", "number"),
        ("days", "days"),
        ("orders / days", "1/days"),
        ("closing(receivables) * days / credit_sales", "days"),
        ("count_back(receivables, credit_sales)", "days"),
        ("resolution_hours / tickets_resolved", "hours"),
        ("units_produced / run_hours", "1/hours"),
        ("prior(rolling(revenue, 3))", "money"),
        ("abs(real(positive(revenue)))", "money"),
        ("target(revenue) - budget(sales)", "money"),
        ("on_target(revenue)", "number"),
        ("share(revenue)", "number"),
        ("part_of(revenue, sales)", "number"),
        ("across(revenue, region, 'median')", "money"),
        ("across(revenue, region, 'count')", "number"),
        ("max(revenue, 0)", "money"),
        ("0 - revenue", "money"),
        ("average_order_value * orders", "money"),
        ("customer_lifetime_value.margin / cac", "number"),
        ("revenue * customer_lifespan_years", "money"),
        ("lagged(revenue, lag_days)", "money"),
        ("-revenue[region == 'x']", "money"),
        ("revenue * revenue", "money^2"),
    ],
)
def test_units_are_inferred(formula: str, unit: str) -> None:
    assert infer_unit(parse(formula), load_catalogue()).powers == parse_unit(unit).powers


@pytest.mark.parametrize(
    ("formula", "column"),
    [
        ("revenue + orders", 11),
        ("1 - revenue", 5),
        ("plus(revenue, orders)", 15),
        ("min(orders, days)", 13),
        ("part_of(orders, revenue)", 17),
        ("count_back(receivables, orders)", 25),
        ("orders / (resolution_hours - days)", 30),
        ("revenue + lag_days", 11),
    ],
)
def test_what_has_another_dimension_cannot_be_added_or_compared(formula: str, column: int) -> None:
    with pytest.raises(DefinitionError) as caught:
        infer_unit(parse(formula), load_catalogue())
    (issue,) = caught.value.issues
    assert (issue.code, issue.data["column"]) == ("unit_mismatch", column)


@pytest.mark.parametrize(
    ("found", "declared", "holds"),
    [
        ("number", "percentage", True),
        ("number", "score", True),
        ("1/hours", "number", True),
        ("1/hours", "1/hours", True),
        ("1/hours", "percentage", False),
        ("hours", "number", False),
        ("hours", "days", False),
        ("money/days", "money", False),
        ("money", "number", False),
    ],
)
def test_a_declared_unit_is_a_kind(found: str, declared: str, holds: bool) -> None:
    assert is_of_kind(parse_unit(found), parse_unit(declared)) is holds


def test_every_function_of_the_language_has_a_rule_for_its_unit() -> None:
    assert RESULTS.keys() == FUNCTIONS.keys()
