"""A catalogue page tells all of one KPI: what it asks, how it is counted, its variants, pitfalls and sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sanjeh.definitions import KPI, Parameter, ParameterValue, Text, Variant
from sanjeh.present.bidi import RLM, isolate
from sanjeh.present.number import format_value, unit_name
from sanjeh.present.table import markdown_text, right_to_left
from sanjeh.present.width import wrap_text
from sanjeh.present.word import form, join_words, word


@dataclass(frozen=True, slots=True)
class Line:
    """A label with its text; either may be empty. ``is_code`` keeps a formula or an id left to right."""

    label: str
    text: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; the first section of a page has none."""

    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A KPI's page in one language: title, id, description and sections without empty ones."""

    language: str
    title: str
    id: str
    description: str
    sections: tuple[Section, ...]


def build_page(
    kpi: KPI,
    language: str,
    *,
    in_words: Callable[[str], str] | None = None,
    parameters: Sequence[tuple[Parameter, ParameterValue]] = (),
    currency: str = "",
    variant_of: KPI | None = None,
) -> Page:
    """The page of ``kpi`` in ``language`` ("en" or "fa").

    ``in_words`` gives a formula in words of that language. ``parameters`` are those that the formula uses, with the
    values that hold in the workspace. ``currency`` is the code that money parameters and limits are shown in.
    ``variant_of`` is the KPI whose variant stands in ``kpi`` (see ``alone``).
    """
    whole = f"{variant_of.title.get(language)} ({_code(variant_of.id, language)})" if variant_of else ""
    origin = (Line(word("page", "variant_of", language), whole),) if whole else ()
    sections = (
        Section("", (*origin, *_facts(kpi, language, in_words, currency))),
        Section("variants", tuple(_variant(kpi, variant, language, in_words) for variant in kpi.variants.values())),
        Section("parameters", tuple(_parameter(item, value, language, currency) for item, value in parameters)),
        Section("pitfalls", tuple(Line("", pitfall.get(language)) for pitfall in kpi.pitfalls)),
        Section("sources", tuple(Line("", source) for source in kpi.sources)),
    )
    shown = tuple(
        Section(word("page", section.heading, language) if section.heading else "", section.lines)
        for section in sections
        if section.lines
    )
    return Page(language, kpi.title.get(language) or kpi.id, kpi.id, kpi.description.get(language), shown)


def alone(kpi: KPI, variant: Variant) -> KPI:
    """The variant as a KPI of its own, for a page of its own."""
    return replace(
        kpi,
        id=f"{kpi.id}.{variant.id}",
        title=variant.title if variant.title.get("en") else kpi.title,
        description=variant.description,
        basis=Text(),
        formula=variant.formula,
        unit=variant.unit,
        direction=variant.direction,
        timing=variant.timing,
        limits=(None, None),
        variants={},
        list_items=(),
    )


def render_page_text(page: Page, width: int = 100) -> str:
    """The page in plain characters, at most ``width`` cells a line; Persian lines begin with a right-to-left mark."""
    lines = [f"{page.title} ({_code(page.id, page.language)})"]
    lines += ["", *wrap_text(page.description, width)] if page.description else []
    for section in page.sections:
        lines.append("")
        if section.heading:
            lines.append(section.heading)
        for line in section.lines:
            lead, indent = ("- ", "  ") if section.heading else ("", "")
            wrapped = wrap_text(_sentence(line, page.language), width - len(indent))
            lines += [lead + wrapped[0], *(indent + rest for rest in wrapped[1:])]
    mark = RLM if page.language == "fa" else ""
    return "\n".join(mark + line if line else "" for line in lines)


def render_page_markdown(page: Page) -> str:
    """The page in Markdown, nothing of it taken for markup; Persian inside a right-to-left block."""
    blocks = [f"# {markdown_text(page.title)}", f"`{page.id}`"]
    if page.description:
        blocks.append(markdown_text(page.description))
    for section in page.sections:
        if section.heading:
            blocks.append(f"## {markdown_text(section.heading)}")
        blocks.append("\n".join(_markdown_line(line, page.language) for line in section.lines))
    text = "\n\n".join(blocks)
    return right_to_left(text) if page.language == "fa" else text


