"""Every KPI's default formula worked out by hand from the demo's files: plain loops over plain rows, nothing of ours.

``None`` stands for any reason why there is no value. Amounts are in toman. The days end with 1403.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import fmean

from demo_reading import Row
from independent_shop import (
    DAY,
    LONG_AGO,
    YEARS,
    Shop,
    Span,
    Value,
    div,
    minus,
    month_start,
    plus,
    positive,
    prior,
    year_ago,
)


def expected_values(folder: Path, lengths: Iterable[int] = (1, 3, 12)) -> dict[tuple[str, str], Value]:
    """The value of each KPI's default formula in each month, quarter and year of the demo, and each campaign's cost.

    ``lengths`` are the lengths of the periods in months. A campaign's cost is under ("campaign_cac", its name).
    """
    return values_of(Shop(folder), lengths)


def values_of(shop: Shop, lengths: Iterable[int]) -> dict[tuple[str, str], Value]:
    """The same, of rows that are read already."""
    kpis = Kpis(shop)
    values: dict[tuple[str, str], Value] = {}
    for months in lengths:
        for place in range(0, 12 * YEARS, months):
            span = Span(place, months)
            for name, formula in kpis.formulas().items():
                values[name, span.label] = formula(span)
    for campaign in shop.rows["campaigns"]:
        values["campaign_cac", campaign["campaign"]] = kpis.campaign_cac(campaign)
    return values


class Kpis:
    """The formulas; a method without an underscore is a KPI's default formula, its name the KPI's id."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._active = cache(shop.active)
        self._loyal = cache(shop.loyal)
        self._keys = cache(shop.key_accounts)
        self._popular = cache(shop.popular)

    def formulas(self) -> dict[str, Callable[[Span], Value]]:
        """The KPIs by id, all but ``campaign_cac``, whose periods are the campaigns'."""
        names = [name for name in vars(Kpis) if not name.startswith("_") and name not in ("formulas", "campaign_cac")]
        return {name: getattr(self, name) for name in names}

    # Money.

    def revenue(self, p: Span) -> Value:
        return self.shop.sum("revenue", "ordered_at", p, "worth")

    def cogs(self, p: Span) -> Value:
        return self.shop.sum("lines", "ordered_at", p, "cost")

    def gross_profit(self, p: Span) -> Value:
        return minus(self.revenue(p), self.cogs(p))

    def _booked(self, p: Span, *classes: str) -> Value:
        return self.shop.sum("ledger", "booked_at", p, "amount", lambda row: row["class"] in classes)

    def _total_cost(self, p: Span) -> Value:
        return self._booked(p, "cogs", "operating_expense", "interest", "tax", "other_cost")

    def net_profit(self, p: Span) -> Value:
        return minus(plus(self.revenue(p), self._booked(p, "other_income")), self._total_cost(p))

    def gross_profit_margin(self, p: Span) -> Value:
        return div(self.gross_profit(p), self.revenue(p))

    def net_profit_margin(self, p: Span) -> Value:
        return div(self.net_profit(p), self.revenue(p))

    def operating_expenses(self, p: Span) -> Value:
        return self._booked(p, "operating_expense")

    def cost_effectiveness(self, p: Span) -> Value:
        return div(self._total_cost(p), self.revenue(p))

    def _wanted(self, p: Span, name: str, scenario: str) -> Value:
        """The company-wide target of exactly this span, else the sum of those that tile it."""
        rows = [
            row
            for row in self.shop.rows["targets"]
            if (row["kpi"], row["scenario"], row["lob"], row["region"]) == (name, scenario, None, None)
        ]
        tiles = [row["value"] for row in rows if p.s <= row["starts_on"] and row["ends_on"] <= p.e]
        return sum(tiles) if len(tiles) == p.months else None

    def lob_revenue_vs_target(self, p: Span) -> Value:
        return div(self.revenue(p), positive(self._wanted(p, "revenue", "هدف")))

    def lob_expense_vs_budget(self, p: Span) -> Value:
        budget = self._wanted(p, "operating_expenses", "بودجه")
        return div(minus(self.operating_expenses(p), budget), positive(budget))

    def sales_by_region(self, p: Span) -> Value:
        return self.revenue(p)

    def _receivables(self, t: datetime) -> Value:
        rows = self.shop.between("invoices", "issued_at", LONG_AGO, t)
        unpaid = [row for row in rows if row["is_credit"] and (row["paid_at"] is None or row["paid_at"] >= t)]
        return sum(row["amount"] for row in unpaid) if rows else None

    def dso(self, p: Span) -> Value:
        credit = self.shop.sum("invoices", "issued_at", p, "amount", lambda row: row["is_credit"])
        owed = self._receivables(p.e)
        return None if owed is None else div(owed * p.days, positive(credit))

    def sales_growth_yoy(self, p: Span) -> Value:
        before = self.revenue(year_ago(p))
        return div(minus(self.revenue(p), before), positive(before))

    # Orders.

    def successful_orders(self, p: Span) -> Value:
        return self.shop.count("orders", "ordered_at", p, lambda row: row["good"])

    def average_order_value(self, p: Span) -> Value:
        return div(self.revenue(p), self.successful_orders(p))

    def _items_sold(self, p: Span) -> Value:
        return self.shop.sum("lines", "ordered_at", p, "quantity")

    def items_per_order(self, p: Span) -> Value:
        return div(self._items_sold(p), self.successful_orders(p))

    def _buyers(self, p: Span) -> Value:
        return self.shop.distinct("good_orders", "ordered_at", p, "customer_id")

    def arpu(self, p: Span) -> Value:
        return div(self.revenue(p), self.monthly_active_users(p))

    def average_sale_value(self, p: Span) -> Value:
        return div(self.revenue(p), self._buyers(p))

    def _salespeople(self, p: Span) -> Value:
        def fte(t: datetime) -> Value:
            return self.shop.snapshot(
                "headcount", ["function", "team"], "fte", t, lambda row: row["function"] == "فروش"
            )

        return div(plus(fte(p.s), fte(p.e)), 2)

    def revenue_per_sales_employee(self, p: Span) -> Value:
        return div(self.revenue(p), self._salespeople(p))

    def revenue_per_rep(self, p: Span) -> Value:
        assigned = self.shop.sum("good_orders", "ordered_at", p, "worth", lambda row: row.get("salesperson"))
        sellers = {
            row["salesperson"]
            for row in self.shop.between("good_orders", "ordered_at", p.s, p.e)
            if row.get("salesperson")
        }
        return div(assigned, len(sellers))

    def loyal_sales_growth_share(self, p: Span) -> Value:
        def loyal(span: Span) -> Value:
            members = self._loyal(span.s)
            return self.shop.sum("good_orders", "ordered_at", span, "worth", lambda row: row["customer_id"] in members)

        part = minus(loyal(p), loyal(year_ago(p)))
        whole = minus(self.revenue(p), self.revenue(year_ago(p)))
        return part / whole if part is not None and whole is not None and whole > 0 and 0 <= part <= whole else None

    def product_return_rate(self, p: Span) -> Value:
        returned = [row["quantity"] or 0 for row in self.shop.between("returned", "ordered_at", p.s, p.e)]
        return div(sum(returned), self._items_sold(p))

    def popular_product_sales_rate(self, p: Span) -> Value:
        popular = self._popular(p.s)
        sales = self.shop.sum("lines", "ordered_at", p, "net_amount")
        best = self.shop.sum("lines", "ordered_at", p, "net_amount", lambda row: row["product_id"] in popular)
        return div(best, sales)

    # Pipeline.

    def sales_cycle_length(self, p: Span) -> Value:
        rows = self.shop.between("deals", "closed_at", p.s, p.e)
        won = [row for row in rows if row["outcome"] == "برنده" and row["lead_created_at"]]
        days = [(row["closed_at"].date() - row["lead_created_at"].date()).days for row in won]
        return div(sum(days), len(days))

    def _closed(self, p: Span, outcome: str) -> Value:
        return self.shop.count("deals", "closed_at", p, lambda row: row["outcome"] == outcome)

    def lost_sales_rate(self, p: Span) -> Value:
        return div(self._closed(p, "بازنده"), plus(self._closed(p, "برنده"), self._closed(p, "بازنده")))

    def proposal_win_rate(self, p: Span) -> Value:
        return div(self._closed(p, "برنده"), plus(self._closed(p, "برنده"), self._closed(p, "بازنده")))

    def neglected_opportunities_rate(self, p: Span) -> Value:
        t = p.e
        begun = self.shop.between("deals", "created_at", LONG_AGO, t)
        live = [row for row in begun if row["closed_at"] is None or row["closed_at"] >= t]
        neglected = 0
        for row in live:
            contacts = [time for time in self.shop.contacts[row["deal_id"]] if time < t]
            neglected += max([row["created_at"], *contacts]) < t - 14 * DAY
        return div(neglected, len(live))

    def average_contract_value(self, p: Span) -> Value:
        signed = self.shop.between("contracts", "signed_at", p.s, p.e)
        return div(sum(row["value"] for row in signed), len(signed))

    def contract_renewal_rate(self, p: Span) -> Value:
        ending = self.shop.between("contracts", "ends_on", p.s, p.e)
        renewed = [row for row in ending if row["renewed_at"] and row["renewed_at"] < row["ends_on"] + 30 * DAY]
        return div(len(renewed), len(ending))

    def trial_conversion_rate(self, p: Span) -> Value:
        rows = self.shop.between("trials", "started_at", p.s, p.e)
        over = [row for row in rows if row["started_at"] + 30 * DAY <= self.shop.as_of]
        bought = [row for row in over if row["converted_at"] and row["converted_at"] < row["started_at"] + 30 * DAY]
        return div(len(bought), len(over))

    def demos_scheduled(self, p: Span) -> Value:
        return self.shop.count("meetings", "booked_at", p, lambda row: row["kind"] in ("دمو", "مشاوره"))

    # Leads.

    def _leads(self, p: Span) -> Value:
        return self.shop.count("leads", "created_at", p)

    def lead_conversion_rate(self, p: Span) -> Value:
        def converted(row: Row) -> bool:
            return row["converted_at"] is not None and row["converted_at"] < row["created_at"] + 90 * DAY

        return div(self.shop.count("leads", "created_at", p, converted), self._leads(p))

    def qualified_leads(self, p: Span) -> Value:
        rows = [row for time in ("mql_at", "sql_at") for row in self.shop.in_span("leads", time, p) or []]
        return len({row["lead_id"] for row in rows})

    def mql_count(self, p: Span) -> Value:
        return self.shop.count("leads", "mql_at", p)

    def sql_count(self, p: Span) -> Value:
        return self.shop.count("leads", "sql_at", p)

    def mql_to_sql_rate(self, p: Span) -> Value:
        def moved(row: Row) -> bool:
            return row["sql_at"] is not None and row["mql_at"] <= row["sql_at"] < row["mql_at"] + 90 * DAY

        return div(self.shop.count("leads", "mql_at", p, moved), self.mql_count(p))

    def sql_to_customer_rate(self, p: Span) -> Value:
        def moved(row: Row) -> bool:
            return row["converted_at"] is not None and row["sql_at"] <= row["converted_at"] < row["sql_at"] + 90 * DAY

        return div(self.shop.count("leads", "sql_at", p, moved), self.sql_count(p))

    def social_lead_share(self, p: Span) -> Value:
        social = self.shop.count("leads", "created_at", p, lambda row: row["source_class"] == "شبکه اجتماعی")
        return div(social, self._leads(p))

    # Costs.

    def _spent(self, p: Span, where: Callable[[Row], object] = lambda row: True) -> Value:
        return self.shop.sum("marketing_spend", "spent_at", p, "amount", where)

    def _marketing(self, p: Span) -> Value:
        return self._spent(p, lambda row: row["function"] == "بازاریابی")

    def _ads(self, p: Span, what: str) -> Value:
        return self.shop.sum("ad_daily", "date", p, what)

    def cac(self, p: Span) -> Value:
        parts = ("campaign", "wages", "software", "professional_services", "overhead")
        return div(self._spent(p, lambda row: row["part"] in parts), self.new_customers(p))

    def cost_per_acquisition(self, p: Span) -> Value:
        return div(self._spent(p), self.new_customers(p))

    def campaign_cac(self, campaign: Row) -> Value:
        """One campaign's own cost over the new customers above the mean of the two equal spans before it."""
        s, e = campaign["starts_on"], campaign["ends_on"] + DAY + 14 * DAY
        cost = sum(row["amount"] for row in self.shop.rows["marketing_spend"]
                   if row["part"] == "campaign" and row["campaign"] == campaign["campaign"])  # fmt: skip
        width = e - s
        if s - 2 * width < month_start(0):
            return None
        before = (self._new_between(s - 2 * width, s - width) + self._new_between(s - width, s)) / 2
        return div(cost, positive(self._new_between(s, e) - before))

    def cost_per_lead(self, p: Span) -> Value:
        return div(self._marketing(p), self._leads(p))

    def _cost_per_approach(self, p: Span, approach: str) -> Value:
        cost = self._spent(p, lambda row: row["function"] == "بازاریابی" and row["approach"] == approach)
        return div(cost, self.shop.count("leads", "created_at", p, lambda row: row["approach"] == approach))

    def inbound_cost_per_lead(self, p: Span) -> Value:
        return self._cost_per_approach(p, "درون‌گرا")

    def outbound_cost_per_lead(self, p: Span) -> Value:
        return self._cost_per_approach(p, "برون‌گرا")

    def cost_per_visitor(self, p: Span) -> Value:
        return div(self._marketing(p), self.website_visitors(p))

    def cost_per_win(self, p: Span) -> Value:
        return div(self._spent(p), self._closed(p, "برنده"))

    def cost_per_click(self, p: Span) -> Value:
        return div(self._ads(p, "cost"), self._ads(p, "clicks"))

    def cpm(self, p: Span) -> Value:
        cost = div(self._ads(p, "cost"), self._ads(p, "impressions"))
        return None if cost is None else 1000 * cost

    def ecpm(self, p: Span) -> Value:
        earned = self.shop.sum("publisher_daily", "date", p, "earnings")
        share = div(earned, self.shop.sum("publisher_daily", "date", p, "completed_views"))
        return None if share is None else 1000 * share

    def share_of_ad_spend(self, p: Span) -> Value:
        own = self._ads(p, "cost")
        return div(own, plus(own, self.shop.sum("competitor_spend", "date", p, "amount")))

    def marketing_roi(self, p: Span) -> Value:
        gain = minus(minus(self.revenue(p), self.revenue(prior(p))), self._marketing(p))
        return div(gain, self._marketing(p))

    def roas(self, p: Span) -> Value:
        return div(self._ads(p, "conversion_value"), self._ads(p, "cost"))

    def cost_per_mql(self, p: Span) -> Value:
        return div(self._marketing(p), self.mql_count(p))

    def cost_per_sql(self, p: Span) -> Value:
        return div(self._spent(p), self.sql_count(p))

    def cost_per_demo(self, p: Span) -> Value:
        return div(self._spent(p), self.demos_scheduled(p))

    def cost_per_trial(self, p: Span) -> Value:
        return div(self._spent(p), self.shop.count("trials", "started_at", p))

    # Customers.

    def _new_between(self, start: datetime, stop: datetime) -> int:
        return sum(1 for first in self.shop.first_order.values() if start <= first < stop)

    def new_customers(self, p: Span) -> Value:
        return self._new_between(p.s, p.e) if self.shop.in_span("good_orders", "ordered_at", p) is not None else None

    def returning_customers(self, p: Span) -> Value:
        """Buyers of the period who had bought before it, in the data or by their own stated first order."""
        buyers = {row["customer_id"] for row in self.shop.between("good_orders", "ordered_at", p.s, p.e)} - {None}
        return sum(1 for buyer in buyers if self.shop.first_order[buyer] < p.s)

    def customer_count(self, p: Span) -> Value:
        return len(self._active(p.e))

    def _opening(self, p: Span) -> Value:
        # No instant before the first order has customers to count.
        return len(self._active(p.s)) if p.place > 0 else None

    def customers_lost(self, p: Span) -> Value:
        return len(self._active(p.s) - self._active(p.e))

    def churn_rate(self, p: Span) -> Value:
        return div(self.customers_lost(p), self._opening(p))

    def retention_rate(self, p: Span) -> Value:
        return div(minus(self.customer_count(p), self.new_customers(p)), self._opening(p))

    def repeat_purchase_rate(self, p: Span) -> Value:
        rows = self.shop.between("good_orders", "ordered_at", LONG_AGO, p.e)
        orders = Counter(row["customer_id"] for row in rows if row["customer_id"])
        return div(sum(1 for times in orders.values() if times >= 2), len(orders))

    def customer_lifetime_value(self, p: Span) -> Value:
        worth = sum(row["worth"] for row in self.shop.between("revenue", "ordered_at", LONG_AGO, p.e))
        rows = self.shop.between("good_orders", "ordered_at", LONG_AGO, p.e)
        return div(worth, len({row["customer_id"] for row in rows if row["customer_id"]}))

    def ltv_to_cac(self, p: Span) -> Value:
        opening, closing = self._opening(p), self.customer_count(p)
        kept = div(len(self._active(p.s) & self._active(p.e)), opening)
        if kept is None:
            return None
        margin = div(self.gross_profit(p), div(plus(opening, closing), 2))
        lifetime = div(None if margin is None else margin * kept, positive(1 - kept))
        return div(lifetime, self.cac(p))

    def key_account_retention(self, p: Span) -> Value:
        before = self._active(p.s) & self._keys(p.s)
        return div(len(before & self._active(p.e)), len(before))

    def _satisfied(self, answers: Iterable[Row]) -> Value:
        given = [row["csat"] for row in answers if row["csat"] is not None]
        return div(sum(1 for grade in given if grade >= 4), len(given))

    def key_account_satisfaction(self, p: Span) -> Value:
        keys = self._keys(p.s)
        return self._satisfied(row for row in self.shop.latest_answers(p) or [] if row["customer_id"] in keys)

    def csat(self, p: Span) -> Value:
        return self._satisfied(self.shop.latest_answers(p) or [])

    def nps(self, p: Span) -> Value:
        given = [row["nps"] for row in self.shop.latest_answers(p) or [] if row["nps"] is not None]
        share = div(sum((grade >= 9) - (grade <= 6) for grade in given), len(given))
        return None if share is None else 100 * share

    def customer_loyalty_index(self, p: Span) -> Value:
        forms = [[row["cli_1"], row["cli_2"], row["cli_3"]] for row in self.shop.latest_answers(p) or []]
        whole = [sum(form) / 3 for form in forms if all(answer is not None and 1 <= answer <= 6 for answer in form)]
        return 120 - 20 * fmean(whole) if whole else None

    def customer_engagement_rate(self, p: Span) -> Value:
        touched: set[str] = set()
        for entity, time in (
            ("orders", "ordered_at"), ("messages", "received_at"), ("tickets", "opened_at"), ("meetings", "booked_at"),
            ("survey_responses", "answered_at"), ("user_activity", "active_at"), ("web_sessions", "started_at"),
        ):  # fmt: skip
            touched |= {row["customer_id"] for row in self.shop.between(entity, time, p.s, p.e)}
        return div(len(touched & self._active(p.e)), self.customer_count(p))

    # Web and app.

    def _visits(self, p: Span, where: Callable[[Row], object] = lambda row: True) -> list[Row]:
        rows = self.shop.between("web_sessions", "started_at", p.s, p.e)
        return [row for row in rows if not row["is_bot"] and not row["is_internal"] and where(row)]

    def website_visitors(self, p: Span) -> Value:
        return len({row["visitor_id"] for row in self._visits(p)})

    def conversion_rate(self, p: Span) -> Value:
        bought = {row["visitor_id"] for row in self._visits(p, lambda row: row["converted"])}
        return div(len(bought), self.website_visitors(p))

    def online_store_conversion_rate(self, p: Span) -> Value:
        online = self.shop.count("good_orders", "ordered_at", p, lambda row: row["online"])
        return div(online, len(self._visits(p)))

    def user_engagement_rate(self, p: Span) -> Value:
        return div(len(self._visits(p, lambda row: row["engaged"])), len(self._visits(p)))

    def organic_traffic(self, p: Span) -> Value:
        return len(self._visits(p, lambda row: row["medium"] == "organic"))

    def referral_traffic(self, p: Span) -> Value:
        return len(self._visits(p, lambda row: row["medium"] == "referral" and row["source"] != "shaparak.ir"))

    def social_traffic(self, p: Span) -> Value:
        return len(self._visits(p, lambda row: row["medium"] == "social"))

    def cart_abandonment_rate(self, p: Span) -> Value:
        carts = self.shop.between("carts", "created_at", p.s, p.e)
        bought = [row for row in carts if row["purchased_at"] and row["purchased_at"] < row["created_at"] + 7 * DAY]
        share = div(len(bought), len(carts))
        return None if share is None else 1 - share

    def monthly_active_users(self, p: Span) -> Value:
        return self.shop.distinct("user_activity", "active_at", p, "user_id")

    def daily_active_users(self, p: Span) -> Value:
        seen = {(row["active_at"].date(), row["user_id"]) for row in
                self.shop.between("user_activity", "active_at", p.s, p.e)}  # fmt: skip
        return len(seen) / p.days

    def user_return_rate(self, p: Span) -> Value:
        cohort = [days for days in self.shop.active_days.values() if p.s <= days[0] < p.e]
        came_back = [days for days in cohort if len(days) > 1 and days[1] <= days[0] + 30 * DAY]
        return div(len(came_back), len(cohort))

    def keyword_ranking(self, p: Span) -> Value:
        rows = [row for row in self.shop.between("keyword_ranks", "date", p.s, p.e) if row["position"] is not None]
        return div(sum(row["position"] * row["impressions"] for row in rows), sum(row["impressions"] for row in rows))

    def email_list_growth_rate(self, p: Span) -> Value:
        rows = self.shop.between("email_daily", "date", p.s, p.e)
        change = sum(row["joined"] - row["unsubscribed"] - row["bounced"] - row["cleaned"] for row in rows)
        return div(change, positive(self.shop.snapshot("email_daily", ["list"], "subscribers", p.s, lambda row: True)))

    def event_attendance(self, p: Span) -> Value:
        return self.shop.sum("events", "held_at", p, "attendees")

    # Social networks.

    def _followers(self, t: datetime) -> Value:
        return self.shop.snapshot("social_daily", ["network", "account"], "followers", t, lambda row: True)

    def _posts(self, p: Span, *what: str) -> Value:
        return plus(*(self.shop.sum("social_posts", "published_at", p, name) for name in what))

    def follower_growth_rate(self, p: Span) -> Value:
        before = self._followers(p.s)
        return div(minus(self._followers(p.e), before), positive(before))

    def social_engagement(self, p: Span) -> Value:
        direct = self.shop.count("messages", "received_at", p, lambda row: row["kind"] == "پیام" and not row["is_spam"])
        daily = [self.shop.sum("social_daily", "date", p, name) for name in ("tags", "mentions")]
        return plus(self._posts(p, "likes", "comments", "shares"), direct, *daily)

    def social_engagement_rate(self, p: Span) -> Value:
        return div(
            self._posts(p, "likes", "comments", "shares"), div(plus(self._followers(p.s), self._followers(p.e)), 2)
        )

    def reach(self, p: Span) -> Value:
        stated = [row["value"] for row in self.shop.between("observations", "date", p.s, p.e)
                  if row["measure"] == "reach" and row["network"] is None]  # fmt: skip
        # Reach of months says nothing of a quarter.
        return stated[0] if p.months == 1 and stated else None

    def impressions(self, p: Span) -> Value:
        return plus(self._ads(p, "impressions"), self._posts(p, "impressions"))

    def ctr(self, p: Span) -> Value:
        return div(plus(self._ads(p, "clicks"), self._posts(p, "clicks")), self.impressions(p))

    def share_rate(self, p: Span) -> Value:
        return div(self._posts(p, "shares"), self.reach(p))

    def video_view_rate(self, p: Span) -> Value:
        return div(self._posts(p, "video_views"), self._posts(p, "video_impressions"))

    # Service.

    def _asked(self, p: Span) -> list[Row]:
        rows = self.shop.between("messages", "received_at", p.s, p.e)
        return [row for row in rows if row["needs_answer"] and not row["is_spam"]]

    def message_response_rate(self, p: Span) -> Value:
        asked = self._asked(p)
        answered = [row for row in asked if row["answered_at"] and row["answered_at"] < row["received_at"] + 7 * DAY]
        return div(len(answered), len(asked))

    def avg_response_time(self, p: Span) -> Value:
        waits = [row["answered_at"] - row["received_at"] for row in self._asked(p) if row["answered_at"]]
        return div(sum(wait.total_seconds() / 60 for wait in waits), len(waits))

    def mttr(self, p: Span) -> Value:
        rows = self.shop.between("tickets", "resolved_at", p.s, p.e)
        hours = [(row["resolved_at"] - row["opened_at"]).total_seconds() / 3600 - row["waiting_hours"] for row in rows]
        return div(sum(hours), len(hours))

    def tickets_new(self, p: Span) -> Value:
        return self.shop.count("tickets", "opened_at", p)

    def tickets_resolved(self, p: Span) -> Value:
        return self.shop.count("tickets", "resolved_at", p)

    # Production and learning.

    def _made(self, p: Span, what: str) -> Value:
        return self.shop.sum("production", "date", p, what)

    def product_defect_rate(self, p: Span) -> Value:
        return div(self._made(p, "units_defective"), self._made(p, "units_produced"))

    def units_per_hour(self, p: Span) -> Value:
        return div(self._made(p, "units_produced"), self._made(p, "run_hours"))

    def uptime_rate(self, p: Span) -> Value:
        return div(self._made(p, "run_hours"), self._made(p, "planned_hours"))

    def _typed(self, p: Span, measure: str) -> Value:
        return self.shop.sum("observations", "date", p, "value", lambda row: row["measure"] == measure)

    def training_hours_per_rep(self, p: Span) -> Value:
        return div(self._typed(p, "training_hours"), self._salespeople(p))

    def review_completion_rate(self, p: Span) -> Value:
        return div(self._typed(p, "reviews_held"), self._typed(p, "reviews_due"))

    def data_freshness_rate(self, p: Span) -> Value:
        return div(self._typed(p, "sources_on_time"), self._typed(p, "sources_expected"))

    def survey_response_rate(self, p: Span) -> Value:
        answers = self.shop.latest_answers(p)
        return div(None if answers is None else len(answers), self._typed(p, "survey_invitations"))
