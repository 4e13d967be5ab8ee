"""A number decision is what all the values of a column together say about its decimal mark, or what must be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanjeh.connectors.cleaning.number import (
    DecimalMark,
    NumberSpelling,
    NumberStyle,
    decimal_hint,
    number_of_spelling,
    plain_digits,
    read_number,
)
from sanjeh.connectors.cleaning.text import clean_text, fold_digits, is_blank
from sanjeh.errors import Datum, Issue, Severity
from sanjeh.units import CurrencyMark

# As for dates: up to one in twenty is a slip, which is set aside; more is two habits mixed, which is asked.
_SLIP = 0.05


@dataclass(frozen=True, slots=True)
class NumberDecision:
    """The style of a column's numbers; or None with the styles to choose from and the issue that asks.

    ``sure`` says that some value allows no other mark. ``understood`` of ``total`` distinct non-blank values are
    numbers: ``whole`` without a fraction, ``percent`` with a percent sign, ``marked`` with a currency; ``currencies``
    are these marks, most frequent first.
    """

    style: NumberStyle | None
    choices: tuple[NumberStyle, ...] = ()
    issues: tuple[Issue, ...] = ()
    understood: int = 0
    total: int = 0
    whole: int = 0
    percent: int = 0
    marked: int = 0
    currencies: tuple[CurrencyMark, ...] = ()
    sure: bool = False

    @property
    def likely(self) -> NumberStyle | None:
        """The style, or the first of the choices while it is open."""
        return self.style or (self.choices[0] if self.choices else None)


def decide_number_style(values: Iterable[str], *, column: str = "") -> NumberDecision:
    """What ``values`` (the distinct cells of one column) together say about how its numbers are read.

    >>> decide_number_style(["1.234,56", "7.000"]).style
    NumberStyle(decimal=',')
    >>> decide_number_style(["1.234", "7.000"]).issues[0].code
    'ambiguous_decimal'
    """
    texts = [text for text in values if not is_blank(text, typed=True)]
    spelled = [(text, spelling) for text in texts if (spelling := read_number(text))]
    if not spelled:
        return NumberDecision(None, total=len(texts))
    marks, issues = _decide_mark(spelled, column)
    style = NumberStyle(marks[0])
    read = [number_of_spelling(spelling, style) for _, spelling in spelled]
    numbers = [number for number in read if not isinstance(number, str)]
    percent = sum(number.percent for number in numbers)
    if 0 < percent < sum(number.value != 0 for number in numbers):
        data: dict[str, Datum] = {"column": column, "count": percent, "other": len(numbers) - percent}
        issues.append(Issue("mixed_percent", data, severity=Severity.WARNING))
    currencies = Counter(number.currency for number in numbers if number.currency)
    choices = tuple(NumberStyle(mark) for mark in marks)
    return NumberDecision(
        style=style if len(marks) == 1 else None,
        choices=choices if len(marks) > 1 else (),
        issues=tuple(issues),
        understood=len(numbers),
        total=len(texts),
        whole=sum(number.value == number.value.to_integral_value() for number in numbers),
        percent=percent,
        marked=currencies.total(),
        currencies=tuple(mark for mark, _ in currencies.most_common()),
        sure=any(_tells_mark(spelling) for _, spelling in spelled),
    )


def _tells_mark(spelling: NumberSpelling) -> bool:
    """Whether only one decimal mark reads the number; an exponent shows that a machine wrote it, with a point."""
    hint = decimal_hint(spelling.core)
    return hint.sure or (hint.open and spelling.exponent != 0)


def _decide_mark(
    spelled: Sequence[tuple[str, NumberSpelling]], column: str
) -> tuple[tuple[DecimalMark, ...], list[Issue]]:
    """The decimal mark, or the marks it may be with the issue that asks."""
    hints = [(text, spelling, decimal_hint(spelling.core)) for text, spelling in spelled]
    sure: dict[DecimalMark, list[str]] = {".": [], ",": [], "/": []}
    for text, spelling, hint in hints:
        if _tells_mark(spelling):
            sure[hint.mark].append(text)
    ranked = sorted(sure, key=lambda mark: -len(sure[mark]))
    first, second = ranked[0], ranked[1]
    if len(sure[second]) > _SLIP * (len(sure[first]) + len(sure[second])):
        data = {"column": column, "first": clean_text(sure[first][0]), "second": clean_text(sure[second][0])}
        return (first, second), [Issue("mixed_decimal_marks", data)]
    if first == "/" and sure["/"]:
        return _decide_slash(spelled, column)
    if sure[first]:
        return (first,), []
    if open_ := [(text, spelling) for text, spelling, hint in hints if hint.open]:
        text, spelling = open_[0]
        return (".", ","), [_ask_decimal(text, spelling, ".", ",", column)]
    return (".",), []


def _ask_decimal(text: str, spelling: NumberSpelling, first: DecimalMark, second: DecimalMark, column: str) -> Issue:
    readings = [plain_digits(spelling.core, mark) or "" for mark in (first, second)]
    data = {"column": column, "value": clean_text(text), "first": readings[0], "second": readings[1]}
    return Issue("ambiguous_decimal", data)


def _decide_slash(
    spelled: Sequence[tuple[str, NumberSpelling]], column: str
) -> tuple[tuple[DecimalMark, ...], list[Issue]]:
    """A slash parts decimals in Persian typing; elsewhere 12/5 may be a day, a score or a share, and is asked."""
    slashed = [(text, spelling) for text, spelling in spelled if "/" in spelling.core]
    persian = any(fold_digits(text) != text for text, _ in slashed)
    no_day = any(not _may_be_a_day(spelling.core) for _, spelling in slashed)
    if persian or no_day:
        return ("/",), []
    text, spelling = slashed[0]
    data = {"column": column, "value": clean_text(text), "first": plain_digits(spelling.core, "/") or "", "second": "?"}
    return ("/", "."), [Issue("ambiguous_decimal", data)]


def _may_be_a_day(core: str) -> bool:
    parts = core.split("/")
    return len(parts) == 2 and all(part.isdecimal() and 1 <= int(part) <= 31 for part in parts)
