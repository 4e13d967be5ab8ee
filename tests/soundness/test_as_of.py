"""An answer about a past day once counted what happened after it: a lead that converted later, a refund of a month
later. It must be the answer that the data of that day give, with everything later deleted by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from asking import CATALOGUE, FAR, Company, company, reading_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sanjeh.calendars import Grain, make_calendar
from sanjeh.compute import Question, Reading, compute, missing_of
from sanjeh.definitions import ColumnType, Measure
from sanjeh.engines import load_engine
from sanjeh.explain import needs_of
from sanjeh.plan import Held

Records = Mapping[str, Sequence[Mapping[str, str]]]

# Written by hand from the words of the model, so that it cannot share a slip with the definitions.
DATED = {
    "ledger": "booked_at", "invoices": "issued_at", "customers": "created_at", "orders": "ordered_at",
    "refunds": "refunded_at", "leads": "created_at", "deals": "created_at", "deal_contacts": "contacted_at",
    "contracts": "signed_at", "trials": "started_at", "meetings": "booked_at", "web_sessions": "started_at",
    "web_daily": "date", "carts": "created_at", "user_activity": "active_at", "social_daily": "date",
    "social_posts": "published_at", "messages": "received_at", "survey_responses": "answered_at",
    "tickets": "opened_at", "marketing_spend": "spent_at", "ad_daily": "date", "publisher_daily": "date",
    "competitor_spend": "date", "email_daily": "date", "events": "held_at", "keyword_ranks": "date",
    "production": "date", "headcount": "date", "exchange_rates": "date", "cpi": "date",
}  # fmt: skip
ELSE_DATED = {"contracts": "starts_on"}
OUTCOMES = {
    "customers": {"first_order_at": ()}, "orders": {"delivered_at": ()}, "invoices": {"paid_at": ()},
    "leads": {"mql_at": (), "sql_at": (), "converted_at": ("customer_id",)},
    "deals": {"closed_at": ("outcome", "lost_reason"), "lead_created_at": ()},
    "contracts": {"renewed_at": ("renewal_value",)}, "trials": {"converted_at": ()},
    "meetings": {"held_at": ("status",)}, "carts": {"purchased_at": ("order_id",), "checkout_at": ()},
    "messages": {"answered_at": ()}, "tickets": {"first_response_at": (), "resolved_at": ()},
}  # fmt: skip
PLANS = {"targets", "campaigns", "calendar_events"}
TIMELESS = {"products", "order_lines", "touches"}
STATED_BY_SPAN = {"observations"}


def is_later(text: str | None, day: date) -> bool:
    """Whether a cell's time lies after ``day``."""
    return bool(text) and date.fromisoformat(str(text)[:10]) > day


def known_row(entity: str, row: Mapping[str, str], day: date) -> dict[str, str]:
    """The row as it stood on ``day``."""
    known = dict(row)
    for time, brought in OUTCOMES.get(entity, {}).items():
        if is_later(row.get(time), day):
            known.update({name: "" for name in (time, *brought) if name in row})
    if entity == "orders" and is_later(row.get("delivered_at"), day) and row.get("status") == "delivered":
        known["status"] = ""
    return known


def is_there(entity: str, row: Mapping[str, str], day: date, calendar: str) -> bool:
    """Whether the row was there on ``day``."""
    if entity == "observations":
        kind = CATALOGUE.measures[row["measure"]].kind
        made = make_calendar(calendar)
        span = made.period_of(Grain(row.get("grain") or "month"), date.fromisoformat(row["date"])).span
        return (span.start if kind.is_balance else span.end - timedelta(1)) <= day
    time = row.get(DATED.get(entity, "")) or row.get(ELSE_DATED.get(entity, ""))
    return not is_later(time, day)


def cut_by_hand(rows: Records, day: date, calendar: str) -> dict[str, list[dict[str, str]]]:
    """The rows that were there on ``day``, as they stood then."""
    kept = {
        name: [known_row(name, row, day) for row in records if is_there(name, row, day, calendar)]
        for name, records in rows.items()
    }
    return {name: records for name, records in kept.items() if records}


