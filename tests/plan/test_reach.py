"""Reach: a dimension is the row's own, then that of what the row belongs to, never that of what belongs to it."""

from __future__ import annotations

from datetime import date

import pytest

from sanjeh.definitions import ColumnType, load_catalogue
from sanjeh.errors import QuestionError
from sanjeh.plan import Held, Holdings, dimensions_of, find_path, path_of

CATALOGUE = load_catalogue()


def held(*columns: str, rows: int = 1, **extra: ColumnType) -> Held:
    """An entity that holds the columns."""
    return Held(frozenset((*columns, *extra)), rows, {"x": date(2024, 1, 1)}, extra=extra)


SHOP = Holdings(
    {
        "orders": held("order_id", "customer_id", "channel", floor=ColumnType.TEXT),
        "order_lines": held("order_id", "product_id"),
        "customers": held("customer_id", "region", "segment"),
        "products": held("product_id"),
        "tickets": held("ticket_id", "kind"),
    }
)


@pytest.mark.parametrize(
    ("entity", "name", "path"),
    [
        ("orders", "channel", "channel"),
        ("orders", "region", "customer.region"),
        ("orders", "floor", "floor"),
        ("order_lines", "channel", "order.channel"),
        ("order_lines", "region", "order.customer.region"),
        ("customers", "channel", None),
        ("tickets", "region", None),
        ("products", "channel", None),
        ("orders", "nowhere", None),
    ],
)
def test_the_nearest_column_that_holds_data_is_taken(entity: str, name: str, path: str | None) -> None:
    """Own columns first, then along many-to-one relations whose key is held; an empty own column hides nothing."""
    assert find_path(CATALOGUE, SHOP, entity, name) == path


def test_a_relation_to_a_table_without_rows_leads_nowhere() -> None:
    """Customers were imported once, and there are none."""
    empty = Holdings({**SHOP.entities, "customers": held("customer_id", "region", rows=0)})
    assert find_path(CATALOGUE, empty, "orders", "region") is None


def test_the_dimensions_of_an_entity_are_those_it_reaches() -> None:
    """Lines have their order's and its customer's; own dimensions of a mapping are among them."""
    found = dimensions_of(CATALOGUE, SHOP, "order_lines")
    assert {"product_id", "channel", "region", "segment", "floor"} <= set(found)
    assert "kind" not in found


def test_an_unreachable_dimension_is_told_from_one_that_does_not_exist() -> None:
    """The first would multiply rows, the second is misspelt."""
    with pytest.raises(QuestionError) as caught:
        path_of(CATALOGUE, SHOP, "customers", "channel", "active_customers")
    assert caught.value.issues[0].code == "unreachable_dimension"
    with pytest.raises(QuestionError) as caught:
        path_of(CATALOGUE, SHOP, "orders", "chanel", "orders")
    (issue,) = caught.value.issues
    assert (issue.code, issue.suggestion) == ("unknown_dimension", "channel")


def test_a_state_is_broken_down_by_what_its_keys_reach() -> None:
    """Active customers by the customer's region, even though orders made them active."""
    assert path_of(CATALOGUE, SHOP, "customers", "region", "active_customers") == "region"
    without = Holdings({name: item for name, item in SHOP.entities.items() if name != "customers"})
    with pytest.raises(QuestionError):
        path_of(CATALOGUE, without, "customers", "region", "active_customers")
