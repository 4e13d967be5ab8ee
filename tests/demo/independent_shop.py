"""The demo shop in plain rows: what the model derives at import, and what is in a period or at an instant."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from demo_reading import Row, read_demo, to_time

Value = float | None
FIRST_YEAR, YEARS = 1401, 3
DAY = timedelta(days=1)
LONG_AGO = datetime(1900, 1, 1)
MIDNIGHT = LONG_AGO.time()

STATUSES = {
    "تحویل شده": "delivered", "ارسال شده": "shipped", "پرداخت شده": "paid", "لغو شده": "cancelled",
    "در انتظار پرداخت": "pending", "مرجوع شده": "refunded", "تست": "test",
}  # fmt: skip
CLASSES = {
    "درآمد فروش": "revenue", "بهای تمام شده کالای فروش رفته": "cogs", "هزینه‌های عملیاتی": "operating_expense",
    "سود سپرده": "other_income", "هزینه‌های مالی": "interest", "سایر هزینه‌ها": "other_cost", "مالیات": "tax",
}  # fmt: skip
COMPONENTS = {
    "حقوق و دستمزد": "wages", "پورسانت": "wages", "نرم‌افزار": "software", "خدمات حرفه‌ای": "professional_services",
    "سربار": "overhead", "محتوا": "campaign", "رویداد": "campaign", "تبلیغات": "campaign", "کمپین": "campaign",
}  # fmt: skip
WORKING = ("delivered", "shipped", "paid")


def month_start(place: int) -> datetime:
    """The first instant of the month ``place`` months after 1401-01."""
    years, month = divmod(place, 12)
    return to_time(f"{FIRST_YEAR + years}/{month + 1}/1")


class Span:
    """Months of the Jalali calendar from ``place`` (0 is 1401-01) on: ``s`` and ``e`` bound them, half-open."""

    def __init__(self, place: int, months: int = 1) -> None:
        self.place, self.months = place, months
        self.s, self.e = month_start(place), month_start(place + months)
        self.days = (self.e - self.s).days

    @property
    def label(self) -> str:
        """Such as 1403-05, 1403-Q2 or 1403."""
        year, month = FIRST_YEAR + self.place // 12, self.place % 12
        return {1: f"{year}-{month + 1:02}", 3: f"{year}-Q{month // 3 + 1}", 12: f"{year}"}[self.months]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and (self.place, self.months) == (other.place, other.months)

    def __hash__(self) -> int:
        return hash((self.place, self.months))


def prior(span: Span, steps: int = 1) -> Span:
    """The period ``steps`` before."""
    return Span(span.place - steps * span.months, span.months)


def year_ago(span: Span) -> Span:
    """The same period a year before."""
    return Span(span.place - 12, span.months)


def div(top: Value, bottom: Value) -> Value:
    """A quotient, None without one."""
    return None if top is None or bottom is None or bottom == 0 else top / bottom


def positive(value: Value) -> Value:
    """The value when it is above zero."""
    return value if value is not None and value > 0 else None


def minus(left: Value, right: Value) -> Value:
    """A difference, None when a part is missing."""
    return None if left is None or right is None else left - right


def plus(*values: Value) -> Value:
    """A sum, None when a part is missing."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


