"""The figures of the source documents and of published practice come out of the catalogue as they stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from sanjeh.definitions import Example, load_catalogue
from sanjeh.definitions.read_kpi import _read_example
from sanjeh.definitions.tree import Tree, load_tree
from sanjeh.errors import Issue
from sanjeh.example import run_examples

CATALOGUE = load_catalogue()
FILES = ("sources.yaml", "published.yaml")
WANTED = frozenset((*(f"S{n}" for n in range(1, 27)), *(f"P{n}" for n in range(1, 49))))
OWN_KEYS = ("id", "kpi", "variant")


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case: its id ("P19 of 100"), the KPI and variant that it is about, and its rows as an example."""

    id: str
    kpi: str
    variant: str
    example: Example


def read_case(tree: Tree, issues: list[Issue]) -> Case:
    """The case written at ``tree``; a single expected value is that of the case's variant."""
    assert isinstance(tree.value, dict)
    own = {key: str(item.value) for key, item in tree.value.items() if key in OWN_KEYS}
    example = _read_example(Tree({k: v for k, v in tree.value.items() if k not in OWN_KEYS}, tree.place), issues)
    assert example is not None
    variant = own.get("variant", "")
    expect = {variant if name == "" else name: value for name, value in example.expect.items()}
    marks = {variant if name == "" else name: value for name, value in example.marks.items()}
    return Case(own["id"], own["kpi"], variant, replace(example, expect=expect, marks=marks))


def read_files() -> tuple[list[Case], dict[str, str], list[Issue]]:
    """Every case, why what is not a case is none (by id), and what is wrong with the files."""
    cases: list[Case] = []
    reasons: dict[str, str] = {}
    issues: list[Issue] = []
    for name in FILES:
        value = load_tree(Path(__file__).parent / name).value
        assert isinstance(value, dict)
        cases += [read_case(item, issues) for item in value["cases"].elements()]
        for item in value["not_cases"].elements():
            pairs = {key: str(inner.value) for key, inner in item.items()}
            reasons[pairs["id"]] = pairs["why"]
    return cases, reasons, issues


CASES, NOT_CASES, ISSUES = read_files()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_published_figure_comes_out(case: Case) -> None:
    """The value, reason and marks are those of the document."""
    kpi = replace(CATALOGUE.kpis[case.kpi], examples=(case.example,))
    outcomes = list(run_examples(kpi, CATALOGUE))
    assert outcomes
    failures = [str(outcome.issue()) for outcome in outcomes if not outcome.holds]
    assert not failures, "\n".join(failures)


def test_the_files_are_written_in_the_words_of_examples() -> None:
    """No key is misspelt, so that no expectation is passed over."""
    assert not ISSUES, [str(issue) for issue in ISSUES]


def test_every_row_of_the_list_is_a_case_or_says_why_not() -> None:
    """S1 to S26 and P1 to P48 are all accounted for, and nothing else is."""
    named = {re.match(r"[SP]\d+", name)[0] for name in (*(case.id for case in CASES), *NOT_CASES)}  # type: ignore[index]
    assert named == WANTED


def test_no_case_is_counted_twice_and_none_is_also_excused() -> None:
    """Ids are unique, and a row that is a case is not listed among those that are none."""
    names = [case.id for case in CASES]
    assert len(names) == len(set(names))
    assert not set(names) & set(NOT_CASES)


def test_a_reason_is_given_for_all_that_is_no_case() -> None:
    """An excuse of one word excuses nothing."""
    assert all(len(why.split()) >= 2 for why in NOT_CASES.values())
