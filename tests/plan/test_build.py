"""Plans: the fewest blocks that answer what was asked, each of one entity, time and way of counting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest

from sanjeh.calendars import Span
from sanjeh.definitions import load_catalogue
from sanjeh.plan import Held, Holdings, Key, Need, Plan, Strategy, build_plan, choose_strategy
from sanjeh.series import Condition, Mode

CATALOGUE = load_catalogue()
SETTINGS = CATALOGUE.settings()
COLUMNS = {
    "orders": "order_id ordered_at net_amount customer_id status",
    "customers": "customer_id is_key_account",
    "tickets": "opened_at resolved_at",
    "survey_responses": "answered_at nps customer_id survey",
    "leads": "lead_id created_at mql_at sql_at",
    "invoices": "issued_at paid_at amount",
    "social_daily": "date account followers",
}
HOLDINGS = Holdings({name: Held(frozenset(c.split()), 1, {"x": date(2024, 1, 1)}) for name, c in COLUMNS.items()})
MONTH = Span(date(2024, 1, 1), date(2024, 2, 1))
DAYS = [Span(MONTH.start + timedelta(n), MONTH.start + timedelta(n + 1)) for n in range(31)]


def plan_of(*asked: tuple[str, Iterable[Span]], by: tuple[str, ...] = ()) -> Plan:
    """The plan of measures over spans."""
    keys: dict[Key, dict[Span, None]] = {}
    for name, spans in asked:
        mode = Mode.CLOSING if CATALOGUE.measures[name].kind.is_balance else Mode.FLOW
        keys.setdefault((name, mode, (), by), {}).update(dict.fromkeys(spans))
    return build_plan(keys, CATALOGUE, HOLDINGS, SETTINGS)


def test_measures_of_one_entity_and_time_share_one_block() -> None:
    """Revenue, orders and buyers read the orders once."""
    (block,) = plan_of(("revenue", [MONTH]), ("orders", [MONTH]), ("buyers", [MONTH])).blocks
    assert [need.measure.id for need in block.needs] == ["revenue", "orders", "buyers"]
    assert (block.strategy, block.entity, block.times, block.spans) == (
        Strategy.FLOW,
        "orders",
        ("ordered_at",),
        (MONTH,),
    )


def test_another_time_column_is_another_block() -> None:
    """Tickets by opening and by resolution are two passes."""
    assert len(plan_of(("tickets_opened", [MONTH]), ("tickets_resolved", [MONTH])).blocks) == 2


def test_many_single_days_do_not_burden_the_months() -> None:
    """A daily mean asks 31 days of one measure: the others of the entity are not counted by day for it."""
    blocks = plan_of(("revenue", [MONTH]), ("orders", DAYS)).blocks
    assert sorted(len(block.spans) for block in blocks) == [1, 31]


def test_a_measure_without_rows_is_left_to_what_is_stated() -> None:
    """Nothing is planned for it."""
    assert plan_of(("reach", [MONTH]), ("training_hours", [MONTH])).blocks == ()


@pytest.mark.parametrize(
    ("measure", "conditions", "strategy"),
    [
        ("revenue", (), Strategy.FLOW),
        ("buyers", (), Strategy.FLOW),
        ("repeat_buyers", (), Strategy.FLOW),
        ("revenue", (Condition("region", ("north",)),), Strategy.FLOW),
        ("revenue", (Condition("is_key_account", ("true",)),), Strategy.WITHIN),
        ("loyal_revenue", (), Strategy.WITHIN),
        ("order_value_median", (), Strategy.WITHIN),
        ("promoters", (), Strategy.WITHIN),
        ("qualified_lead_ids", (), Strategy.WITHIN),
        ("new_customers", (), Strategy.FIRST),
        ("returning_customers", (), Strategy.RETURNING),
        ("active_customers", (), Strategy.STATE),
        ("customers_lost", (), Strategy.STATE),
        ("receivables", (), Strategy.BALANCE),
        ("followers", (), Strategy.SNAPSHOT),
    ],
)
def test_the_way_of_counting_follows_from_the_kind_and_the_filter(
    measure: str, conditions: tuple[Condition, ...], strategy: Strategy
) -> None:
    """What moves with the span, or does not add up within it, is worked out in each span."""
    known = CATALOGUE.measures[measure]
    assert choose_strategy(Need(known, known.bindings[0], Mode.FLOW, conditions, ()), CATALOGUE) is strategy
