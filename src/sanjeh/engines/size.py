"""Size says whether a block is too large for the quick way, from the rows, spans and dictionaries at hand."""

from __future__ import annotations

from sanjeh.definitions import Kind
from sanjeh.engines.terms import Terms
from sanjeh.plan.block import Block, Need, Strategy

MOST_SET_BYTES = 512_000_000  # exact sets of one statement in memory
MOST_PAIRS = 20_000_000  # rows compared with instants
MOST_CELLS = 20_000_000  # rows x columns worth keeping for the statements that follow
_UNKNOWN_MEMBERS = 50


def is_large(block: Block, terms: Terms) -> bool:
    """Whether ``block`` must be spared sets in memory, or the comparison of every row with every instant."""
    held = terms.holdings.entities.get(block.entity)
    rows = held.rows if held else 0
    if block.strategy is Strategy.BALANCE:
        return rows * len(block.spans) > MOST_PAIRS
    return block.strategy is Strategy.FLOW and set_bytes(block, terms, rows) > MOST_SET_BYTES


def mask_type(block: Block, dialect: str = "duckdb") -> str | None:
    """The type of whole number with a bit for each atom that the block's spans cut time into, or None beyond 126.

    Only DuckDB has whole numbers of 128 bits whose bits can be set; elsewhere there is none beyond 62.
    """
    edges = {edge for span in block.spans for edge in (span.start, span.end)}
    wide = len(edges) <= 127 and dialect == "duckdb"
    return "BIGINT" if len(edges) <= 63 else "HUGEINT" if wide else None


def set_bytes(block: Block, terms: Terms, rows: int) -> int:
    """How many bytes the exact sets of ``block`` may take: one for each atom and member met, one for each span."""
    total = 0
    for need in block.needs:
        if need.kind is Kind.DISTINCT:
            members = _members(need, terms)
            groups = min(rows, 2 * len(block.spans) * members) + len(block.spans) * members
            total += groups * (terms.holdings.codes.get(need.binding.expression, 0) // 8)
    return total


def _members(need: Need, terms: Terms) -> int:
    found = 1
    for dimension in need.by:
        found *= max(1, terms.holdings.codes.get(dimension, _UNKNOWN_MEMBERS))
    return found


def is_small(entity: str, terms: Terms, columns: int) -> bool:
    """Whether the entity's rows may be kept with that many columns."""
    held = terms.holdings.entities
    rows = held[entity].rows if entity in held else sum(item.rows for item in held.values())
    return rows * max(1, columns) <= MOST_CELLS
