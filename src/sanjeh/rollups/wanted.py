"""Wanted are the tallies that questions need: of named readings over any span, by the dimensions asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sanjeh.definitions import Catalogue, ParameterValue
from sanjeh.plan import Plan, Recipe, Tally, recipe_of
from sanjeh.rollups.cube import Cube, make_cubes


def recipes_of(plan: Plan, catalogue: Catalogue, settings: Mapping[str, ParameterValue]) -> Iterator[Recipe]:
    """How each need of ``plan`` can be answered from tallies, where it can."""
    for block in plan.blocks:
        for need in block.needs:
            recipe = recipe_of(need, block, catalogue, settings)
            if recipe is not None:
                yield recipe


def cubes_for(recipes: Iterable[Recipe], kept: Iterable[Cube] = ()) -> tuple[Cube, ...]:
    """The cubes that hold what ``recipes`` need and what the cubes ``kept`` hold already."""
    pairs: list[tuple[tuple[str, ...], Tally]] = [(cube.by, tally) for cube in kept for tally in cube.tallies]
    for recipe in recipes:
        pairs.append((recipe.by, recipe.main))
        pairs += [((), tally) for tally in recipe.tallies if tally != recipe.main]
    return make_cubes(pairs)
