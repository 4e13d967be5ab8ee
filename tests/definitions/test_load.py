"""YAML becomes a catalogue, or every issue that stands in the way with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjeh.definitions import Direction, Kind, Text, load_catalogue, read_catalogue
from sanjeh.errors import DefinitionError


def write(folder: Path, text: str, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[tuple[str, int | None, int | None]]:
    """The code, line and column of each issue of a file laid over the standard catalogue."""
    # Beside the tests' own folders lies one cache of the standard files, which are as they were.
    _, issues = read_catalogue([write(folder, text)], cache_folder=folder.parent / "trees")
    return [(issue.code, issue.place and issue.place.line, issue.place and issue.place.column) for issue in issues]


def test_the_standard_catalogue_loads_without_an_issue() -> None:
    catalogue, issues = read_catalogue()
    assert issues == []
    assert len(catalogue.kpis) == 105 and not any(kpi.own for kpi in catalogue.kpis.values())


def test_an_own_kpi_stands_beside_the_standard_ones(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "kpis:\n  - id: own\n    name: {en: Own, fa: خودی}\n    formula: orders / 2\n    direction: minimize\n",
    )
    kpi = load_catalogue([path]).kpis["own"]
    assert (kpi.title, kpi.formula, kpi.direction, kpi.own) == (
        Text("Own", "خودی"),
        "orders / 2",
        Direction.MINIMIZE,
        True,
    )
    assert kpi.place is not None and (kpi.place.file, kpi.place.line, kpi.place.column) == (str(path), 2, 5)


def test_an_override_changes_only_the_keys_that_it_gives(tmp_path: Path) -> None:
    standard = load_catalogue().kpis["churn_rate"]
    text = "kpis:\n  - {id: churn_rate, direction: range, name: {fa: ریزش ما}, variants: {end: {formula: orders}}}\n"
    kpi = load_catalogue([write(tmp_path, text)]).kpis["churn_rate"]
    assert kpi.direction is Direction.RANGE
    assert kpi.title == Text(standard.title.en, "ریزش ما")
    assert kpi.formula == standard.formula and kpi.examples == standard.examples
    assert kpi.variants.keys() == standard.variants.keys()
    assert kpi.variants["end"].formula == "orders"
    assert kpi.variants["average"].formula == standard.variants["average"].formula


def test_an_overridden_variant_keeps_the_keys_that_are_not_given(tmp_path: Path) -> None:
    standard = load_catalogue().kpis["churn_rate"].variants["end"]
    text = "kpis:\n  - {id: churn_rate, variants: {end: {direction: range}}}\n"
    variant = load_catalogue([write(tmp_path, text)]).kpis["churn_rate"].variants["end"]
    assert (variant.formula, variant.title, variant.direction) == (standard.formula, standard.title, Direction.RANGE)


def test_a_column_is_added_to_an_entity_without_repeating_the_others(tmp_path: Path) -> None:
    standard = load_catalogue().entities["orders"]
    text = "entities:\n  - {id: orders, columns: {gift_note: {type: text}, status: {default: pending}}}\n"
    entity = load_catalogue([write(tmp_path, text)]).entities["orders"]
    assert set(entity.columns) == {*standard.columns, "gift_note"}
    assert entity.columns["status"].default == "pending"
    assert entity.columns["status"].values == standard.columns["status"].values


def test_parameters_and_measures_may_be_own_too(tmp_path: Path) -> None:
    text = """
parameters:
  - {id: lost_after_days, default: 30}
measures:
  - {id: big_orders, kind: count, entity: orders, where: net_amount > 100, time: ordered_at}
"""
    catalogue = load_catalogue([write(tmp_path, text)])
    assert catalogue.parameters["lost_after_days"].default == 30
    assert catalogue.parameters["lost_after_days"].unit == "days"
    assert catalogue.measures["big_orders"].kind is Kind.COUNT


def test_a_variant_has_the_unit_direction_and_timing_of_its_kpi(tmp_path: Path) -> None:
    text = """
kpis:
  - id: own
    formula: revenue
    unit: money
    direction: minimize
    timing: leading
    variants:
      a: {formula: sales}
      b: {formula: orders, unit: number, direction: range}
