"""Random small shops come out of the engine as plain Python counts them, for every kind of measure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from asking import Company, company
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Order, Refund, Shop, months

FIRST = date(2024, 1, 1)
SPANS = months(FIRST, 5)
LABELS = [f"2024-{n:02d}" for n in range(1, 6)]
DAYS = st.integers(0, 151).map(lambda n: FIRST + timedelta(n))
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    """A shop of up to fourteen orders and some refunds; one order on the first day makes every month covered."""
    count = draw(st.integers(1, 13))
    orders = [Order("0", FIRST, 7, "Z", "paid", "north")]
    for n in range(1, count + 1):
        customer = draw(st.sampled_from(["A", "B", "C", None]))
        status = draw(st.sampled_from(["paid", "delivered", "cancelled"]))
        region = draw(st.sampled_from(["north", "south", None]))
        orders.append(Order(str(n), draw(DAYS), draw(st.integers(1, 99)), customer, status, region))
    refunds = draw(
        st.lists(
            st.builds(Refund, DAYS, st.integers(1, 9), st.sampled_from([None, "0", "1", "2", "3", "gone"])), max_size=4
        )
    )
    return Shop(tuple(orders), tuple(refunds), draw(st.sampled_from([20, 45, 90])))


def founded(shop: Shop, *, codes: bool = True) -> Company:
    """The company that has the shop's rows."""
    return company(shop.rows(), parameters={"lost_after_days": shop.lost_after}, codes=codes)


def monthly(asked: Company, formula: str) -> list[float | str]:
    """The formula in each of the five months."""
    return list(asked.ask(formula, LABELS[0], LABELS[-1]).values())


@given(shops())
@FEW
def test_flows_and_sets_of_each_month(shop: Shop) -> None:
    """Sums, counts, sets, first and returning customers, medians and cohorts."""
    asked = founded(shop)
    assert monthly(asked, "revenue") == pytest.approx([shop.revenue(s, e) for s, e in SPANS])
    assert monthly(asked, "orders") == [len(shop.within(s, e)) for s, e in SPANS]
    assert monthly(asked, "buyers") == [len(shop.buyers(s, e)) for s, e in SPANS]
    assert monthly(asked, "repeat_buyers") == [len(shop.repeat_buyers(s, e)) for s, e in SPANS]
    assert monthly(asked, "new_customers") == [len(shop.new(s, e)) for s, e in SPANS]
    assert monthly(asked, "returning_customers") == [len(shop.returning(s, e)) for s, e in SPANS]
    assert monthly(asked, "order_value_median") == [shop.median(s, e) for s, e in SPANS]
    if shop.refunds:
        assert monthly(asked, "value_returned") == [shop.returned(s, e) for s, e in SPANS]


@given(shops())
@FEW
def test_states_of_customers_at_both_ends_of_each_month(shop: Shop) -> None:
    """Active at the start and the end, lost, retained and come back."""
    asked = founded(shop)
    opening = [len(shop.active(s)) if s > FIRST else "no_data" for s, _ in SPANS]
    assert monthly(asked, "opening(active_customers)") == opening
    assert monthly(asked, "closing(active_customers)") == [len(shop.active(e)) for _, e in SPANS]
    assert monthly(asked, "customers_lost") == [len(shop.lost(s, e)) for s, e in SPANS]
    assert monthly(asked, "retained_customers") == [len(shop.active(s) & shop.active(e)) for s, e in SPANS]
    assert monthly(asked, "reactivated_customers") == [len(shop.reactivated(s, e)) for s, e in SPANS]


@given(shops())
@FEW
def test_spans_that_grow_are_counted_again_and_never_added_up(shop: Shop) -> None:
    """to_date, rolling and year_to_date of sets, sums and medians."""
    asked = founded(shop)
    assert monthly(asked, "to_date(buyers)") == [len(shop.buyers(date.min, e)) for _, e in SPANS]
    assert monthly(asked, "to_date(repeat_buyers)") == [len(shop.repeat_buyers(date.min, e)) for _, e in SPANS]
    rolled = [len(shop.buyers(SPANS[max(0, n - 1)][0], e)) for n, (_, e) in enumerate(SPANS)]
    assert monthly(asked, "rolling(buyers, 2)") == rolled
    assert monthly(asked, "year_to_date(revenue)") == pytest.approx([shop.revenue(FIRST, e) for _, e in SPANS])
    assert monthly(asked, "year_to_date(order_value_median)") == [shop.median(FIRST, e) for _, e in SPANS]


