"""Checking the formulas of a catalogue with a company's own definitions laid over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjeh.definitions import load_catalogue, read_catalogue
from sanjeh.errors import Issue, Severity
from sanjeh.formula import check_formulas


def check(folder: Path, kpis: str, dimensions: tuple[str, ...] = ()) -> list[Issue]:
    """The issues of the standard catalogue with ``kpis`` (YAML) laid over it."""
    path = folder / "own.yaml"
    path.write_text(kpis, encoding="utf-8")
    catalogue, faults = read_catalogue([path])
    assert faults == []
    return check_formulas(catalogue, dimensions)


def check_formula(folder: Path, formula: str, unit: str = "number") -> list[Issue]:
    """The issues of one KPI with ``formula``."""
    return check(folder, f'kpis:\n  - id: own\n    formula: "{formula}"\n    unit: {unit}\n')


def test_the_standard_catalogue_has_no_issue() -> None:
    assert [str(issue) for issue in check_formulas(load_catalogue())] == []


FAULTS = [
    ("revnue / 2", "unknown_term", 1, "revenue"),
    ("orders / (1 + ordres)", "unknown_term", 15, "orders"),
    ("churn_rat", "unknown_term", 1, "churn_rate"),
    ("retention_rate.exakt", "unknown_variant", 1, "retention_rate.exact"),
    ("retention_rte.exact", "unknown_variant", 1, "retention_rate.exact"),
    ("rolling(orders, periods_per_yer)", "unknown_term", 17, None),
    ("followers", "balance_without_instant", 1, None),
    ("orders / daily(followers)", "balance_without_instant", 16, None),
    ("count_back(followers, followers)", "balance_without_instant", 23, None),
    ("opening(orders)", "flow_at_instant", 9, None),
    ("average(followers - orders)", "flow_at_instant", 21, None),
    ("closing(customer_count)", "flow_at_instant", 9, None),
    ("closing(retention_rate.exact)", "flow_at_instant", 9, None),
    ("opening(closing(followers))", "flow_at_instant", 9, None),
    ("count_back(orders, orders)", "flow_at_instant", 12, None),
    ("closing(12)", "no_balance", 9, None),
    ("prior(orders, 1.5)", "not_a_count", 15, None),
    ("prior(orders, -1)", "not_a_count", 15, None),
    ("prior(orders, buyers)", "not_a_count", 15, None),
    ("prior(orders, 2 * 3)", "not_a_count", 15, None),
    ("baseline(orders, 1000000)", "not_a_count", 18, None),
    ("rolling(orders, 0)", "not_a_count", 17, None),
    ("prior(orders, customer_basis)", "not_a_number_parameter", 15, None),
    ("orders * own_domains", "not_a_number_parameter", 10, None),
    ("target(orders + 1)", "not_a_goal", 8, None),
    ("target(orders[is_online])", "not_a_goal", 8, None),
    ("budget(days)", "not_a_goal", 8, None),
    ("on_target(followers)", "balance_without_instant", 11, None),
    ("positive('x')", "bad_formula", 10, None),
    ("across(orders, 'region', 'mean')", "not_a_dimension", 16, None),
    ("across(orders, region, 'meen')", "unknown_reduction", 24, "mean"),
    ("across(orders, region, mean)", "unknown_reduction", 24, None),
    ("across(orders, regoin, 'mean')", "unknown_dimension", 16, "region"),
    ("orders[regoin == 'x']", "unknown_dimension", 1, "region"),
    ("sessions[salesperson == 'x']", "unreachable_dimension", 1, None),
    ("(orders / sessions)[salesperson == 'x']", "unreachable_dimension", 1, None),
    ("csat[medium == 'organic']", "unreachable_dimension", 1, None),
    ("orders[region]", "not_a_flag_column", 1, None),
    ("orders + revenue / 2", "unit_mismatch", 10, None),
    ("orders ** 2", "bad_formula", 1, None),
    ("sqrt(orders)", "unknown_function", 1, None),
]


@pytest.mark.parametrize(("formula", "code", "column", "suggestion"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_at_its_column_in_whole_sentences_with_what_was_meant(
    tmp_path: Path, formula: str, code: str, column: int, suggestion: str | None
) -> None:
    (issue,) = check_formula(tmp_path, formula)
    assert (issue.code, issue.data["owner"], issue.data["column"]) == (code, "own", column)
    assert issue.place is not None and (issue.place.line, issue.place.column) == (2, 5)
    assert suggestion is None or issue.suggestion == suggestion
    for sentence in (issue.render("en"), issue.render("fa")):
        assert code not in sentence and "{" not in sentence


@pytest.mark.parametrize(
    "formula",
    [
        "opening(followers * 2) + 1",
        "average(followers[network == 'x'] - prior(followers))",
        "prior(orders, organic_periods + 1)",
        "rolling(orders, periods_per_year)",
        "lagged(orders, lag_days)",
        "orders * customer_lifespan_years",
        "target(followers) + target(churn_rate) + budget(retention_rate.exact)",
        "across(orders[is_online], region, 'count')",
        "(orders / buyers)[salesperson == 'x'][not is_online]",
        "training_hours[anything == 'x'] / training_hours",
        "orders[status == None]",
    ],
)
def test_what_is_in_order_is_left_alone(tmp_path: Path, formula: str) -> None:
    assert check_formula(tmp_path, formula) == []


def test_all_faults_of_all_formulas_are_found_in_one_pass(tmp_path: Path) -> None:
    issues = check(
        tmp_path,
        "kpis:\n"
        "  - {id: one, formula: ghost + spook / followers}\n"
        "  - id: two\n"
        "    formula: orders *\n"
        "    variants:\n"
        "      other:\n"
        "        formula: revenue\n"
        "        unit: days\n",
    )
    assert sorted((issue.code, str(issue.data["owner"]), issue.place and issue.place.line) for issue in issues) == [
        ("bad_formula", "two", 3),
        ("balance_without_instant", "one", 2),
        ("unknown_term", "one", 2),
        ("unknown_term", "one", 2),
        ("wrong_unit", "two.other", 7),
    ]


def test_the_declared_unit_must_be_of_the_kind_that_the_formula_gives(tmp_path: Path) -> None:
    (issue,) = check_formula(tmp_path, "revenue / days", "money")
    assert (issue.code, issue.data["found"], issue.data["declared"]) == ("wrong_unit", "money/days", "money")
    assert check_formula(tmp_path, "revenue / days", "money/days") == []
    assert check_formula(tmp_path, "orders / days", "number") == []


def test_an_unknown_unit_is_told_where_it_is_declared(tmp_path: Path) -> None:
    (issue,) = check_formula(tmp_path, "revenue", "mony")
    assert (issue.code, issue.suggestion) == ("unknown_unit", "money")


def test_one_wrong_unit_is_not_told_again_by_the_formulas_that_use_it(tmp_path: Path) -> None:
    text = (
        "kpis:\n  - {id: one, formula: orders + revenue, unit: money}\n  - {id: two, formula: one / 2, unit: money}\n"
    )
    assert [(issue.code, issue.data["owner"]) for issue in check(tmp_path, text)] == [("unit_mismatch", "one")]


def test_formulas_that_come_back_to_themselves_are_one_issue(tmp_path: Path) -> None:
    text = (
        "kpis:\n  - {id: one, formula: two / 2}\n  - id: two\n    formula: orders\n    variants: {x: {formula: one}}\n"
    )
    assert check(tmp_path, text) == []
    (issue,) = check(tmp_path, text.replace("formula: orders", "formula: two.x"))
    assert (issue.code, issue.data["circle"]) == ("circular_formula", "one → two → two.x → one")


def test_formulas_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    lines = [f"  - {{id: k{n}, formula: k{n - 1} + k{n - 1}}}\n" for n in range(1, 40)]
    issues = check(tmp_path, "kpis:\n  - {id: k0, formula: orders}\n" + "".join(lines))
    assert {issue.code for issue in issues} == {"chain_too_long"}
    assert issues[-1].data["owner"] == "k39"


def test_a_kpi_may_share_the_name_of_a_measure_only_by_being_it(tmp_path: Path) -> None:
    (issue,) = check(tmp_path, "kpis:\n  - {id: revenue, formula: sales}\n")
    assert (issue.code, issue.data["name"]) == ("two_meanings", "revenue")


@pytest.mark.parametrize("name", ["days", "rolling", "lag_days", "lambda"])
def test_a_name_that_formulas_already_know_is_refused(tmp_path: Path, name: str) -> None:
    issues = check(tmp_path, f"kpis:\n  - {{id: {name}, formula: orders}}\n")
    assert {issue.data["name"] for issue in issues if issue.code == "reserved_name"} == {name}


def test_own_dimensions_of_a_mapping_may_be_named(tmp_path: Path) -> None:
    text = "kpis:\n  - {id: own, formula: \"orders[shop_size == 'big']\"}\n"
    assert [issue.code for issue in check(tmp_path, text)] == ["unknown_dimension"]
    assert check(tmp_path, text, dimensions=("shop_size",)) == []


def test_a_member_outside_a_closed_list_is_a_warning(tmp_path: Path) -> None:
    (issue,) = check_formula(tmp_path, "sessions[medium == 'organik']")
    assert (issue.code, issue.severity, issue.suggestion) == ("unknown_member", Severity.WARNING, "organic")
