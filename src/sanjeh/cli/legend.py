"""A legend stands below boards: what the signs beside values mean here, and what the KPIs with a note stand on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sanjeh.cli.board import SIGNS, note_sign, noted
from sanjeh.compute import Result
from sanjeh.definitions import Kind
from sanjeh.formula import measures_in
from sanjeh.frame import Frame, is_above_whole, title_of
from sanjeh.plan import read_whole_number
from sanjeh.present import mark_words, word
from sanjeh.series import Mark, Reason
from sanjeh.workspace import Workspace


def legend_lines(frame: Frame, space: Workspace) -> list[str]:
    """The lines below the boards of ``frame``: the signs on one, each note on its own."""
    language = frame.language
    signs = "   ".join(_signs(frame, space))
    colon = word("list", "colon", language)
    kpis = {result.reading.name: result.reading for result in frame.results.results}
    notes = [
        f"{note_sign(number, language)} {title_of(kpis[name], language)}{colon}{kpis[name].kpi.basis.get(language)}"
        for number, name in enumerate(noted(frame), start=1)
    ]
    return [*([signs] if signs else []), *notes]


def _signs(frame: Frame, space: Workspace) -> Iterator[str]:
    seen, is_above = 0, False
    for result in frame.results.results:
        for marks in result.series.marks.flat:
            seen |= int(marks)
        if result.reading.name in frame.shares:
            known = result.series.values[result.series.reasons == Reason.VALUE]
            is_above |= any(is_above_whole(float(value)) for value in known)
    for mark in Mark(seen).codes:
        told = _why_provisional(frame, space) if mark == "provisional" else [mark]
        yield f"{SIGNS[mark]} {(' / ').join(mark_words([each], frame.language) for each in told)}"
    if is_above:
        yield f"{SIGNS['above_whole']} {mark_words(['above_whole'], frame.language)}"


def _why_provisional(frame: Frame, space: Workspace) -> list[str]:
    """The reasons that apply: a cohort that is not ripe yet, or purchases before the data that nobody knows."""
    found = {why for result in frame.results.results for why in _reasons(result, frame, space)}
    return [why for why in ("provisional", "provisional_early") if why in found] or ["provisional"]


def _reasons(result: Result, frame: Frame, space: Workspace) -> Iterator[str]:
    marked = [
        slot
        for slot, marks in zip(result.slots, result.series.marks, strict=True)
        if any(int(mark) & Mark.PROVISIONAL for mark in marks)
    ]
    if not marked:
        return
    measures = measures_in(result.reading.formula, space.catalogue)
    values = space.catalogue.settings(space.settings.parameters)
    ripe = [read_whole_number(values, m.ripe) for m in measures if m.kind is Kind.COHORT and m.ripe]
    early = any(measure.rests_on_history for measure in measures)
    as_of_end = frame.as_of + timedelta(1)
    for slot in marked:
        end = slot.last.end if slot.last else slot.end
        is_unripe = any(as_of_end < end + timedelta(days) for days in ripe)
        yield "provisional_early" if early and not is_unripe else "provisional"
