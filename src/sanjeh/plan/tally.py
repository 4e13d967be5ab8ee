"""A tally is one aggregate of an entity's rows, day by day, from which needs over any span can be answered exactly.

A sum comes with the number of rows; a set holds the keys met, in levels (once, twice ...); a first holds the keys whose
earliest row lies on the day. Sums add, sets join, so days make spans and members make totals.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sanjeh.definitions import Catalogue, Kind, Membership, ParameterValue, Rule
from sanjeh.plan.block import Block, Need, Strategy
from sanjeh.plan.build import is_flag
from sanjeh.plan.reach import segments_named

MOST_LEVELS = 2
_MOVES = re.compile(r"\b(segment|last_before)\s*\(|\bt\b")  # what depends on the instant at which it is asked


class TallyKind(StrEnum):
    """What is kept of a day's rows."""

    SUM = "sum"
    SET = "set"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Tally:
    """``expression`` is what is summed, or the key; ``where`` filters; ``priced`` leaves out rows without a rate.

    ``levels`` is up to how many rows of a key are told apart.
    """

    kind: TallyKind
    entity: str
    time: str
    expression: str
    where: str = ""
    priced: bool = True
    levels: int = 1

    @property
    def counts_rows(self) -> bool:
        """Whether its sum is the number of its rows: none is zero then, not unknown."""
        return self.kind is TallyKind.SET or self.expression == "1"

    @property
    def id(self) -> str:
        """What tells it from others but for its levels, as 16 characters."""
        parts = (self.kind, self.entity, self.time, self.expression, self.where, self.priced)
        return hashlib.blake2b(repr(tuple(map(str, parts))).encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Recent:
    """The keys that have a set's rows within ``window`` days before an instant, at least ``level`` of them."""

    tally: Tally
    window: int
    level: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a need is answered from tallies: which of them, and for states those of each segment.

    ``by`` are the dimensions that the tallies must be kept by: those asked and those of the conditions.
    """

    strategy: Strategy
    main: Tally
    first: Tally | None = None
    segments: tuple[Recent, ...] = ()
    by: tuple[str, ...] = ()

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """Every tally that the answer is made from."""
        others = (self.first, *(segment.tally for segment in self.segments))
        return tuple(dict.fromkeys(tally for tally in (self.main, *others) if tally is not None))


def recipe_of(need: Need, block: Block, catalogue: Catalogue, settings: Mapping[str, ParameterValue]) -> Recipe | None:
    """How ``need`` of ``block`` can be answered from tallies, or None where only its rows can tell."""
    if any(is_flag(catalogue, condition.dimension) for condition in need.conditions):
        return None
    if block.strategy is Strategy.STATE:
        return _of_state(need, catalogue, settings)
    where = need.binding.where or ""
    if (
        len(need.binding.times) != 1
        or need.binding.until is not None
        or need.measure.latest_per
        or _MOVES.search(where)
    ):
        return None
    by = tuple(sorted({*need.by, *(condition.dimension for condition in need.conditions)}))
    if block.strategy is Strategy.FLOW:
        main = _of_flow(need)
        return None if main is None else Recipe(block.strategy, main, by=by)
    if block.strategy is Strategy.FIRST:
        return Recipe(block.strategy, _first_of(need), by=by)
    if block.strategy is Strategy.RETURNING:
        return Recipe(block.strategy, _set_of(need, 1), _first_of(need), by=by)
    return None


def _of_flow(need: Need) -> Tally | None:
    if need.kind is Kind.DISTINCT:
        return _set_of(need, need.measure.having) if need.measure.having <= MOST_LEVELS else None
    where, priced = need.binding.where or "", not need.measure.unit.startswith("money")
    return Tally(TallyKind.SUM, need.binding.entity, need.binding.times[0], need.binding.expression, where, priced)


def _set_of(need: Need, levels: int) -> Tally:
    where, priced = need.binding.where or "", not need.measure.unit.startswith("money")
    binding = need.binding
    return Tally(TallyKind.SET, binding.entity, binding.times[0], binding.expression, where, priced, levels)


def _first_of(need: Need) -> Tally:
    binding = need.binding
    return Tally(TallyKind.FIRST, binding.entity, binding.times[0], binding.expression, binding.where or "")


def _of_state(need: Need, catalogue: Catalogue, settings: Mapping[str, ParameterValue]) -> Recipe | None:
    """Only segments of recent rows, about which nothing is asked but who belongs when."""
    if need.by or need.conditions or need.measure.weight is not None:
        return None
    segments = []
    for name in segments_named(need.binding.where or ""):
        segment = catalogue.segments.get(name)
        membership = None if segment is None else _chosen(segment.choices, segment.chosen_by, settings)
        if segment is None or membership is None or membership.rule is not Rule.RECENT or membership.time is None:
            return None
        least = _number(settings, membership.at_least, 1)
        if least > MOST_LEVELS or least < 1:
            return None
        place = (membership.entity, membership.time, segment.key, membership.where or "")
        tally = Tally(TallyKind.SET, *place, levels=max(least, 1))
        segments.append(Recent(tally, _number(settings, membership.window, 0), least))
    if not segments:
        return None
    main = segments[0].tally
    first = None
    if need.kind is Kind.REACTIVATED:
        first = Tally(TallyKind.FIRST, main.entity, main.time, main.expression, main.where)
    return Recipe(Strategy.STATE, main, first, tuple(segments))


def _chosen(
    choices: Mapping[str, Membership], chosen_by: str | None, settings: Mapping[str, ParameterValue]
) -> Membership | None:
    return next(iter(choices.values())) if chosen_by is None else choices.get(str(settings[chosen_by]))


def _number(settings: Mapping[str, ParameterValue], name: str | None, default: int) -> int:
    value = default if name is None else settings.get(name, name)
    return default if isinstance(value, tuple) else int(float(value))
