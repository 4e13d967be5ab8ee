"""A default is a literal or another column, as its definition says: a column of the same name once took its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from asking import CATALOGUE, company

from sanjeh.definitions.check import check_catalogue

SPEND = [
    {"spent_at": "2024-05-02", "amount": "300", "campaign": "Nowruz"},
    {"spent_at": "2024-05-03", "amount": "50", "campaign": "Nowruz", "component": "wages"},
]
ORDERS = [{"order_id": "1", "ordered_at": "2024-05-05", "net_amount": "900", "customer_id": "A"}]


def test_spend_without_a_component_is_campaign_spend_whatever_its_campaign_is_called() -> None:
    """300 for the campaign Nowruz and 50 of wages: the campaign's name is not a component, so one new customer cost
    350, not 50."""
    shop = company({"marketing_spend": SPEND, "orders": ORDERS})
    assert shop.one("cac", "2024-05") == 350
    assert shop.one("campaign_cost", "2024-05") == 300


def test_an_empty_day_is_the_day_of_the_column_that_its_definition_names() -> None:
    """A contract without a day of signing was signed when it starts."""
    rows = [
        {"contract_id": "1", "customer_id": "A", "starts_on": "2024-05-10", "ends_on": "2025-05-10", "value": "10"},
        {
            "contract_id": "2",
            "customer_id": "B",
            "starts_on": "2024-06-10",
            "ends_on": "2025-06-10",
            "value": "20",
            "signed_at": "2024-05-20",
        },
    ]
    shop = company({"contracts": rows})
    assert shop.one("contracts_signed", "2024-05") == 2


@pytest.mark.parametrize(("source", "found"), [("sarts_on", "starts_on"), ("signed_at", None)])
def test_a_default_from_no_column_or_from_itself_is_refused(source: str, found: str | None) -> None:
    """The name is looked up when definitions are checked, with the nearest one that would do."""
    contracts = CATALOGUE.entities["contracts"]
    columns = {**contracts.columns, "signed_at": replace(contracts.columns["signed_at"], default_from=source)}
    entities = {**CATALOGUE.entities, "contracts": replace(contracts, columns=columns)}
    issues = check_catalogue(replace(CATALOGUE, entities=entities))
    assert [(issue.code, issue.data["name"]) for issue in issues] == [("unknown_name", source)]
    assert found is None or issues[0].suggestion == found