def _facts(kpi: KPI, language: str, in_words: Callable[[str], str] | None, currency: str) -> tuple[Line, ...]:
    told = [
        ("question", kpi.question.get(language)),
        ("in_words", in_words(kpi.formula) if in_words else ""),
        ("basis", kpi.basis.get(language)),
        ("unit", unit_name(kpi.unit, language, currency=currency)),
        ("direction", word("direction", kpi.direction, language)),
        ("timing", word("timing", kpi.timing, language)),
        ("perspective", word("perspective", kpi.perspective, language)),
        ("periods", join_words([word("grain", grain, language) for grain in kpi.periods], language)),
        ("limits", _limits(kpi, language, currency)),
        ("packs", join_words([word("pack", pack, language) for pack in kpi.packs], language)),
        ("own", word("page", "own_yes" if kpi.own else "own_no", language)),
    ]
    lines = [Line(word("page", name, language), text) for name, text in told if text]
    codes = [("formula", kpi.formula), ("breakdown", kpi.breakdown or ""), ("list_items", ", ".join(kpi.list_items))]
    coded = {name: Line(word("page", name, language), text, is_code=True) for name, text in codes if text}
    at = 1 if kpi.question.get(language) else 0
    return (*lines[:at], *_picked(coded, "formula"), *lines[at:], *_picked(coded, "breakdown", "list_items"))


def _picked(lines: dict[str, Line], *names: str) -> list[Line]:
    return [lines[name] for name in names if name in lines]


def _limits(kpi: KPI, language: str, currency: str) -> str:
    low, high = (
        None if limit is None else format_value(limit, None, kpi.unit, language, currency=currency)
        for limit in kpi.limits
    )
    if low is not None and high is not None:
        return form("page.limits_both", language, low=low, high=high)
    if low is not None:
        return form("page.limits_low", language, low=low)
    return "" if high is None else form("page.limits_high", language, high=high)


def _variant(kpi: KPI, variant: Variant, language: str, in_words: Callable[[str], str] | None) -> Line:
    """A variant's title, id and formula, and of unit, direction and timing what differs from the KPI's own."""
    differing = [
        word(table, str(own), language)
        for table, own, usual in (
            ("unit", variant.unit, kpi.unit),
            ("direction", variant.direction, kpi.direction),
            ("timing", variant.timing, kpi.timing),
        )
        if own != usual
    ]
    formula = in_words(variant.formula) if in_words else _code(variant.formula, language)
    parts = [formula, *differing, variant.description.get(language)]
    label = f"{variant.title.get(language) or variant.id} ({_code(f'{kpi.id}.{variant.id}', language)})"
    return Line(label, ("؛ " if language == "fa" else "; ").join(part for part in parts if part))


def _parameter(parameter: Parameter, value: ParameterValue, language: str, currency: str) -> Line:
    unit = parameter.shown_unit
    shown = show_parameter(value, unit, language, currency=currency)
    if value != parameter.default:
        usual = show_parameter(parameter.default, unit, language, currency=currency)
        shown = f"{shown} ({form('page.default', language, value=usual)})"
    return Line(f"{parameter.title.get(language) or parameter.id} ({_code(parameter.id, language)})", shown)


def show_parameter(value: ParameterValue, unit: str, language: str, *, currency: str = "") -> str:
    """A parameter's value as people read it: a number with its unit, a word, or words joined by commas.

    >>> show_parameter(90, "days", "fa"), show_parameter(("paid", "shipped"), "list", "en")
    ('۹۰ روز', 'paid, shipped')
    """
    if isinstance(value, bool):
        return word("number", "yes" if value else "no", language)
    if isinstance(value, str):
        return _code(value, language)
    if isinstance(value, tuple):
        return join_words([_code(item, language) for item in value], language)
    return format_value(value, None, unit, language, currency=currency)


def _code(text: str, language: str) -> str:
    return isolate(text) if language == "fa" else text


def _sentence(line: Line, language: str) -> str:
    text = _code(line.text, language) if line.is_code else line.text
    return f"{line.label}{word('list', 'colon', language)}{text}" if line.label else text


def _markdown_line(line: Line, language: str) -> str:
    text = f"`{line.text}`" if line.is_code else markdown_text(line.text)
    if not line.label:
        return f"- {text}"
    return f"- **{markdown_text(line.label)}**{word('list', 'colon', language)}{text}"