"""
    variants = load_catalogue([write(tmp_path, text)]).kpis["own"].variants
    assert (variants["a"].unit, variants["a"].direction, variants["a"].timing) == ("money", "minimize", "leading")
    assert (variants["b"].unit, variants["b"].direction, variants["b"].timing) == ("number", "range", "leading")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n", [("not_a_mapping", 1, 1)]),
        ("kpi:\n  - id: x\n", [("unknown_key", 2, 3)]),
        ("kpis:\n  - formula: orders\n", [("missing_key", 2, 5)]),
        ("kpis:\n  - just text\n", [("missing_key", 2, 5)]),
        ("kpis:\n  - id: x\n", [("missing_key", 2, 5)]),
        ("kpis:\n  - {id: x, formula: orders, formla: y}\n", [("unknown_key", 2, 38)]),
        ("kpis:\n  - id: x\n    formula: [orders]\n", [("not_a_scalar", 3, 14)]),
        ("kpis:\n  - id: x\n    formula: orders\n    direction: up\n", [("not_a_choice", 4, 16)]),
        ("kpis:\n  - id: x\n    formula: orders\n    name: {de: x}\n", [("not_a_text", 4, 11)]),
        ("kpis:\n  - id: x\n    formula: orders\n    limits: [0, 1, 2]\n", [("not_a_pair", 4, 13)]),
        ("kpis:\n  - id: x\n    formula: orders\n    limits: [0, high]\n", [("not_a_number", 4, 17)]),
        ("kpis:\n  - id: x\n    formula: orders\n    periods: [fortnight]\n", [("unknown_name", 2, 5)]),
        ("kpis:\n  - id: X-1\n    formula: orders\n", [("bad_name", 2, 5)]),
        ("kpis:\n  - id: x\n    formula: orders\n    variants: [a]\n", [("not_a_mapping", 4, 15)]),
        ("kpis:\n  - id: x\n    formula: orders\n    variants: {a: {}}\n", [("missing_key", 4, 19)]),
        ("kpis:\n  - {id: x, formula: orders}\n  - {id: x, formula: buyers}\n", [("defined_twice", 3, 5)]),
        ("measures:\n  - {id: x, entity: ordrs}\n", [("unknown_name", 2, 5)]),
        ("measures:\n  - {id: x, entity: orders, kind: cohort}\n", [("missing_key", 2, 5)]),
        ("measures:\n  - {id: x, entity: orders, kind: cohort, ripe: never}\n", [("unknown_name", 2, 5)]),
        ("entities:\n  - {id: x, derived_only: perhaps}\n", [("not_a_flag", 2, 27)]),
        ("entities:\n  - {id: x, columns: {a: {type: date, known: later}}}\n", [("unknown_name", 2, 5)]),
        ("a: [\n", [("bad_yaml", 2, 1)]),
        ("", []),
    ],
)
def test_a_fault_is_told_at_its_line_and_column(
    tmp_path: Path, text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert faults(tmp_path, text) == expected


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    first = write(tmp_path, "kpis:\n  - {id: x}\n  - {id: y, formula: orders, unitt: money}\n", "a.yaml")
    second = write(tmp_path, "kpis: [\n", "b.yaml")
    with pytest.raises(DefinitionError) as caught:
        load_catalogue([first, second])
    told = [(issue.code, issue.place and Path(issue.place.file).name) for issue in caught.value.issues]
    assert told == [("bad_yaml", "b.yaml"), ("missing_key", "a.yaml"), ("unknown_key", "a.yaml")]


def test_the_same_id_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    first = write(tmp_path, "kpis:\n  - {id: x, formula: orders}\n", "a.yaml")
    second = write(tmp_path, "kpis:\n  - {id: x, formula: buyers}\n", "b.yaml")
    _, (issue,) = read_catalogue([first, second])
    assert issue.code == "defined_twice" and issue.data["first"] == f"{first}:2:5"
    assert str(issue.place) == f"{second}:2:5"


def test_a_misspelt_key_or_choice_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    _, issues = read_catalogue([write(tmp_path, "kpis:\n  - {id: x, formula: orders, directoin: x, timing: laging}\n")])
    assert [issue.suggestion for issue in issues] == ["lagging", "direction"]


def test_an_example_is_read_with_its_rows_and_arithmetic(tmp_path: Path) -> None:
    text = """
kpis:
  - id: x
    formula: orders
    examples:
      - period: 2024-03
        rows:
          orders: |
            order_id, ordered_at, net_amount
            1, 2024-03-05, 20
        expect: {default: (4 + 2) / 3}
      - {period: 2024-04, expect: no_data}
"""
    first, second = load_catalogue([write(tmp_path, text)]).kpis["x"].examples
    assert first.expect == {"": 2.0}
    assert first.rows == {"orders": ({"order_id": "1", "ordered_at": "2024-03-05", "net_amount": "20"},)}
    assert second.expect == {"": "no_data"}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_issue_of_loading_is_a_whole_sentence(tmp_path: Path, language: str) -> None:
    text = """
kpi: 1
kpis:
  - {id: X, formula: [a], limits: 1, direction: up, name: {de: x}, variants: 3, extra: 1}
measures: [{id: a}]
"""
    _, issues = read_catalogue([write(tmp_path, text)])
    assert len(issues) >= 8
    for issue in issues:
        sentence = issue.render(language)
        assert "{" not in sentence and not sentence.endswith(issue.code)
