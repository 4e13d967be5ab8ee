"""A board is a frame laid out for reading: KPIs or members down the side, periods across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sanjeh.calendars import Calendar
from sanjeh.compute import Result
from sanjeh.frame import Frame, is_above_whole, title_of
from sanjeh.present import (
    Cell,
    Column,
    ColumnKind,
    Table,
    format_slot,
    format_value,
    message,
    render_sparkline,
    text_width,
    to_persian,
)
from sanjeh.series import Mark, Reason

NAME_WIDTH = 34
SIGNS = {
    "partial": "*",
    "provisional": "~",
    "stale": "†",
    "above_whole": "!",
}


def build_boards(
    frame: Frame, calendar: Calendar, most_periods: int, titles: Mapping[str, str] | None = None
) -> list[Table]:
    """The tables that show ``frame``: one for all KPIs without a breakdown, one for each KPI with one.

    ``titles`` names dimensions in words.
    """
    plain = [result for result in frame.results.results if not result.by and not result.reading.by_campaign]
    tables = []
    for grain in dict.fromkeys(result.slots[0].grain for result in plain if result.slots):
        group = [result for result in plain if result.slots and result.slots[0].grain is grain]
        tables.append(_overall(group, frame, calendar, most_periods))
    broken = (result for result in frame.results.results if result.by)
    tables += [_broken_down(result, frame, calendar, most_periods, titles or {}) for result in broken]
    tables += [_campaigns(r, frame) for r in frame.results.results if r.reading.by_campaign and r.slots]
    return tables


def fit_boards(
    frame: Frame, calendar: Calendar, periods: int | None, width: int, titles: Mapping[str, str] | None = None
) -> list[Table]:
    """The tables with as many of the newest periods as leave room for the names on a screen of ``width`` characters.

    ``periods`` asks for that many whatever the width.
    """
    if periods:
        return build_boards(frame, calendar, periods, titles)
    for most in range(6, 1, -1):
        boards = build_boards(frame, calendar, most, titles)
        if all(_natural_width(table) <= width for table in boards):
            return boards
    return build_boards(frame, calendar, 2, titles)


def _natural_width(table: Table) -> int:
    """The characters of a line in which names take at most ``NAME_WIDTH``."""
    widths = [
        max(text_width(head.title), *(text_width(row[n].text) for row in table.rows), 1)
        for n, head in enumerate(table.columns)
    ]
    return sum([min(widths[0], NAME_WIDTH), *widths[1:]]) + 3 * len(widths)


def _shown(result: Result, most: int) -> range:
    return range(max(0, len(result.slots) - most), len(result.slots))


def _cell(result: Result, row: int, column: int, frame: Frame) -> Cell:
    reason = Reason(int(result.series.reasons[row, column]))
    marks = Mark(int(result.series.marks[row, column])).codes
    value = float(result.series.values[row, column]) if reason is Reason.VALUE else None
    text = format_value(
        value, reason.code, result.reading.unit, frame.language, currency=result.currency, compact=True, short=True
    )
    above = ("above_whole",) if result.reading.name in frame.shares and is_above_whole(value) else ()
    signs = "".join(SIGNS[mark] for mark in (*marks, *above))
    notes = (*(() if value is not None else (reason.code or "",)), *marks, *above)
    return Cell(f"{text} {signs}".rstrip(), value, note=" ".join(notes))


def _trend(result: Result, column: int) -> str:
    values = [
        float(v) if r == Reason.VALUE else None
        for v, r in zip(result.series.values[:, column], result.series.reasons[:, column], strict=True)
    ]
    return render_sparkline(values)


def _heads(result: Result, language: str, calendar: Calendar, most: int) -> list[Column]:
    heads = []
    for row in _shown(result, most):
        slot = result.slots[row]
        title = format_slot(slot, language, calendar=calendar, short=True)
        heads.append(Column(title, ColumnKind.NUMBER))
    return heads


def _overall(results: Sequence[Result], frame: Frame, calendar: Calendar, most: int) -> Table:
    language = frame.language
    notes = noted(frame)
    heads = [Column(message("board.kpi", language)), *_heads(results[0], language, calendar, most)]
    heads.append(Column(message("board.trend", language)))
    rows = [
        (
            Cell(_named(result, notes, language)),
            *(_cell(result, row, 0, frame) for row in _shown(result, most)),
            Cell(_trend(result, 0)),
        )
        for result in results
    ]
    return Table(tuple(heads), tuple(rows))


def noted(frame: Frame) -> list[str]:
    """The readings of ``frame`` that say what they stand on, in their order; the first is note 1."""
    shown = sorted(frame.results.results, key=lambda result: bool(result.by))
    told = (r.reading.name for r in shown if r.reading.variant is None and r.reading.kpi.basis.get(frame.language))
    return list(dict.fromkeys(told))


def _named(result: Result, notes: Sequence[str], language: str) -> str:
    title, name = title_of(result.reading, language), result.reading.name
    return f"{title} {note_sign(notes.index(name) + 1, language)}" if name in notes else title


def note_sign(number: int, language: str) -> str:
    """The number of a note as it stands beside a name and before the note.

    >>> note_sign(12, "fa")
    '[۱۲]'
    """
    return f"[{to_persian(str(number)) if language == 'fa' else number}]"


def _broken_down(result: Result, frame: Frame, calendar: Calendar, most: int, titles: Mapping[str, str]) -> Table:
    language = frame.language
    heads = [*(Column(titles.get(name, name)) for name in result.by), *_heads(result, language, calendar, most)]
    rows = [
        (
            *(Cell(part if part is not None else message("board.empty", language)) for part in member),
            *(_cell(result, row, column, frame) for row in _shown(result, most)),
        )
        for column, member in enumerate(result.members)
    ]
    return Table(tuple(heads), tuple(rows), _named(result, noted(frame), language))


def _campaigns(result: Result, frame: Frame) -> Table:
    language = frame.language
    heads = (Column(message("board.campaign", language)), Column(message("board.value", language), ColumnKind.NUMBER))
    rows = tuple((Cell(slot.name or ""), _cell(result, row, 0, frame)) for row, slot in enumerate(result.slots))
    return Table(heads, rows, _named(result, noted(frame), language))
