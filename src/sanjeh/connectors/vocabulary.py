"""A vocabulary is every name by which entities and columns are known, in both languages, folded for comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sanjeh.connectors.cleaning import match_key, words
from sanjeh.definitions import Catalogue

_ID, _TITLE, _FIRST_SYNONYM, _LAST_SYNONYM = 1.0, 0.97, 0.93, 0.85
# Words of a header that say the unit or the calendar of the values, not what they are.
_UNIT_WORDS = (
    "rial rials irr toman tomans tuman irt usd eur dollar dollars euro euros thousand thousands million millions"
    " billion"
    " ریال تومان تومن دلار یورو هزار میلیون میلیارد jalali shamsi gregorian miladi شمسی میلادی جلالی utc به"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a column of an entity, and how surely a header of that name means it (0 to 1)."""

    entity: str
    column: str
    score: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of columns and of entities, by their folded spelling; ``spelled`` gives each name's words.

    ``values`` are the folded spellings of the values that a column (entity, column) knows.
    """

    columns: Mapping[str, tuple[Name, ...]]
    entities: Mapping[str, tuple[tuple[str, float], ...]]
    spelled: Mapping[str, str]
    dimensions: frozenset[str]
    values: Mapping[tuple[str, str], frozenset[str]]

    def names_of(self, header: str) -> dict[tuple[str, str], float]:
        """The columns (entity, column) that ``header`` is a known name of, each with its best score."""
        found: dict[tuple[str, str], float] = {}
        for key, factor in spellings(header):
            for name in self.columns.get(key, ()):
                pair = (name.entity, name.column)
                found[pair] = max(found.get(pair, 0.0), name.score * factor)
        return found


def spellings(header: str) -> Iterator[tuple[str, float]]:
    """The folded header, and what is left of it without its unit, each with the factor that this takes off a score."""
    yield match_key(header), 1.0
    bare = re.sub(r"[(\[{（].*?[)\]}）]", " ", header)
    if bare.strip() and bare != header:
        yield match_key(bare), 0.98
    kept = [word for word in words(bare or header) if word not in _UNIT_WORDS.split()]
    if kept:
        yield "".join(kept), 0.97


def build_vocabulary(catalogue: Catalogue) -> Vocabulary:
    """The vocabulary of the catalogue's entities that rows can be imported into."""
    entities = tuple(entity for entity in catalogue.entities.values() if not entity.derived_only)
    columns: dict[str, list[Name]] = {}
    named: dict[str, list[tuple[str, float]]] = {}
    spelled: dict[str, str] = {}
    values: dict[tuple[str, str], frozenset[str]] = {}
    for entity in entities:
        for word, score in _names(entity.id, (entity.title.en, entity.title.fa), entity.synonyms):
            for form in (word, _singular(word)):
                named.setdefault(match_key(form), []).append((entity.id, score))
                spelled.setdefault(match_key(form), " ".join(words(form)))
        for column in entity.columns.values():
            for word, score in _names(column.name, (column.title.en, column.title.fa), column.synonyms):
                columns.setdefault(match_key(word), []).append(Name(entity.id, column.name, score))
                spelled.setdefault(match_key(word), " ".join(words(word)))
            if column.value_synonyms:
                listed = (word for each in column.value_synonyms.values() for word in each)
                values[entity.id, column.name] = frozenset(
                    match_key(word) for word in (*column.value_synonyms, *listed)
                )
    dimensions = frozenset(name for entity in entities for name in entity.dimensions)
    return Vocabulary(
        {key: tuple(names) for key, names in columns.items() if key},
        {key: tuple(names) for key, names in named.items() if key},
        spelled,
        dimensions,
        values,
    )


def _names(
    identity: str, titles: Iterable[str], synonyms: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, float]]:
    """Every name with its score: synonyms are listed with the likeliest first."""
    yield identity, _ID
    for title in titles:
        if title:
            yield title, _TITLE
    for spelled in synonyms.values():
        for place, word in enumerate(spelled):
            yield word, max(_LAST_SYNONYM, _FIRST_SYNONYM - 0.008 * place)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and word.isascii() and len(word) > 3 else word