def with_empty(asked: Company, rows: Records, cut: Records) -> Company:
    """The company that knows, as a warehouse does, which columns hold nothing: no value, or no outcome as yet."""

    def held_of(name: str, held: Held) -> Held:
        outcomes = set(OUTCOMES.get(name, {}))
        full = {column for row in rows[name] for column, value in row.items() if value}
        then = {column for row in cut[name] for column, value in row.items() if value}
        return replace(held, empty=held.empty | (held.columns - full) | ((held.columns - then) & outcomes))

    holdings = asked.ground.holdings
    known = replace(holdings, entities={name: held_of(name, held) for name, held in holdings.entities.items()})
    return Company(replace(asked.ground, holdings=known), asked.calendar)


READINGS = [Reading(kpi, variant) for kpi in CATALOGUE.kpis.values() for variant in (None, *kpi.variants.values())]


def answers(asked: Company, periods: Sequence[str], by: tuple[str, ...] = ()) -> dict[tuple[object, ...], object]:
    """Every KPI and variant of the catalogue that the company can answer: value or reason of each period and member."""
    found: dict[tuple[object, ...], object] = {}
    spans = tuple(asked.calendar.parse_period(period) for period in periods)
    able = tuple(reading for reading in READINGS if not missing_of(reading, asked.ground))
    for point in compute(Question(able, spans, by), asked.ground, strict=False).points():
        key = (point.kpi, point.variant, point.period, *point.members.values())
        found[key] = point.reason if point.value is None else (round(point.value, 6), point.marks)
    return found


def both(rows: Records, day: date, calendar: str, **more: object) -> tuple[Company, Company]:
    """The company asked about a past day, and the one that has only what was known then."""
    cut = cut_by_hand(rows, day, calendar)
    past = with_empty(company(rows, calendar=calendar, as_of=day, **more), rows, rows)  # type: ignore[arg-type]
    then = company(cut, calendar=calendar, as_of=day, cut=False, **more)  # type: ignore[arg-type]
    return past, with_empty(then, rows, cut)


@pytest.fixture(scope="module")
def hand_made(shared: Path) -> Records:
    """The rows of the hand-made company, every entity of it."""
    found = {}
    for path in sorted((shared / "spec" / "tiny" / "rows").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


@pytest.mark.parametrize("day", ["2024-04-12", "2024-05-03", "2024-05-20", "2024-06-10", "2024-07-05", "2024-07-21"])
def test_every_kpi_of_a_past_day_is_what_the_data_of_that_day_say(hand_made: Records, day: str) -> None:
    past, then = both(hand_made, date.fromisoformat(day), "jalali")
    assert past.ground.holdings.is_cut and not then.ground.holdings.is_cut
    periods = ["1403-01", "1403-02", "1403-03", "1403-04", "1403-Q1"]
    found, expected = answers(past, periods), answers(then, periods)
    assert len(expected) > 300
    assert found == expected


FIRST = date(2024, 1, 1)
DAYS = st.integers(0, 150).map(lambda n: f"{FIRST + timedelta(n)}")
LATER = st.one_of(st.just(""), DAYS)
KEYS = st.sampled_from(["1", "2", "3", "4", "5", "6"])
CUSTOMERS = st.sampled_from(["A", "B", "C", ""])
AMOUNTS = st.integers(1, 99).map(str)
SHAPES: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "customers": {"created_at": LATER, "region": st.sampled_from(["north", "south"]), "first_order_at": LATER,
                  "is_key_account": st.sampled_from(["true", "false"]), "key_from": LATER},
    "orders": {"ordered_at": DAYS, "net_amount": AMOUNTS, "customer_id": CUSTOMERS, "delivered_at": LATER,
               "status": st.sampled_from(["paid", "delivered", "cancelled"])},
    "order_lines": {"order_id": KEYS, "product_id": KEYS, "quantity": AMOUNTS, "net_amount": AMOUNTS, "cost": AMOUNTS},
    "refunds": {"refunded_at": DAYS, "amount": AMOUNTS, "order_id": KEYS, "quantity": AMOUNTS},
    "leads": {"created_at": DAYS, "mql_at": LATER, "sql_at": LATER, "converted_at": LATER, "customer_id": CUSTOMERS},
    "deals": {"created_at": DAYS, "closed_at": LATER, "outcome": st.sampled_from(["won", "lost", "open"]),
              "value": AMOUNTS, "lead_id": KEYS, "lost_reason": st.sampled_from(["price", "rival", ""])},
    "deal_contacts": {"deal_id": KEYS, "contacted_at": DAYS},
    "contracts": {"customer_id": CUSTOMERS.filter(bool), "starts_on": DAYS, "ends_on": DAYS, "value": AMOUNTS,
                  "signed_at": LATER, "renewed_at": LATER, "renewal_value": AMOUNTS, "previous_contract_id": KEYS},
    "trials": {"started_at": DAYS, "ended_at": LATER, "converted_at": LATER},
    "meetings": {"booked_at": DAYS, "held_at": LATER, "kind": st.just("demo"),
                 "status": st.sampled_from(["", "held", "cancelled"])},
    "carts": {"created_at": DAYS, "purchased_at": LATER, "checkout_at": LATER, "order_id": KEYS},
    "messages": {"received_at": DAYS, "answered_at": LATER, "customer_id": CUSTOMERS},
    "tickets": {"opened_at": DAYS, "first_response_at": LATER, "resolved_at": LATER, "customer_id": CUSTOMERS},
    "invoices": {"issued_at": DAYS, "amount": AMOUNTS, "paid_at": LATER, "due_at": LATER},
    "user_activity": {"user_id": KEYS, "active_at": DAYS},
    "headcount": {"date": DAYS, "function": st.just("sales"), "fte": AMOUNTS},
    "marketing_spend": {"spent_at": DAYS, "amount": AMOUNTS, "component": st.sampled_from(["campaign", "wages"])},
}  # fmt: skip
OWN_KEYS = {"customers": "customer_id", "orders": "order_id", "deal_contacts": "contact_id", "user_activity": "",
            "headcount": "", "order_lines": "line_id", "marketing_spend": "spend_id"}  # fmt: skip


