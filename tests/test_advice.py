"""Advice promises only what would come true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sanjeh.advice import Addition, advise
from sanjeh.compute import Ground, Reading, missing_of
from sanjeh.plan import Held
from sanjeh.settings import Settings
from sanjeh.workspace import Workspace, create_workspace


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with two orders that name no customer."""
    folder = tmp_path_factory.mktemp("advice")
    (folder / "orders.csv").write_text("order_id,ordered_at,net_amount\n1,2024-01-05,9\n2,2024-01-06,9\n", "utf-8")
    space = create_workspace(folder / "shop", Settings())
    space.import_file(folder / "orders.csv")
    return space


def computable(ground: Ground) -> set[str]:
    """The KPIs that lack nothing."""
    return {kpi.id for kpi in ground.catalogue.kpis.values() if not missing_of(Reading(kpi), ground)}


def with_addition(ground: Ground, addition: Addition) -> Ground:
    """The ground as it is once somebody followed the advice to the letter."""
    name, _, field = addition.what.partition(".")
    held = ground.holdings.entities.get(name)
    if held is None:
        held = Held(frozenset(addition.columns), 1)
    elif field:
        held = replace(held, columns=held.columns | {field}, empty=held.empty - {field})
    return replace(ground, holdings=replace(ground.holdings, entities={**ground.holdings.entities, name: held}))


def test_what_is_computable_and_what_is_missing_are_all_kpis(shop: Workspace) -> None:
    advice = shop.advise()
    assert set(advice.computable) == computable(shop.ground())
    assert set(advice.computable) | set(advice.missing) == set(shop.catalogue.kpis)
    assert not set(advice.computable) & set(advice.missing)


def test_each_addition_brings_exactly_what_it_promises(shop: Workspace) -> None:
    ground = shop.ground()
    before = computable(ground)
    additions = advise(ground, 8).additions
    assert len(additions) == 8
    for addition in additions:
        ground = with_addition(ground, addition)
        after = computable(ground)
        assert after - before == set(addition.brings)
        assert addition.brings
        before = after


def test_a_column_of_a_file_that_is_there_can_be_the_best(shop: Workspace) -> None:
    first = shop.advise(1).additions[0]
    assert (first.what, first.is_field) == ("orders.customer_id", True)
    assert "new_customers" in first.brings


def test_a_file_is_advised_with_the_columns_it_needs(shop: Workspace) -> None:
    leads = next(addition for addition in shop.advise(8).additions if addition.what == "leads")
    assert {"lead_id", "created_at"} <= set(leads.columns)
    assert set(leads.columns) <= set(shop.catalogue.entities["leads"].columns)


def test_an_empty_workspace_is_told_to_begin_with_orders(tmp_path: Path) -> None:
    advice = create_workspace(tmp_path / "empty", Settings()).advise()
    assert advice.computable == ()
    assert advice.additions[0].what == "orders"
