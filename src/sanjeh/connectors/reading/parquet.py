"""Parquet is read by DuckDB itself; each typed column is kept as it is, beside the raw text that it stands for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning.typed_twin import is_twin_type, text_sql, twin_name
from sanjeh.connectors.reading.byte_stream import check_file, fingerprint_file
from sanjeh.connectors.reading.grid import check_width
from sanjeh.connectors.reading.header import name_columns
from sanjeh.connectors.reading.partition_folder import list_keys, list_parts
from sanjeh.connectors.reading.raw_table import RawTable
from sanjeh.connectors.reading.staging import (
    Request,
    base_name,
    build_raw_table,
    execute_in_order,
    fetch_row,
    quote_name,
)
from sanjeh.errors import DataError, Issue
from sanjeh.warehouse.shortage import is_full, is_out_of_memory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from duckdb.sqltypes import DuckDBPyType

_INTEGERS = frozenset(
    sign + name for name in ("tinyint", "smallint", "integer", "bigint", "hugeint", "bignum") for sign in ("", "u")
)
_NESTED = frozenset(["struct", "list", "array", "map", "union", "variant"])
_MOMENTS = frozenset(["timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "time", "time with time zone"])


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of a typed source: its name, the SQL of its value, its type and the hint of that.

    ``twin_type`` is the DuckDB type under which the value is kept beside its text, None where it is kept as text alone.
    """

    name: str
    value: str
    kind: DuckDBPyType
    hint: str | None
    twin_type: str | None = None

    @property
    def sql(self) -> str:
        """The SQL of the value's raw text."""
        return self.text(self.value)

    def text(self, value: str) -> str:
        """The raw text of ``value``, which is SQL of this column's type."""
        return _text_sql(value, self.kind)


def text_columns(relation_columns: Sequence[str], types: Sequence[DuckDBPyType]) -> list[TextColumn]:
    """The columns of a DuckDB table as text; structures are opened one level with dotted names."""
    found: list[TextColumn] = []
    for name, kind in zip(relation_columns, types, strict=True):
        sql = quote_name(name)
        if kind.id == "struct":
            for child, child_kind in kind.children:
                inner = f"struct_extract({sql}, '{child.replace(chr(39), chr(39) * 2)}')"
                found.append(_text_column(f"{name}.{child}", inner, child_kind))
        else:
            found.append(_text_column(name, sql, kind))
    return found


def _text_column(name: str, value: str, kind: DuckDBPyType) -> TextColumn:
    sql_type = str(kind)
    return TextColumn(name, value, kind, _hint_of(kind), sql_type if is_twin_type(sql_type) else None)


def _hint_of(kind: DuckDBPyType) -> str | None:
    match kind.id:
        case "float" | "double" | "decimal":
            return "number"
        case "boolean":
            return "boolean"
        case "date":
            return "date"
        case "timestamp with time zone":
            return "time"
        case name if name in _NESTED:
            return None
        case name if name in _INTEGERS:
            return "number"
        case name if name in _MOMENTS:
            return "time"
    return "text"


def _text_sql(value: str, kind: DuckDBPyType) -> str:
    return f"CAST(to_json({value}) AS VARCHAR)" if kind.id in _NESTED else text_sql(value, str(kind))


def stage_parquet(request: Request, path: str, columns: Sequence[TextColumn]) -> None:
    """Create the staging table from a Parquet file whose columns are text with ``_row`` already."""
    taken = [f"c{position} AS c{position}" for position, _ in enumerate(columns)]
    execute_in_order(
        request,
        f"CREATE OR REPLACE TABLE {quote_name(request.table)} AS SELECT {', '.join(['_row', *taken])}"
        " FROM read_parquet(?)",
        path,
    )


