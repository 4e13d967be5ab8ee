"""The web exports: visits, the daily report of the analytics tool, carts, and who used the app."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanjeh.demo.company import ONLINE
from sanjeh.demo.dirt import add_duplicates, add_impossible_dates, write_dashed_dates, write_persian_digits
from sanjeh.demo.sale import Buyer, Sale, Sales
from sanjeh.demo.season import busyness, draw_days, draw_minutes
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import DAYS, END, MINUTES_PER_DAY, past_time, time_text

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

_VISITS = 58_000
_ENTRIES = (
    ("گوگل", "organic", 0.31),
    ("(direct)", "direct", 0.19),
    ("instagram.com", "social", 0.16),
    ("telegram", "social", 0.06),
    ("تبلیغات جست‌وجو", "cpc", 0.13),
    ("خبرنامه", "email", 0.04),
    ("blog.example", "referral", 0.06),
    ("magazine.example", "referral", 0.03),
    ("shaparak.ir", "referral", 0.02),
)
_LANDINGS = ("/", "/category", "/product", "/sale", "/blog")


def export_web(sales: Sales, rng: Rng) -> list[Table]:
    """The four tables of the web site and the app."""
    online = [sale for sale in sales.orders if sale.lob == ONLINE]
    visits = _visits(online, rng)
    shoppers = [buyer for buyer in sales.buyers if buyer.segment != "فروشگاه"]
    return [_sessions(visits, rng), _daily(visits), _carts(online, rng), _activity(shoppers, rng)]


def _visits(online: Sequence[Sale], rng: Rng) -> list[list[CellValue]]:
    """Visits in the order of time: one before each order made on the site, and many that bring none."""
    bought = [(sale.minute - 5, sale.customer) for sale in online if sale.channel in ("سایت", "اپلیکیشن")]
    minutes = draw_minutes(rng, draw_days(rng, _VISITS), 7, 24)
    # A visitor comes back for some weeks under the same number.
    looking = [(minute, f"v{minute // 30_000}-{int(rng.integers(900))}") for minute in minutes]
    shares = [entry[2] for entry in _ENTRIES]
    places = rng.choice(len(_ENTRIES), size=len(bought) + len(looking), p=shares).tolist()
    chances = rng.random((len(bought) + len(looking), 4)).tolist()
    rows: list[list[CellValue]] = []
    everyone = sorted(
        [*((minute, customer, True) for minute, customer in bought), *((minute, who, False) for minute, who in looking)]
    )
    for number, ((minute, who, buys), place, chance) in enumerate(zip(everyone, places, chances, strict=True)):
        source, medium, _ = _ENTRIES[place]
        is_bot = not buys and chance[0] < 0.03
        rows.append(
            [
                f"V{900_001 + number}",
                time_text(minute),
                f"u-{who or number}",
                source,
                medium,
                "بله" if buys or (not is_bot and chance[1] < 0.52) else "خیر",
                "بله" if buys else "خیر",
                "بله" if is_bot else "خیر",
                "بله" if not buys and chance[2] < 0.015 else "خیر",
                who if buys else "",
                _LANDINGS[int(chance[3] * len(_LANDINGS))],
            ]
        )
    return rows


def _sessions(visits: Sequence[Sequence[CellValue]], rng: Rng) -> Table:
    headers = {
        "شناسه نشست": "session_id",
        "زمان شروع": "started_at",
        "شناسه بازدیدکننده": "visitor_id",
        "منبع ترافیک": "source",
        "رسانه ورودی": "medium",
        "با تعامل": "engaged",
        "تبدیل شده": "converted",
        "ربات": "is_bot",
        "بازدید داخلی": "is_internal",
        "کد مشتری": "customer_id",
        "صفحه فرود": "landing",
    }
    table = make_table("web_sessions", "26-web-sessions.csv.gz", headers, visits, format=Format.GZIP)
    add_impossible_dates(table, rng, "started_at", "session_id", 4)
    add_duplicates(table, rng, 30)
    return table


def _daily(visits: Sequence[Sequence[CellValue]]) -> Table:
    """What the analytics tool states for each day and medium: it leaves out bots and the company's own visits."""
    headers = {
        "تاریخ گزارش": "date",
        "رسانه ورودی": "medium",
        "تعداد نشست": "sessions",
        "بازدیدکننده یکتا": "visitors",
        "نشست با تعامل": "engaged_sessions",
    }
    sessions: Counter[tuple[str, str]] = Counter()
    engaged: Counter[tuple[str, str]] = Counter()
    visitors: dict[tuple[str, str], set[str]] = {}
    for row in visits:
        if row[7] == "بله" or row[8] == "بله":
            continue
        key = (str(row[1]).split()[0], str(row[4]))
        sessions[key] += 1
        engaged[key] += row[5] == "بله"
        visitors.setdefault(key, set()).add(str(row[2]))
    rows: list[list[CellValue]] = [[*key, sessions[key], len(visitors[key]), engaged[key]] for key in sorted(sessions)]
    return make_table("web_daily", "27-web-daily.csv", headers, rows, format=Format.SEMICOLON)


