"""A proposal is what a file probably holds: the entity, the mapping, how sure that is, and what must be asked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import (
    ColumnProfile,
    DateStyle,
    NumberStyle,
    issues_as,
    match_key,
    parse_date,
    profile_column,
    quote_name,
)
from sanjeh.connectors.file_pattern import build_pattern, build_slug, file_name, name_words, sheet_name
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.mapping import Field, SourceMapping, TableMapping
from sanjeh.connectors.match import EntityMatch, match_entities
from sanjeh.connectors.question import Choice, Question
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.repeated_key import ask_repeated, choose_key
from sanjeh.connectors.row_key import STATED
from sanjeh.connectors.typed_field import CURRENCY
from sanjeh.connectors.vocabulary import Vocabulary
from sanjeh.definitions import ColumnType, Entity
from sanjeh.errors import Datum, Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SUFFICIENT = 0.6
# Two entities whose scores are nearer than this are both plausible.
_CLOSE = 0.05
_SHOWN = 6
_PROFILED = 400
_FAMILY = ("IRR", "IRT")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file probably holds.

    ``matches`` are the plausible entities, best first; ``mapping`` is for the best one, or None where none fits;
    ``questions`` must be answered before it is used; ``confidence`` is 0 to 1, 1 where names leave no doubt;
    ``unused`` are headers that the mapping leaves out.
    """

    matches: tuple[EntityMatch, ...]
    mapping: SourceMapping | None
    questions: tuple[Question, ...]
    confidence: float
    unused: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def is_sufficient(self) -> bool:
        """Whether it may be taken without anybody looking at it."""
        return self.mapping is not None and self.confidence >= SUFFICIENT


def profile_columns(
    connection: DuckDBPyConnection, raw: RawTable, settings: ImportSettings
) -> tuple[ColumnProfile, ...]:
    """The profiles of the columns, in order; of more than 400 the first ones."""
    table = quote_name(raw.table)
    return tuple(
        profile_column(connection, table, column.field, column.name, prefer_calendar=settings.calendar)
        for column in raw.columns[:_PROFILED]
    )


