"""A grid is rows of text without types, among which the header stands: what CSV, HTML and sheets give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from sanjeh.connectors.reading.header import SAMPLE_ROWS, Header, build_header
from sanjeh.connectors.reading.source import Source
from sanjeh.connectors.reading.staging import Request, Stage
from sanjeh.errors import DataError, Datum, Issue

# A record: its row in the source, its cells, and why it cannot be read (its text is then the only cell).
Record = tuple[int, Sequence[str], str | None]


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a record holds nothing: no cell, only empty ones, or one of blanks."""
    return not any(cells) or (len(cells) == 1 and not cells[0].strip())


def take_sample(records: Iterator[Record]) -> list[Record]:
    """The first records that are not blank, enough to find the header."""
    return list(islice((record for record in records if record[2] or not is_blank(record[1])), SAMPLE_ROWS))


def find_header(sample: Sequence[Record], source: Source, width: int | None = None) -> Header:
    """The header among the sampled records that can be read; its ``index`` counts in ``sample``."""
    good = [(at, record) for at, record in enumerate(sample) if record[2] is None]
    header = build_header([r[1] for _, r in good], source, width=width, places=[r[0] for _, r in good])
    if header.index < 0 or not good:
        return replace(header, index=-1)
    index, record = good[header.index]
    return replace(header, index=index, row=record[0])


def check_width(width: int, request: Request) -> None:
    """Refuse a table wider than the limit.

    Raises:
        DataError: ``too_many_columns``.
    """
    if width > request.limits.columns:
        data: dict[str, Datum] = {"file": request.source.file, "count": width, "limit": request.limits.columns}
        raise DataError(Issue("too_many_columns", data, request.source.place))


def stage_grid(records: Iterable[Record], stage: Stage, request: Request, *, width: int | None = None) -> Header:
    """The header, after every record below it was staged or set aside.

    Args:
        records: all records in order.
        stage: takes the rows.
        request: what is read.
        width: the number of columns when short records are whole (a sheet); None when they are ragged (text).
    """
    stream = iter(records)
    sample = take_sample(stream)
    header = find_header(sample, request.source, width)
    check_width(header.width, request)
    for row, cells, trouble in sample[: header.index + 1]:
        if trouble:
            stage.refuse(row, trouble, cells[0])
    for row, cells, trouble in chain(sample[header.index + 1 :], stream):
        if trouble:
            stage.refuse(row, trouble, cells[0])
        elif len(cells) == header.width:
            if any(cells):
                stage.add(row, cells)
        elif not is_blank(cells):
            _stage_uneven(stage, row, cells, header.width, is_padded=width is not None)
    return header


def _stage_uneven(stage: Stage, row: int, cells: Sequence[str], width: int, *, is_padded: bool) -> None:
    if len(cells) > width and not any(cells[width:]):
        stage.add(row, cells[:width])
    elif len(cells) < width and is_padded:
        stage.add(row, [*cells, *[""] * (width - len(cells))])
    else:
        stage.refuse(row, "ragged", ",".join(cells))
