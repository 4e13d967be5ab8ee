"""A split KPI means something only by its dimension (sales by region), so a board shows it member by member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sanjeh.compute import Result
from sanjeh.errors import SanjehError
from sanjeh.frame import Frame
from sanjeh.workspace import Workspace

# A board of every KPI has no room for a dimension of more members than this.
MOST_MEMBERS = 20


def split(frame: Frame, space: Workspace, *, is_whole: bool = False, **asked: Any) -> Frame:
    """``frame`` with the KPIs that need a breakdown broken down by it, where the question names no dimension.

    ``asked`` is the question, as ``Workspace.compute`` takes it. With ``is_whole`` (a board of every KPI) those of many
    members are left out.
    """
    found: list[Result] = []
    done: set[str] = set()
    for result in frame.results.results:
        reading = result.reading
        if result.by or not reading.kpi.needs_breakdown or not reading.kpi.breakdown:
            found.append(result)
        elif reading.name not in done:
            done.add(reading.name)
            found += _members(result, frame, space, is_whole, asked)
    return replace(frame, results=replace(frame.results, results=tuple(found)))


def _members(result: Result, frame: Frame, space: Workspace, is_whole: bool, asked: dict[str, Any]) -> Iterator[Result]:
    """The reading's results by its dimension; as they are where they cannot be broken down."""
    reading = result.reading
    try:
        parts = space.compute(reading.name, by=reading.kpi.breakdown or "", **asked | {"variants": False})
    except SanjehError:
        yield from (each for each in frame.results.results if each.reading.name == reading.name)
        return
    if not is_whole or all(len(part.members) <= MOST_MEMBERS for part in parts.results.results):
        yield from parts.results.results
