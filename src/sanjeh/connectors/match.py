"""A match says which entity a file most probably holds, and which of its headers stands for which column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sanjeh.connectors.assignment import assign
from sanjeh.connectors.cleaning import ColumnProfile, match_key, words
from sanjeh.connectors.file_pattern import name_words
from sanjeh.connectors.row_key import STATED
from sanjeh.connectors.vocabulary import Vocabulary
from sanjeh.definitions import Catalogue, Column, ColumnType, Entity

# Below this a header and a column have nothing to do with each other.
LEAST_SCORE = 0.45
_SIMILAR = 82
_LEAST_FACTOR = 0.6
_UNREADABLE = 0.15
_BY_VALUES = 0.55
_KNOWN_VALUES = 0.8
_MOST_STATUSES = 200
# What somebody said goes before whatever the names and values say.
_GIVEN = 10.0
_SURE_NAME = 0.8
_NUMBERS = (ColumnType.NUMBER, ColumnType.INTEGER, ColumnType.MONEY)
_DATES = (ColumnType.DATE, ColumnType.TIME)


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """An entity with how well the file fits it (0 to 1).

    ``columns`` maps its columns to headers, ``scores`` says how surely; ``missing`` are required columns without a
    header; ``is_certain`` that the file's name is the entity's and every header one of its columns; ``specific`` says
    how much its headers are its own: a header that n entities may call a column of theirs adds 1/n.
    """

    entity: str
    score: float
    name_score: float
    columns: Mapping[str, str]
    scores: Mapping[str, float] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    is_certain: bool = False
    specific: float = 0.0


def match_entities(
    profiles: Sequence[ColumnProfile],
    names: Sequence[str],
    catalogue: Catalogue,
    vocabulary: Vocabulary,
    *,
    only: str | None = None,
    given: Mapping[str, str] | None = None,
) -> tuple[EntityMatch, ...]:
    """The entities that a file with these columns and ``names`` (its own and its sheet's) may hold, best first.

    ``only`` says which entity it is, ``given`` what headers stand for (header to column).
    """
    named = _score_names(names, vocabulary)
    known = _score_headers(profiles, vocabulary)
    values = {profile.name: _folded(profile) for profile in profiles}
    entities = [entity for entity in catalogue.entities.values() if not entity.derived_only]
    found = [
        _match(
            entity, profiles, known, vocabulary, values, 1.0 if only else named.get(entity.id, 0.0), names, given or {}
        )
        for entity in entities
        if only in (None, entity.id)
    ]
    return tuple(sorted(found, key=lambda match: (-match.score, match.entity)))


def _score_names(names: Sequence[str], vocabulary: Vocabulary) -> dict[str, float]:
    """How surely the names of the file mean each entity."""
    from rapidfuzz import fuzz

    found: dict[str, float] = {}
    for name in names:
        spoken = name_words(name)
        if not spoken:
            continue
        whole = "".join(spoken)
        for key, meant in vocabulary.entities.items():
            spelled = vocabulary.spelled[key].split()
            if key == whole:
                share = 1.0
            elif set(spelled) <= set(spoken):
                # «فروش فروشگاه تهران» means sales; the more of the name a word explains, the surer.
                share = 0.6 + 0.3 * len(spelled) / len(spoken)
            elif len(key) > 4 and fuzz.ratio(key, whole) >= _SIMILAR:
                share = 0.7
            else:
                continue
            for entity, score in meant:
                found[entity] = max(found.get(entity, 0.0), score * share)
    return found


def _score_headers(
    profiles: Sequence[ColumnProfile], vocabulary: Vocabulary
) -> dict[str, dict[tuple[str, str], float]]:
    """For each header the columns (entity, column) it may mean by its name alone."""
    from rapidfuzz import fuzz, process

    spelled = list(vocabulary.spelled.items())
    texts = [text for _, text in spelled]
    found: dict[str, dict[tuple[str, str], float]] = {}
    for profile in profiles:
        names = vocabulary.names_of(profile.name)
        header = " ".join(words(profile.name))
        for text, ratio, place in process.extract(
            header, texts, scorer=fuzz.token_sort_ratio, score_cutoff=_SIMILAR, limit=40
        ):
            if _digits(text) != _digits(header):
                continue
            for name in vocabulary.columns.get(spelled[place][0], ()):
                pair = (name.entity, name.column)
                names[pair] = max(names.get(pair, 0.0), name.score * 0.85 * ratio / 100)
        found[profile.name] = names
    return found


def _digits(text: str) -> str:
    return "".join(mark for mark in text if mark.isdigit())


def _match(
    entity: Entity,
    profiles: Sequence[ColumnProfile],
    known: Mapping[str, Mapping[tuple[str, str], float]],
    vocabulary: Vocabulary,
    values: Mapping[str, Mapping[str, int]],
    name_score: float,
    names: Sequence[str],
    given: Mapping[str, str],
) -> EntityMatch:
    scores: dict[tuple[str, str], float] = {}
    own = {match_key(name) for name in (*entity.columns, *entity.dimensions)}
    for profile in profiles:
        if profile.name in given:
            if given[profile.name] in entity.columns:
                scores[(given[profile.name], profile.name)] = _GIVEN
            continue
        if (
            entity.id in STATED
            and profile.name.casefold() in vocabulary.dimensions
            and match_key(profile.name) not in own
        ):
            # A number stated by platform is by platform, though a platform may be called a network elsewhere.
            continue
        for column in entity.columns.values():
            pair = (entity.id, column.name)
            share = _known_values(vocabulary.values.get(pair, frozenset()), values[profile.name])
            score = score_column(column, profile, known[profile.name].get(pair, 0.0), share)
            if score >= LEAST_SCORE:
                scores[(column.name, profile.name)] = score
    columns = assign(scores)
    sure = {column: min(1.0, scores[(column, header)]) for column, header in columns.items()}
    missing = tuple(name for name in entity.required if name not in columns)
    required = entity.required
    covered = sum(sure.get(name, 0.0) for name in required) / len(required) if required else 1.0
    # Columns without any value say neither that the entity fits nor that it does not.
    filled = sum(1 for profile in profiles if profile.reading.filled or profile.name in columns.values())
    explained = sum(sure.values()) / max(filled, 1)
    score = 0.45 * covered + 0.3 * explained + 0.25 * name_score
    if missing:
        score *= 0.6
    is_own = entity.id in {name.casefold() for name in names}
    is_certain = is_own and not missing and not given and all(match_key(profile.name) in own for profile in profiles)
    if is_certain:
        # The names leave no doubt, so each header is the column of its name whatever the values look like.
        by_key = {match_key(name): name for name in entity.columns}
        columns = {
            by_key[match_key(profile.name)]: profile.name for profile in profiles if match_key(profile.name) in by_key
        }
        is_certain = all(name in columns for name in required)
    return EntityMatch(
        entity=entity.id,
        score=1.0 if is_certain else round(score, 4),
        name_score=name_score,
        columns=columns,
        scores=sure,
        missing=missing,
        is_certain=is_certain,
        specific=sum(_specific(known[header]) for header in columns.values()),
    )


def _specific(names: Mapping[tuple[str, str], float]) -> float:
    """How much a header belongs to one entity rather than to many."""
    surely = {entity for (entity, _), score in names.items() if score >= _SURE_NAME}
    return 1 / len(surely) if surely else 0.0


def score_column(column: Column, profile: ColumnProfile, name_score: float, known: float) -> float:
    """How surely a header stands for ``column`` (0 to 1): its name, weighed by what its values can be read as.

    ``known`` is the share of rows whose value is one that the column knows.
    """
    if not name_score:
        return _BY_VALUES if known >= _KNOWN_VALUES and len(profile.reading.filled) > 1 else 0.0
    factor = _type_factor(column.type, profile)
    if name_score >= 0.95:
        factor = max(factor, _LEAST_FACTOR)
    return min(1.0, name_score * factor + 0.04 * known)


def _type_factor(kind: ColumnType, profile: ColumnProfile) -> float:
    """How well the values can be read as ``kind``: the share that can, less where something else fits better."""
    if not profile.reading.filled:
        return 0.97
    shares = {guess.type: guess.share for guess in profile.types}
    best = profile.reading.best
    is_date = best in _DATES and shares[best] >= 0.9
    match kind:
        case ColumnType.KEY:
            return 0.6 if is_date else 1.0
        case ColumnType.TEXT:
            return 0.8 if is_date or best in (ColumnType.MONEY, ColumnType.NUMBER) else 1.0
        case ColumnType.DATE | ColumnType.TIME:
            return max(shares.get(each, _UNREADABLE) for each in _DATES)
        case ColumnType.BOOLEAN:
            return shares.get(kind, _UNREADABLE)
        case _:
            share = max(shares.get(each, _UNREADABLE) for each in _NUMBERS)
            return share * 0.3 if is_date else share


def _folded(profile: ColumnProfile) -> dict[str, int]:
    """The folded values with their rows; none for a column of so many that they are no list of statuses."""
    found: dict[str, int] = {}
    if len(profile.reading.filled) <= _MOST_STATUSES:
        for text, rows in profile.reading.filled.items():
            key = match_key(text)
            found[key] = found.get(key, 0) + rows
    return found


def _known_values(spelled: frozenset[str], values: Mapping[str, int]) -> float:
    """The share of rows whose value is a spelling that the column knows."""
    rows = sum(values.values()) if spelled else 0
    return sum(count for key, count in values.items() if key in spelled) / rows if rows else 0.0