def _carts(online: Sequence[Sale], rng: Rng) -> Table:
    """Each site order has a cart, some filled days before; two in three carts are left behind."""
    headers = {
        "شناسه سبد": "cart_id",
        "تاریخ ایجاد": "created_at",
        "ورود به پرداخت": "checkout_at",
        "تاریخ خرید": "purchased_at",
        "شماره سفارش": "order_id",
        "کانال": "channel",
    }
    carts: list[tuple[int, int | None, int | None, str, str]] = []
    for sale in online:
        if sale.channel in ("سایت", "اپلیکیشن") and sale.is_successful:
            filled = sale.minute - (int(rng.exponential(4)) * MINUTES_PER_DAY if rng.random() < 0.2 else 0) - 20
            carts.append((max(filled, 0), sale.minute - 6, sale.minute, sale.key, sale.channel))
    left = draw_minutes(rng, draw_days(rng, int(len(carts) * 2.1)), 8, 23)
    for minute, chance in zip(left, rng.random((len(left), 2)).tolist(), strict=True):
        checkout = minute + 9 if chance[0] < 0.3 else None
        carts.append((minute, checkout, None, "", "سایت" if chance[1] < 0.65 else "اپلیکیشن"))
    carts.sort(key=lambda cart: (cart[0], cart[3]))
    rows = [
        [f"B{500_001 + place}", time_text(made), past_time(checkout), past_time(bought), order, channel]
        for place, (made, checkout, bought, order, channel) in enumerate(carts)
    ]
    table = make_table("carts", "28-carts.csv", headers, rows)
    write_dashed_dates(table, ["created_at"], rng, 0.1)
    write_persian_digits(table, ["purchased_at"], rng, 0.1)
    add_duplicates(table, rng, 9)
    return table


def _activity(shoppers: Sequence[Buyer], rng: Rng) -> Table:
    """Days on which members opened the app: often at first, ever less, and two openings on some days."""
    headers = {"شناسه کاربر": "user_id", "زمان فعالیت": "active_at", "کد مشتری": "customer_id", "پلتفرم": "platform"}
    opened: list[tuple[int, str, str]] = []
    usual = busyness() / busyness().max()
    for buyer in shoppers[::3]:
        gap, day = float(rng.uniform(2, 30)), float(buyer.joined)
        platform = "اندروید" if rng.random() < 0.72 else "آی‌اواس"
        while day < DAYS:
            if rng.random() < 0.5 + usual[int(day)]:
                minute = int(day) * MINUTES_PER_DAY + int(rng.integers(7 * 60, 23 * 60 - 30))
                opened.append((minute, buyer.key, platform))
                if rng.random() < 0.08:
                    opened.append((minute + 25, buyer.key, platform))
            gap *= 1.11
            day += 1 + float(rng.exponential(gap))
    opened.sort()
    rows = [[f"app-{key}", time_text(minute), key, platform] for minute, key, platform in opened if minute < END]
    return make_table("user_activity", "29-user-activity.csv.gz", headers, rows, format=Format.GZIP)
