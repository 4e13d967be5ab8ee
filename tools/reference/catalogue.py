"""The pages of the catalogue: KPIs in both languages, entities, measures, segments, parameters and functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sanjeh.definitions import KPI, Binding, Catalogue, Column, Entity, Parameter
from sanjeh.formula import FUNCTIONS, NAMES, REDUCTIONS, Function, in_words, parameters_in, parse
from sanjeh.present import build_page, render_page_markdown, show_parameter, word
from tools.reference.markdown import code, codes, demote, join_page, render_table

PERSPECTIVES = ("financial", "customer", "process", "learning")
HEADS = {
    "en": ("KPIs", "Every KPI of the standard catalogue", ("id", "name", "unit", "good", "timing")),
    "fa": ("شاخص‌ها", "همهٔ شاخص‌های فهرست استاندارد", ("شناسه", "نام", "واحد", "جهت خوب", "زمان‌مندی")),
}
WORDS = {
    "en": "There are {count}. A KPI is asked by its id (`sanjeh compute {id}`), a variant by `id.variant`.",
    "fa": (
        "فهرست {count} شاخص دارد. هر شاخص با شناسه‌اش خواسته می‌شود (`sanjeh compute {id}`)"
        " و خوانش‌های دیگرش با `id.variant`."
    ),
}


def build_kpis(catalogue: Catalogue, language: str) -> str:
    """The page of every KPI in ``language``: an index by perspective, then all of each."""
    title, subtitle, heads = HEADS[language]
    first = next(iter(catalogue.kpis))
    intro = WORDS[language].format(count=show_parameter(len(catalogue.kpis), "number", language), id=first)
    index = [
        f"## {_capital(word('perspective', perspective, language))}\n\n"
        + render_table(
            heads, (_index_row(kpi, language) for kpi in catalogue.kpis.values() if kpi.perspective == perspective)
        )
        for perspective in PERSPECTIVES
    ]
    pages = [_kpi(kpi, catalogue, language) for kpi in catalogue.kpis.values()]
    body = [f"# {title}", f"{subtitle}. {intro}", *index, *pages]
    if language == "fa":
        body = ['<div dir="rtl">', *body, "</div>"]
    return join_page(*body)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _index_row(kpi: KPI, language: str) -> tuple[str, ...]:
    return (
        f"[`{kpi.id}`](#{kpi.id})",
        kpi.title.get(language),
        code(kpi.unit),
        word("direction", kpi.direction, language),
        word("timing", kpi.timing, language),
    )


def _kpi(kpi: KPI, catalogue: Catalogue, language: str) -> str:
    def say(formula: str) -> str:
        return in_words(parse(formula), catalogue, language, catalogue.settings())

    used = [(parameter, parameter.default) for parameter in _used(kpi, catalogue)]
    page = build_page(kpi, language, in_words=say, parameters=used)
    text = render_page_markdown(page)
    text = re.sub(r"</?div[^>]*>", "", text)
    return f'<a id="{kpi.id}"></a>\n\n' + demote(text.strip(), 1)


def _used(kpi: KPI, catalogue: Catalogue) -> list[Parameter]:
    names = set(parameters_in(kpi, catalogue))
    return [parameter for name, parameter in catalogue.parameters.items() if name in names]


def build_entities(catalogue: Catalogue) -> str:
    """The page of every entity with its columns, and of every segment."""
    intro = (
        "An entity is a canonical table. A column in **bold** is required. A file becomes an entity's rows by a "
        "mapping; every column has the names in English and Persian by which exports usually call it."
    )
    index = ", ".join(f"[`{name}`](#{name})" for name in catalogue.entities)
    segments = render_table(
        ("id", "name", "key", "meaning"),
        (
            (code(item.id), f"{item.title.en} / {item.title.fa}", code(item.key), item.description.en)
            for item in catalogue.segments.values()
        ),
    )
    entities = [_entity(entity) for entity in catalogue.entities.values()]
    return join_page(
        "# Entities", intro, index, *entities, "# Segments", "A segment is a set of keys at an instant.", segments
    )


def _default_of(column: Column) -> str:
    if column.default_from:
        return f"default: its {code(column.default_from)}"
    return f"default {code(column.default)}" if column.default else ""


def _entity(entity: Entity) -> str:
    heads = ("column", "type", "name", "values, default")
    rows = (
        (
            f"**{code(column.name)}**" if column.required else code(column.name),
            f"{column.type}{f' ({column.unit})' if column.unit else ''}",
            f"{column.title.en} / {column.title.fa}",
            "; ".join(filter(None, (codes(column.values), _default_of(column)))),
        )
        for column in entity.columns.values()
    )
    facts = [
        f"Grain: {entity.grain.en}." if entity.grain.en else "",
        f"Key: {' or '.join(codes(key) for key in entity.keys)}." if entity.keys else "",
        f"Time: {codes(entity.times)}." if entity.times else "",
        f"Dimensions: {codes(entity.dimensions)}." if entity.dimensions else "",
        f"Each row leads to {', '.join(f'{code(r.entity)} by {code(r.on)}' for r in entity.relations.values())}."
        if entity.relations
        else "",
        f"Computed from the row and its relations: {codes(entity.derived)}." if entity.derived else "",
    ]
    table = render_table(heads, rows) if entity.columns else "Its rows are computed from those of other entities."
    head = f'<a id="{entity.id}"></a>\n\n## {entity.title.en} / {entity.title.fa}\n\n`{entity.id}`'
    return "\n\n".join((head, entity.description.en, " ".join(filter(None, facts)), table))


def build_measures(catalogue: Catalogue) -> str:
    """The page of every measure: its kind, unit, and where its rows come from."""
    intro = (
        "A measure is an aggregation of one entity's rows on one time column. Where it has several sources the first "
        "one with rows is used; any measure may also be stated as ready numbers "
        "([observations](../how-to/observations.md))."
    )
    rows = (
        (
            f'<a id="{measure.id}"></a>{code(measure.id)}',
            f"{measure.title.en} / {measure.title.fa}",
            word("kind", measure.kind, "en"),
            code(measure.unit),
            "; or ".join(_binding(binding) for binding in measure.bindings),
        )
        for measure in catalogue.measures.values()
    )
    return join_page("# Measures", intro, render_table(("id", "name", "kind", "unit", "rows"), rows))


def _binding(binding: Binding) -> str:
    what = "rows" if binding.expression == "1" else code(" ".join(binding.expression.split()))
    where = f" where {code(' '.join(binding.where.split()))}" if binding.where else ""
    until = f" until {code(binding.until)}" if binding.until else ""
    when = " and ".join(f"{code(name)} is {code(value)}" for name, value in binding.when.items())
    times = f" by {codes(binding.times)}" if binding.times else ""
    whence = f"[`{binding.entity}`](entities.md#{binding.entity})"
    return f"{what} of {whence}{where}{times}{until}{f' (when {when})' if when else ''}"


def build_parameters(catalogue: Catalogue) -> str:
    """The page of every parameter with its default and bounds."""
    intro = (
        "A parameter is a named number, word or list that definitions use. Set one in the table `[parameters]` of "
        "`sanjeh.toml`; it is printed with every value that it decides."
    )
    rows = (
        (
            f'<a id="{item.id}"></a>{code(item.id)}',
            f"{item.title.en} / {item.title.fa}",
            show_parameter(item.default, item.unit, "en"),
            _bounds(item),
            item.description.en,
        )
        for item in catalogue.parameters.values()
    )
    return join_page("# Parameters", intro, render_table(("id", "name", "default", "may be", "meaning"), rows))


def _bounds(parameter: Parameter) -> str:
    if parameter.choices:
        return codes(parameter.choices)
    low, high = parameter.minimum, parameter.maximum
    return ", ".join(
        (*([f"at least {low:g}"] if low is not None else ()), *([f"at most {high:g}"] if high is not None else ()))
    )


def build_functions() -> str:
    """The page of the formula language: what may be written, and every function with its exact meaning."""
    intro = """\
