"""Loading turns YAML files into a catalogue, or into every issue that stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Protocol, TypeVar

from sanjeh.definitions.catalogue import Catalogue
from sanjeh.definitions.check import check_catalogue
from sanjeh.definitions.read_kpi import override, read_kpi
from sanjeh.definitions.read_model import read_entity, read_measure, read_parameter, read_segment
from sanjeh.definitions.tree import Tree, load_tree
from sanjeh.errors import DefinitionError, Issue, Severity, suggest

# The order in which subjects are read, and so in which lists and boards show their KPIs.
SUBJECTS = ("finance", "sales", "pipeline", "leads", "cost", "customers", "web", "social", "service", "learning")
SECTIONS = ("parameters", "entities", "segments", "measures", "kpis")


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


def standard_files() -> tuple[Path, ...]:
    """The YAML files of the standard catalogue and model that ship with the package."""
    root = Path(str(resources.files("sanjeh.definitions"))) / "standard"
    return tuple(sorted(root.rglob("*.yaml"), key=_reading_order))


def _reading_order(path: Path) -> tuple[int, str]:
    """Subjects in their order, whatever else by name."""
    return SUBJECTS.index(path.stem) if path.stem in SUBJECTS else len(SUBJECTS), str(path)


def load_catalogue(extra: Sequence[Path] = (), *, cache_folder: Path | None = None) -> Catalogue:
    """The standard catalogue with the definitions of the files ``extra`` laid over it.

    A definition of a known id changes only the keys it gives. Raises DefinitionError holding every issue found, each
    with
    file, line and column.
    """
    catalogue, issues = read_catalogue(extra, cache_folder=cache_folder)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise DefinitionError(errors)
    return catalogue


def read_catalogue(extra: Sequence[Path] = (), *, cache_folder: Path | None = None) -> tuple[Catalogue, list[Issue]]:
    """What ``load_catalogue`` returns, with the issues beside it instead of an error."""
    if not extra:
        return _standard(cache_folder)
    issues: list[Issue] = []
    standard = _sections(_trees(standard_files(), cache_folder, issues), issues)
    trees = list(_trees(extra, cache_folder, issues))
    own = {section: dict(items) for section, items in _sections(trees, issues).items()}
    catalogue = _build(standard, own, issues)
    issues.extend(check_catalogue(catalogue))
    return catalogue, issues


@cache
def _standard(cache_folder: Path | None) -> tuple[Catalogue, list[Issue]]:
    issues: list[Issue] = []
    sections = _sections(_trees(standard_files(), cache_folder, issues), issues)
    catalogue = _build(sections, {}, issues)
    issues.extend(check_catalogue(catalogue))
    return catalogue, issues


def _trees(paths: Iterable[Path], cache_folder: Path | None, issues: list[Issue]) -> Iterable[Tree]:
    for path in paths:
        try:
            yield load_tree(path, cache=cache_folder, name=path.name if path.is_relative_to(_package()) else str(path))
        except DefinitionError as error:
            issues.extend(error.issues)


def _package() -> Path:
    return Path(str(resources.files("sanjeh.definitions")))


def _sections(trees: Iterable[Tree], issues: list[Issue]) -> dict[str, dict[str, Tree]]:
    found: dict[str, dict[str, Tree]] = {section: {} for section in SECTIONS}
    for tree in trees:
        if tree.value is None:
            continue
        if not isinstance(tree.value, dict):
            issues.append(Issue("not_a_mapping", {"kind": "file"}, tree.place))
            continue
        for section, listed in tree.items():
            if section not in found:
                data = {"key": section, "kind": "file"}
                issues.append(Issue("unknown_key", data, listed.place, suggestion=suggest(section, SECTIONS)))
                continue
            _collect(listed, found[section], issues)
    return found


def _collect(listed: Tree, into: dict[str, Tree], issues: list[Issue]) -> None:
    for item in listed.elements():
        named = item.value.get("id") if isinstance(item.value, dict) else None
        if named is None or not isinstance(named.value, str):
            issues.append(Issue("missing_key", {"key": "id", "kind": "definition"}, item.place))
        elif named.value in into:
            issues.append(
                Issue("defined_twice", {"name": named.value, "first": str(into[named.value].place)}, item.place)
            )
        else:
            into[named.value] = item


def _build(standard: dict[str, dict[str, Tree]], own: dict[str, dict[str, Tree]], issues: list[Issue]) -> Catalogue:
    def laid(section: str, read: Callable[[Tree, list[Issue]], T | None]) -> dict[str, T]:
        base, over = standard[section], own.get(section, {})
        merged = {name: override(tree, over[name]) if name in over else tree for name, tree in base.items()}
        merged |= {name: tree for name, tree in over.items() if name not in base}
        built = {name: read(tree, issues) for name, tree in merged.items()}
        return {name: item for name, item in built.items() if item is not None}

    ours = own.get("kpis", {})
    return Catalogue(
        parameters=laid("parameters", read_parameter),
        entities=laid("entities", read_entity),
        segments=laid("segments", read_segment),
        measures=laid("measures", read_measure),
        kpis=laid("kpis", lambda tree, found: read_kpi(tree, found, own=_id(tree) in ours)),
    )


def _id(tree: Tree) -> str:
    named = tree.value.get("id") if isinstance(tree.value, dict) else None
    return str(named.value) if named else ""
