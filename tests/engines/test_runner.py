"""The runner: what it lays down for one question serves the next, and another runner's leavings are never its own."""

from __future__ import annotations

from datetime import date

import pytest

from sanjeh.calendars import Span
from sanjeh.definitions import load_catalogue
from sanjeh.engines import load_engine
from sanjeh.engines.duckdb import DuckDB, working_week
from sanjeh.engines.memory import Memory
from sanjeh.errors import QuestionError
from sanjeh.plan import Block, Need, Plan, choose_strategy
from sanjeh.series import Mode

CATALOGUE = load_catalogue()
ORDERS = [
    {"order_id": "1", "ordered_at": "2024-01-05", "net_amount": "5", "customer_id": "A", "region": "north"},
    {"order_id": "2", "ordered_at": "2024-02-05", "net_amount": "7", "customer_id": "B", "region": "south"},
]
JANUARY, FEBRUARY = Span(date(2024, 1, 1), date(2024, 2, 1)), Span(date(2024, 2, 1), date(2024, 3, 1))


def runner_of(memory: Memory) -> DuckDB:
    """A runner over the rows."""
    settings = CATALOGUE.settings()
    engine: DuckDB = load_engine("duckdb").build(
        memory.connection, CATALOGUE, settings, memory.holdings, date(2025, 1, 1)
    )
    return engine


@pytest.fixture
def memory() -> Memory:
    """Two orders."""
    made: Memory = load_engine("memory").build_memory(CATALOGUE, {"orders": ORDERS})
    return made


def ask(runner: DuckDB, measure: str, *spans: Span, by: tuple[str, ...] = ()) -> list[float | None]:
    """The measure over the spans, in all."""
    known = CATALOGUE.measures[measure]
    mode = Mode.CLOSING if known.kind.is_balance else Mode.FLOW
    need = Need(known, known.bindings[0], mode, (), by)
    block = Block(choose_strategy(need, CATALOGUE), known.bindings[0].entity, known.bindings[0].times, (need,), spans)
    answer = runner.run(Plan((block,)))[need.key]
    return [value for _, (value, _) in sorted(answer.values.items(), key=lambda item: (item[0][0], str(item[0][1])))]


def test_members_at_instants_serve_later_questions_and_are_made_again_for_other_instants(memory: Memory) -> None:
    """January's instants are known from the first question; March's are not."""
    runner = runner_of(memory)
    assert ask(runner, "active_customers", JANUARY, FEBRUARY) == [1, 2]
    every = "SELECT 0 AS chunk, unnest([7, 8, 9]) AS key, CAST(-1 AS BIGINT) AS ats"
    runner.connection.execute(f"CREATE OR REPLACE TEMP TABLE segment_active AS {every}")
    assert ask(runner, "active_customers", JANUARY) == [3]
    assert ask(runner, "active_customers", FEBRUARY, Span(date(2024, 3, 1), date(2024, 5, 1))) == [2, 1]


def test_two_runners_over_one_connection_do_not_read_each_others_tables(memory: Memory) -> None:
    """Each lays its own days and rows when the other was the last to."""
    one, other = runner_of(memory), runner_of(memory)
    assert ask(one, "revenue", JANUARY) == [5]
    assert ask(other, "revenue", FEBRUARY) == [7]
    assert ask(one, "revenue", JANUARY) == [5]
    assert ask(other, "active_customers", JANUARY) == [1]
    assert ask(one, "active_customers", FEBRUARY) == [2]


def test_rows_read_by_several_statements_are_worked_out_once(memory: Memory) -> None:
    """Revenue, new customers and medians read the same rows of orders: one table for the three."""
    runner = runner_of(memory)
    blocks = []
    for name in ("revenue", "new_customers", "order_value_median"):
        known = CATALOGUE.measures[name]
        need = Need(known, known.bindings[0], Mode.FLOW, (), ())
        blocks.append(Block(choose_strategy(need, CATALOGUE), "orders", ("ordered_at",), (need,), (JANUARY,)))
    found = runner.run(Plan(tuple(blocks)))
    assert sorted(value for answer in found.values() for value, _ in answer.values.values()) == [1, 5, 5]
    kept = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'kept_orders'"
    assert runner.connection.execute(kept).fetchone() == (1,)


def test_a_fault_of_the_database_is_an_error_of_ours(memory: Memory) -> None:
    """Its first line is the problem; no trace of the database's own error leaves."""
    runner = runner_of(memory)
    runner.connection.execute("DROP TABLE raw_orders")
    with pytest.raises(QuestionError) as caught:
        ask(runner, "revenue", JANUARY)
    assert caught.value.issues[0].code == "database_error"


@pytest.mark.parametrize("words", ["", "mon", "mon 9-17", "someday 09:00-17:00", "mon 17:00-09:00 x"])
def test_a_working_week_that_cannot_be_read_is_an_error(words: str) -> None:
    """Days with their hours, or nothing."""
    with pytest.raises(QuestionError) as caught:
        working_week({"working_week": words}, frozenset())
    assert caught.value.issues[0].code == "bad_parameter"
