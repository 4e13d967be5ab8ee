"""A proposed field is a header for a column of an entity, its style pinned, and what must be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from sanjeh.connectors.cleaning import ColumnProfile, DateStyle, issues_as, parse_date
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.question import Choice, Question
from sanjeh.definitions import ColumnType, Entity
from sanjeh.errors import Issue, Severity

_FAMILY = ("IRR", "IRT")


def propose_field(
    target: str, kind: ColumnType, profile: ColumnProfile, settings: ImportSettings, has_currency: bool
) -> tuple[Field, list[Question]]:
    """The field of ``target``, and its questions; ``has_currency`` says that another column names the currency."""
    field = Field(target, profile.name)
    match kind:
        case ColumnType.DATE | ColumnType.TIME:
            return _map_date(field, profile)
        case ColumnType.NUMBER | ColumnType.INTEGER | ColumnType.MONEY:
            field, questions = _map_number(field, profile, settings)
            if kind is ColumnType.MONEY:
                return _map_money(field, profile, settings, has_currency, questions)
            return field, questions
        case ColumnType.KEY if profile.reading.identifier.float_ids:
            return replace(field, float_ids=True), []
        case _:
            return field, []


def _map_date(field: Field, profile: ColumnProfile) -> tuple[Field, list[Question]]:
    decision = profile.reading.date
    asking = [issue for issue in decision.issues if issue.severity is Severity.ERROR]
    likely = decision.likely
    if likely is not None:
        field = pin_date(field, likely)
    if not asking:
        return field, []
    sample = next(iter(profile.reading.filled), "")
    value = str(asking[0].data.get("value", sample))
    choices = tuple(Choice(style_word(style), _shown_date(value, style)) for style in decision.choices)
    is_year = asking[0].code == "date_year_missing"
    return field, [Question("date", asking[0], field.target, choices, None, is_free=is_year)]


def style_word(style: DateStyle) -> str:
    """A date style as an answer: calendar and order, and what a bare number is where it is one."""
    bare = "" if style.bare == "none" else f" {style.bare}"
    return f"{style.calendar} {style.order}{bare}"


def _shown_date(value: str, style: DateStyle) -> str:
    found = parse_date(value, style)
    return found if isinstance(found, str) else found.date().isoformat()


def pin_date(field: Field, style: DateStyle) -> Field:
    """The field with the style written into it."""
    return replace(
        field,
        calendar=style.calendar,
        order=style.order,
        two_digit_year=style.two_digit_year,
        bare=style.bare,
        year=style.year,
    )


def _map_number(field: Field, profile: ColumnProfile, settings: ImportSettings) -> tuple[Field, list[Question]]:
    decision = profile.reading.number
    asking = [issue for issue in decision.issues if issue.severity is Severity.ERROR]
    if not asking:
        # Bare integers say nothing of the mark: what is neither seen nor said is decided by each later file for itself.
        return replace(
            field, decimal=decision.style.decimal if decision.style and decision.sure else settings.decimal
        ), []
    first, second = (str(asking[0].data.get(key, "")) for key in ("first", "second"))
    choices = tuple(
        Choice(style.decimal, example) for style, example in zip(decision.choices, (first, second), strict=False)
    )
    return field, [Question("decimal", asking[0], field.target, choices)]


def _map_money(
    field: Field, profile: ColumnProfile, settings: ImportSettings, has_currency: bool, questions: list[Question]
) -> tuple[Field, list[Question]]:
    header = profile.reading.header_mark
    if header is not None:
        field = replace(field, currency=header.code, unit=header.scale)
    number = profile.reading.number
    if has_currency and header is None:
        return field, questions
    if header is not None and not header.is_guess:
        # A cell with a sign of its own is converted by it; all others are in what the header says.
        return field, questions
    if header is None and number.understood and number.marked == number.understood:
        # Every cell says its own currency; what the column is in is only told to cells without one.
        return replace(field, currency=number.currencies[0].code), questions
    if not number.understood and header is None:
        return replace(field, currency=settings.currency), questions
    asking = [issue for issue in issues_as(profile.reading, ColumnType.MONEY) if issue.code.startswith("currency_")]
    if not asking:
        return field, questions
    guess = profile.reading.currency
    default = guess.code if guess and asking[0].code == "currency_guessed" else settings.currency
    listed = dict.fromkeys((default, settings.currency, *(_FAMILY if settings.currency in _FAMILY else ())))
    choices = tuple(Choice(code) for code in listed)
    field = replace(field, currency=default, unit=field.unit or Decimal(1))
    return field, [*questions, Question("currency", asking[0], field.target, choices, default, is_free=True)]


def note_columns(table: TableMapping, entity: Entity, profiles: Sequence[ColumnProfile]) -> tuple[Issue, ...]:
    """What the columns of a proposed table show that nobody must answer but somebody should know."""
    by_name = {profile.name: profile for profile in profiles}
    found: list[Issue] = []
    for each in table.fields:
        column = entity.columns.get(each.target)
        # A style that is left open is looked at again, and told of, when the column is typed.
        if column is None or each.column not in by_name or each.is_open(column.type):
            continue
        issues = issues_as(by_name[each.column].reading, column.type)
        found += [issue for issue in issues if issue.severity is not Severity.ERROR and issue not in found]
    return tuple(found)
