"""An oracle counts in plain Python what the engine counts in SQL, straight from the words of the model, row by row."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

PAID = ("paid", "shipped", "delivered")


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the test's company."""

    id: str
    day: date
    amount: int
    customer: str | None
    status: str
    region: str | None

    @property
    def counts(self) -> bool:
        """Whether the order is successful."""
        return self.status in PAID


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back; ``order`` may name an order that is not in the data."""

    day: date
    amount: int
    order: str | None


@dataclass(frozen=True, slots=True)
class Shop:
    """The rows, with the counts asked of them over [s, e)."""

    orders: tuple[Order, ...]
    refunds: tuple[Refund, ...] = ()
    lost_after: int = 90

    def within(self, s: date, e: date) -> list[Order]:
        """The successful orders of the span."""
        return [order for order in self.orders if order.counts and s <= order.day < e]

    def refunded(self, order: Order) -> int:
        """What was given back of ``order``, whenever."""
        return sum(refund.amount for refund in self.refunds if refund.order == order.id)

    def revenue(self, s: date, e: date) -> float:
        """Net of refunds at the order's date; a refund of an unknown order counts at its own."""
        known = {order.id for order in self.orders}
        strays = sum(r.amount for r in self.refunds if r.order not in known and s <= r.day < e)
        return sum(order.amount - self.refunded(order) for order in self.within(s, e)) - strays

    def buyers(self, s: date, e: date) -> set[str]:
        """Customers with an order."""
        return {order.customer for order in self.within(s, e) if order.customer}

    def repeat_buyers(self, s: date, e: date) -> set[str]:
        """Customers with two orders in the span."""
        found = Counter(order.customer for order in self.within(s, e) if order.customer)
        return {customer for customer, n in found.items() if n >= 2}

    def new(self, s: date, e: date) -> set[str]:
        """Customers whose first order lies in the span."""
        return self.buyers(s, e) - self.buyers(date.min, s)

    def returning(self, s: date, e: date) -> set[str]:
        """Customers of the span who had bought before it."""
        return self.buyers(s, e) & self.buyers(date.min, s)

    def active(self, t: date) -> set[str]:
        """Customers with an order in the days before the instant."""
        return self.buyers(t - timedelta(self.lost_after), t)

    def lost(self, s: date, e: date) -> set[str]:
        """Active at the start and not at the end."""
        return self.active(s) - self.active(e)

    def reactivated(self, s: date, e: date) -> set[str]:
        """Active at the end, not at the start, and known from before."""
        return (self.active(e) - self.active(s)) & self.buyers(date.min, s)

    def median(self, s: date, e: date) -> float | str:
        """The interpolated median of the orders' values."""
        values = [order.amount - self.refunded(order) for order in self.within(s, e)]
        return float(statistics.median(values)) if values else "no_data"

    def returned(self, s: date, e: date, window: int = 30) -> float:
        """Refunds within the window after their order, by the order's date."""
        days = {order.id: order.day for order in self.within(s, e)}
        rows = [refund for refund in self.refunds if refund.order in days]
        return sum(r.amount for r in rows if r.day < days[r.order or ""] + timedelta(window))

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """The rows as a company would import them."""
        orders = [
            {
                "order_id": order.id,
                "ordered_at": f"{order.day}",
                "net_amount": f"{order.amount}",
                "customer_id": order.customer or "",
                "status": order.status,
                "region": order.region or "",
            }
            for order in self.orders
        ]
        refunds = [
            {"refund_id": str(n), "refunded_at": f"{r.day}", "amount": f"{r.amount}", "order_id": r.order or ""}
            for n, r in enumerate(self.refunds)
        ]
        return {"orders": orders, "refunds": refunds} if refunds else {"orders": orders}

    def only(self, test: Callable[[Order], bool]) -> Shop:
        """The shop with some of its orders; refunds of the others go with them."""
        kept = tuple(order for order in self.orders if test(order))
        names = {order.id for order in kept}
        return Shop(kept, tuple(r for r in self.refunds if r.order in names), self.lost_after)


def months(first: date, n: int) -> list[tuple[date, date]]:
    """The spans of ``n`` Gregorian months from ``first`` on."""
    edges: Sequence[date] = [
        date(first.year + (first.month - 1 + k) // 12, (first.month - 1 + k) % 12 + 1, 1) for k in range(n + 1)
    ]
    return list(pairwise(edges))
