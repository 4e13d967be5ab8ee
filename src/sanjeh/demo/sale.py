"""A sale is an order as it happened, before any system exports it: who, when, what, what for, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SUCCESSFUL = ("پرداخت شده", "ارسال شده", "تحویل شده")


@dataclass(frozen=True, slots=True)
class Line:
    """A product in an order: how many, what they sold for and cost together, in toman."""

    product: str
    quantity: int
    amount: int
    cost: int


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer: key, day of joining, kind, region, day of the first order before the data, and key-account span."""

    key: str
    joined: int
    segment: str
    region: str
    first_order: int | None = None
    key_from: int | None = None
    key_to: int | None = None
    is_key_account: bool = False


@dataclass(frozen=True, slots=True)
class Refund:
    """Money given back: when, how much, for what; an order that is no longer in the data has no key."""

    key: str
    minute: int
    amount: int
    order: str
    customer: str
    product: str
    quantity: int | None
    reason: str


@dataclass(slots=True)
class Sale:
    """An order: amounts in toman without VAT and shipping; ``delivered`` in minutes, ``lob`` the line of business."""

    key: str
    minute: int
    customer: str
    status: str
    lob: str
    region: str
    channel: str
    lines: tuple[Line, ...]
    salesperson: str = ""
    campaign: str = ""
    delivered: int | None = None
    discount: int = 0
    shipping: int = 0
    refunds: list[Refund] = field(default_factory=list)

    @property
    def amount(self) -> int:
        """The net amount: the sum of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def is_successful(self) -> bool:
        """Whether the order counts."""
        return self.status in SUCCESSFUL


@dataclass(frozen=True, slots=True)
class Sales:
    """All that was bought in the timeline, in the order of time."""

    buyers: Sequence[Buyer]
    orders: Sequence[Sale]
    # Refunds whose order was made before the data begins.
    old_refunds: Sequence[Refund]
