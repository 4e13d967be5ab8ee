"""An answer settles one question of a proposal: it is written into the mapping, which then asks no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sanjeh.connectors.asking import check_answer
from sanjeh.connectors.cleaning import ColumnProfile
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.line_export import take_first_amount
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.propose_field import pin_date, style_word
from sanjeh.connectors.question import Question
from sanjeh.connectors.repeated_key import fold_repeated
from sanjeh.definitions import Catalogue
from sanjeh.errors import DefinitionError
from sanjeh.units import CurrencyMark, parse_currency

Tables = tuple[TableMapping, ...]


def answer_question(
    tables: Tables, question: Question, answer: str, profiles: tuple[ColumnProfile, ...], catalogue: Catalogue
) -> Tables:
    """The tables with the answer in them.

    Raises DefinitionError ``bad_answer``, ``bad_answer_currency``, ``bad_answer_year``.
    """
    if issue := check_answer(question, answer):
        raise DefinitionError(issue)
    first, *rest = tables
    match question.kind:
        case "currency":
            mark = parse_currency(answer)
            return _change(tables, question, lambda each: _currency(each, mark))
        case "decimal":
            return _change(tables, question, lambda each: replace(each, decimal=answer))  # type: ignore[arg-type]
        case "date":
            return _change(tables, question, lambda each: _date(each, answer, profiles))
        case "header":
            ignore = tuple(name for name in first.ignore if name != answer)
            fields = (*first.fields, Field(question.target, answer))
            return (replace(first, fields=fields, ignore=ignore), *rest)
        case "repeated":
            return (fold_repeated(first, catalogue.entities[first.entity], answer), *rest)
        case "lines" if answer == "first":
            return take_first_amount(*tables)
        case _:
            return tables


def _change(tables: Tables, question: Question, change: Callable[[Field], Field]) -> Tables:
    return tuple(
        replace(table, fields=tuple(change(each) if each.target == question.target else each for each in table.fields))
        for table in tables
    )


def _currency(field: Field, mark: CurrencyMark) -> Field:
    """The field in the currency answered; an answer without a scale word leaves the unit that the header says."""
    return replace(field, currency=mark.code, unit=field.unit if mark.scale == 1 else mark.scale)


def _date(field: Field, answer: str, profiles: tuple[ColumnProfile, ...]) -> Field:
    if answer.isdecimal():
        return replace(field, year=int(answer))
    profile = next(profile for profile in profiles if profile.name == field.column)
    style = next(style for style in profile.reading.date.choices if style_word(style) == answer)
    return pin_date(field, style)


def default_answer(question: Question, settings: ImportSettings) -> str | None:
    """What is answered when nobody can be asked."""
    return question.default if question.kind != "currency" else question.default or settings.currency