def read_parquet(request: Request) -> RawTable:
    """The raw table of a Parquet file, or of a folder that is cut into ``column=value`` folders of them.

    Raises:
        DataError: ``unreadable_parquet``, ``too_many_columns``.
    """
    import duckdb

    source = request.source
    is_folder = Path(source.path).is_dir()
    if not is_folder:
        check_file(source)
    fingerprint = fingerprint_file(source)
    try:
        with ExitStack() as stack:
            files = list_parts(Path(source.path)) if is_folder else (Path(source.path),)
            paths = [stack.enter_context(_plain_path(str(file))) for file in files]
            shapes = _find_shapes(request.connection, paths, Path(source.path) if is_folder else None)
            columns = _join_shapes(shapes)
            check_width(len(columns), request)
            _create(request, columns)
            _fill(request, columns, shapes)
            request.connection.execute(f"SELECT count(*) FROM {quote_name(request.table)}")
    except duckdb.Error as error:
        if is_full(error) or is_out_of_memory(error):
            raise
        raise DataError(Issue("unreadable_parquet", {"file": source.file}, source.place)) from None
    header = name_columns([column.name for column in columns], source)
    twins = frozenset(position for position, column in enumerate(columns) if column.twin_type)
    return build_raw_table(request, header, fingerprint, hints=[column.hint for column in columns], twins=twins)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Files of one shape: their paths, how many rows are before each, and their columns."""

    paths: tuple[str, ...]
    before: tuple[int, ...]
    columns: tuple[TextColumn, ...]
    has_keys: bool = False


# Without hive_partitioning, folders named ``a=b`` above a file add no columns.
_BEFORE = "list_extract(CAST(? AS BIGINT[]), CAST(file_index + 1 AS BIGINT))"
_OPTIONS = "binary_as_string = true, hive_partitioning = {hive}, hive_types_autocast = false"


def _find_shapes(connection: DuckDBPyConnection, paths: Sequence[str], folder: Path | None) -> list[_Shape]:
    """The files put together by the types of their columns, in their order.

    DuckDB would bring files of several shapes to one type, and loses decimals when it does.
    """
    counted = connection.execute("SELECT file_name, num_rows FROM parquet_file_metadata(?)", [list(paths)]).fetchall()
    rows = {str(name): int(number) for name, number in counted}
    described = connection.execute(
        "SELECT file_name, list([name, duckdb_type, logical_type, CAST(num_children AS VARCHAR)] ORDER BY column_id)"
        " FROM parquet_schema(?) GROUP BY file_name",
        [list(paths)],
    ).fetchall()
    shape_of = {str(name): repr(columns) for name, columns in described}
    groups: dict[str, list[tuple[str, int]]] = {}
    done = 0
    for path in paths:
        groups.setdefault(shape_of[path], []).append((path, done))
        done += rows[path]
    keys = () if folder is None else list_keys(folder, Path(paths[0]))
    return [
        _Shape(
            tuple(path for path, _ in members),
            tuple(before for _, before in members),
            tuple(_describe(connection, members[0][0], keys)),
            bool(keys),
        )
        for members in groups.values()
    ]


def _describe(connection: DuckDBPyConnection, path: str, keys: Sequence[str]) -> list[TextColumn]:
    """The columns of a file, and those that its folders name; others that stand further up are no columns."""
    options = _OPTIONS.format(hive="true" if keys else "false")
    relation = connection.sql(f"SELECT * FROM read_parquet(?, {options})", params=[path])
    own = connection.sql(f"SELECT * FROM read_parquet(?, {_OPTIONS.format(hive='false')})", params=[path])
    wanted = {*own.columns, *keys}
    kept = [(name, kind) for name, kind in zip(relation.columns, relation.types, strict=True) if name in wanted]
    return text_columns([name for name, _ in kept], [kind for _, kind in kept])


def _join_shapes(shapes: Sequence[_Shape]) -> list[TextColumn]:
    """The columns of all shapes; one that has several types is text."""
    found: dict[str, TextColumn] = {}
    for column in (column for shape in shapes for column in shape.columns):
        before = found.setdefault(column.name, column)
        if before.twin_type != column.twin_type:
            hint = before.hint if before.hint == column.hint else None
            found[column.name] = replace(before, twin_type=None, hint=hint)
    return list(found.values())


def _create(request: Request, columns: Sequence[TextColumn]) -> None:
    """The staging table of typed columns, and over it the view that has their texts: they cost only when asked for."""
    kept, texts, twins = ["_row BIGINT"], ["_row"], []
    for position, column in enumerate(columns):
        field = f"c{position}"
        if column.twin_type is None:
            kept.append(f"{field} VARCHAR")
            texts.append(field)
        else:
            twin = twin_name(field)
            kept.append(f"{twin} {column.twin_type}")
            texts.append(f"{column.text(twin)} AS {field}")
            twins.append(twin)
    base = quote_name(_base(request, columns))
    request.connection.execute(f"CREATE OR REPLACE TABLE {base} ({', '.join(kept)})")
    if twins:
        listed = ", ".join([*texts, *twins])
        request.connection.execute(f"CREATE VIEW {quote_name(request.table)} AS SELECT {listed} FROM {base}")


def _base(request: Request, columns: Sequence[TextColumn]) -> str:
    """The table that the rows go into."""
    return base_name(request.table) if any(column.twin_type for column in columns) else request.table


def _fill(request: Request, columns: Sequence[TextColumn], shapes: Sequence[_Shape]) -> None:
    total = fetch_row(
        request.connection,
        "SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(?)",
        [path for shape in shapes for path in shape.paths],
    )[0]
    request.tell(0, total)
    for shape in shapes:
        own = {column.name: column for column in shape.columns}
        fields, values = (
            ["_row"],
            [f"file_row_number + 1 + {_BEFORE if len(shape.paths) > 1 else 'CAST(? AS BIGINT[])[1]'}"],
        )
        for position, column in enumerate(columns):
            if column.name in own:
                mine, is_typed = own[column.name], column.twin_type is not None
                fields.append(twin_name(f"c{position}") if is_typed else f"c{position}")
                values.append(mine.value if is_typed else f"nullif({mine.sql}, '')")
        options = _OPTIONS.format(hive="true" if shape.has_keys else "false")
        execute_in_order(
            request,
            f"INSERT INTO {quote_name(_base(request, columns))} ({', '.join(fields)}) SELECT {', '.join(values)}"
            f" FROM read_parquet(?, {options}, file_row_number = true)",
            list(shape.before),
            list(shape.paths),
        )


@contextmanager
def _plain_path(path: str) -> Iterator[str]:
    """The path, or a link to it without the characters that DuckDB reads as a pattern."""
    if not any(mark in "*?[" for mark in path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="sanjeh-") as folder:
        link = Path(folder) / "file.parquet"
        link.symlink_to(Path(path).resolve())
        yield str(link)