A formula is a line of arithmetic over measures and KPIs: numbers, `+ - * /`, parentheses, names of measures, KPIs
and parameters, `kpi.variant`, and these functions. `x[dimension == 'member']` keeps the rows of one member and
`x[flag]` those for which a yes-or-no column holds; the filter goes down to every measure inside. A balance (a state at
an instant, such as receivables) stands only inside `opening`, `closing`, `average` or a function that takes a balance.
Anything else is refused with its column."""
    functions = render_table(
        ("function", "meaning", "به فارسی"),
        ((f'<a id="{f.name}"></a>{code(_signature(f))}', f.meaning.en, f.meaning.fa) for f in FUNCTIONS.values()),
    )
    names = render_table(("name", "meaning", "به فارسی"), _word_rows("function_name", NAMES))
    reductions = render_table(("word", "meaning", "به فارسی"), _word_rows("reduction", REDUCTIONS))
    return join_page(
        "# Formulas", intro, "## Functions", functions, "## Names", names, "## Words of `across`", reductions
    )


def _word_rows(table: str, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    return ((code(name), word(table, name, "en"), word(table, name, "fa")) for name in names)


def _signature(function: Function) -> str:
    return f"{function.name}({', '.join(_arguments(function))})"


def _arguments(function: Function) -> Iterator[str]:
    letters = iter("xyz")
    for place, takes in enumerate(function.takes):
        name = {"count": "n", "dimension": "dimension", "reduction": "word"}.get(takes.value) or next(letters)
        yield f"{name}=1" if place >= len(function.takes) - function.optional else name
    if function.many:
        yield "..."
