"""A proposal is what a file probably holds: the entity, the mapping, how sure that is, and what must be asked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjeh.connectors.cleaning import ColumnProfile, match_key, profile_column, quote_name
from sanjeh.connectors.file_pattern import build_pattern, build_slug, file_name, name_words, sheet_name
from sanjeh.connectors.import_settings import ImportSettings
from sanjeh.connectors.line_export import (
    AMOUNT,
    LineExport,
    find_lines,
    fold_documents,
    price_lines,
    score_lines,
    take_first_amount,
)
from sanjeh.connectors.mapping import Field, SourceMapping, TableMapping
from sanjeh.connectors.match import EntityMatch, match_entities
from sanjeh.connectors.propose_field import note_columns, propose_field
from sanjeh.connectors.question import Choice, Question
from sanjeh.connectors.reading import RawTable
from sanjeh.connectors.repeated_key import FIRST, ask_repeated, ask_total, choose_key
from sanjeh.connectors.row_key import STATED
from sanjeh.connectors.typed_field import CURRENCY
from sanjeh.connectors.vocabulary import Vocabulary
from sanjeh.connectors.wide_table import OBSERVATIONS, WideTable, find_wide
from sanjeh.definitions import ColumnType, Entity
from sanjeh.errors import Datum, Issue, Severity

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SUFFICIENT = 0.6
# Two entities whose scores are nearer than this are both plausible.
_CLOSE = 0.05
# From here on a name of a file says something; a name that says so much more of another entity contradicts.
_NAMED, _CONTRADICTED = 0.6, 0.3
# A match with headers of its own, and so many more of them than any rival, is clearly the best.
_LEAST_CLEAR, _OWN, _AHEAD = 0.5, 1.0, 0.5
# What a match is worth that rests on headers which every table has.
_GUESS = 0.5
_SHOWN = 6
_PROFILED = 400


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
        profile_column(
            connection,
            table,
            column.field,
            column.name,
            prefer_calendar=settings.calendar,
            this_year=settings.now.year,
        )
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
    lines = find_lines(matches, profiles, settings.catalogue) if as_entity is None else None
    if lines is not None and whole[0].entity in (lines.parent.entity, lines.child.entity):
        return _propose_lines(connection, raw, profiles, lines, settings, given)
    wide = find_wide(profiles, settings) if as_entity in (None, OBSERVATIONS) and not given else None
    if wide is not None and not whole[0].is_certain and (whole[0].missing or len(wide.used) > len(whole[0].columns)):
        return _propose_wide(raw, profiles, wide, whole)
    best = whole[0]
    entity = settings.catalogue.entities[best.entity]
    table, asked = _propose_table(best, profiles, settings)
    questions = [*_ask_entity(best, matches, as_entity), *_ask_missing(best, profiles), *asked]
    extra = tuple(Field(target, header) for header, target in given.items() if target not in best.columns)
    derived = tuple(each for each in extra if each.target in entity.derived)
    dimensions = tuple(each for each in extra if each not in derived)
    dimensions += _dimensions(entity, best, profiles, vocabulary, {*given})
    used = {each.column for each in (*table.fields, *derived, *dimensions)}
    unused = tuple(profile.name for profile in profiles if profile.name not in used)
    table = replace(table, fields=(*table.fields, *derived), dimensions=dimensions, ignore=unused)
    table = choose_key(connection, raw, table, entity)
    questions += ask_repeated(connection, raw, table, entity, is_said=settings.repeated is not None)
    return Proposal(
        matches=tuple(whole[:_SHOWN]),
        mapping=_source(raw, (table,)),
        questions=tuple(questions),
        confidence=_confidence(best, matches, as_entity),
        unused=unused,
        issues=(*_notes(unused), *note_columns(table, entity, profiles)),
    )


def _propose_table(
    match: EntityMatch, profiles: Sequence[ColumnProfile], settings: ImportSettings
) -> tuple[TableMapping, list[Question]]:
    """The table of a match with the style of every column pinned, and what the columns leave open."""
    entity = settings.catalogue.entities[match.entity]
    by_name = {profile.name: profile for profile in profiles}
    has_currency = CURRENCY in match.columns
    mapped = [
        propose_field(column, entity.columns[column].type, by_name[header], settings, has_currency)
        for column, header in match.columns.items()
    ]
    table = TableMapping(entity.id, tuple(field for field, _ in mapped))
    return table, [question for _, asked in mapped for question in asked]


def _propose_wide(
    raw: RawTable, profiles: Sequence[ColumnProfile], wide: WideTable, matches: Sequence[EntityMatch]
) -> Proposal:
    unused = tuple(profile.name for profile in profiles if profile.name not in wide.used)
    tables = (replace(wide.tables[0], ignore=unused), *wide.tables[1:])
    shown = tuple(match for match in matches if match.entity == OBSERVATIONS)
    return Proposal(shown, _source(raw, tables), wide.questions, wide.confidence, unused, _notes(unused))


def _propose_lines(
    connection: DuckDBPyConnection,
    raw: RawTable,
    profiles: Sequence[ColumnProfile],
    lines: LineExport,
    settings: ImportSettings,
    given: Mapping[str, str],
) -> Proposal:
    """The proposal of two tables, documents and lines, for a file that holds both in each row."""
    entity = settings.catalogue.entities[lines.parent.entity]
    parent, asked = _propose_table(lines.parent, profiles, settings)
    child, more = _propose_table(lines.child, profiles, settings)
    if lines.price is not None:
        profile = next(profile for profile in profiles if profile.name == lines.price)
        money, of_price = propose_field(AMOUNT, ColumnType.MONEY, profile, settings, CURRENCY in lines.child.columns)
        child = price_lines(child, money)
        more += of_price
    folded = fold_documents(parent, entity, child)
    targets = {each.target for each in (*folded.fields, *child.fields)}
    questions = {(each.kind, each.target): each for each in (*asked, *more) if each.target in targets}
    total = parent.field_of(AMOUNT)
    repeated = None
    if total is not None:
        repeated = ask_total(connection, raw, folded.group, total.column or "")
        if repeated is FIRST:
            folded, child = take_first_amount(folded, child)
    child = choose_key(connection, raw, child, settings.catalogue.entities[child.entity])
    used = {*lines.parent.columns.values(), *lines.child.columns.values(), lines.price}
    own = tuple(Field(target, header) for header, target in given.items() if header not in used)
    folded = replace(folded, dimensions=own)
    used |= {each.column for each in own}
    unused = tuple(profile.name for profile in profiles if profile.name not in used)
    return Proposal(
        matches=(lines.parent, lines.child),
        mapping=_source(raw, (replace(folded, ignore=unused), child)),
        questions=(*questions.values(), *([repeated] if isinstance(repeated, Question) else [])),
        confidence=score_lines(lines, profiles),
        unused=unused,
        issues=(*_notes(unused), *note_columns(parent, entity, profiles)),
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
    second = next((match.score for match in matches if match is not best and not match.missing), 0.0)
    # A rival near by makes even a good match a guess.
    score = max(0.0, best.score - max(0.0, _CLOSE - (best.score - second)) * 4)
    if _is_clear(best, matches):
        return round(max(score, SUFFICIENT), 4)
    return round(min(score, _GUESS) if _is_guess(best, matches) else score, 4)


def _is_clear(best: EntityMatch, matches: Sequence[EntityMatch]) -> bool:
    """Whether the headers alone say what the file holds, although its name does not."""
    if best.score < _LEAST_CLEAR or best.specific < _OWN or _is_guess(best, matches):
        return False
    rivals = [match for match in matches if match is not best and not match.missing]
    return all(best.score - rival.score >= _CLOSE and best.specific - rival.specific >= _AHEAD for rival in rivals)


def _is_guess(best: EntityMatch, matches: Sequence[EntityMatch]) -> bool:
    """Whether a date and an amount are all there is, or the file's name says that it holds something else."""
    nameless = best.name_score < _NAMED and best.specific < 1
    return nameless or any(
        match.name_score >= _NAMED and match.name_score - best.name_score > _CONTRADICTED for match in matches
    )


