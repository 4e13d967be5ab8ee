"""A dialect is how a delimited text separates and quotes its cells, found out from its first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sanjeh.connectors.reading.source import ReadOptions

# In order of preference when two separate a sample equally well.
DELIMITERS = ",;\t|^~\x1f\x01:؛،"
SAMPLE_LINES = 100
_DECLARED = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are separated.

    Args:
        delimiter: the one character between cells.
        quote: the one character around cells, or "" for none.
        skips_blank: whether blanks may stand between a delimiter and an opening quote.
        first_line: how many lines come before the first record.
    """

    delimiter: str = ","
    quote: str = '"'
    skips_blank: bool = False
    first_line: int = 0


def find_dialect(lines: Sequence[str], options: ReadOptions) -> Dialect:
    """The dialect of a text that begins with these lines (with their line ends), where the options leave it open.

    >>> find_dialect(["نام;مبلغ\\n", "الف;12,5\\n", "ب;13,5\\n"], ReadOptions()).delimiter
    ';'
    >>> find_dialect(["sep=|\\n", "a|b\\n"], ReadOptions()).first_line
    1
    """
    quote = '"' if options.quote is None else options.quote
    skip = options.skip
    declared = _DECLARED.fullmatch(lines[skip]) if len(lines) > skip else None
    rest = lines[skip + 1 :] if declared else lines[skip:]
    delimiter = options.delimiter or (declared[1] if declared else find_delimiter(rest, quote))
    skips_blank = bool(quote) and any(f"{delimiter} {quote}" in line for line in rest)
    return Dialect(delimiter, quote, skips_blank, skip + bool(declared))


def find_delimiter(lines: Sequence[str], quote: str) -> str:
    """The character that cuts the most lines into one and the same number of cells; a comma when none does."""
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        if any(delimiter in line for line in lines):
            score = _score(lines[:SAMPLE_LINES], delimiter, quote)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _score(lines: Sequence[str], delimiter: str, quote: str) -> float:
    rows = list(islice(parse_lines(lines, Dialect(delimiter, quote)), SAMPLE_LINES))
    widths = [len(row) for row in ([row for row in rows if any(row)] or rows)]
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return 0.0
    width, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    # The first row as wide as most is a header or a row; a comma inside numbers is missing there.
    starts_well = widths[0] == width
    return count / len(widths) * (1.0 if starts_well else 0.9) + min(width, 100) / 10_000


def parse_lines(lines: Sequence[str], dialect: Dialect) -> list[list[str]]:
    """The records of these lines, as leniently as Python reads them; a trial, not the reading itself."""
    csv.field_size_limit(max(csv.field_size_limit(), sum(map(len, lines)) + 1))
    try:
        return list(make_reader(lines, dialect, strict=False))
    except csv.Error:
        return [line.rstrip("\r\n").split(dialect.delimiter) for line in lines]


def make_reader(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    """Python's CSV reader over the lines; ``strict`` raises csv.Error where a quote closes in the middle of a cell."""
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        skipinitialspace=dialect.skips_blank,
        strict=strict,
    )
