"""Stated numbers: exactly their span and scope, the sum of what tiles it, or a reason."""

from __future__ import annotations

from datetime import date

import pytest

from sanjeh.calendars import Span
from sanjeh.definitions import Kind, Measure, load_catalogue
from sanjeh.plan.stated import StatedValue, read_observation, read_target, scope_of
from sanjeh.series import Condition, Mode, Reason, Slot

JANUARY, FEBRUARY, MARCH = (Span(date(2024, n, 1), date(2024, n + 1, 1)) for n in (1, 2, 3))
QUARTER = Span(date(2024, 1, 1), date(2024, 4, 1))
WHOLE: frozenset[tuple[str, str]] = frozenset()
NORTH = frozenset({("region", "north")})


def stated(span: Span, value: float, scope: frozenset[tuple[str, str]] = WHOLE) -> StatedValue:
    """A number for a span and scope."""
    return StatedValue("x", span, value, scope)


MONTHS = [stated(JANUARY, 1), stated(FEBRUARY, 2), stated(MARCH, 4)]


@pytest.mark.parametrize(
    ("rows", "additive", "found"),
    [
        (MONTHS, True, (7, Reason.VALUE)),
        (MONTHS, False, (float("nan"), Reason.NO_DATA)),
        (MONTHS[:2], True, (float("nan"), Reason.NO_DATA)),
        (MONTHS[::2], True, (float("nan"), Reason.NO_DATA)),
        ([*MONTHS, stated(QUARTER, 9)], True, (9, Reason.VALUE)),
        ([*MONTHS, stated(JANUARY, 5, NORTH)], True, (7, Reason.VALUE)),
    ],
)
def test_a_target_is_that_of_the_span_or_what_tiles_it(
    rows: list[StatedValue], additive: bool, found: tuple[float, Reason]
) -> None:
    """A hole or a rate leaves no target; the span's own wins over its parts; another scope's never counts."""
    value, reason = read_target(rows, Slot(QUARTER), WHOLE, additive)
    assert reason == found[1]
    assert value == pytest.approx(found[0], nan_ok=True)


def measure_of(kind: Kind) -> Measure:
    """A measure of the kind."""
    return next(measure for measure in load_catalogue().measures.values() if measure.kind is kind)


def test_observations_of_what_adds_up_are_added_and_others_are_not() -> None:
    """Three months of a sum are 7; of a set they cannot be compared; a month of a quarter's number neither."""
    slot, nan = Slot(QUARTER), float("nan")
    assert read_observation(measure_of(Kind.SUM), MONTHS, slot, Mode.FLOW, WHOLE, 31) == (7, Reason.VALUE)
    value, reason = read_observation(measure_of(Kind.DISTINCT), MONTHS, slot, Mode.FLOW, WHOLE, 31)
    assert (value == pytest.approx(nan, nan_ok=True), reason) == (True, Reason.INCOMPARABLE)
    _, reason = read_observation(measure_of(Kind.SUM), [stated(QUARTER, 9)], Slot(FEBRUARY), Mode.FLOW, WHOLE, 31)
    assert reason is Reason.INCOMPARABLE
    _, reason = read_observation(measure_of(Kind.SUM), [], slot, Mode.FLOW, WHOLE, 31)
    assert reason is Reason.NO_DATA


def test_a_stated_balance_is_the_last_one_seen_before_the_instant() -> None:
    """Seen on 1 January and 1 February: the end of January has the first, of February the second, of March none."""
    rows, balance = MONTHS[:2], measure_of(Kind.SNAPSHOT)
    found = [
        read_observation(balance, rows, Slot(span), Mode.CLOSING, WHOLE, 31) for span in (JANUARY, FEBRUARY, MARCH)
    ]
    assert [reason for _, reason in found] == [Reason.VALUE, Reason.VALUE, Reason.NO_DATA]
    assert [value for value, _ in found[:2]] == [1, 2]
    assert read_observation(balance, rows, Slot(FEBRUARY), Mode.OPENING, WHOLE, 31) == (1, Reason.VALUE)


def test_a_scope_is_what_conditions_and_the_member_say_together() -> None:
    """What no stated row could mean has no scope: a negation, several members, an empty one, a contradiction."""
    north = Condition("region", ("north",))
    assert scope_of((north,), (), ()) == NORTH
    assert scope_of((), ("region",), ("north",)) == NORTH
    assert scope_of((north,), ("region",), ("north",)) == NORTH
    assert scope_of((north,), ("region",), ("south",)) is None
    assert scope_of((Condition("region", ("north",), negated=True),), (), ()) is None
    assert scope_of((Condition("region", ("a", "b")),), (), ()) is None
    assert scope_of((), ("region",), (None,)) is None
