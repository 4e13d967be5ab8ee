"""Asking is putting a question to what the run said beforehand, else to a person, who is asked again after a slip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sanjeh.connectors.cleaning import DateStyle
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.question import Question
from sanjeh.errors import DefinitionError, Issue, SanjehError
from sanjeh.units import parse_currency

T = TypeVar("T")
Ask = Callable[[Question], str | None]
# So many wrong answers end the file, so that an input that is no person ends as well.
ATTEMPTS = 3


def ask_question(ask: Ask, question: Question) -> str | None:
    """An answer that can be used, or None where none is given; a wrong one is asked for again, up to three times.

    The question is then put with what was wrong as its issue. Raises DefinitionError with the last of these.

    >>> from sanjeh.connectors.question import Choice
    >>> answers = iter(["7", "ymd"])
    >>> ask_question(lambda _: next(answers), Question("date", Issue("x"), choices=(Choice("ymd"),)))
    'ymd'
    """
    put = question
    for _ in range(ATTEMPTS):
        answer = ask(put)
        if answer is None:
            return None
        issue = check_answer(question, answer)
        if issue is None:
            return answer
        put = replace(question, issue=issue)
    raise DefinitionError(put.issue)


def check_answer(question: Question, answer: str) -> Issue | None:
    """Why ``answer`` cannot be used, with the answers that can; None where it can."""
    listed = [choice.value for choice in question.choices]
    data = {"answer": answer, "choices": ", ".join(listed)}
    if question.kind == "currency":
        return None if _is_currency(answer) else Issue("bad_answer_currency", data)
    if question.kind == "date" and question.is_free:
        is_year = answer.isdecimal() and len(answer) == 4
        return None if is_year or answer in listed else Issue("bad_answer_year", data)
    return None if question.allows(answer) else Issue("bad_answer", data)


def _is_currency(answer: str) -> bool:
    try:
        parse_currency(answer)
    except SanjehError:
        return False
    return True


def said_answer(question: Question, settings: ImportSettings) -> str | None:
    """What the run said beforehand of its files (dates, decimal mark, repeated keys), where it answers the question."""
    listed = [choice.value for choice in question.choices]
    if question.kind == "decimal" and settings.decimal in listed:
        return settings.decimal
    if question.kind in ("repeated", "lines"):
        return settings.repeated if settings.repeated in listed else None
    if question.kind != "date" or settings.dates is None:
        return None
    # A date style as an answer is its calendar, its order, and what a bare number is.
    found = [word for word in listed if word.split()[1:2] == [settings.dates]]
    return _only(found, [word for word in found if word.split()[0] == settings.calendar])


def said_style(styles: Sequence[DateStyle], settings: ImportSettings) -> DateStyle | None:
    """The one of ``styles`` that the run said beforehand of dates that may be read in several ways, or None."""
    found = [style for style in styles if style.order == settings.dates]
    return _only(found, [style for style in found if style.calendar == settings.calendar])


def _only(found: Sequence[T], preferred: Sequence[T]) -> T | None:
    for listed in (found, preferred):
        if len(listed) == 1:
            return listed[0]
    return None