def in_order(entity: str, row: Mapping[str, str]) -> dict[str, str]:
    """The row without outcomes that lie before it."""
    begun = row.get(DATED.get(entity, "")) or row.get(ELSE_DATED.get(entity, "")) or ""
    return {name: "" if name in OUTCOMES.get(entity, {}) and text < begun else text for name, text in row.items()}


@st.composite
def firms(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """A company with a few rows of many entities, each with whatever times fall to it; the first contract
    and the first customer are old."""
    found: dict[str, list[dict[str, str]]] = {}
    for entity, shape in SHAPES.items():
        key = OWN_KEYS.get(entity, f"{entity[:-1]}_id")
        rows = draw(st.lists(st.fixed_dictionaries(shape), max_size=5))
        names = "ABC" if entity == "customers" else "123456"
        found[entity] = [
            {**({key: name} if key else {}), **in_order(entity, row)} for name, row in zip(names, rows, strict=False)
        ]
    for entity, early in (("contracts", {"starts_on": f"{FIRST}", "signed_at": ""}), ("customers", {"created_at": ""})):
        if found[entity]:
            found[entity][0] |= early
    return {entity: rows for entity, rows in found.items() if rows}


MONTHS = [f"2024-{n:02d}" for n in range(1, 6)]
# Shrinking would take minutes: each example asks every KPI of two companies.
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=(Phase.explicit, Phase.generate)
)


@given(firms(), st.integers(20, 140))
@FEW
def test_a_past_day_of_any_company_is_what_its_data_of_that_day_say(firm: Records, after: int) -> None:
    past, then = both(firm, FIRST + timedelta(after), "gregorian")
    assert answers(past, MONTHS) == answers(then, MONTHS)


@given(firms(), st.integers(20, 140))
@FEW
def test_the_rows_behind_a_number_of_a_past_day_are_those_of_that_day(firm: Records, after: int) -> None:
    past, then = both(firm, FIRST + timedelta(after), "gregorian")
    for measure in ("revenue", "buyers", "new_customers", "leads_converted", "deals_won", "open_deals", "receivables",
                    "active_customers", "tickets_resolved", "demos_held", "sales_employees", "mqls"):  # fmt: skip
        assert behind(past, measure) == behind(then, measure)


