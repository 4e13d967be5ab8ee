"""The runner answers a plan from roll-ups where they answer exactly, and leaves the rest to the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sanjeh.calendars import Span
from sanjeh.plan import Answer, Block, Key, Need, Plan, Recipe, Tally, TallyKind, recipe_of
from sanjeh.rollups.answering import answer_need
from sanjeh.rollups.cube import Cube
from sanjeh.rollups.files import files_of
from sanjeh.rollups.folding import Folding
from sanjeh.rollups.index import Index
from sanjeh.warehouse import Snapshot


@dataclass(slots=True)
class RolledUp:
    """An engine over another one; ``terms`` is the digest of the terms under which cells must have been made.

    ``missed`` are the recipes of needs that only rows could answer so far, though roll-ups could.
    """

    inner: Any
    warehouse: Path
    snapshot: Snapshot
    index: Index
    terms: str
    missed: dict[Recipe, None] = field(default_factory=dict)
    _loaded: dict[tuple[str, str], Folding | None] = field(default_factory=dict)

    @property
    def connection(self) -> Any:
        """The inner engine's connection."""
        return self.inner.connection

    @property
    def relations(self) -> Any:
        """The inner engine's terms."""
        return self.inner.relations

    @property
    def statements(self) -> Any:
        """What the inner engine has run."""
        return self.inner.statements

    def run(self, plan: Plan) -> dict[Key, Answer]:
        """The answer to every need of ``plan``."""
        found: dict[Key, Answer] = {}
        rest = []
        for block in plan.blocks:
            left = []
            for need in block.needs:
                answer = self.answer(need, block)
                if answer is None:
                    left.append(need)
                else:
                    found[need.key] = answer
            if left:
                rest.append(replace(block, needs=tuple(left)))
        if rest:
            found.update(self.inner.run(Plan(tuple(rest))))
        return found

    def answer(self, need: Need, block: Block) -> Answer | None:
        """The answer to ``need`` from roll-ups, or None where they do not have it."""
        recipe = recipe_of(need, block, self.relations.catalogue, self.relations.settings)
        if recipe is None:
            return None
        answer = answer_need(need, recipe, block.spans, self._find) if self._has(recipe) else None
        if answer is None:
            self.missed[recipe] = None
        return answer

    def is_kept(self, need: Need, block: Block) -> bool:
        """Whether roll-ups have what ``need`` is answered from."""
        recipe = recipe_of(need, block, self.relations.catalogue, self.relations.settings)
        return recipe is not None and self._has(recipe)

    def list_rows(self, query: Any, span: Span, limit: int) -> Any:
        """The rows behind a number are the inner engine's."""
        return self.inner.list_rows(query, span, limit)

    def explain_block(self, block: Block) -> list[tuple[tuple[str, ...], str]]:
        """Each statement of ``block``: the measures it answers and its text; those that are kept have none."""
        kept = [need for need in block.needs if self.is_kept(need, block)]
        rest = tuple(need for need in block.needs if need not in kept)
        found: list[tuple[tuple[str, ...], str]] = []
        if kept:
            names = tuple(dict.fromkeys(need.measure.id for need in kept))
            found.append((names, "-- kept by day (sanjeh rollups): no row is read"))
        return found + (list(self.inner.explain_block(replace(block, needs=rest))) if rest else [])

    def _has(self, recipe: Recipe) -> bool:
        if not self.index.cubes:
            return False
        others = [tally for tally in recipe.tallies if tally != recipe.main]
        return bool(self._cubes(recipe.main, recipe.by)) and all(self._cubes(tally, ()) for tally in others)

    def _cubes(self, tally: Tally, by: Sequence[str]) -> list[Cube]:
        """The cubes that have ``tally`` by these dimensions, those with the fewest others first."""
        made = self.index.made.get(self.terms, {})
        found = [
            cube
            for cube in self.index.cubes
            if set(by) <= set(cube.by) and cube.has(tally) and cube.id in made and made[cube.id].folder
        ]
        return sorted(found, key=lambda cube: len(cube.by))

    def _find(self, tally: Tally, by: tuple[str, ...]) -> Folding | None:
        for cube in self._cubes(tally, by):
            folding = self._load(cube, tally)
            if folding is not None:
                return folding
        return None

    def _load(self, cube: Cube, tally: Tally) -> Folding | None:
        part = tally.id if tally.kind is TallyKind.FIRST else ""
        key = (cube.id, part)
        if key not in self._loaded:
            files = files_of(self.warehouse, self.index.made.get(self.terms, {}), cube, self.snapshot)
            self._loaded[key] = None if files is None else files.load_firsts(tally) if part else files.load()
        return self._loaded[key]