@given(shops())
@FEW
def test_each_member_is_counted_from_its_own_rows(shop: Shop) -> None:
    """By region, orders and buyers are those of the region, the empty one included."""
    asked = founded(shop)
    for region in {order.region for order in shop.orders}:
        part = shop.only(lambda order, region=region: order.region == region)
        for formula, count in (("orders", part.within), ("buyers", part.buyers), ("repeat_buyers", part.repeat_buyers)):
            found = asked.ask(formula, LABELS[0], LABELS[-1], by="region")
            assert [found[label, region] for label in LABELS] == [len(count(s, e)) for s, e in SPANS]


@given(shops())
@FEW
def test_a_filter_counts_the_rows_it_names(shop: Shop) -> None:
    """Equal, not equal and not among, where an empty value is not equal to anything."""
    asked = founded(shop)
    tests = {
        "region == 'north'": lambda order: order.region == "north",
        "region != 'north'": lambda order: order.region != "north",
        "region not in ('north', 'south')": lambda order: order.region is None,
        "region == None": lambda order: order.region is None,
    }
    for where, test in tests.items():
        part = shop.only(test)
        found = asked.ask("orders", LABELS[0], LABELS[-1], where=where)
        assert list(found.values()) == [len(part.within(s, e)) for s, e in SPANS], where


@given(shops())
@FEW
def test_sets_are_alike_with_and_without_dense_codes(shop: Shop) -> None:
    """Bitmaps over codes and pairs of keys count the same, overall and by member."""
    coded, plain = founded(shop), founded(shop, codes=False)
    for formula in ("buyers", "to_date(buyers)", "rolling(buyers, 3)"):
        for by in ("", "region"):
            ask = (formula, LABELS[0], LABELS[-1])
            assert coded.ask(*ask, by=by) == plain.ask(*ask, by=by)


@given(shops(), st.randoms(use_true_random=False))
@FEW
def test_the_order_of_rows_changes_nothing(shop: Shop, random: object) -> None:
    """A shuffled file says the same."""
    orders = list(shop.orders)
    random.shuffle(orders)  # type: ignore[attr-defined]
    other = Shop(tuple(orders), shop.refunds[::-1], shop.lost_after)
    for formula in ("revenue", "buyers", "new_customers", "order_value_median", "customers_lost"):
        assert monthly(founded(shop), formula) == monthly(founded(other), formula)


@given(shops())
@FEW
def test_the_identities_of_customers_hold(shop: Shop) -> None:
    """new + returning = buyers; closing = opening + new still active + reactivated - lost; opening = closing before."""
    asked = founded(shop)
    new, returning, buyers = (monthly(asked, name) for name in ("new_customers", "returning_customers", "buyers"))
    assert [a + b for a, b in zip(new, returning, strict=True)] == buyers  # type: ignore[operator]
    opening, closing = monthly(asked, "opening(active_customers)"), monthly(asked, "closing(active_customers)")
    assert opening[1:] == closing[:-1]
    lost, back = monthly(asked, "customers_lost"), monthly(asked, "reactivated_customers")
    for n, (s, e) in enumerate(SPANS):
        start = 0 if opening[n] == "no_data" else opening[n]
        still = len(shop.new(s, e) & shop.active(e))
        assert closing[n] == start + still + back[n] - lost[n]  # type: ignore[operator]


@given(shops())
@FEW
def test_parts_that_add_up_sum_to_the_whole(shop: Shop) -> None:
    """Regions to the total and months to the quarter, for what adds up."""
    asked = founded(shop)
    for formula in ("revenue", "orders", "new_customers"):
        parts = asked.ask(formula, "2024-Q1", by="region")
        assert sum(parts.values()) == pytest.approx(asked.one(formula, "2024-Q1"))  # type: ignore[arg-type]
        assert sum(monthly(asked, formula)[:3]) == pytest.approx(asked.one(formula, "2024-Q1"))  # type: ignore[arg-type]
