"""The sheet process parses one workbook in a process of its own, where a damaged file can take nothing else with it.

The native parser loops, panics or asks for endless memory on some damaged files. Here it does so under limits of memory
and time, and the reading process sees only that the answer broke off.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sanjeh.connectors.reading.typed_text import hint_of, typed_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_MEMORY = 1536 << 20
_BATCH_CELLS = 20_000

# Asked on standard input, one marshalled object for each answer: the name of a sheet, or None for all names.
# Messages: ("sheets", names with cells), ("sheet", first column from 0, last row from 0, width), ("rows", [row, ...]),
# each row being (number, texts, hints); ("missing",); and ("done",) as the last of every whole answer.
Message = tuple[Any, ...]


def run_sheet_process(path: str, seconds: int) -> None:
    """Answer on standard output with marshalled messages: the sheets that have cells, or the rows of one of them.

    Each answer may take ``seconds`` of work.
    """
    _limit_memory()
    _limit_work(seconds)
    asked, out = sys.stdin.buffer, sys.stdout.buffer
    import python_calamine

    with open(path, "rb") as file:  # noqa: PTH123 - kept free of what the parser does not need
        book = python_calamine.CalamineWorkbook.from_filelike(file)
    while True:
        try:
            sheet = marshal.load(asked)
        except EOFError:
            return
        _limit_work(seconds)
        for message in _answer(book, sheet):
            marshal.dump(message, out)
        marshal.dump(("done",), out)
        out.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limits; the reading process still outlives whatever happens here.
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_work(seconds: int) -> None:
    """So many seconds of work from now on, whatever the answers before took."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if most < 0 else min(wanted, most), most))


def _answer(book: CalamineWorkbook, wanted: str | None) -> Iterator[Message]:
    if wanted is None:
        yield "sheets", [name for name in book.sheet_names if book.get_sheet_by_name(name).end is not None]
    elif wanted not in book.sheet_names:
        yield ("missing",)
    else:
        yield from _read_sheet(book.get_sheet_by_name(wanted))


def _read_sheet(sheet: CalamineSheet) -> Iterator[Message]:
    if sheet.end is None:
        yield "sheet", 0, -1, 0
        return
    first = sheet.start[1]
    width = sheet.end[1] - first + 1
    yield "sheet", first, sheet.end[0], width
    batch: list[Message] = []
    for row, cells in enumerate(sheet.iter_rows(), 1):
        batch.append((row, [typed_text(cell) for cell in cells], [hint_of(cell) for cell in cells]))
        if len(batch) * width > _BATCH_CELLS:
            yield "rows", batch
            batch = []
    yield "rows", batch
