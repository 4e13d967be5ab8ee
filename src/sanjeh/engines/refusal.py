"""A refusal is the engine's own error, told as ours: too little memory, no room to spill, or a statement it rejects."""

from __future__ import annotations

import duckdb

from sanjeh.errors import CancelledError, Issue, QuestionError
from sanjeh.warehouse.shortage import is_full, is_out_of_memory, reason_of


def refusal_of(error: duckdb.Error) -> QuestionError:
    """The error to raise for ``error`` of DuckDB: ``cancelled``, ``memory_limit``, ``spill_failed``,
    ``database_error``.
    """
    if isinstance(error, duckdb.InterruptException):
        return CancelledError(Issue("cancelled"))
    if is_out_of_memory(error):
        return QuestionError(Issue("memory_limit"))
    text = str(error).splitlines()[0][:300]
    # Only spilling writes while a question is asked.
    if is_full(error) or (isinstance(error, duckdb.IOException) and "sanjeh-spill-" in text):
        return QuestionError(Issue("spill_failed", {"reason": reason_of(error)}))
    return QuestionError(Issue("database_error", {"problem": text}))