def build_proposal(
    connection: DuckDBPyConnection,
    raw: RawTable,
    profiles: Sequence[ColumnProfile],
    vocabulary: Vocabulary,
    settings: ImportSettings,
    *,
    as_entity: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> Proposal:
    """The proposal for a raw table whose columns are profiled.

    ``as_entity`` says what it holds, ``fields`` what headers stand for (header to column); a column that the entity
    does not have is kept as a dimension of the company's own.
    """
    given = _given(profiles, fields or {})
    names = [part for part in (sheet_name(raw.source), _stem(file_name(raw.source))) if part]
    matches = match_entities(profiles, names, settings.catalogue, vocabulary, only=as_entity, given=given)
    whole = [match for match in matches if not match.missing] or list(matches)
    if not whole or not whole[0].columns:
        return Proposal(matches[:_SHOWN], None, (), 0.0)
    best = whole[0]
    entity = settings.catalogue.entities[best.entity]
    by_name = {profile.name: profile for profile in profiles}
    mapped = [
        _map_column(entity, column, by_name[header], settings, CURRENCY in best.columns)
        for column, header in best.columns.items()
    ]
    questions = [*_ask_entity(whole, as_entity), *_ask_missing(best, profiles)]
    questions += [question for _, asked in mapped for question in asked]
    extra = tuple(Field(target, header) for header, target in given.items() if target not in best.columns)
    derived = tuple(each for each in extra if each.target in entity.derived)
    dimensions = tuple(each for each in extra if each not in derived)
    dimensions += _dimensions(entity, best, profiles, vocabulary, {*given})
    used = {*best.columns.values(), *(each.column for each in (*dimensions, *derived))}
    unused = tuple(profile.name for profile in profiles if profile.name not in used)
    table = TableMapping(entity.id, (*(field for field, _ in mapped), *derived), dimensions, ignore=unused)
    table = choose_key(connection, raw, table, entity)
    questions += ask_repeated(connection, raw, table, entity)
    return Proposal(
        matches=tuple(whole[:_SHOWN]),
        mapping=_source(raw, table),
        questions=tuple(questions),
        confidence=_confidence(best, whole, as_entity),
        unused=unused,
        issues=_notes(unused),
    )


def _given(profiles: Sequence[ColumnProfile], fields: Mapping[str, str]) -> dict[str, str]:
    """What somebody said of headers that this file has, by the header as it is written in it."""
    by_key = {match_key(header): target for header, target in fields.items()}
    return {profile.name: by_key[key] for profile in profiles if (key := match_key(profile.name)) in by_key}


def _stem(name: str) -> str:
    stem = Path(name).name
    while (shorter := Path(stem).stem) != stem and Path(stem).suffix.lower() != "":
        stem = shorter
    return stem


def _confidence(best: EntityMatch, matches: Sequence[EntityMatch], as_entity: str | None) -> float:
    if best.missing:
        return 0.0
    if best.is_certain or as_entity:
        return 1.0
    second = next((match.score for match in matches[1:] if not match.missing), 0.0)
    # A rival near by makes even a good match a guess.
    return round(max(0.0, best.score - max(0.0, _CLOSE - (best.score - second)) * 4), 4)


def _ask_entity(matches: Sequence[EntityMatch], as_entity: str | None) -> list[Question]:
    best = matches[0]
    if as_entity or best.is_certain:
        return []
    close = [match for match in matches if best.score - match.score < _CLOSE and not match.missing]
    if len(close) < 2 and best.score >= SUFFICIENT:
        return []
    listed = close if len(close) > 1 else list(matches[:_SHOWN])
    data: dict[str, Datum] = {"first": best.entity, "others": ", ".join(match.entity for match in listed[1:])}
    choices = tuple(Choice(match.entity, ", ".join(match.columns.values())) for match in listed)
    default = best.entity if best.score >= SUFFICIENT else None
    return [Question("entity", Issue("several_entities", data), "", choices, default)]


def _ask_missing(match: EntityMatch, profiles: Sequence[ColumnProfile]) -> list[Question]:
    free = [profile for profile in profiles if profile.name not in match.columns.values()]
    choices = tuple(Choice(profile.name, ", ".join(profile.samples[:3])) for profile in free)
    return [
        Question("header", Issue("required_column_missing", {"column": name, "entity": match.entity}), name, choices)
        for name in match.missing
    ]


def _dimensions(
    entity: Entity,
    match: EntityMatch,
    profiles: Sequence[ColumnProfile],
    vocabulary: Vocabulary,
    given: set[str],
) -> tuple[Field, ...]:
    """Of stated numbers: headers that are dimensions of other entities belong to what the number is about."""
    if entity.id not in STATED:
        return ()
    used = {*match.columns.values(), *given}
    return tuple(
        Field(profile.name.casefold(), profile.name)
        for profile in profiles
        if profile.name not in used
        and profile.name.casefold() in vocabulary.dimensions
        and profile.name.casefold() not in entity.columns
    )


def _source(raw: RawTable, table: TableMapping) -> SourceMapping:
    name = file_name(raw.source)
    sheet = sheet_name(raw.source)
    slug = build_slug(sheet if sheet and name_words(sheet) else _stem(name), table.entity)
    marks = {each.decimal for each in table.fields} - {None}
    options = raw.source.options
    if len(marks) == 1:
        # One mark for the whole file is said once.
        options = replace(options, decimal=marks.pop())
        table = replace(table, fields=tuple(replace(each, decimal=None) for each in table.fields))
    return SourceMapping(slug, (build_pattern(name),), (table,), sheet, options)


def _notes(unused: Sequence[str]) -> tuple[Issue, ...]:
    if not unused:
        return ()
    data: dict[str, Datum] = {"count": len(unused), "headers": ", ".join(unused[:20])}
    return (Issue("headers_unused", data, severity=Severity.NOTE),)


def _map_column(
    entity: Entity, target: str, profile: ColumnProfile, settings: ImportSettings, has_currency: bool
) -> tuple[Field, list[Question]]:
    """The field of a column with its style pinned, and what the column leaves open."""
    kind = entity.columns[target].type
    field = Field(target, profile.name)
    match kind:
        case ColumnType.DATE | ColumnType.TIME:
            return _map_date(field, profile)
        case ColumnType.NUMBER | ColumnType.INTEGER | ColumnType.MONEY:
            field, questions = _map_number(field, profile)
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


def _map_number(field: Field, profile: ColumnProfile) -> tuple[Field, list[Question]]:
    decision = profile.reading.number
    asking = [issue for issue in decision.issues if issue.severity is Severity.ERROR]
    field = replace(field, decimal=(decision.likely or NumberStyle()).decimal)
    if not asking:
        return field, []
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
