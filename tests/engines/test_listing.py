"""Listing: the rows behind a number are those that it counted, whatever its kind."""

from __future__ import annotations

from datetime import date

import pytest

from sanjeh.calendars import Span
from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.duckdb import DuckDB
from sanjeh.plan import Listing, Need
from sanjeh.series import Condition, Mode

CATALOGUE = load_catalogue()
ROWS = {
    "orders": [
        {"order_id": "1", "ordered_at": "2024-01-05", "net_amount": "5", "customer_id": "A", "region": "north"},
        {"order_id": "2", "ordered_at": "2024-02-05", "net_amount": "7", "customer_id": "B", "region": "south"},
        {"order_id": "3", "ordered_at": "2024-02-06", "net_amount": "9", "status": "cancelled", "region": "south"},
    ],
    "customers": [{"customer_id": "A", "is_key_account": "true"}, {"customer_id": "B", "is_key_account": "false"}],
    "invoices": [
        {"invoice_id": "1", "issued_at": "2024-01-05", "amount": "5", "paid_at": "2024-02-10"},
        {"invoice_id": "2", "issued_at": "2024-02-05", "amount": "7"},
    ],
    "deals": [{"deal_id": "1", "created_at": "2024-01-01"}, {"deal_id": "2", "created_at": "2024-02-20"}],
    "deal_contacts": [{"contact_id": "1", "deal_id": "1", "contacted_at": "2024-01-09"}],
    "leads": [{"lead_id": "1", "created_at": "2024-01-01", "mql_at": "2024-02-02", "sql_at": "2024-03-01"}],
}
FEBRUARY = Span(date(2024, 2, 1), date(2024, 3, 1))


@pytest.fixture
def runner() -> DuckDB:
    """A runner over the rows."""
    memory = load_engine("memory").build_memory(CATALOGUE, ROWS)
    made: DuckDB = load_engine("duckdb").build(
        memory.connection, CATALOGUE, CATALOGUE.settings(), memory.holdings, date(2025, 1, 1)
    )
    return made


def behind(
    runner: DuckDB, measure: str, mode: Mode = Mode.FLOW, conditions: tuple[Condition, ...] = (), limit: int = 9
) -> Listing:
    """The rows behind the measure in February."""
    known = CATALOGUE.measures[measure]
    need = Need(known, known.bindings[0], mode, conditions, ())
    found: Listing = load_engine("listing").list_rows(runner.connection, runner.relations, need, FEBRUARY, limit)
    return found


@pytest.mark.parametrize(
    ("measure", "mode", "keys"),
    [
        ("revenue", Mode.FLOW, ["2"]),
        ("buyers", Mode.FLOW, ["2"]),
        ("receivables", Mode.OPENING, ["1"]),
        ("receivables", Mode.CLOSING, ["2"]),
        ("neglected_deals", Mode.CLOSING, ["1"]),
        ("open_deals", Mode.CLOSING, ["1", "2"]),
        ("qualified_lead_ids", Mode.FLOW, ["1"]),
        ("active_customers", Mode.OPENING, ["A"]),
        ("active_customers", Mode.CLOSING, ["A", "B"]),
        ("retained_customers", Mode.FLOW, ["A"]),
        ("customers_lost", Mode.FLOW, []),
    ],
)
def test_the_rows_listed_are_those_counted(runner: DuckDB, measure: str, mode: Mode, keys: list[str]) -> None:
    """Flows by their time, balances by the instant, states by their keys."""
    found = behind(runner, measure, mode)
    assert [row[0] for row in found.rows] == keys
    assert found.total == len(keys)
    assert len(found.columns) == len(found.rows[0]) if found.rows else found.columns


def test_a_filter_and_a_flag_narrow_the_rows(runner: DuckDB) -> None:
    """By a member, by a key account as of the month's start."""
    assert behind(runner, "revenue", conditions=(Condition("region", ("north",)),)).total == 0
    assert behind(runner, "revenue", conditions=(Condition("is_key_account", ("true",)),)).total == 0
    assert behind(runner, "revenue", conditions=(Condition("is_key_account", ("false",)),)).total == 1


def test_only_so_many_rows_are_shown_and_all_are_counted(runner: DuckDB) -> None:
    """Two open deals, one shown."""
    found = behind(runner, "open_deals", Mode.CLOSING, limit=1)
    assert (len(found.rows), found.total) == (1, 2)
