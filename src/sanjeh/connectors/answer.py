"""An answer settles one question of a proposal: it is written into the mapping, which then asks no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sanjeh.connectors.cleaning import ColumnProfile
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, TableMapping
from sanjeh.connectors.propose import pin_date, style_word
from sanjeh.connectors.question import Question
from sanjeh.connectors.repeated_key import sum_lines, take_first
from sanjeh.definitions import Entity
from sanjeh.errors import DefinitionError, Issue
from sanjeh.units import parse_currency


def answer_question(
    table: TableMapping, question: Question, answer: str, profiles: tuple[ColumnProfile, ...], entity: Entity
) -> TableMapping:
    """The table with the answer in it.

    Raises DefinitionError ``bad_answer``, or ``unknown_currency`` for a currency that is none.
    """
    if not question.allows(answer):
        choices = ", ".join(choice.value for choice in question.choices)
        raise DefinitionError(Issue("bad_answer", {"answer": answer, "choices": choices}))
    match question.kind:
        case "currency":
            mark = parse_currency(answer)
            return _change(table, question, lambda each: replace(each, currency=mark.code, unit=mark.scale))
        case "decimal":
            return _change(table, question, lambda each: replace(each, decimal=answer))  # type: ignore[arg-type]
        case "date":
            return _change(table, question, lambda each: _date(each, answer, profiles))
        case "header":
            field = Field(question.target, answer)
            ignore = tuple(name for name in table.ignore if name != answer)
            return replace(table, fields=(*table.fields, field), ignore=ignore)
        case "repeated" if answer != "last":
            return (sum_lines if answer == "sum" else take_first)(table, entity)
        case _:
            return table


def _change(table: TableMapping, question: Question, change: Callable[[Field], Field]) -> TableMapping:
    fields = tuple(change(each) if each.target == question.target else each for each in table.fields)
    return replace(table, fields=fields)


def _date(field: Field, answer: str, profiles: tuple[ColumnProfile, ...]) -> Field:
    if answer.isdecimal():
        return replace(field, year=int(answer))
    profile = next(profile for profile in profiles if profile.name == field.column)
    style = next(style for style in profile.reading.date.choices if style_word(style) == answer)
    return pin_date(field, style)


def default_answer(question: Question, settings: ImportSettings) -> str | None:
    """What is answered when nobody can be asked."""
    return question.default if question.kind != "currency" else question.default or settings.currency