def _ask_entity(best: EntityMatch, matches: Sequence[EntityMatch], as_entity: str | None) -> list[Question]:
    if as_entity or best.is_certain:
        return []
    close = [match for match in matches if best.score - match.score < _CLOSE and not match.missing]
    guess = _is_guess(best, matches)
    if len(close) < 2 and best.score >= SUFFICIENT and not guess:
        return []
    named = [match for match in matches if match.name_score >= _NAMED and match not in close]
    listed = [*close, *named] if len(close) > 1 or named else list(matches[:_SHOWN])
    data: dict[str, Datum] = {"first": best.entity, "others": ", ".join(match.entity for match in listed[1:])}
    choices = tuple(Choice(match.entity, ", ".join(match.columns.values())) for match in listed)
    is_taken = (best.score >= SUFFICIENT and not guess) or _is_clear(best, matches)
    default = best.entity if is_taken else None
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


def _source(raw: RawTable, tables: tuple[TableMapping, ...]) -> SourceMapping:
    name = file_name(raw.source)
    sheet = sheet_name(raw.source)
    slug = build_slug(sheet if sheet and name_words(sheet) else _stem(name), tables[0].entity)
    marks = {each.decimal for table in tables for each in table.fields} - {None}
    options = raw.source.options
    if len(marks) == 1:
        # One mark for the whole file is said once.
        options = replace(options, decimal=marks.pop())
        tables = tuple(
            replace(table, fields=tuple(replace(each, decimal=None) for each in table.fields)) for table in tables
        )
    return SourceMapping(slug, (build_pattern(name),), tables, sheet, options)


def _notes(unused: Sequence[str]) -> tuple[Issue, ...]:
    if not unused:
        return ()
    data: dict[str, Datum] = {"count": len(unused), "headers": ", ".join(unused[:20])}
    return (Issue("headers_unused", data, severity=Severity.NOTE),)
