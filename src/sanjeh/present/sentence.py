"""A sentence is a message's code and data in the words and digits of one language."""

from __future__ import annotations

from collections.abc import Mapping

from sanjeh.errors import Datum, Issue, QuestionError, choose_form, load_messages, suggest
from sanjeh.present.bidi import isolate
from sanjeh.present.number import format_value

# Four digits are written without a separator: they are often a year.
_GROUPED = 10_000


def message(code: str, language: str, **data: Datum) -> str:
    """The sentence ``code`` of the message files in ``language`` ("en" or "fa"), filled with ``data``.

    Numbers are written in the language's digits, with separators from 10,000 on. Raises QuestionError ``unknown_name``
    when no message has this code, KeyError when the sentence wants data that is not given.

    >>> message("bad_rate", "fa", rate=0, currency="USD", day="2024-03-01")
    'نرخ ۰ برای USD در 2024-03-01 عددی مثبت نیست.'
    >>> message("cli.rows.total", "en", shown=1, total=1)
    '1 of 1 row.'
    """
    sentences = load_messages(language)[0]
    if code not in sentences:
        issue = Issue("unknown_name", {"kind": "message", "name": code}, suggestion=suggest(code, sentences))
        raise QuestionError(issue)
    return sentences[code].format_map(_Told(_shown(data, language)))


def issue_sentence(issue: Issue, language: str) -> str:
    """The issue as ``Issue.render`` says it, with numbers in the language's digits and the place kept left to right.

    >>> issue_sentence(Issue("bad_price_index", {"day": "2024-03-01"}), "en")
    'The price index of 2024-03-01 is not a positive number, or stands twice.'
    """
    told = Issue(issue.code, _shown(issue.data, language), None, issue.severity, issue.suggestion).render(language)
    if issue.place is None:
        return told
    place = str(issue.place)
    return f"{isolate(place) if language == 'fa' else place}: {told}"


class _Told(dict[str, Datum]):
    """Data whose numbers choose between one and many: ``{count|row|rows}``."""

    def __missing__(self, key: str) -> str:
        chosen = choose_form(key, self)
        if chosen is None:
            raise KeyError(key)
        return chosen


def _shown(data: Mapping[str, Datum], language: str) -> dict[str, Datum]:
    return {name: value if isinstance(value, str) else _number(value, language) for name, value in data.items()}


def _number(value: float, language: str) -> str:
    text = format_value(value, None, "number", language)
    return text.replace(",", "").replace("٬", "") if abs(value) < _GROUPED else text
