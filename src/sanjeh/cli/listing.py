"""A listing is shown as the rows behind a number: for people in words, for programs with ids and exact values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from sanjeh.calendars import Calendar
from sanjeh.cli.naming import column_title
from sanjeh.cli.output import Listing as Form
from sanjeh.cli.output import say, show_table, write_text
from sanjeh.definitions import ColumnType
from sanjeh.plan import Listing
from sanjeh.present import (
    Column,
    ColumnKind,
    Table,
    format_day,
    format_span,
    make_table,
    message,
    render_rows_csv,
    to_persian,
    unit_name,
    word,
)
from sanjeh.series import BEGINNING
from sanjeh.workspace import Workspace

FILE, LINE = "_file", "_line"
# Columns that are of no entity, with the messages that name them.
_OWN = {FILE: "cli.rows.file", LINE: "cli.rows.line", "at_start": "cli.rows.at_start", "at_end": "cli.rows.at_end"}


def show_listings(
    listings: Sequence[Listing], space: Workspace, form: Form, output: Path | None, calendar_code: str = ""
) -> None:
    """The rows of each measure, as tables, CSV (one block a measure) or JSON; a file's ending may ask for JSON."""
    if form is Form.TABLE and output is not None:
        form = Form.JSON if output.suffix.lower() == ".json" else Form.CSV
    if form is Form.JSON:
        records = [_listing_record(item) for item in listings]
        write_text(json.dumps(records, ensure_ascii=False, default=str), output)
    elif form is Form.CSV:
        write_text("\n".join(render_rows_csv(item.columns, item.rows) for item in listings), output)
    else:
        language = space.settings.language
        for item in listings:
            show_table(_listing_table(item, space, space.calendar(calendar_code)), language)
            say(message("cli.rows.total", language, shown=len(item.rows), total=item.total))


def _listing_record(item: Listing) -> dict[str, object]:
    return {
        "measure": item.measure,
        "mode": item.mode or None,
        "entity": item.entity,
        "start": item.span.start,
        "end": item.span.end,
        "total": item.total,
        "rows": [dict(zip(item.columns, row, strict=True)) for row in item.rows],
    }


def _listing_table(item: Listing, space: Workspace, calendar: Calendar) -> Table:
    """The rows for a screen, which has no room for columns that are empty in all of them."""
    language = space.settings.language
    filled = [n for n in range(len(item.columns)) if any(row[n] is not None for row in item.rows)]
    shown = filled or list(range(len(item.columns)))
    heads = [
        Column(_head(item, n, space), ColumnKind.NUMBER if _is_number(item, n) else ColumnKind.TEXT) for n in shown
    ]
    files = _file_names(item, space)
    cells = []
    for row in item.rows:
        named = [files.get(row[n], row[n]) if item.columns[n] == FILE else row[n] for n in shown]
        told = ["" if cell is None else _written(cell, language, calendar) for cell in named]
        # A line is a place, not an amount.
        cells.append([_bare(cell) if item.columns[n] == LINE else cell for n, cell in zip(shown, told, strict=True)])
    name = f"{item.mode}({item.measure})" if item.mode else item.measure
    title = space.catalogue.measures[item.measure].title.get(language)
    source = space.catalogue.entities.get(item.entity) or space.catalogue.segments.get(item.entity)
    parts = [source.title.get(language) if source else item.entity]
    if item.span.start > BEGINNING:
        parts.append(format_span(item.span, language, calendar=calendar))
    where = word("list", "comma", language).join(parts)
    return make_table(heads, cells, f"{title} [{name}]: {where}")


def _head(item: Listing, place: int, space: Workspace) -> str:
    """The column in words, an amount with its currency unless the rows name theirs."""
    name, language = item.columns[place], space.settings.language
    if name in _OWN:
        return message(_OWN[name], language)
    entity = space.catalogue.entities.get(item.entity)
    column = (entity.columns.get(name) or entity.derived.get(name)) if entity else None
    measure = space.catalogue.measures.get(name)
    if column is None and measure is not None:
        title, is_money = measure.title.get(language), measure.unit == "money"
    else:
        title = column_title(space.catalogue, name, language, item.entity)
        is_money = column is not None and column.type is ColumnType.MONEY
    if not is_money or _names_currency(item):
        return title
    return f"{title} ({unit_name('money', language, currency=space.settings.currency)})"


def _names_currency(item: Listing) -> bool:
    return "currency" in item.columns and any(row[item.columns.index("currency")] is not None for row in item.rows)


def _file_names(item: Listing, space: Workspace) -> dict[object, str]:
    """The names of the files that the rows came from, by their numbers."""
    if FILE not in item.columns or space.in_place is not None:
        return {}
    place, snapshot = item.columns.index(FILE), space.snapshot()
    found = {number: snapshot.find_file(number) for number in {row[place] for row in item.rows} if type(number) is int}
    return {number: file.name for number, file in found.items() if file is not None}


def _is_number(item: Listing, place: int) -> bool:
    if item.columns[place] == FILE:
        return False
    cells = [row[place] for row in item.rows if row[place] is not None]
    return bool(cells) and all(isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) for cell in cells)


def _written(cell: object, language: str, calendar: Calendar) -> str:
    """A cell as a person reads it: a day of the calendar, all digits of a number that count, yes and no in words."""
    match cell:
        case bool():
            return word("number", "yes" if cell else "no", language)
        case datetime() if cell.time() != time():
            clock = f"{cell:%H:%M}"
            day = format_day(cell.date(), language, calendar=calendar, short=True)
            return f"{day} {to_persian(clock) if language == 'fa' else clock}"
        case date():  # a moment without a time of day too
            return format_day(date(cell.year, cell.month, cell.day), language, calendar=calendar, short=True)
        case int() | float() | Decimal():
            return _number(Decimal(str(cell)), language)
        case _:
            return str(cell)


def _number(value: Decimal, language: str) -> str:
    text = f"{value:,f}"
    text = (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "\u2212")
    return to_persian(text.replace(",", "٬").replace(".", "٫")) if language == "fa" else text


def _bare(number: str) -> str:
    return number.replace(",", "").replace("٬", "")
