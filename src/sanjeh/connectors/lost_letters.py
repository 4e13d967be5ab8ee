"""Lost letters are those that an export wrote as question marks, since its encoding has no sign for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.cleaning.text import quote
from sanjeh.connectors.cleaning.typed_twin import twin_name
from sanjeh.connectors.reading import RawTable
from sanjeh.errors import Datum, Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A mark between two letters of one word or behind two words, a sign for an unknown letter, or nothing but marks.
_LETTER = r"[\x{600}-\x{6ff}]"
_LOST = rf"{_LETTER}[?]+{_LETTER}|{_LETTER}[?].*{_LETTER}[?]|\x{{fffd}}|^[? ]*[?]{{3,}}[? ]*$"
_ROWS, _COLUMNS = 1_000, 40
# So many cells are no chance, where the headers are whole.
_ENOUGH = 3


def note_lost(connection: DuckDBPyConnection, raw: RawTable) -> tuple[Issue, ...]:
    """A warning with the first broken word, where headers or the first rows have lost letters; none otherwise."""
    pattern = re.compile(re.sub(r"\\x\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), _LOST))
    broken = [column.name for column in raw.columns if pattern.search(column.name)]
    if not broken and raw.rows:
        cells = _broken_cells(connection, raw)
        broken = cells if len(cells) >= _ENOUGH else []
    if not broken:
        return ()
    data: dict[str, Datum] = {"file": raw.source.file, "value": broken[0][:60]}
    return (Issue("letters_lost", data, severity=Severity.WARNING),)


def _broken_cells(connection: DuckDBPyConnection, raw: RawTable) -> list[str]:
    known = {str(row[0]) for row in connection.execute(f"DESCRIBE {quote_name(raw.table)}").fetchall()}
    texts = [each.field for each in raw.columns[:_COLUMNS] if twin_name(each.field) not in known]
    if not texts:
        return []
    first = f"SELECT {', '.join(texts)} FROM {quote_name(raw.table)} LIMIT {_ROWS}"
    found = connection.execute(
        f"SELECT cell FROM (SELECT unnest([{', '.join(texts)}]) AS cell FROM ({first}))"
        f" WHERE regexp_matches(cell, {quote(_LOST)}) LIMIT {_ENOUGH}"
    ).fetchall()
    return [str(cell) for (cell,) in found]