def behind(asked: Company, measure: str) -> list[object]:
    """The rows of each month behind a measure."""
    known: Measure = CATALOGUE.measures[measure]
    formula = f"closing({measure})" if known.kind.is_balance else measure
    if missing_of(reading_of(formula), asked.ground):
        return []
    found: list[object] = []
    for month in MONTHS:
        needs = needs_of(reading_of(formula), asked.ground, asked.calendar.parse_period(month), ())
        for need, span in needs:
            engine = asked.ground.engine
            shown = load_engine("listing").list_rows(engine.connection, engine.relations, need, span, 100)
            found.append((month, shown.columns, sorted(map(str, shown.rows)), shown.total))
    return found


SALES = {
    "orders": """
        order_id, ordered_at, net_amount, delivered_at, status
        1, 2024-01-10, 100, 2024-02-10, delivered
        2, 2024-01-20, 50, 2024-01-25, delivered
    """,
    "refunds": """
        refund_id, refunded_at, amount, order_id
        r1, 2024-03-02, 30, 1
    """,
    "leads": """
        lead_id, created_at, converted_at
        1, 2024-01-05, 2024-01-20
        2, 2024-01-06, 2024-02-20
    """,
}


def test_a_refund_a_delivery_and_a_conversion_after_the_day_have_not_happened_yet() -> None:
    past, now = company(SALES, as_of=date(2024, 1, 31)), company(SALES)
    assert [asked.one("revenue", "2024-01") for asked in (past, now)] == [150, 120]
    assert [asked.one("orders_delivered", "2024-01") for asked in (past, now)] == [1, 2]
    assert [asked.one("leads_converted", "2024-01") for asked in (past, now)] == [1, 2]


@pytest.mark.parametrize("day", [date(2024, 3, 2), date(2024, 12, 31)])
def test_the_last_day_of_the_data_and_any_later_one_ask_the_rows_as_they_are(day: date) -> None:
    asked = company(SALES, as_of=day)
    engine = asked.ground.engine
    assert not asked.ground.holdings.is_cut
    assert not engine.shelf.rows("orders", ["net_amount", "ordered_at__day"]).values  # type: ignore[attr-defined]


def test_statements_of_a_past_day_are_kept_apart_and_serve_every_past_day() -> None:
    january, february, now = (company(SALES, as_of=day) for day in (date(2024, 1, 31), date(2024, 2, 29), FAR))
    texts = [
        asked.ground.engine.shelf.rows("leads", ["converted_at", "created_at"]).sql  # type: ignore[attr-defined]
        for asked in (january, february, now)
    ]
    assert texts[0] == texts[1] != texts[2]
    assert january.one("leads_converted", "2024-01") == 1 and february.one("leads_converted", "2024-01") == 2


def test_a_number_stated_for_a_month_is_known_when_the_month_is_over() -> None:
    rows = {"observations": "measure, date, value\ntraining_hours, 2024-01-01, 5\ntraining_hours, 2024-02-01, 7"}
    asked = company(rows, as_of=date(2024, 2, 10))
    assert asked.ask("training_hours", "2024-01", "2024-02") == {("2024-01",): 5, ("2024-02",): 0}


def test_the_definitions_say_of_every_time_whether_it_is_an_outcome() -> None:
    times = (ColumnType.DATE, ColumnType.TIME)
    for name, entity in CATALOGUE.entities.items():
        assert name in DATED or name in PLANS | TIMELESS | STATED_BY_SPAN
        assert entity.dated_by == tuple(x for x in (dated_in(name), ELSE_DATED.get(name)) if x)
        own = [column for column in entity.columns.values() if column.type in times and column.name != dated_in(name)]
        for column in own:
            assert column.known == ("at_its_time" if column.name in OUTCOMES.get(name, {}) else "ahead"), column.name
        brought = {column.name: column.known for column in entity.columns.values() if column.type not in times}
        by_hand = {column: time for time, names in OUTCOMES.get(name, {}).items() for column in names}
        by_hand |= {"status": "delivered_at"} if name == "orders" else {}
        assert {column: time for column, time in brought.items() if time} == by_hand


def dated_in(entity: str) -> str | None:
    """The default time of the entity's rows, None where they are known ahead or have no time of their own."""
    return {**DATED, "observations": "date", "touches": "touched_at"}.get(entity)
