"""Every variant worked out by hand from the demo's files, beside the default formulas; those in working hours not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median

from demo_reading import Row
from independent import Kpis
from independent_shop import (
    DAY,
    STATUSES,
    YEARS,
    Shop,
    Span,
    Value,
    div,
    minus,
    plus,
    positive,
    prior,
    year_ago,
)


def expected_variants(folder: Path, lengths: Iterable[int] = (1, 3, 12)) -> dict[tuple[str, str, str], Value]:
    """The value of each variant (KPI, variant, label of the period) in each month, quarter and year of the demo."""
    return variants_of(Shop(folder), lengths)


def variants_of(shop: Shop, lengths: Iterable[int]) -> dict[tuple[str, str, str], Value]:
    """The same, of rows that are read already."""
    variants = Variants(shop)
    return {
        (kpi, variant, span.label): formula(span)
        for months in lengths
        for span in (Span(place, months) for place in range(0, 12 * YEARS, months))
        for (kpi, variant), formula in variants.formulas().items()
    }


def times(value: Value, factor: Value) -> Value:
    """A product, None when a part is missing."""
    return None if value is None or factor is None else value * factor


class Variants(Kpis):
    """The variants: ``kpi__variant`` is the formula of ``kpi.variant``."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self._worth = cache(self._worth_before)

    def formulas(self) -> dict[tuple[str, str], Callable[[Span], Value]]:  # type: ignore[override]
        """The variants by KPI and name."""
        return {tuple(name.split("__")): getattr(self, name) for name in vars(Variants) if "__" in name.strip("_")}  # type: ignore[misc]

    # Money.

    def revenue__gross(self, p: Span) -> Value:
        return self.shop.sum("good_orders", "ordered_at", p, "net_amount")

    def revenue__refund_date(self, p: Span) -> Value:
        back = self.shop.sum(
            "refunds", "refunded_at", p, "amount", lambda row: not row["order"] or row["order"]["good"]
        )
        return minus(self.revenue__gross(p), 0 if back is None else back)

    def revenue__real(self, p: Span) -> Value:
        """In prices of the last month of the table, by the index stated for the period's first day."""
        index = {row["date"]: row["index"] for row in self.shop.rows["cpi"]}
        return div(times(self.revenue(p), index[max(index)]), index.get(p.s))

    def sales_growth_yoy__real(self, p: Span) -> Value:
        before = self.revenue__real(year_ago(p))
        return div(minus(self.revenue__real(p), before), positive(before))

    def operating_expenses__ratio(self, p: Span) -> Value:
        return div(self.operating_expenses(p), self.revenue(p))

    def cogs__to_revenue(self, p: Span) -> Value:
        return div(self.cogs(p), self.revenue(p))

    def lob_revenue_vs_target__variance(self, p: Span) -> Value:
        return minus(self.revenue(p), self._wanted(p, "revenue", "هدف"))

    def lob_revenue_vs_target__relative(self, p: Span) -> Value:
        wanted = self._wanted(p, "revenue", "هدف")
        return div(minus(self.revenue(p), wanted), None if wanted is None else abs(wanted))

    def sales_by_region__attainment(self, p: Span) -> Value:
        return self.lob_revenue_vs_target(p)

    def sales_by_region__share_on_target(self, p: Span) -> Value:
        reached = []
        for region in sorted({row["region"] for row in self.shop.rows["targets"] if row["region"]}):
            tiles = [
                row["value"]
                for row in self.shop.rows["targets"]
                if (row["kpi"], row["scenario"], row["region"], row["lob"]) == ("revenue", "هدف", region, None)
                and p.s <= row["starts_on"]
                and row["ends_on"] <= p.e
            ]
            sold = self.shop.sum("good_orders", "ordered_at", p, "worth", self._of("region", region))
            if sold is not None and len(tiles) == p.months:
                reached.append(sold >= sum(tiles))
        return div(sum(reached), len(reached))

    def _of(self, column: str, member: str) -> Callable[[Row], bool]:
        return lambda row: row[column] == member

    def _credit(self, p: Span) -> Value:
        return self.shop.sum("invoices", "issued_at", p, "amount", lambda row: row["is_credit"])

    def dso__average_receivables(self, p: Span) -> Value:
        mean = div(plus(self._receivables(p.s), self._receivables(p.e)), 2)
        return div(times(mean, p.days), positive(self._credit(p)))

    def dso__count_back(self, p: Span) -> Value:
        owed, days = self._receivables(p.e), 0.0
        while owed is not None and owed > 0:
            sold = self._credit(p)
            if sold is None:
                return None
            days += p.days * min(1.0, owed / sold) if sold > 0 else p.days
            owed, p = owed - sold, prior(p)
        return None if owed is None else days

    # Orders.

    def average_order_value__median(self, p: Span) -> Value:
        worths = [row["worth"] for row in self.shop.between("good_orders", "ordered_at", p.s, p.e)]
        return median(worths) if worths else None

    def arpu__arppu(self, p: Span) -> Value:
        return div(self.revenue(p), self._buyers(p))

    def average_sale_value__per_deal(self, p: Span) -> Value:
        return self.average_order_value(p)

    def _by_rep(self, p: Span) -> dict[str, float]:
        sold: dict[str, float] = {}
        for row in self.shop.between("good_orders", "ordered_at", p.s, p.e):
            if row.get("salesperson"):
                sold[row["salesperson"]] = sold.get(row["salesperson"], 0) + row["worth"]
        return sold

    def revenue_per_rep__total(self, p: Span) -> Value:
        return sum(self._by_rep(p).values())

    def revenue_per_rep__median(self, p: Span) -> Value:
        return median(self._by_rep(p).values()) if self._by_rep(p) else None

    def successful_orders__delivered(self, p: Span) -> Value:
        return self.shop.count("orders", "ordered_at", p, lambda row: STATUSES[row["status"]] == "delivered")

    def product_return_rate__by_value(self, p: Span) -> Value:
        back = sum(row["amount"] for row in self.shop.between("returned", "ordered_at", p.s, p.e))
        return div(back, self.revenue__gross(p))

    def popular_product_sales_rate__units_per_day(self, p: Span) -> Value:
        popular = self._popular(p.s)
        units = self.shop.sum("lines", "ordered_at", p, "quantity", lambda row: row["product_id"] in popular)
        return div(None if units is None else units / p.days, len(popular))

    # Pipeline.

    def _won(self, p: Span) -> list[Row]:
        return [row for row in self.shop.between("deals", "closed_at", p.s, p.e) if row["outcome"] == "برنده"]

    def sales_cycle_length__median(self, p: Span) -> Value:
        days = [
            (row["closed_at"].date() - row["lead_created_at"].date()).days
            for row in self._won(p)
            if row["lead_created_at"]
        ]
        return median(days) if days else None

    def sales_cycle_length__by_lead_cohort(self, p: Span) -> Value:
        rows = self.shop.between("deals", "lead_created_at", p.s, p.e)
        won = [
            row for row in rows if row["outcome"] == "برنده" and row["closed_at"] < row["lead_created_at"] + 90 * DAY
        ]
        return div(sum((row["closed_at"].date() - row["lead_created_at"].date()).days for row in won), len(won))

    def sales_cycle_length__from_deal_created(self, p: Span) -> Value:
        won = self._won(p)
        return div(sum((row["closed_at"].date() - row["created_at"].date()).days for row in won), len(won))

    def lost_sales_rate__count(self, p: Span) -> Value:
        return self._closed(p, "بازنده")

    def lost_sales_rate__value(self, p: Span) -> Value:
        won, lost = (
            self.shop.sum("deals", "closed_at", p, "value", self._of("outcome", how)) for how in ("برنده", "بازنده")
        )
        return div(lost, plus(won, lost))

    def proposal_win_rate__created(self, p: Span) -> Value:
        rows = self.shop.between("deals", "created_at", p.s, p.e)
        won = [row for row in rows if row["outcome"] == "برنده" and row["closed_at"] < row["created_at"] + 90 * DAY]
        return div(len(won), len(rows))

    def _annual(self, row: Row) -> float:
        return float(row["value"] * 365 / (row["ends_on"] - row["starts_on"]).days)

    def average_contract_value__annualised(self, p: Span) -> Value:
        signed = self.shop.between("contracts", "signed_at", p.s, p.e)
        return div(sum(self._annual(row) for row in signed), len(signed))

    def contract_renewal_rate__by_value(self, p: Span) -> Value:
        worth: dict[str, float] = {}
        for row in self.shop.rows["contracts"]:
            old = row["previous_contract_id"]
            if old:
                worth[old] = worth.get(old, 0) + row["value"]
        ending = self.shop.between("contracts", "ends_on", p.s, p.e)
        kept = [row for row in ending if row["renewed_at"] and row["renewed_at"] < row["ends_on"] + 30 * DAY]
        renewals = [row.get("renewal_value") or worth[row["contract_id"]] for row in kept]
        capped = sum(min(new, row["value"]) for new, row in zip(renewals, kept, strict=True))
        return div(capped, sum(row["value"] for row in ending))

    def _running(self, t: datetime) -> list[Row]:
        return [row for row in self.shop.rows["contracts"] if row["starts_on"] < t <= row["ends_on"]]

    def contract_renewal_rate__net_revenue_retention(self, p: Span) -> Value:
        before = self._running(p.s)
        customers = {row["customer_id"] for row in before}
        after = [row for row in self._running(p.e) if row["customer_id"] in customers]
        return div(sum(map(self._annual, after)), sum(map(self._annual, before)))

    def trial_conversion_rate__ended(self, p: Span) -> Value:
        rows = self.shop.between("trials", "ended_at", p.s, p.e)
        return div(sum(1 for row in rows if row["converted_at"] and row["converted_at"] <= row["ended_at"]), len(rows))

    def demos_scheduled__held(self, p: Span) -> Value:
        def held(row: Row) -> bool:
            return row["kind"] in ("دمو", "مشاوره") and row["status"] in ("برگزار شده", "held")

        return self.shop.count("meetings", "held_at", p, held)

    def lead_conversion_rate__same_period(self, p: Span) -> Value:
        return div(self.shop.count("leads", "converted_at", p), self._leads(p))

    # Web.

    def conversion_rate__exposed(self, p: Span) -> Value:
        return div(self._buyers(p), self.reach(p))

    def conversion_rate__clicks(self, p: Span) -> Value:
        return div(self._ads(p, "conversions"), self._ads(p, "clicks"))

    def online_store_conversion_rate__users(self, p: Span) -> Value:
        online = self.shop.distinct("good_orders", "ordered_at", p, "customer_id", lambda row: row["online"])
        return div(online, self.website_visitors(p))

    def cart_abandonment_rate__checkout(self, p: Span) -> Value:
        rows = self.shop.between("carts", "checkout_at", p.s, p.e)
        bought = [row for row in rows if row["purchased_at"] and row["purchased_at"] < row["checkout_at"] + 7 * DAY]
        return minus(1, div(len(bought), len(rows)))

    def website_visitors__sessions(self, p: Span) -> Value:
        return len(self._visits(p))

    def keyword_ranking__top_ten(self, p: Span) -> Value:
        rows = self.shop.between("keyword_ranks", "date", p.e - 31 * DAY, p.e)
        last = {(row["keyword"], row["engine"]): row["position"] for row in rows}
        return sum(1 for place in last.values() if place is not None and place <= 10) if last else None

    def monthly_active_users__stickiness(self, p: Span) -> Value:
        return div(self.daily_active_users(p), self.monthly_active_users(p))

    def _returned(self, p: Span, days: int) -> Value:
        cohort = [seen for seen in self.shop.active_days.values() if p.s <= seen[0] < p.e]
        return div(sum(1 for seen in cohort if len(seen) > 1 and seen[1] <= seen[0] + days * DAY), len(cohort))

    def user_return_rate__d1(self, p: Span) -> Value:
        return self._returned(p, 1)

    def user_return_rate__d7(self, p: Span) -> Value:
        return self._returned(p, 7)

    def event_attendance__rate(self, p: Span) -> Value:
        return div(self.event_attendance(p), self.shop.sum("events", "held_at", p, "registrations"))

    # Costs.

    def cac__ads_only(self, p: Span) -> Value:
        return div(self._ads(p, "cost"), self.new_customers(p))

    def cac__lagged(self, p: Span) -> Value:
        rows = self.shop.rows["marketing_spend"]
        start, stop = p.s - 30 * DAY, p.e - 30 * DAY
        if stop <= min(row["spent_at"] for row in rows):
            return None
        return div(sum(row["amount"] for row in rows if start <= row["spent_at"] < stop), self.new_customers(p))

    def cost_per_lead__media(self, p: Span) -> Value:
        return div(self._ads(p, "cost"), self._leads(p))

    def ecpm__impressions(self, p: Span) -> Value:
        earned, shown = (self.shop.sum("publisher_daily", "date", p, name) for name in ("earnings", "impressions"))
        return times(div(earned, shown), 1000)

    def share_of_ad_spend__versus(self, p: Span) -> Value:
        return div(self._ads(p, "cost"), self.shop.sum("competitor_spend", "date", p, "amount"))

    def marketing_roi__organic_adjusted(self, p: Span) -> Value:
        last, long_ago = self.revenue(prior(p)), self.revenue(prior(p, 13))
        step = div(minus(last, long_ago), 12)
        return div(minus(minus(minus(self.revenue(p), last), step), self._marketing(p)), self._marketing(p))

    def marketing_roi__margin(self, p: Span) -> Value:
        gain = times(minus(self.revenue(p), self.revenue(prior(p))), self.gross_profit_margin(p))
        return div(minus(gain, self._marketing(p)), self._marketing(p))

    def marketing_roi__total_cost(self, p: Span) -> Value:
        cost = plus(self.cogs(p), self._ads(p, "cost"))
        return div(minus(self.revenue(p), cost), cost)

    def roas__break_even(self, p: Span) -> Value:
        return div(1, positive(self.gross_profit_margin(p)))

    # Customers.

    def _mean_active(self, p: Span) -> Value:
        return div(plus(self._opening(p), self.customer_count(p)), 2)

    def retention_rate__exact(self, p: Span) -> Value:
        return div(len(self._active(p.s) & self._active(p.e)), self._opening(p))

    def retention_rate__share(self, p: Span) -> Value:
        return div(len(self._loyal(p.e) & self._active(p.e)), self.customer_count(p))

    def customer_lifetime_value__margin(self, p: Span) -> Value:
        kept = self.retention_rate__exact(p)
        margin = times(div(self.gross_profit(p), self._mean_active(p)), kept)
        return div(margin, positive(minus(1, kept)))

    def customer_lifetime_value__saas(self, p: Span) -> Value:
        each = times(div(self.revenue(p), self._mean_active(p)), self.gross_profit_margin(p))
        return div(each, self.churn_rate(p))

    def _past_year(self, p: Span) -> Span:
        """The twelve months that end with the period, though they may begin before the data."""
        return Span(p.place + p.months - 12, 12)

    def customer_lifetime_value__simple(self, p: Span) -> Value:
        year = self._past_year(p)
        return times(times(self.average_order_value(p), div(self.successful_orders(year), self._buyers(year))), 3)

    def repeat_purchase_rate__window(self, p: Span) -> Value:
        year = self._past_year(p)
        orders: dict[str, int] = {}
        for row in self.shop.between("good_orders", "ordered_at", year.s, year.e):
            if row["customer_id"]:
                orders[row["customer_id"]] = orders.get(row["customer_id"], 0) + 1
        return div(sum(1 for count in orders.values() if count >= 2), len(orders))

    def returning_customers__share(self, p: Span) -> Value:
        return div(self.returning_customers(p), self._buyers(p))

    def churn_rate__average(self, p: Span) -> Value:
        return div(self.customers_lost(p), self._mean_active(p))

    def churn_rate__end(self, p: Span) -> Value:
        return div(self.customers_lost(p), self.customer_count(p))

    def _worth_before(self, t: datetime) -> dict[str, float]:
        """What each customer brought in the year before ``t``."""
        worth: dict[str, float] = {}
        for row in self.shop.between("good_orders", "ordered_at", t - 365 * DAY, t):
            worth[row["customer_id"]] = worth.get(row["customer_id"], 0) + row["worth"]
        return worth

    def churn_rate__revenue(self, p: Span) -> Value:
        worth, before = self._worth(p.s), self._active(p.s)
        lost = before - self._active(p.e)
        return div(sum(worth[one] for one in sorted(lost)), sum(worth[one] for one in sorted(before)))

    def key_account_retention__by_revenue(self, p: Span) -> Value:
        worth, before = self._worth(p.s), self._active(p.s) & self._keys(p.s)
        kept = before & self._active(p.e)
        return div(sum(worth[one] for one in sorted(kept)), sum(worth[one] for one in sorted(before)))

    def customer_loyalty_index__mirrored(self, p: Span) -> Value:
        index = self.customer_loyalty_index(p)
        # 20 a - 20 is 100 less (120 - 20 a).
        return None if index is None else 100 - index

    def customer_loyalty_index__zero_to_ten(self, p: Span) -> Value:
        forms = [[row["cli_1"], row["cli_2"], row["cli_3"]] for row in self.shop.latest_answers(p) or []]
        whole = [sum(form) / 3 for form in forms if all(answer is not None and 0 <= answer <= 10 for answer in form)]
        return div(sum(whole), len(whole))

    def csat__mean_of_scale(self, p: Span) -> Value:
        given = [row["csat"] for row in self.shop.latest_answers(p) or [] if row["csat"] is not None]
        return div(sum(grade / 5 for grade in given), len(given))

    # Social networks.

    def follower_growth_rate__uplift(self, p: Span) -> Value:
        def gain(span: Span) -> Value:
            return div(minus(self._followers(span.e), self._followers(span.s)), span.days)

        usual = div(plus(*(gain(prior(p, steps)) for steps in (1, 2, 3))), 3)
        return div(gain(p), positive(usual))

    def follower_growth_rate__targeted(self, p: Span) -> Value:
        def targeted(t: datetime) -> Value:
            return self.shop.snapshot("social_daily", ["network", "account"], "targeted_followers", t, lambda row: True)

        return div(minus(targeted(p.e), targeted(p.s)), positive(targeted(p.s)))

    def social_engagement_rate__by_reach(self, p: Span) -> Value:
        return div(self._posts(p, "likes", "comments", "shares"), self.reach(p))

    def social_engagement_rate__by_impressions(self, p: Span) -> Value:
        return div(self._posts(p, "likes", "comments", "shares"), self._posts(p, "impressions"))

    def impressions__frequency(self, p: Span) -> Value:
        return div(self.shop.sum("social_daily", "date", p, "impressions"), self.reach(p))

    def ctr__posts(self, p: Span) -> Value:
        return div(self._posts(p, "clicks"), self._posts(p, "impressions"))

    def ctr__ads(self, p: Span) -> Value:
        return div(self._ads(p, "clicks"), self._ads(p, "impressions"))

    def share_rate__amplification(self, p: Span) -> Value:
        return div(self._posts(p, "shares"), self._followers(p.e))

    def share_rate__by_post_reach(self, p: Span) -> Value:
        return div(self._posts(p, "shares"), self._posts(p, "reach"))

    def video_view_rate__completion(self, p: Span) -> Value:
        return div(self._posts(p, "completed_views"), self._posts(p, "video_views"))

    # Service and production.

    def message_response_rate__within_sla(self, p: Span) -> Value:
        asked = self._asked(p)
        in_time = [row for row in asked if row["answered_at"] and row["answered_at"] <= row["received_at"] + DAY / 24]
        return div(len(in_time), len(asked))

    def avg_response_time__median(self, p: Span) -> Value:
        waits = [
            (row["answered_at"] - row["received_at"]).total_seconds() / 60 if row["answered_at"] else float("inf")
            for row in self._asked(p)
        ]
        middle = median(waits) if waits else None
        return None if middle == float("inf") else middle

    def mttr__median(self, p: Span) -> Value:
        rows = self.shop.between("tickets", "resolved_at", p.s, p.e)
        hours = [(row["resolved_at"] - row["opened_at"]).total_seconds() / 3600 - row["waiting_hours"] for row in rows]
        return median(hours) if hours else None

    def tickets_new__per_100_customers(self, p: Span) -> Value:
        return times(div(self.tickets_new(p), self._mean_active(p)), 100)

    def tickets_resolved__share(self, p: Span) -> Value:
        return div(self.tickets_resolved(p), self.tickets_new(p))

    def product_defect_rate__inspected(self, p: Span) -> Value:
        return div(self._made(p, "units_defective"), self._made(p, "units_inspected"))

    def units_per_hour__good(self, p: Span) -> Value:
        return div(minus(self._made(p, "units_produced"), self._made(p, "units_defective")), self._made(p, "run_hours"))
