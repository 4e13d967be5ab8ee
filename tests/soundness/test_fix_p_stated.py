"""Stated numbers once were added whatever they stood for: a quarter beside its months, a total beside its teams."""

from __future__ import annotations

from itertools import pairwise

import pytest

from .asking import company

HOURS = "training_hours"


def rows_of(measure: str, *given: tuple[str, str, str], **scope: str) -> list[dict[str, str]]:
    """Observations of ``measure``: (first day, grain, value)."""
    return [{"measure": measure, "date": day, "grain": grain, "value": value, **scope} for day, grain, value in given]


MONTHS = [(f"2024-0{n}-01", "month", "100") for n in (1, 2, 3)]
QUARTER = ("2024-01-01", "quarter", "301")


@pytest.mark.parametrize(
    ("given", "period", "value"),
    [
        ([*MONTHS, QUARTER], "2024-Q1", 301.0),
        ([*MONTHS, QUARTER], "2024-01", 100.0),
        (MONTHS, "2024-Q1", 300.0),
        (MONTHS[:1], "2024-Q1", "no_data"),
        ([MONTHS[0], MONTHS[2]], "2024-Q1", "no_data"),
        ([QUARTER], "2024-02", "incomparable"),
        ([*MONTHS, QUARTER, ("2024-04-01", "quarter", "9")], "2024", "no_data"),
        ([*MONTHS, QUARTER, *((f"2024-{q}-01", "quarter", "10") for q in ("04", "07", "10"))], "2024", 331.0),
    ],
)
def test_a_stated_number_is_that_of_the_span_or_of_what_tiles_it(
    given: list[tuple[str, str, str]], period: str, value: float | str
) -> None:
    assert company({"observations": rows_of("revenue", *given)}).one("revenue", period) == value


def test_the_total_of_hours_is_the_stated_total_and_a_team_has_its_own() -> None:
    """Overall 100, of which team x has 60 and y 40: the total was 200."""
    rows = rows_of(HOURS, ("2024-01-01", "month", "100"))
    rows += rows_of(HOURS, ("2024-01-01", "month", "60"), team="x")
    rows += rows_of(HOURS, ("2024-01-01", "month", "40"), team="y")
    made = company({"observations": rows})
    assert made.one(HOURS, "2024-01") == 100.0
    assert made.one(HOURS, "2024-01", where="team == 'x'") == 60.0
    assert made.ask(HOURS, "2024-01", by="team") == {("2024-01", "x"): 60.0, ("2024-01", "y"): 40.0}


def test_hours_stated_by_team_alone_add_up() -> None:
    rows = rows_of(HOURS, ("2024-01-01", "month", "60"), team="x")
    rows += rows_of(HOURS, ("2024-02-01", "month", "40"), team="y")
    made = company({"observations": rows})
    assert [made.one(HOURS, period) for period in ("2024-01", "2024-02", "2024-Q1")] == [60.0, 40.0, 100.0]


def test_a_quarter_of_hours_is_not_put_into_its_first_month() -> None:
    """The row of the quarter was once counted on its first day: January had it all."""
    made = company({"observations": rows_of(HOURS, ("2024-01-01", "quarter", "90"))})
    assert made.one(HOURS, "2024-01") == "incomparable"
    assert made.one(HOURS, "2024-Q1") == 90.0


def test_a_month_without_hours_has_none_once_they_are_kept() -> None:
    """Stated in January only: nothing is known of December, and February had no training."""
    made = company({"observations": rows_of(HOURS, ("2024-01-01", "month", "8"))})
    found = [made.one(HOURS, period) for period in ("2023-12", "2024-02", "2024-Q1")]
    assert found == ["no_data", 0.0, 8.0]


def test_hours_of_a_quarter_and_of_its_months_are_counted_once() -> None:
    made = company({"observations": rows_of(HOURS, *MONTHS, QUARTER)})
    assert made.one(HOURS, "2024") == 301.0


def test_numbers_stated_by_two_dimensions_are_read_by_two() -> None:
    rows = rows_of("revenue", ("2024-01-01", "month", "7"), region="North", lob="tea")
    found = company({"observations": rows}).ask("revenue", "2024-01", by="region,lob")
    assert found == {("2024-01", "North", "tea"): 7.0}


def test_a_state_of_all_time_begins_before_every_stated_one() -> None:
    """The day before the first there is cannot be reached by going back a month: it overflowed."""
    rows = rows_of("followers", ("2024-01-01", "month", "7"))
    assert company({"observations": rows}).one("to_date(opening(followers))", "2024-01") == "no_data"


def test_twelve_months_of_targets_beside_a_quarter_make_the_year() -> None:
    """Twelve monthly 10s and one quarter of 33 in their place: the year has a target of 33 + 9 x 10."""
    ends = [f"2024-{n:02d}-01" for n in range(1, 13)] + ["2025-01-01"]
    targets = [{"kpi": "revenue", "starts_on": start, "ends_on": end, "value": "10"} for start, end in pairwise(ends)]
    targets.append({"kpi": "revenue", "starts_on": "2024-01-01", "ends_on": "2024-04-01", "value": "33"})
    order = {"order_id": "1", "ordered_at": "2024-01-05", "net_amount": "5"}
    assert company({"targets": targets, "orders": [order]}).one("target(revenue)", "2024") == 123.0
