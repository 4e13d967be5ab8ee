"""Selling draws customers, their orders and refunds: a growing online shop, a wholesale arm, a workshop in decline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjeh.demo.company import (
    CHURNY_CAMPAIGN,
    ONLINE,
    ONLINE_CHANNEL_SHARES,
    ONLINE_CHANNELS,
    REGION_SHARES,
    REGIONS,
    SALES_ROLES,
    WHOLESALE,
    WORKSHOP,
    Product,
    campaign_on,
    products,
)
from sanjeh.demo.sale import Buyer, Line, Refund, Sale, Sales
from sanjeh.demo.season import busyness, draw_days, draw_minutes, price_level
from sanjeh.demo.timeline import DAYS, END

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

_SHOPPERS = 4400
_OLD_SHOPPERS = 1100
_SHOPS = 230
_OLD_SHOPS = 70
_STATUSES = ("تحویل شده", "ارسال شده", "پرداخت شده", "لغو شده", "در انتظار پرداخت", "مرجوع شده", "تست")
_STATUS_SHARES = (0.80, 0.06, 0.06, 0.045, 0.024, 0.008, 0.003)
_REASONS = ("آسیب در حمل", "مغایرت با سفارش", "انصراف مشتری", "ایراد کالا")


def sell(rng: Rng) -> Sales:
    """Everything the demo company sells in its three years."""
    shoppers, shops = _shoppers(rng), _shops(rng)
    online = _online_orders(rng, shoppers)
    wholesale = _wholesale_orders(rng, shops)
    orders = sorted([*online, *wholesale], key=lambda sale: (sale.minute, sale.customer, sale.lob))
    counts = {ONLINE: 100_000, WHOLESALE: 300_000, WORKSHOP: 300_000}
    for sale in orders:
        counts[WHOLESALE if sale.lob != ONLINE else ONLINE] += 1
        sale.key = f"S{counts[ONLINE]}" if sale.lob == ONLINE else f"F{counts[WHOLESALE]}"
    _refund(rng, orders)
    return Sales([*shoppers, *shops], orders, _old_refunds(rng))


def _regions(rng: Rng, count: int) -> list[str]:
    return [REGIONS[place] for place in rng.choice(len(REGIONS), size=count, p=REGION_SHARES).tolist()]


def _shoppers(rng: Rng) -> list[Buyer]:
    """Shoppers by the day they joined, with their first order; some did so before the data begins."""
    old = sorted(rng.integers(-400, 0, size=_OLD_SHOPPERS).tolist())
    joined = [*old, *draw_days(rng, _SHOPPERS).tolist()]
    regions = _regions(rng, len(joined))
    loyal = (rng.random(len(joined)) < 0.12).tolist()
    return [
        Buyer(f"C{10_001 + place}", day, "باشگاه مشتریان" if is_loyal else "خرده", region, day if day < 0 else None)
        for place, (day, region, is_loyal) in enumerate(zip(joined, regions, loyal, strict=True))
    ]


def _shops(rng: Rng) -> list[Buyer]:
    """Shops that buy for resale: some bought before the data begins, and two dozen are key accounts."""
    regions = _regions(rng, _SHOPS)
    made: list[Buyer] = []
    for place, region in enumerate(regions):
        is_old = place < _OLD_SHOPS
        joined = int(rng.integers(-700, -20)) if is_old else int(rng.integers(0, DAYS - 60))
        is_key = place % 9 == 4
        key_from = max(joined + 60, 0) if is_key else None
        key_to = key_from + 500 if key_from is not None and place % 36 == 4 else None
        first = joined + 3 if is_old else None
        made.append(Buyer(f"W{501 + place}", joined, "فروشگاه", region, first, key_from, key_to, is_key))
    return made


def _online_orders(rng: Rng, shoppers: list[Buyer]) -> list[Sale]:
    days: list[int] = []
    buyers: list[Buyer] = []
    quiet = busyness() / busyness().max()
    for buyer in shoppers:
        on_campaign = CHURNY_CAMPAIGN.first <= buyer.joined <= CHURNY_CAMPAIGN.last
        mean_orders = 0.15 if on_campaign else 6.5 if buyer.segment != "خرده" else 2.1
        more = int(rng.poisson(mean_orders * rng.gamma(1.5, 1 / 1.5)))
        gaps = rng.exponential(34 if buyer.segment != "خرده" else 62, size=more) + 2
        later = buyer.joined + gaps.cumsum()
        kept = [int(day) for day in later.tolist() if 0 <= day < DAYS and rng.random() < 0.35 + quiet[int(day)]]
        days += kept if buyer.joined < 0 else [buyer.joined, *kept]
        buyers += [buyer] * (len(days) - len(buyers))
    import numpy as np

    minutes = draw_minutes(rng, np.array(days))
    return [_online_order(rng, buyer, minute) for buyer, minute in zip(buyers, minutes, strict=True)]


def _online_order(rng: Rng, buyer: Buyer, minute: int) -> Sale:
    day = minute // 1440
    campaign = campaign_on(day)
    in_campaign = campaign is not None and rng.random() < 0.55
    lines = _lines(rng, 1 + int(rng.poisson(1.25)), day, (1, 1, 1, 2, 2, 3), 0.82 if in_campaign else 1.0)
    status = _STATUSES[int(rng.choice(len(_STATUSES), p=_STATUS_SHARES))]
    takes = int(rng.gamma(3, 1.3) * 1440) + 600
    delivered = minute + takes if status == "تحویل شده" else None
    if delivered is not None and delivered >= END:
        status, delivered = "ارسال شده", None
    amount = sum(line.amount for line in lines)
    return Sale(
        key="",
        minute=minute,
        customer="" if rng.random() < 0.012 else buyer.key,
        status=status,
        lob=ONLINE,
        region=buyer.region,
        channel=ONLINE_CHANNELS[int(rng.choice(len(ONLINE_CHANNELS), p=ONLINE_CHANNEL_SHARES))],
        lines=lines,
        campaign=campaign.name if campaign and in_campaign else "",
        delivered=delivered,
        discount=round(amount * 0.22 / 1000) * 1000 if in_campaign else 0,
        shipping=0 if amount > 1_500_000 else round(45 * price_level(day)) * 1000,
    )


def _wholesale_orders(rng: Rng, shops: list[Buyer]) -> list[Sale]:
    made: list[Sale] = []
    for place, shop in enumerate(shops):
        gap = float(rng.uniform(18, 30) if shop.is_key_account else rng.uniform(35, 90))
        # A third of the shops stop buying at some time, key accounts not before the second year.
        earliest = 365 if shop.is_key_account else 0
        until = DAYS if rng.random() > 0.33 else int(rng.integers(max(shop.joined, earliest), DAYS))
        day = float(max(shop.joined + 4, 0)) + float(rng.exponential(gap / 2))
        while day < until:
            wants = rng.random() < (0.75 + 0.25 * busyness()[int(day)] / busyness().mean() / 1.5)
            if wants:
                made.append(_wholesale_order(rng, shop, int(day), SALES_ROLES[place % len(SALES_ROLES)]))
            day += float(rng.gamma(4, gap / 4)) + 1
    return made


def _wholesale_order(rng: Rng, shop: Buyer, day: int, role: str) -> Sale:
    # The workshop loses half of its custom over the three years.
    lob = WORKSHOP if rng.random() < 0.36 * (1 - 0.8 * day / DAYS) else WHOLESALE
    sizes = (4, 6, 8, 10, 12, 20) if shop.is_key_account else (2, 3, 4, 5, 6, 8)
    lines = _lines(rng, 2 + int(rng.poisson(2.2)), day, sizes, 0.84, last=lob == WORKSHOP)
    minute = day * 1440 + int(rng.integers(9 * 60, 17 * 60))
    status = "لغو شده" if rng.random() < 0.03 else "تحویل شده"
    delivered = minute + int(rng.integers(1, 9)) * 1440
    if status == "تحویل شده" and delivered >= END:
        status = "پرداخت شده"
    return Sale(
        key="",
        minute=minute,
        customer=shop.key,
        status=status,
        lob=lob,
        region=shop.region,
        channel="حضوری" if rng.random() < 0.6 else "تلفنی",
        lines=lines,
        salesperson="" if rng.random() < 0.02 else role,
        delivered=delivered if status == "تحویل شده" else None,
    )


def _lines(
    rng: Rng, count: int, day: int, sizes: tuple[int, ...], discount: float, *, last: bool = False
) -> tuple[Line, ...]:
    catalogue = products()
    weights = [product.popularity for product in catalogue]
    if last:
        # The workshop makes pottery and wooden goods only.
        weights = [weight if place >= len(catalogue) * 3 // 4 else 0.0 for place, weight in enumerate(weights)]
    chosen = _draw(rng, weights, min(count, 9))
    return tuple(_line(catalogue[place], day, sizes[int(rng.integers(len(sizes)))], discount) for place in chosen)


def _draw(rng: Rng, weights: list[float], count: int) -> list[int]:
    """``count`` different places, the heavier the likelier: those with the smallest exponential waiting times."""
    import numpy as np

    given = np.array(weights)
    waits = rng.standard_exponential(len(given)) / np.maximum(given, 1e-12)
    return [int(place) for place in np.argsort(waits, kind="stable")[:count]]


def _line(product: Product, day: int, quantity: int, discount: float) -> Line:
    price = product.price * price_level(day)
    # Costs run ahead of prices by a tenth over the three years.
    unit_cost = price * product.cost_share * (1 + 0.1 * day / DAYS)
    return Line(
        product.code,
        quantity,
        round(price * discount * quantity / 1000) * 1000,
        round(unit_cost * quantity / 100) * 100,
    )


def _refund(rng: Rng, orders: list[Sale]) -> None:
    """Some orders come back, in part: most within weeks, a few after the window of thirty days."""
    number = 0
    for sale in orders:
        chance = 0.075 if sale.lob == ONLINE else 0.04
        if not sale.is_successful or rng.random() > chance:
            continue
        line = sale.lines[int(rng.integers(len(sale.lines)))]
        quantity = int(rng.integers(1, line.quantity + 1))
        days = rng.uniform(31, 75) if rng.random() < 0.12 else rng.uniform(2, 24)
        minute = sale.minute + int(days * 1440)
        if minute >= END:
            continue
        number += 1
        amount = round(line.amount * quantity / line.quantity / 1000) * 1000
        counted = None if rng.random() < 0.05 else quantity
        reason = _REASONS[int(rng.integers(len(_REASONS)))]
        key = f"R{7000 + number}"
        sale.refunds.append(Refund(key, minute, amount, sale.key, sale.customer, line.product, counted, reason))


def _old_refunds(rng: Rng) -> list[Refund]:
    """Refunds in the first weeks of orders that were made before the data begins."""
    return [
        Refund(
            f"R{6900 + place}",
            int(rng.integers(60, 40_000)),
            int(rng.integers(150, 900)) * 1000,
            "",
            "",
            "",
            None,
            "سایر",
        )
        for place in range(9)
    ]
