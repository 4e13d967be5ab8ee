"""A reply is what a database returns to a statement, read as the answers of its needs."""

from __future__ import annotations

from collections.abc import Sequence

from sanjeh.calendars import Span
from sanjeh.engines.statement import Statement
from sanjeh.plan import Answer, Key
from sanjeh.plan.answer import Member


def read_reply(statement: Statement, spans: Sequence[Span], rows: Sequence[Sequence[object]]) -> dict[Key, Answer]:
    """The answers of the statement's needs; a row is (span number, members..., then value and count of each need)."""
    width = len(statement.by)
    tables: list[dict[tuple[Span, Member], tuple[float | None, int]]] = [{} for _ in statement.needs]
    for row in rows:
        span = spans[int(str(row[0]))]
        member: Member = tuple(None if part is None else str(part) for part in row[1 : 1 + width])
        for n, table in enumerate(tables):
            value, count = row[1 + width + 2 * n], row[2 + width + 2 * n]
            table[(span, member)] = (None if value is None else float(str(value)), int(str(count or 0)))
    return {need.key: Answer(table) for need, table in zip(statement.needs, tables, strict=True)}
