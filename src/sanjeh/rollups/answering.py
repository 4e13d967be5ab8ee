"""Answering makes the answer to a need out of folded cells: the values that its rows would give, to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from pyroaring import BitMap

from sanjeh.calendars import Span
from sanjeh.definitions import Kind
from sanjeh.plan import Answer, Need, Recipe, Strategy, Tally, TallyKind
from sanjeh.plan.answer import Member
from sanjeh.rollups.folding import Folding, View, make_view
from sanjeh.series import Mode

Find = Callable[[Tally, tuple[str, ...]], Folding | None]
_Values = dict[tuple[Span, Member], tuple[float | None, int]]
_NOBODY = BitMap()


def answer_need(need: Need, recipe: Recipe, spans: Sequence[Span], find: Find) -> Answer | None:
    """The answer to ``need`` over ``spans``, or None where ``find`` does not have every tally of the recipe."""
    if recipe.strategy is Strategy.STATE:
        return _state(need, recipe, spans, find)
    main = find(recipe.main, recipe.by)
    if main is None:
        return None
    view = make_view(main.cells.words, main.by, need.by, need.conditions)
    if recipe.strategy is Strategy.FIRST:
        return Answer(_firsts(recipe.main, main, view, spans))
    if recipe.strategy is Strategy.RETURNING:
        first = find(recipe.first, ()) if recipe.first else None
        return None if first is None else Answer(_returning(recipe, main, view, first, spans))
    if recipe.main.kind is TallyKind.SET:
        return Answer(_distinct(recipe.main, main, view, spans))
    return Answer({(span, member): (value, rows) for span, member, value, rows in main.sums(recipe.main, view, spans)})


def _distinct(tally: Tally, main: Folding, view: View, spans: Sequence[Span]) -> _Values:
    """Members with rows but no key come to zero, as a count of nothing does."""
    keys = main.sets(tally, view, spans)
    counted: _Values = {}
    for span, member, _, rows in main.sums(tally, view, spans):
        levels = keys[span].get(view.words.index(member))
        counted[span, member] = (float(len(levels[-1])) if levels else 0.0, rows)
    return counted


def _firsts(tally: Tally, main: Folding, view: View, spans: Sequence[Span]) -> _Values:
    found: _Values = {}
    for span, members in main.sets(tally, view, spans).items():
        for member, levels in members.items():
            if levels[0]:
                found[span, view.words[member]] = (float(len(levels[0])), len(levels[0]))
    return found


def _total(folding: Folding) -> View:
    return make_view(folding.cells.words, folding.by, (), ())


def _all_keys(tally: Tally, folding: Folding, spans: Sequence[Span]) -> dict[Span, tuple[BitMap, ...]]:
    """The keys of all members together in each span."""
    found = folding.sets(tally, _total(folding), spans)
    return {span: next(iter(members.values()), (_NOBODY,) * tally.levels) for span, members in found.items()}


def _returning(recipe: Recipe, main: Folding, view: View, first: Folding, spans: Sequence[Span]) -> _Values:
    """Who has rows in a span and is not new in it was there before it: nobody's first row comes after his rows."""
    assert recipe.first is not None
    new = _all_keys(recipe.first, first, spans)
    found: _Values = {}
    for span, members in main.sets(recipe.main, view, spans).items():
        for member, levels in members.items():
            if levels[0]:
                met = len(levels[0])
                found[span, view.words[member]] = (float(met - levels[0].intersection_cardinality(new[span][0])), met)
    return found


def _state(need: Need, recipe: Recipe, spans: Sequence[Span], find: Find) -> Answer | None:
    ends = sorted({end for span in spans for end in (span.start, span.end)})
    there = dict.fromkeys(ends, _NOBODY)
    for number, segment in enumerate(recipe.segments):
        folding = find(segment.tally, ())
        if folding is None:
            return None
        back = timedelta(segment.window)
        windows = {end: Span(end - back, end) for end in ends if end - date.min >= back}
        keys = _all_keys(segment.tally, folding, list(windows.values()))
        own = {end: keys[windows[end]][segment.level - 1] if end in windows else _NOBODY for end in ends}
        there = own if number == 0 else {end: there[end] & own[end] for end in ends}
    new: Mapping[Span, tuple[BitMap, ...]] = {}
    if recipe.first is not None:
        first = find(recipe.first, ())
        if first is None:
            return None
        new = _all_keys(recipe.first, first, spans)
    found: _Values = {}
    for span in spans:
        opening, closing = there[span.start], there[span.end]
        if opening or closing:
            count = _count(need, opening, closing, new[span][0] if new else _NOBODY)
            found[span, ()] = (float(count) if count else None, count)
    return Answer(found)


def _count(need: Need, opening: BitMap, closing: BitMap, new: BitMap) -> int:
    match need.kind:
        case Kind.LOST:
            return int(opening.difference_cardinality(closing))
        case Kind.RETAINED:
            return int(opening.intersection_cardinality(closing))
        case Kind.REACTIVATED:
            return len((closing - opening) - new)
        case _:
            return len(opening if need.mode is Mode.OPENING else closing)
