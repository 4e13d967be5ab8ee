"""The company: its books agree with its orders, its year has a shape, and every KPI has values."""

from __future__ import annotations

from collections import Counter

from independent import Kpis, values_of
from independent_shop import CLASSES, Shop, Span, month_start

from sanjeh.definitions import load_catalogue

MONTHS = [Span(place) for place in range(36)]


def test_the_ledger_agrees_with_the_orders_and_their_lines(shop: Shop) -> None:
    kpis = Kpis(shop)
    for month in MONTHS:
        booked = Counter[str]()
        for row in shop.between("ledger", "booked_at", month.s, month.e):
            booked[CLASSES[row["account_class"]]] += row["amount"]
        adjustments = [row["worth"] for row in shop.between("revenue", "ordered_at", month.s, month.e) if len(row) == 2]
        assert kpis.revenue(month) == booked["revenue"] + sum(adjustments), month.label
        assert kpis.cogs(month) == booked["cogs"], month.label


def test_the_media_in_the_spend_is_what_the_ads_cost(shop: Shop) -> None:
    for month in MONTHS:
        media = shop.sum("marketing_spend", "spent_at", month, "amount", lambda row: row["is_media"])
        assert media == shop.sum("ad_daily", "date", month, "cost"), month.label


def test_ads_that_belong_to_a_campaign_name_one_of_the_company(shop: Shop) -> None:
    known = {row["campaign"] for row in shop.rows["campaigns"]}
    named = {row.get("campaign") for row in shop.rows["ad_daily"]} - {None, ""}
    assert len(named) > 3
    assert named <= known


def test_every_credit_invoice_is_a_wholesale_order_with_vat(shop: Shop) -> None:
    for row in shop.rows["invoices"]:
        order = shop.order[row["invoice_id"].replace("I", "F")]
        assert order["good"] and row["amount"] * 100 == order["net_amount"] * 109


def test_esfand_is_the_peak_and_farvardin_the_dip(shop: Shop) -> None:
    kpis = Kpis(shop)
    for year in range(3):
        orders = [kpis.successful_orders(month) or 0 for month in MONTHS[12 * year : 12 * year + 12]]
        assert min(orders) == orders[0], year
        assert orders[11] > 1.2 * sum(orders) / 12, year


def test_fridays_are_quiet(shop: Shop) -> None:
    weekdays = Counter(row["ordered_at"].weekday() for row in shop.rows["orders"] if row["online"])
    assert min(weekdays, key=lambda weekday: weekdays[weekday]) == 4


def test_the_yalda_campaign_brings_many_who_never_come_back(shop: Shop) -> None:
    campaign = next(row for row in shop.rows["campaigns"] if row["campaign"] == "یلدا ۱۴۰۲")
    start, stop = campaign["starts_on"], campaign["ends_on"]
    orders = Counter(row["customer_id"] for row in shop.rows["good_orders"])
    came = [customer for customer, first in shop.first_order.items() if start <= first < stop]
    width = stop - start
    before = [customer for customer, first in shop.first_order.items() if start - width <= first < start]
    assert len(came) > 1.7 * len(before)

    def again(customers: list[str]) -> float:
        return sum(1 for customer in customers if orders[customer] > 1) / len(customers)

    assert again(came) < 0.6 * again(before)


def test_the_workshop_declines_while_the_rest_grows(shop: Shop) -> None:
    orders = Counter((row["lob"], (row["ordered_at"] - month_start(0)).days // 366) for row in shop.rows["good_orders"])
    assert orders["تولید سفارشی", 2] < 0.85 * orders["تولید سفارشی", 0]
    assert orders["عمده‌فروشی", 2] > 1.5 * orders["عمده‌فروشی", 0]
    assert orders["فروشگاه اینترنتی", 2] > 1.2 * orders["فروشگاه اینترنتی", 0]


def test_one_region_alone_is_behind_its_target(shop: Shop) -> None:
    wanted = Counter[str]()
    for row in shop.rows["targets"]:
        if row["kpi"] == "revenue" and row["region"]:
            wanted[row["region"]] += row["value"]
    sold = Counter[str]()
    for row in shop.rows["good_orders"]:
        sold[row["region"]] += row["worth"]
    assert [region for region in wanted if sold[region] < wanted[region]] == ["خوزستان"]


def test_every_kpi_of_the_catalogue_has_values(shop: Shop) -> None:
    values = values_of(shop, (1,))
    filled = Counter(kpi for (kpi, _), value in values.items() if value is not None)
    assert set(load_catalogue().kpis) == {kpi for kpi, _ in values}
    few = {kpi: count for kpi, count in filled.items() if count < 18}
    assert few == {"campaign_cac": filled["campaign_cac"]}
    assert set(filled) == {kpi for kpi, _ in values}
