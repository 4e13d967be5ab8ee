"""A load note is a warning beside the counts of a load: what they hide of rows that took another's place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.apply import AppliedTable
from sanjeh.connectors.cleaning import quote_name
from sanjeh.connectors.row_key import JOINT, key_columns
from sanjeh.connectors.typed_field import column_of
from sanjeh.definitions import ColumnType
from sanjeh.errors import Datum, Issue, Severity
from sanjeh.warehouse import LoadCount, SourceFile, open_snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


# Statuses by which an order counts as nothing, whatever its amount.
_RETURNED = ("refunded", "cancelled", "unpaid", "pending")


def is_other_file(warehouse: Path, applied: AppliedTable, file: SourceFile) -> bool:
    """Whether no file of this name or content has brought rows of the entity, so that known rows are of other files."""
    return not any(
        file.name == stored.name or file.fingerprint == stored.fingerprint
        for record in open_snapshot(warehouse).sources
        if record.entity == applied.entity.id
        for stored in record.files
    )


def note_load(
    connection: DuckDBPyConnection, applied: AppliedTable, counted: LoadCount, file: str, *, is_other: bool
) -> tuple[Issue, ...]:
    """What a reader must know beside the counts; ``is_other`` is what :func:`is_other_file` said before.

    Rows that a later row of the same file takes the place of are an error unless the mapping says ``repeated: last``:
    they may be corrections, or amounts that are lost.
    """
    found: list[Issue] = []
    if is_other and applied.mapping.group and counted.replaced:
        data: dict[str, Datum] = {"entity": applied.entity.id, "rows": counted.replaced}
        found.append(Issue("group_continued", data, severity=Severity.WARNING))
    if is_other and counted.duplicate and not key_columns(applied.entity, applied.mapping):
        data = {"entity": applied.entity.id, "rows": counted.duplicate}
        found.append(Issue("content_known", data, severity=Severity.WARNING))
    if counted.superseded and (rows := _count_opposed(connection, applied)):
        data = {"entity": applied.entity.id, "rows": rows}
        found.append(Issue("opposite_superseded", data, severity=Severity.WARNING))
    found += _note_returns(connection, applied)
    if applied.staged and applied.quarantined == applied.staged:
        data = {"entity": applied.entity.id, "rows": applied.staged}
        found.append(Issue("nothing_understood", data, severity=Severity.WARNING))
    if counted.superseded and applied.mapping.repeated is None:
        key = _superseded_key(connection, applied)
        data = {"entity": applied.entity.id, "rows": counted.superseded, "file": file, "value": key}
        found.append(Issue("rows_superseded", data))
    return tuple(found)


def _note_returns(connection: DuckDBPyConnection, applied: AppliedTable) -> list[Issue]:
    """A warning of orders with a negative amount whose status says returned or cancelled: they lessen no revenue."""
    status = applied.mapping.field_of("status")
    if applied.entity.id != "orders" or status is None or applied.mapping.field_of("net_amount") is None:
        return []
    [[rows, shown]] = connection.execute(
        "SELECT count(*), string_agg(DISTINCT status, ', ' ORDER BY status)"
        f" FROM {quote_name(applied.table)} WHERE net_amount < 0 AND status IN {_RETURNED}"
    ).fetchall()
    if not rows:
        return []
    data: dict[str, Datum] = {"rows": rows, "statuses": str(shown), "column": status.origin}
    return [Issue("returns_left_out", data, severity=Severity.WARNING)]


def _superseded_key(connection: DuckDBPyConnection, applied: AppliedTable) -> str:
    """The key of the first row that another row of the file repeats with other content, as people would write it."""
    columns = ", ".join(quote_name(each.target) for each in applied.mapping.all_fields)
    found = connection.execute(
        f"SELECT _row_key FROM {quote_name(applied.table)} GROUP BY 1 HAVING count(DISTINCT hash({columns})) > 1"
        " ORDER BY min(_line) LIMIT 1"
    ).fetchall()
    return ", ".join(str(found[0][0]).split(JOINT)) if found else ""


def _count_opposed(connection: DuckDBPyConnection, applied: AppliedTable) -> int:
    """The keys of the file that stand beside a positive and a negative amount: a sale and its return."""
    money = [
        quote_name(each.target)
        for each in applied.mapping.fields
        if column_of(applied.entity, each.target).type is ColumnType.MONEY
    ]
    if not money:
        return 0
    opposed = " OR ".join(f"(min({name}) < 0 AND max({name}) > 0)" for name in money)
    [[rows]] = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {quote_name(applied.table)} GROUP BY _row_key HAVING {opposed})"
    ).fetchall()
    return int(rows)
