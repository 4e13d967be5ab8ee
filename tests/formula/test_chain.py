"""Formulas that use one another."""

from __future__ import annotations

from dataclasses import replace

from sanjeh.definitions import Catalogue, load_catalogue
from sanjeh.formula import Node, parse
from sanjeh.formula.chain import find_circles, measure_extents


def _chain(**formulas: str) -> tuple[dict[str, Node], Catalogue]:
    standard = load_catalogue()
    model = standard.kpis["arpu"]
    kpis = {name: replace(model, id=name, formula=formula, variants={}) for name, formula in formulas.items()}
    return {name: parse(formula) for name, formula in formulas.items()}, replace(standard, kpis=kpis)


def test_a_circle_is_told_from_its_first_member_on() -> None:
    assert find_circles(*_chain(alone="orders", x="y / 2", y="1 + z", z="x - orders")) == [["x", "y", "z", "x"]]
    assert find_circles(*_chain(x="x + 1")) == [["x", "x"]]


def test_each_of_two_circles_is_told_and_what_only_leads_to_one_is_not() -> None:
    trees, catalogue = _chain(leads="x", x="y", y="x", u="v", v="u")
    assert sorted(find_circles(trees, catalogue)) == [["u", "v", "u"], ["x", "y", "x"]]


def test_a_kpi_named_like_a_measure_is_that_measure() -> None:
    assert find_circles(*_chain(revenue="revenue", twice="revenue + revenue")) == []


def test_the_extent_counts_the_formulas_of_the_kpis_inside() -> None:
    extents = measure_extents(*_chain(y="x + x", x="orders + buyers"))
    assert (extents["x"].depth, extents["x"].steps) == (2, 3)
    assert (extents["y"].depth, extents["y"].steps) == (4, 1 + 2 * (1 + 3))


def test_formulas_that_double_thirty_times_are_not_bearable() -> None:
    formulas = {f"k{n}": f"k{n - 1} + k{n - 1}" for n in range(1, 31)}
    extents = measure_extents(*_chain(k0="orders", **formulas))
    assert extents["k10"].is_bearable and not extents["k30"].is_bearable


def test_a_chain_of_thousands_is_measured_without_running_out_of_stack() -> None:
    formulas = {f"k{n}": f"k{n - 1}" for n in range(1, 3000)}
    assert measure_extents(*_chain(k0="orders", **formulas))["k2999"].depth == 3000


def test_nested_baselines_multiply() -> None:
    inner = measure_extents(*_chain(x="baseline(baseline(orders, 3), 4)"))["x"]
    assert inner.steps == 1 + (1 + 4) * ((1 + (1 + 3) * 2) + 1)
