"""An explanation tells where each number of a formula comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjeh.errors import QuestionError
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace

ORDERS = "order_id,ordered_at,net_amount,customer_id\n1,2024-01-05,100,A\n2,2024-01-20,200,B\n3,2024-02-03,300,A\n"
CUSTOMERS = "customer_id,name,region\nA,Ali,Rey\nB,Babak,Qom\n"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Orders, and customers that know their region."""
    folder = tmp_path_factory.mktemp("explain")
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    space = create_workspace(folder / "shop", Settings())
    space.import_files([folder / "orders.csv", folder / "customers.csv"])
    return space


def test_each_measure_names_its_rows_and_the_path_of_the_dimension(shop: Workspace) -> None:
    explanation = shop.explain("average_order_value", by="region", where="region == 'Rey'")
    assert [item.measure.id for item in explanation.measures] == ["revenue", "orders"]
    assert {item.binding.entity for item in explanation.measures if item.binding} == {"orders"}
    assert [item.paths for item in explanation.measures] == [{"region": "customer.region"}] * 2
    assert explanation.missing == ()


def test_the_dimensions_told_are_those_that_can_be_asked(shop: Workspace) -> None:
    for name in ("average_order_value", "churn_rate", "new_customers"):
        explanation = shop.explain(name)
        assert "region" in explanation.dimensions
        for dimension in explanation.dimensions:
            assert shop.compute(name, by=dimension, last=1).by == (dimension,)


def test_parameters_in_use_are_told_with_their_values(shop: Workspace) -> None:
    assert (
        shop.explain("churn_rate").parameters["lost_after_days"] == shop.catalogue.parameters["lost_after_days"].default
    )


def test_what_is_missing_is_told(shop: Workspace) -> None:
    assert shop.explain("cac").missing == ("marketing_spend",)


def test_every_measure_has_a_statement(shop: Workspace) -> None:
    explanation = shop.explain("average_order_value")
    statements = shop.statements(explanation)
    assert {name for measures, _ in statements for name in measures} == {"revenue", "orders"}
    assert all("select" in sql.lower() for _, sql in statements)


def test_the_rows_of_a_state_are_those_that_were_open(shop: Workspace) -> None:
    [listing] = shop.rows("revenue", period="2024-01", where="region == 'Rey'")
    assert listing.total == 1
    position = listing.columns.index("order_id")
    assert [row[position] for row in listing.rows] == ["1"]


def test_rows_of_what_has_no_rows_are_refused(shop: Workspace) -> None:
    with pytest.raises(QuestionError) as refused:
        shop.rows("mql_count", period="2024-01")
    assert refused.value.code == "no_rows_behind"


@pytest.mark.parametrize("name", ["nosuch", "regoin"])
def test_a_dimension_that_is_unknown_is_refused_as_computing_refuses_it(shop: Workspace, name: str) -> None:
    for ask in (shop.explain, shop.compute):
        with pytest.raises(QuestionError) as refused:
            ask("revenue", by=name)
        assert refused.value.code == "unknown_dimension"
        assert refused.value.issues[0].suggestion == (None if name == "nosuch" else "region")


def test_a_dimension_that_the_rows_cannot_reach_is_refused_as_computing_refuses_it(tmp_path: Path) -> None:
    space = create_workspace(tmp_path / "w", Settings())
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "spend.csv").write_text("spent_at,amount,channel\n2024-01-03,50,mail\n", encoding="utf-8")
    space.import_file(tmp_path / "orders.csv", as_entity="orders")
    space.import_file(tmp_path / "spend.csv", as_entity="marketing_spend")
    for ask in (space.explain, space.compute):
        with pytest.raises(QuestionError) as refused:
            ask("revenue", by="channel")
        assert refused.value.code == "unreachable_dimension"


CAMPAIGNS = "name,starts_on,ends_on\nspring,2024-01-10,2024-01-20\n"
SPEND = (
    "spend_id,spent_at,amount,component,campaign\n1,2024-01-05,40,campaign,spring\n2,2024-01-12,60,campaign,autumn\n"
)


def test_the_rows_behind_a_campaigns_cost_are_those_of_the_campaign(tmp_path: Path) -> None:
    space = create_workspace(tmp_path / "w", Settings())
    for entity, text in (("orders", ORDERS), ("campaigns", CAMPAIGNS), ("marketing_spend", SPEND)):
        (tmp_path / f"{entity}.csv").write_text(text, encoding="utf-8")
        space.import_file(tmp_path / f"{entity}.csv", as_entity=entity)
    costs = [item for item in space.rows("campaign_cac", period="2024-01") if item.measure == "campaign_cost"]
    assert [item.total for item in costs] == [1]
    assert dict(zip(costs[0].columns, costs[0].rows[0], strict=True))["spend_id"] == "1"
