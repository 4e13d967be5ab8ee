"""JSON lines is one JSON object per line; an array of objects is read the same way, object by object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from sanjeh.connectors.reading.byte_stream import BLOCK, fingerprint_file, open_bytes
from sanjeh.connectors.reading.encoding import check_encoding, guess_encoding
from sanjeh.connectors.reading.grid import check_width
from sanjeh.connectors.reading.header import name_columns
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.record_stream import TextLines
from sanjeh.connectors.reading.staging import Request, Stage, build_raw_table
from sanjeh.connectors.reading.typed_text import hint_of, join_hints, plain_number
from sanjeh.errors import DataError, Datum, Issue

_BLANK = " \t\r\n"
_START = "\ufeff" + _BLANK
# Objects are cut out of an array with this much text at hand, and more while an object does not end.
_AHEAD = 65536


class _Number(str):
    """A number as it is spelled, so that no digit is lost on the way."""

    __slots__ = ()


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_float=_Number, parse_int=_Number, parse_constant=_Number)


def read_json_lines(request: Request) -> RawTable:
    """The raw table of JSON lines or of a JSON array of objects; columns are the keys in order of appearance.

    Objects inside are opened one level with dotted names; what is deeper, and lists, stay JSON text.

    Raises:
        DataError: ``empty_file``, ``no_json_objects``, ``broken_json`` (an array that does not parse),
            ``line_too_long``, ``too_many_columns``, ``too_many_bad_rows``.
    """
    source, limits = request.source, request.limits
    encoding = _find_encoding(request)
    columns: dict[str, int] = {}
    hints: list[set[str | None]] = []
    with open_bytes(source, limits) as stream, Stage(request) as stage:
        lines = TextLines(stream, encoding, source, limits)
        records = 0
        for row, value, text in _read_values(lines, request):
            records += 1
            if isinstance(value, dict):
                stage.add(row, _cells_of(value, columns, hints))
                check_width(len(columns), request)
            else:
                stage.refuse(row, "bad_json", text)
        if not stage.rows:
            code = "no_json_objects" if records else "empty_file"
            raise DataError(Issue(code, {"file": source.file}, source.place))
        stage.load([f"c{position}" for position in range(len(columns))])
        header = name_columns(list(columns), source)
        return build_raw_table(
            request,
            header,
            fingerprint_file(source),
            bad_rows=stage.bad_rows,
            hints=[join_hints(seen) for seen in hints],
            nuls=stage.nuls + lines.nuls,
        )


def _find_encoding(request: Request) -> str:
    source = request.source
    if source.options.encoding:
        return check_encoding(source.options.encoding, source)
    with open_bytes(source, request.limits) as stream:
        sample = stream.peek(BLOCK)
        return guess_encoding(sample)


def _read_values(lines: TextLines, request: Request) -> Iterator[tuple[int, Any, str]]:
    blocks = lines.blocks()
    start = ""
    for block in blocks:
        start += block
        if start.lstrip(_START):
            break
    if start.lstrip(_START).startswith("["):
        yield from _read_array(start.lstrip(_START)[1:], blocks, request)
    else:
        yield from _read_lines(_lines_of(start, blocks, request))


def _lines_of(start: str, blocks: Iterator[str], request: Request) -> Iterator[str]:
    rest = start
    while True:
        *whole, rest = rest.split("\n")
        yield from whole
        if len(rest) > request.limits.line:
            raise DataError(_too_long(request))
        block = next(blocks, None)
        if block is None:
            break
        rest += block
    yield rest


def _too_long(request: Request) -> Issue:
    data: dict[str, Datum] = {"file": request.source.file, "limit": request.limits.line >> 20}
    return Issue("line_too_long", data, request.source.place)


def _read_lines(lines: Iterable[str]) -> Iterator[tuple[int, Any, str]]:
    decoder = _decoder()
    for row, line in enumerate(lines, 1):
        if not line.strip(_BLANK):
            continue
        try:
            yield row, decoder.decode(line), line
        except (ValueError, RecursionError):
            yield row, None, line


def _read_array(text: str, blocks: Iterator[str], request: Request) -> Iterator[tuple[int, Any, str]]:
    """The elements after the opening bracket; the row is the element's ordinal."""
    decoder = _decoder()
    row, at, ahead = 0, 0, _AHEAD
    is_last = False
    while True:
        while not is_last and len(text) - at < ahead:
            block = next(blocks, None)
            is_last = block is None
            text, at = text[at:] + (block or ""), 0
        at = _skip(text, at)
        if text[at : at + 1] == "]":
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if is_last or ahead > request.limits.line:
                raise DataError(_broken(request, row + 1)) from None
            ahead *= 4
            continue
        # A number or literal at the very end of what is at hand may go on in the next block.
        if end == len(text) and not is_last:
            ahead *= 4
            continue
        row, ahead = row + 1, _AHEAD
        yield row, value, text[at : at + 200]
        at = _skip(text, end)


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _broken(request: Request, row: int) -> Issue:
    return Issue("broken_json", {"file": request.source.file, "row": row}, request.source.place)


def _cells_of(value: dict[str, Any], columns: dict[str, int], hints: list[set[str | None]]) -> list[str]:
    cells = [""] * len(columns)
    for name, item in _flat(value):
        place = columns.setdefault(name, len(columns))
        if place == len(cells):
            cells.append("")
            if place == len(hints):
                hints.append(set())
        text = _text(item)
        if text:
            hints[place].add("number" if isinstance(item, _Number) else hint_of(item))
        cells[place] = text
    return cells or [""]


def _flat(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, item in value.items():
        if isinstance(item, dict) and item:
            for inner, deeper in item.items():
                yield f"{name}.{inner}", deeper
        else:
            yield name, item


def _text(item: Any) -> str:
    match item:
        case None:
            return ""
        case _Number():
            return plain_number(item) if "e" in item or "E" in item else str(item)
        case str():
            return item
        case bool():
            return "true" if item else "false"
    return _json_text(item)


_MARKED = re.compile(r'"\\u0000([^"]*)"')


def _json_text(item: Any) -> str:
    # Numbers go through the writer as marked texts and lose the marks afterwards, so that they stay as spelled.
    return _MARKED.sub(r"\1", json.dumps(_marked(item), ensure_ascii=False))


def _marked(item: Any) -> Any:
    match item:
        case dict():
            return {name: _marked(inner) for name, inner in item.items()}
        case list():
            return [_marked(inner) for inner in item]
        case _Number():
            return "\0" + item
    return item