class Shop:
    """The rows of every entity, with what the model derives at import."""

    def __init__(self, folder: Path) -> None:
        self._take(read_demo(folder)[0], month_start(12 * YEARS))

    @classmethod
    def of_rows(cls, rows: dict[str, list[Row]], as_of: datetime) -> Shop:
        """A shop of rows that were read elsewhere."""
        shop = cls.__new__(cls)
        shop._take(rows, as_of)
        return shop

    def _take(self, rows: dict[str, list[Row]], as_of: datetime) -> None:
        self.rows = rows
        self.as_of = as_of
        self._derive_sales()
        self._derive_pipeline()
        for row in rows["ledger"]:
            row["class"] = CLASSES[row["account_class"]]
        for row in rows["marketing_spend"]:
            row["part"] = COMPONENTS[row["component"]]
        active: dict[str, set[datetime]] = defaultdict(set)
        for row in rows["user_activity"]:
            active[row["user_id"]].add(datetime.combine(row["active_at"].date(), MIDNIGHT))
        self.active_days = {user: sorted(days) for user, days in active.items()}
        self._sorted: dict[tuple[str, str], tuple[list[datetime], list[Row]]] = {}

    def _derive_sales(self) -> None:
        rows = self.rows
        self.order = {row["order_id"]: row for row in rows["orders"]}
        for row in rows["orders"]:
            row["good"] = STATUSES[row["status"]] in WORKING
            row["refunded"] = 0
            row["online"] = row.get("is_online", True) is not False
        adjustments: list[Row] = []
        for refund in rows["refunds"]:
            order = self.order.get(refund["order_id"])
            refund["order"] = order
            if order is not None:
                order["refunded"] += refund["amount"]
            else:
                adjustments.append({"ordered_at": refund["refunded_at"], "worth": -refund["amount"]})
        for row in rows["orders"]:
            row["worth"] = row["net_amount"] - row["refunded"]
        rows["good_orders"] = [row for row in rows["orders"] if row["good"]]
        rows["revenue"] = [*rows["good_orders"], *adjustments]
        rows["lines"] = []
        for line in rows["order_lines"]:
            order = self.order.get(line["order_id"])
            if order is not None and order["good"]:
                rows["lines"].append({**line, "ordered_at": order["ordered_at"]})
        rows["returned"] = [
            {**refund, "ordered_at": refund["order"]["ordered_at"]}
            for refund in rows["refunds"]
            if refund["order"] is not None
            and refund["order"]["good"]
            and refund["refunded_at"] < refund["order"]["ordered_at"] + 30 * DAY
        ]
        first: dict[str, datetime] = {}
        for row in sorted(rows["good_orders"], key=lambda row: row["ordered_at"]):
            if row["customer_id"]:
                first.setdefault(row["customer_id"], row["ordered_at"])
        own = {row["customer_id"]: row["first_order_at"] for row in rows["customers"] if row["first_order_at"]}
        self.first_order = {**first, **own}

    def _derive_pipeline(self) -> None:
        rows = self.rows
        created = {row["lead_id"]: row["created_at"] for row in rows["leads"]}
        for deal in rows["deals"]:
            deal["lead_created_at"] = deal.get("lead_created_at") or created.get(deal["lead_id"])
        renewed: dict[str, datetime] = {}
        for row in rows["contracts"]:
            old = row["previous_contract_id"]
            if old:
                renewed[old] = min(row["signed_at"], renewed.get(old, row["signed_at"]))
        for row in rows["contracts"]:
            row["renewed_at"] = row.get("renewed_at") or renewed.get(row["contract_id"])
        self.contacts: dict[str, list[datetime]] = defaultdict(list)
        for contact in rows["deal_contacts"]:
            if not contact["is_automatic"]:
                self.contacts[contact["deal_id"]].append(contact["contacted_at"])

    def between(self, entity: str, time: str, start: datetime, stop: datetime) -> list[Row]:
        """The rows whose time is in [start, stop)."""
        times, rows = self._by_time(entity, time)
        return rows[bisect_left(times, start) : bisect_left(times, stop)]

    def in_span(self, entity: str, time: str, span: Span) -> list[Row] | None:
        """The rows of a period; None for one that ends before the first of them."""
        times, _ = self._by_time(entity, time)
        return None if not times or times[0] >= span.e else self.between(entity, time, span.s, span.e)

    def _by_time(self, entity: str, time: str) -> tuple[list[datetime], list[Row]]:
        if (entity, time) not in self._sorted:
            rows = sorted((row for row in self.rows[entity] if row[time] is not None), key=lambda row: row[time])
            self._sorted[entity, time] = [row[time] for row in rows], rows
        return self._sorted[entity, time]

    def count(self, entity: str, time: str, span: Span, where: Callable[[Row], object] = lambda row: True) -> Value:
        """How many rows of a period satisfy a condition."""
        rows = self.in_span(entity, time, span)
        return None if rows is None else sum(1 for row in rows if where(row))

    def sum(
        self, entity: str, time: str, span: Span, what: str, where: Callable[[Row], object] = lambda row: True
    ) -> Value:
        """The sum of a column over the rows of a period that satisfy a condition."""
        rows = self.in_span(entity, time, span)
        return None if rows is None else sum(row[what] for row in rows if where(row) and row[what] is not None)

    def distinct(
        self, entity: str, time: str, span: Span, what: str, where: Callable[[Row], object] = lambda row: True
    ) -> Value:
        """How many different values a column has in a period."""
        rows = self.in_span(entity, time, span)
        return None if rows is None else len({row[what] for row in rows if where(row) and row[what]})

    def snapshot(
        self, entity: str, members: Sequence[str], what: str, t: datetime, where: Callable[[Row], object]
    ) -> Value:
        """The last stated value of each member before ``t``, at most 31 days old, summed."""
        last: dict[tuple[object, ...], Row] = {}
        for row in self.between(entity, "date", t - 31 * DAY, t):
            if where(row):
                last[tuple(row[name] for name in members)] = row
        return sum(row[what] for row in last.values()) if last else None

    def active(self, t: datetime) -> set[str]:
        """Who has a successful order in the ninety days before ``t``."""
        return {
            row["customer_id"]
            for row in self.between("good_orders", "ordered_at", t - 90 * DAY, t)
            if row["customer_id"]
        }

    def loyal(self, t: datetime) -> set[str]:
        """Who has three successful orders or more in the year before ``t``."""
        rows = self.between("good_orders", "ordered_at", t - 365 * DAY, t)
        orders = Counter(row["customer_id"] for row in rows if row["customer_id"])
        return {customer for customer, times in orders.items() if times >= 3}

    def key_accounts(self, t: datetime) -> set[str]:
        """Who is a key account at ``t``."""
        return {
            row["customer_id"]
            for row in self.rows["customers"]
            if row["is_key_account"]
            and (row["key_from"] is None or row["key_from"] <= t)
            and (row["key_to"] is None or row["key_to"] > t)
        }

    def popular(self, t: datetime) -> set[str]:
        """The fifth of the products that sold best in the ninety days before ``t``."""
        amount: Counter[str] = Counter()
        units: Counter[str] = Counter()
        for row in self.between("lines", "ordered_at", t - 90 * DAY, t):
            amount[row["product_id"]] += row["net_amount"]
            units[row["product_id"]] += row["quantity"]
        ranked = sorted(amount, key=lambda product: (-amount[product], -units[product], product))
        return set(ranked[: -(-len(ranked) // 5)])

    def latest_answers(self, span: Span) -> list[Row] | None:
        """The last answer of each customer to each survey in a period; an answer without a customer is its own."""
        rows = self.in_span("survey_responses", "answered_at", span)
        if rows is None:
            return None
        last = {(row["customer_id"] or ("", row["response_id"]), row["survey"]): row for row in rows}
        return list(last.values())
