"""A file style is how one file's own columns are read, where its mapping leaves that open or was made for another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sanjeh.connectors.asking import ask_question, said_answer
from sanjeh.connectors.cleaning import ColumnProfile, DateStyle, parse_date, profile_column, quote_name
from sanjeh.connectors.cleaning.text import clean_text_sql, fold_digits_sql
from sanjeh.connectors.cleaning.typed_twin import find_twin
from sanjeh.connectors.expression import build_expression, find_column
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, SourceMapping, TableMapping
from sanjeh.connectors.propose_field import pin_date, style_word
from sanjeh.connectors.question import Choice, Question
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.total_row import total_sql
from sanjeh.connectors.typed_field import CURRENCY, column_of
from sanjeh.definitions import ColumnType
from sanjeh.errors import DataError, Datum, Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_DATES = (ColumnType.DATE, ColumnType.TIME)
_NUMBERS = (ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.MONEY)


@dataclass(frozen=True, slots=True)
class _File:
    """What settling one file's style goes by."""

    connection: DuckDBPyConnection
    raw: RawTable
    settings: ImportSettings
    ask: Callable[[Question], str | None] | None
    decimal: str | None
    is_new: bool

    def profile(self, field: Field, header: str | None = None) -> ColumnProfile:
        """The profile of the field's column, or of one that its SQL reads."""
        column = find_column(header or field.origin, self.raw.columns, field.place)
        return profile_column(
            self.connection,
            quote_name(self.raw.table),
            column.field,
            column.name,
            prefer_calendar=self.settings.calendar,
            this_year=self.settings.now.year,
        )


def settle_style(
    connection: DuckDBPyConnection,
    raw: RawTable,
    mapping: SourceMapping,
    settings: ImportSettings,
    ask: Callable[[Question], str | None] | None = None,
    *,
    is_new: bool = False,
) -> tuple[SourceMapping, tuple[Issue, ...]]:
    """The mapping as this file needs it, not to be kept, and warnings where the file speaks against what is pinned.

    Ids saved as decimals and decimal marks left open are settled by the file itself. ``is_new`` says that the mapping
    was made of this file, so that its dates are not looked at again.

    Raises DataError ``date_style_changed`` where the dates are surely in another order than the mapping says, and
    nobody says otherwise.
    """
    file = _File(connection, raw, settings, ask, mapping.read.decimal, is_new)
    issues: list[Issue] = []
    tables = tuple(_settle_table(file, table, issues) for table in mapping.tables)
    return replace(mapping, tables=tables), tuple(issues)


def _settle_table(file: _File, table: TableMapping, issues: list[Issue]) -> TableMapping:
    entity = file.settings.catalogue.entities.get(table.entity)
    if entity is None or not file.raw.rows:
        return table
    has_currency = table.field_of(CURRENCY) is not None
    fields = []
    for each in table.fields:
        kind = column_of(entity, each.target).type
        if each.column is None:
            fields.append(_settle_sql(file, each))
        elif kind is ColumnType.KEY and not each.float_ids:
            fields.append(replace(each, float_ids=_has_float_ids(file, each)))
        elif kind in _DATES and each.calendar is not None and not file.is_new:
            fields.append(_settle_date(file, each, each.origin))
        elif kind in _NUMBERS:
            fields.append(_settle_number(file, each, kind is ColumnType.MONEY and has_currency, issues))
        else:
            fields.append(each)
    return replace(table, fields=tuple(fields))


def _has_float_ids(file: _File, field: Field) -> bool:
    """Whether all ids of the column are whole numbers, some of them written as decimals (17850.0)."""
    column = find_column(field.origin, file.raw.columns, field.place).field
    twin = find_twin(file.connection, quote_name(file.raw.table), column)
    if twin is not None and twin.is_whole:
        return False
    text = fold_digits_sql(clean_text_sql(column))
    [[floats, others]] = file.connection.execute(
        f"SELECT count(*) FILTER (regexp_full_match(id, '[0-9]+[.]0+')),"
        f" count(*) FILTER (id <> '' AND NOT regexp_full_match(id, '[0-9]+([.]0+)?') AND NOT {total_sql('id')})"
        f" FROM (SELECT {text} AS id FROM {quote_name(file.raw.table)})"
    ).fetchall()
    return bool(floats) and not others


def _settle_sql(file: _File, field: Field) -> Field:
    """The field, once each header that its SQL reads as dates has been held against the style it says."""
    if field.sql is None or field.calendar is None or file.is_new:
        return field
    reads = build_expression(field.sql, file.raw.columns, field.place).reads
    for header in dict.fromkeys(read.column.name for read in reads if read.function == "date"):
        field = _settle_date(file, field, header)
    return field


def _settle_date(file: _File, field: Field, header: str) -> Field:
    profile = file.profile(field, header)
    own = profile.reading.date.style
    kind = file.settings
    pinned = field.conversion(ColumnType.DATE, currency=kind.currency, zone=kind.zone).date
    if own is None or (own.order, own.calendar) == (pinned.order, pinned.calendar) or own.bare != pinned.bare:
        return field
    lost = [text for text in profile.reading.filled if _reads(text, own) and not _reads(text, pinned)]
    if not lost:
        return field
    data: dict[str, Datum] = {
        "column": header,
        "value": lost[0],
        "pinned": style_word(pinned),
        "found": style_word(own),
    }
    issue = Issue("date_style_changed", data, field.place)
    choices = (Choice(style_word(own)), Choice(style_word(pinned)))
    question = Question("date", issue, field.target, choices)
    answer = said_answer(question, file.settings)
    if answer is None and file.ask is not None:
        answer = ask_question(file.ask, question)
    if answer == style_word(pinned):
        return field
    if answer != style_word(own):
        raise DataError(issue)
    return pin_date(field, own)


def _reads(text: str, style: DateStyle) -> bool:
    return not isinstance(parse_date(text, style), str)


def _settle_number(file: _File, field: Field, by_row: bool, issues: list[Issue]) -> Field:
    """The field with the file's own mark where amounts go by the row's currency; a warning where a pin is contradicted.

    Other open columns are decided where they are typed, together with their currency.
    """
    mark = field.decimal or file.decimal
    if file.is_new and not by_row:
        return field
    if mark is None and not by_row:
        return field
    profile = file.profile(field)
    number = profile.reading.number
    if mark is not None:
        if number.sure and number.style is not None and number.style.decimal != mark:
            data: dict[str, Datum] = {"column": field.origin, "pinned": mark, "found": number.style.decimal}
            issue = Issue("decimal_mark_changed", data, field.place, Severity.WARNING)
            issues += [issue] if issue not in issues else []
        return field
    if by_row and field.currency is None and profile.reading.header_mark is None and number.style is not None:
        said = None if number.sure else file.settings.decimal
        return replace(field, decimal=said or number.style.decimal)
    return field
