"""Words are a formula as a person reads it, in English or Persian; its text is the same formula as it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from sanjeh.definitions import Catalogue, ParameterValue, Text
from sanjeh.formula.dimension import find_column, measures_of
from sanjeh.formula.function import FUNCTIONS, Function, Takes
from sanjeh.formula.function import phrase as word_of
from sanjeh.formula.node import Binary, Call, Filtered, Name, Negative, Node, Number, VariantName, Word
from sanjeh.series import Condition


class Bond(IntEnum):
    """How firmly the parts of a text hold together; a looser one needs brackets inside a firmer one."""

    LIST = 0
    SUM = 1
    PRODUCT = 2
    PREFIX = 3
    WHOLE = 4


_BONDS = {"+": Bond.SUM, "-": Bond.SUM, "*": Bond.PRODUCT, "/": Bond.PRODUCT}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_PERSIAN = str.maketrans("0123456789,.-", "۰۱۲۳۴۵۶۷۸۹٬٫−")
_EMPTY, _NOTHING = Text("empty", "خالی"), Text("nothing", "هیچ")
_WHERE, _ONLY, _EXCEPT = Text("where", "به شرط"), Text("only", "فقط"), Text("except", "به‌جز")
_AND, _OR, _NOT, _COMMA = Text(" and ", " و "), Text(" or ", " یا "), Text("not ", "نه "), Text(", ", "، ")
_QUOTED = Text("“{}”", "«{}»")


def to_text(node: Node) -> str:
    """The formula in the language itself, with no bracket more than needed; ``parse`` gives the same tree back.

    >>> from sanjeh.formula.parse import parse
    >>> to_text(parse("( a-b )/ (c) [ d=='x' ]"))
    "(a - b) / c[d == 'x']"
    """
    return _text(node)[0]


def _text(node: Node) -> tuple[str, Bond]:
    match node:
        case Number(value=value):
            return (f"{value:.0f}" if value.is_integer() and abs(value) < 1e16 else repr(value)), Bond.WHOLE
        case Name(id=name):
            return name, Bond.WHOLE
        case VariantName(kpi=kpi, variant=variant):
            return f"{kpi}.{variant}", Bond.WHOLE
        case Word(value=value):
            return repr(value), Bond.WHOLE
        case Negative(operand=inner):
            return "-" + _held(_text(inner), Bond.PREFIX), Bond.PREFIX
        case Filtered(operand=inner, condition=condition):
            return f"{_held(_text(inner), Bond.WHOLE)}[{condition}]", Bond.WHOLE
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(_text(argument)[0] for argument in arguments)})", Bond.WHOLE
        case Binary(operator=operator, left=left, right=right):
            bond = _BONDS[operator]
            return f"{_held(_text(left), bond)} {operator} {_held(_text(right), Bond(bond + 1))}", bond


def _held(text: tuple[str, Bond], least: Bond) -> str:
    """The text, in brackets where its bond is looser than ``least``."""
    return text[0] if text[1] >= least else f"({text[0]})"


def in_words(
    node: Node, catalogue: Catalogue, language: str, settings: Mapping[str, ParameterValue] | None = None
) -> str:
    """The formula in ``language`` ("en" or "fa") with the titles of measures and KPIs in place of their names.

    With ``settings``, a parameter that says how many periods or days is given as its number, else by its title.

    >>> from sanjeh.definitions import load_catalogue
    >>> from sanjeh.formula.parse import parse
    >>> in_words(parse("revenue / positive(year_ago(revenue))"), load_catalogue(), "en")
    'Revenue ÷ Revenue in the same period of last year (if above zero)'
    >>> in_words(parse("1000 * media_cost / ad_impressions"), load_catalogue(), "fa")
    '۱٬۰۰۰ × هزینهٔ رسانه ÷ نمایش تبلیغ\u200cها'
    """
    words = _Speaker(catalogue, language, settings or {}).say(node)[0]
    return words[:1].upper() + words[1:] if language != "fa" else words


@dataclass(frozen=True, slots=True)
class _Speaker:
    catalogue: Catalogue
    language: str
    settings: Mapping[str, ParameterValue] = field(default_factory=dict)

    def say(self, node: Node) -> tuple[str, Bond]:
        """The words of ``node`` and how firmly they hold together."""
        match node:
            case Number(value=value):
                return self.number(value), Bond.WHOLE
            case Name(id=name):
                return self.title(name), Bond.WHOLE
            case VariantName(kpi=kpi, variant=variant):
                return self.variant(kpi, variant), Bond.WHOLE
            case Word(value=value):
                return (word_of(f"reduction.{value}") or Text(value)).get(self.language), Bond.WHOLE
            case Negative(operand=inner):
                return "−" + _held(self.say(inner), Bond.WHOLE), Bond.PREFIX
            case Filtered():
                return self.filtered(node), Bond.WHOLE
            case Call():
                return self.call(node)
            case Binary(operator=operator, left=left, right=right):
                bond = _BONDS[operator]
                before = self.left(left, bond)
                return f"{before} {_SIGNS[operator]} {_held(self.say(right), Bond(bond + 1))}", bond

    def left(self, node: Node, bond: Bond) -> str:
        """The left side; "the average of x" is held together before a sign that would seem to belong to x."""
        words = self.say(node)
        return _held(words, Bond.WHOLE if words[1] is Bond.PREFIX and bond is Bond.PRODUCT else bond)

    def number(self, value: float) -> str:
        """The number with separated thousands, in the digits of the language."""
        text = f"{value:,.0f}" if value.is_integer() and abs(value) < 1e16 else f"{value:,}"
        return text.translate(_PERSIAN) if self.language == "fa" else text.replace("-", "−")

    def title(self, name: str) -> str:
        """The title of what ``name`` means."""
        catalogue = self.catalogue
        for named in (catalogue.measures.get(name), catalogue.kpis.get(name), catalogue.parameters.get(name)):
            if named is not None:
                return named.title.get(self.language) or name
        named_word = word_of(f"function_name.{name}")
        return named_word.get(self.language) if named_word is not None else name

    def variant(self, kpi_id: str, variant_id: str) -> str:
        """The title of a variant, or the KPI's with the variant's name."""
        kpi = self.catalogue.kpis.get(kpi_id)
        title = kpi.variants[variant_id].title if kpi and variant_id in kpi.variants else Text()
        return title.get(self.language) or f"{self.title(kpi_id)} ({variant_id})"

    def call(self, node: Call) -> tuple[str, Bond]:
        """The phrase of a function with its arguments in their places."""
        function = FUNCTIONS[node.function]
        phrase = self.phrase(function, node.arguments).get(self.language)
        if function.many:
            return phrase.format(self.list([_held(self.say(part), Bond.PREFIX) for part in node.arguments])), Bond.LIST
        measures = measures_of(node.arguments[0], self.catalogue)
        said = [
            self.argument(takes, part, measures) for takes, part in zip(function.takes, node.arguments, strict=False)
        ]
        if phrase == "{0}":
            return self.say(node.arguments[0])
        values = sum(takes is not Takes.COUNT for takes in function.takes)
        bond = Bond.LIST if values > 1 else Bond.WHOLE if phrase.startswith("{0}") else Bond.PREFIX
        return phrase.format(*said), bond

    def phrase(self, function: Function, arguments: tuple[Node, ...]) -> Text:
        """The phrase that fits the number of periods, where the function takes one."""
        if Takes.COUNT not in function.takes:
            return function.words
        count = arguments[1] if len(arguments) > 1 else Number(1.0)
        if function.yearly is not None and isinstance(count, Name) and count.id == "periods_per_year":
            return function.yearly
        return function.once if function.once is not None and self.known(count) == 1 else function.words

    def argument(self, takes: Takes, node: Node, measures: Sequence[str]) -> str:
        """One argument as it stands in a phrase: a compound value in brackets, a count as number or quoted title."""
        match takes, node:
            case Takes.COUNT, _:
                known = self.known(node)
                return self.count(node) if known is None else self.number(known)
            case Takes.DIMENSION, Name(id=name):
                return self.dimension(name, measures)
            case _:
                return _held(self.say(node), Bond.PREFIX)

    def known(self, node: Node) -> float | None:
        """The number of periods or days, where the settings tell it."""
        match node:
            case Number(value=value):
                return value
            case Name(id=name):
                setting = self.settings.get(name)
                return float(setting) if isinstance(setting, (int, float)) else None
            case Binary(operator="+" | "-" as operator, left=left, right=right):
                before, after = self.known(left), self.known(right)
                if before is None or after is None:
                    return None
                return before + after if operator == "+" else before - after
            case _:
                return None

    def count(self, node: Node) -> str:
        """A number of periods or days that only has a name."""
        match node:
            case Binary(operator=operator, left=left, right=right):
                return f"({self.count(left)} {_SIGNS[operator]} {self.count(right)})"
            case Name(id=name):
                return _QUOTED.get(self.language).format(self.title(name))
            case _:
                return self.say(node)[0]

    def list(self, items: Sequence[str]) -> str:
        """The items with commas, and "and" before the last."""
        head = _COMMA.get(self.language).join(items[:-1])
        return f"{head}{_AND.get(self.language)}{items[-1]}" if head else items[-1]

    def filtered(self, node: Filtered) -> str:
        """The operand, with all its conditions in one pair of brackets behind it."""
        conditions: list[Condition] = []
        inner: Node = node
        while isinstance(inner, Filtered):
            conditions.insert(0, inner.condition)
            inner = inner.operand
        measures = measures_of(inner, self.catalogue)
        return f"{_held(self.say(inner), Bond.WHOLE)} ({self.conditions(conditions, measures)})"

    def conditions(self, conditions: Sequence[Condition], measures: Sequence[str]) -> str:
        """A single flag as "only" or "except"; anything else after "where"."""
        if len(conditions) == 1 and _is_flag(conditions[0]):
            lead = _EXCEPT if _is_denied(conditions[0]) else _ONLY
            return f"{lead.get(self.language)} {self.dimension(conditions[0].dimension, measures)}"
        parts = [self.condition(condition, measures) for condition in conditions]
        return f"{_WHERE.get(self.language)} {_AND.get(self.language).join(parts)}"

    def condition(self, condition: Condition, measures: Sequence[str]) -> str:
        """One condition."""
        title = self.dimension(condition.dimension, measures)
        if _is_flag(condition):
            return _NOT.get(self.language) + title if _is_denied(condition) else title
        members = [_EMPTY.get(self.language) if value is None else value for value in condition.values]
        between = _COMMA if condition.negated else _OR
        said = between.get(self.language).join(members) or _NOTHING.get(self.language)
        return f"{title} {'≠' if condition.negated else '='} {said}"

    def dimension(self, name: str, measures: Sequence[str]) -> str:
        """The title of a column as the first measure's entity calls it, else as any entity does."""
        columns = [find_column(self.catalogue, self.catalogue.measures[measure], name) for measure in measures]
        columns += [entity.columns.get(name) or entity.derived.get(name) for entity in self.catalogue.entities.values()]
        titles = [column.title.get(self.language) for column in columns if column is not None]
        return next(filter(None, titles), name)


def _is_flag(condition: Condition) -> bool:
    return condition.values in (("true",), ("false",))


def _is_denied(condition: Condition) -> bool:
    return (condition.values == ("false",)) != condition.negated
