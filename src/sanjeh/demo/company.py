"""The company is a made-up Iranian shop: what it sells, where, through which roles (no people), in which campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sanjeh.calendars import date_from_jalali
from sanjeh.demo.timeline import START


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign: its name, first and last day, how busy it makes the shop, its channel and its cost in toman."""

    name: str
    first: int
    last: int
    lift: float
    channel: str
    cost: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product: its code, name, category, price and cost in toman on the first day, and how popular it is."""

    code: str
    name: str
    category: str
    price: int
    cost_share: float
    popularity: float


ONLINE, WHOLESALE, WORKSHOP = "فروشگاه اینترنتی", "عمده‌فروشی", "تولید سفارشی"
LINES_OF_BUSINESS = (ONLINE, WHOLESALE, WORKSHOP)

# Khuzestan is the region that stays behind its target.
REGIONS = ("تهران", "اصفهان", "خراسان رضوی", "فارس", "آذربایجان شرقی", "خوزستان")
REGION_SHARES = (0.38, 0.16, 0.15, 0.12, 0.11, 0.08)
LAGGING_REGION = "خوزستان"

ONLINE_CHANNELS = ("سایت", "اپلیکیشن", "بازارگاه", "شبکه اجتماعی")
ONLINE_CHANNEL_SHARES = (0.46, 0.27, 0.17, 0.10)
SALES_ROLES = tuple(f"کارشناس فروش {number}" for number in range(1, 8))
SUPPORT_ROLES = tuple(f"کارشناس پشتیبانی {number}" for number in range(1, 5))

CATEGORIES = (
    ("لوازم آشپزخانه", 420_000),
    ("ظروف سرو", 260_000),
    ("پارچه و حوله", 340_000),
    ("روشنایی", 610_000),
    ("دکوری", 290_000),
    ("نظم‌دهنده", 180_000),
    ("سفال و سرامیک", 520_000),
    ("چوبی دست‌ساز", 880_000),
)
PRODUCTS_PER_CATEGORY = 15


def _campaign(name: str, start: tuple[int, int, int], days: int, lift: float, channel: str, cost: int) -> Campaign:
    first = (date_from_jalali(*start) - START).days
    return Campaign(name, first, first + days - 1, lift, channel, cost)


CAMPAIGNS = (
    _campaign("جشنوارهٔ تابستان ۱۴۰۱", (1401, 5, 8), 10, 1.35, "شبکه اجتماعی", 95_000_000),
    _campaign("حراج پاییز ۱۴۰۱", (1401, 9, 1), 7, 1.5, "تبلیغات همسان", 120_000_000),
    _campaign("نوروز ۱۴۰۲", (1401, 12, 5), 20, 1.25, "تبلیغات جست‌وجو", 160_000_000),
    _campaign("جشنوارهٔ تابستان ۱۴۰۲", (1402, 5, 10), 10, 1.3, "شبکه اجتماعی", 130_000_000),
    # Its discounts bring many who never come back: the churny cohort.
    _campaign("یلدا ۱۴۰۲", (1402, 9, 20), 12, 2.4, "تبلیغات ویدیویی", 310_000_000),
    _campaign("نوروز ۱۴۰۳", (1402, 12, 5), 20, 1.25, "تبلیغات جست‌وجو", 230_000_000),
    _campaign("بازگشت به خانه ۱۴۰۳", (1403, 6, 20), 10, 1.4, "تبلیغات همسان", 210_000_000),
    _campaign("نوروز ۱۴۰۴", (1403, 12, 5), 20, 1.3, "تبلیغات جست‌وجو", 330_000_000),
)
CHURNY_CAMPAIGN = CAMPAIGNS[4]


def campaign_on(day: int) -> Campaign | None:
    """The campaign that runs on a day, or None.

    >>> campaign_on(0) is None, campaign_on(CHURNY_CAMPAIGN.first) is CHURNY_CAMPAIGN
    (True, True)
    """
    return next((campaign for campaign in CAMPAIGNS if campaign.first <= day <= campaign.last), None)


@cache
def products() -> tuple[Product, ...]:
    """The hundred and twenty products, in a fixed order."""
    made: list[Product] = []
    for place, (category, price) in enumerate(CATEGORIES):
        for number in range(PRODUCTS_PER_CATEGORY):
            factor = 0.55 + 0.09 * ((number * 7 + place * 3) % PRODUCTS_PER_CATEGORY)
            made.append(
                Product(
                    code=f"P{1001 + len(made)}",
                    name=f"{category} مدل {number + 1}",
                    category=category,
                    price=round(price * factor / 1000) * 1000,
                    cost_share=0.41 + 0.012 * ((number * 4 + place * 5) % 12),
                    popularity=1 / (1 + (number * 11 + place * 7) % 40) ** 0.8,
                )
            )
    return tuple(made)
