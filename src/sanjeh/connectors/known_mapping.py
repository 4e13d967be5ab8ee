"""A known mapping is a mapping file of an earlier import that takes a file because its name and headers fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sanjeh.connectors.cleaning import match_key
from sanjeh.connectors.file_pattern import file_name, sheet_name, takes
from sanjeh.connectors.mapping import SourceMapping
from sanjeh.connectors.mapping_file import load_mapping
from sanjeh.connectors.reading import Source
from sanjeh.errors import Datum, DefinitionError, Issue, Severity


@dataclass(frozen=True, slots=True)
class KnownMappings:
    """The mappings of a sources folder, what is wrong with those that cannot be read, and the names of all files.

    ``made`` gives, by source, the folded headers of the file that a mapping of this run was made of.
    """

    mappings: tuple[SourceMapping, ...]
    issues: tuple[Issue, ...] = ()
    files: frozenset[str] = frozenset()
    made: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def add(self, mapping: SourceMapping, headers: Sequence[str]) -> KnownMappings:
        """These with one that was made now, of a file with ``headers``."""
        others = (each for each in self.mappings if each.source != mapping.source)
        return replace(self, mappings=(*others, mapping), made={**self.made, mapping.source: fold_headers(headers)})

    def fits(self, mapping: SourceMapping, headers: Sequence[str]) -> bool:
        """Whether a file with ``headers`` may be read by ``mapping``.

        What was made in this run is for files of the same headers alone, or it would depend on which file came first.
        """
        own = self.made.get(mapping.source)
        return not missing_headers(mapping, headers) and (own is None or own == fold_headers(headers))

    def find(self, source: Source) -> tuple[SourceMapping, ...]:
        """The mappings whose patterns take the source, those that name its sheet first."""
        name, sheet = file_name(source), sheet_name(source)
        found = [
            mapping
            for mapping in self.mappings
            if any(takes(pattern, name) for pattern in mapping.match)
            and (mapping.sheet is None or (sheet is not None and takes(mapping.sheet, sheet)))
        ]
        return tuple(sorted(found, key=lambda mapping: mapping.sheet is None))

    def free_name(self, wanted: str) -> str:
        """The name, with a number where another mapping has it already.

        >>> KnownMappings((SourceMapping("orders", (), ()),)).free_name("orders")
        'orders_2'
        """
        taken = {mapping.source for mapping in self.mappings} | self.files
        number, name = 1, wanted
        while name in taken:
            number += 1
            name = f"{wanted}_{number}"
        return name


def load_mappings(folder: Path, extra: Sequence[Path] = ()) -> KnownMappings:
    """The mappings written in ``folder`` and in the files ``extra``, which go first."""
    paths = [*extra, *(sorted(folder.glob("*.yaml")) if folder.is_dir() else ())]
    found: list[SourceMapping] = []
    issues: list[Issue] = []
    for path in paths:
        try:
            found.append(load_mapping(path))
        except DefinitionError as error:
            issues.extend(error.issues)
    return KnownMappings(tuple(found), tuple(issues), frozenset(path.stem for path in paths))


def new_headers(mapping: SourceMapping, headers: Sequence[str]) -> tuple[Issue, ...]:
    """A note that names the headers which the mapping neither uses nor ignores; none where SQL may use any of them."""
    if any(table.where or any(each.sql for each in table.all_fields) for table in mapping.tables):
        return ()
    known = known_headers(mapping)
    new = [header for header in headers if match_key(header) not in known]
    if not new:
        return ()
    data: dict[str, Datum] = {"count": len(new), "headers": ", ".join(new[:20]), "source": mapping.source}
    return (Issue("headers_new", data, severity=Severity.NOTE),)


def fold_headers(headers: Iterable[str]) -> frozenset[str]:
    """The headers as they are compared."""
    return frozenset(match_key(header) for header in headers)


def known_headers(mapping: SourceMapping) -> frozenset[str]:
    """The folded headers that the mapping uses or ignores; those inside SQL not counted."""
    ignored = (header for table in mapping.tables for header in table.ignore)
    return fold_headers([*(header for header, _ in mapping.headers()), *ignored])


def missing_headers(mapping: SourceMapping, headers: Sequence[str]) -> tuple[Issue, ...]:
    """The headers that the mapping needs and the file does not have, as issues where the mapping names them."""
    known = {match_key(header) for header in headers}
    return tuple(
        Issue("header_missing", {"header": header, "source": mapping.source}, place)
        for header, place in dict(mapping.headers()).items()
        if match_key(header) not in known and header not in headers
    )
