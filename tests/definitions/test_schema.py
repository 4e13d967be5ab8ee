"""The JSON Schema says the same as the loader."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from sanjeh.definitions import read_catalogue, reader
from sanjeh.definitions.load import standard_files
from sanjeh.definitions.schema import DESCRIPTIONS, SECTIONS, json_schema, written_keys


class EditorLoader(yaml.CSafeLoader):
    """YAML as editors read it (version 1.2): no dates, and only true and false are flags."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, test) for tag, test in found if tag[-4:] != "tamp" and (tag[-4:] != "bool" or first in "tTfF")]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
VALIDATOR = jsonschema.Draft202012Validator(json_schema())


def errors(text: str) -> list[str]:
    """What the schema has against a file of definitions."""
    return [error.message for error in VALIDATOR.iter_errors(yaml.load(text, EditorLoader))]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", standard_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_standard_file_is_valid(path: Path) -> None:
    assert errors(path.read_text(encoding="utf-8")) == []


VALID = [
    "",
    "kpis: []",
    "kpis:\n  - {id: churn_rate, direction: range}",
    "kpis:\n  - {id: x, name: X, formula: orders, limits: [0, null], periods: month}",
    "kpis:\n  - {id: x, formula: orders, examples: [{period: 2024-03, expect: 3}]}",
    "parameters:\n  - {id: lost_after_days, default: 30}",
    "measures:\n  - {id: m, kind: count, entity: orders, time: [a, b], bindings: [{entity: ledger, kind: sum}]}",
    "segments:\n  - {id: s, key: customer_id, membership: {rule: flag, entity: customers, where: is_key_account}}",
]
WRONG = [
    "- a",
    "kpi: []",
    "kpis:\n  - {formula: orders}",
    "kpis:\n  - {id: x, formla: orders}",
    "kpis:\n  - {id: x, formula: [orders]}",
    "kpis:\n  - {id: x, direction: up}",
    "kpis:\n  - {id: x, name: {de: X}}",
    "kpis:\n  - {id: x, limits: [0]}",
    "kpis:\n  - {id: x, limits: [0, high]}",
    "kpis:\n  - {id: x, variants: [a]}",
    "kpis:\n  - {id: x, variants: {a: {formula: b, id: a}}}",
    "kpis:\n  - {id: x, own: true}",
    "kpis:\n  - {id: x, title: X}",
    "measures:\n  - {id: m, kind: totals}",
    "measures:\n  - {id: m, weight: {measure: revenue}}",
    "entities:\n  - {id: e, derived_only: perhaps}",
    "entities:\n  - {id: e, columns: {a: {type: string}}}",
    "parameters:\n  - {id: p, minimum: low}",
]


def issues(folder: Path, text: str) -> list[str]:
    """The codes of what the loader has against the form of a file."""
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    # Beside the tests' own folders lies one cache of the standard files, which are as they were.
    found = read_catalogue([path], cache_folder=folder.parent / "trees")[1]
    return [issue.code for issue in found if issue.code != "unknown_name"]


@pytest.mark.parametrize("text", VALID)
def test_what_the_loader_accepts_is_valid(tmp_path: Path, text: str) -> None:
    assert issues(tmp_path, text) == []
    assert errors(text) == []


@pytest.mark.parametrize("text", WRONG)
def test_what_the_loader_refuses_is_not_valid(tmp_path: Path, text: str) -> None:
    assert issues(tmp_path, text) != []
    assert errors(text) != []


_EVERYTHING = """
kpis: [{id: x, formula: orders, variants: {a: {formula: b}}, examples: [{period: 2024}]}]
measures: [{id: m, entity: orders, weight: {measure: a, window: b}, bindings: [{entity: orders}]}]
segments: [{id: s, key: a, membership: {entity: orders}}]
parameters: [{id: p}]
entities:
  - id: e
    columns: {a: {type: key}}
    relations: {r: {entity: orders, on: a}}
    derived: {d: {expression: "1", joins: [{name: j, select: s}]}}
"""


def test_the_schema_has_exactly_the_keys_that_the_loader_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, set[str]] = {}
    close = reader.Reader.close

    def noted(self: reader.Reader, known: Any = ()) -> None:
        asked.setdefault(self.kind, set()).update(self._asked, known)
        close(self, known)

    monkeypatch.setattr(reader.Reader, "close", noted)
    (tmp_path / "own.yaml").write_text(_EVERYTHING, encoding="utf-8")
    read_catalogue([tmp_path / "own.yaml"])
    kinds = {kind.__name__: written_keys(kind) for kind in _kinds()}
    names = {"KPI": "KPI", "derived column": "Derived"}
    for kind, keys in asked.items():
        assert keys == kinds[names.get(kind, kind.capitalize())].keys(), kind
    assert len(asked) == 14


def _kinds() -> list[type]:
    from sanjeh.definitions import schema

    return [*SECTIONS.values(), *schema._NESTED[1:]]


def test_every_key_is_described_and_no_other() -> None:
    assert {key for kind in _kinds() for key in written_keys(kind)} == DESCRIPTIONS.keys()


def test_the_schema_is_made_anew_for_each_caller() -> None:
    first = json_schema()
    before = copy.deepcopy(first)
    first["properties"].clear()
    assert json_schema() == before
