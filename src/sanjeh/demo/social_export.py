"""The social exports: accounts by day, posts with their reactions, and messages with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanjeh.demo.company import campaign_on
from sanjeh.demo.dirt import add_duplicates, add_impossible_dates, write_arabic, write_grouped, write_persian_digits
from sanjeh.demo.log import Entry, make_log
from sanjeh.demo.sale import Buyer
from sanjeh.demo.season import busyness, draw_days, draw_minutes
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import DAYS, END, MINUTES_PER_DAY, months, past_time, time_text

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

# Network, account, followers on the first day, growth a day.
NETWORKS = (
    ("اینستاگرام", "خانه‌آرا", 18_000, 21.0),
    ("تلگرام", "کانال خانه‌آرا", 6_500, 4.5),
    ("آپارات", "ویدیوی خانه", 2_100, 2.2),
)


def export_social(buyers: Sequence[Buyer], rng: Rng) -> tuple[list[Table], dict[tuple[int, str], int]]:
    """The three tables, and the reach that each network states for each month (month's place and network)."""
    daily, reach = _daily(rng)
    return [daily, _posts(rng), _messages(buyers, rng)], reach


def _daily(rng: Rng) -> tuple[Table, dict[tuple[int, str], int]]:
    headers = {
        "تاریخ": "date",
        "شبکه اجتماعی": "network",
        "نام حساب": "account",
        "تعداد فالوور": "followers",
        "دنبال‌کنندگان گروه هدف": "targeted_followers",
        "ریچ": "reach",
        "ایمپرشن": "impressions",
        "تگ": "tags",
        "منشن": "mentions",
    }
    entries: list[Entry] = []
    reach: dict[tuple[int, str], int] = {}
    usual = busyness() / busyness().mean()
    place_of = {day: month.place for month in months() for day in range(month.first, month.stop)}
    for network, account, followers, growth in NETWORKS:
        for day in range(DAYS):
            followers += int(rng.poisson(growth * usual[day] * (4 if campaign_on(day) else 1))) - int(
                rng.poisson(growth / 3)
            )
            seen = int(followers * float(rng.uniform(0.12, 0.24)) * usual[day]) + 20
            views = int(seen * float(rng.uniform(1.3, 2.2)))
            tags, mentions = int(rng.poisson(seen / 1500)), int(rng.poisson(seen / 1100))
            entries.append((day, [network, account, followers, followers * 3 // 5, seen, views, tags, mentions]))
            key = (place_of[day], network)
            # Most of a month's people are met on several of its days.
            reach[key] = reach.get(key, 0) + seen // 7
    table = make_log("social_daily", "30-social-daily.csv", headers, entries)
    write_grouped(table, ["followers"], rng, 0.15)
    write_persian_digits(table, ["date"], rng, 0.1)
    return table, reach


_POST_HEADERS = {
    "شناسه پست": "post_id",
    "تاریخ انتشار": "published_at",
    "نام حساب": "account",
    "شبکه اجتماعی": "network",
    "تعداد لایک": "likes",
    "تعداد کامنت": "comments",
    "تعداد اشتراک‌گذاری": "shares",
    "ریچ پست": "reach",
    "نمایش پست": "impressions",
    "کلیک لینک": "clicks",
    "پخش ویدئو": "video_views",
    "نمایش ویدئو": "video_impressions",
    "تماشای کامل": "completed_views",
}


def _posts(rng: Rng) -> Table:
    rows: list[list[CellValue]] = []
    for place, minute in enumerate(sorted(draw_minutes(rng, draw_days(rng, 1150, 0.3), 10, 22))):
        network, account, followers, growth = NETWORKS[int(rng.choice(3, p=(0.6, 0.27, 0.13)))]
        people = followers + growth * minute / MINUTES_PER_DAY
        seen = int(people * float(rng.uniform(0.08, 0.35))) + 30
        shown = int(seen * float(rng.uniform(1.05, 1.5)))
        reactions = [int(rng.binomial(seen, share)) for share in (0.055, 0.006, 0.008)]
        clicks = int(rng.binomial(shown, 0.012))
        video: list[CellValue] = ["", "", ""]
        if network == "آپارات" or rng.random() < 0.35:
            played = int(rng.binomial(shown, 0.41))
            video = [played, shown, int(rng.binomial(played, 0.27))]
        rows.append([f"post-{place + 1}", time_text(minute), account, network, *reactions, seen, shown, clicks, *video])
    table = make_table("social_posts", "31-social-posts.csv", _POST_HEADERS, rows, format=Format.SEMICOLON)
    write_arabic(table, ["network"], rng)
    add_duplicates(table, rng, 3)
    return table


def _messages(buyers: Sequence[Buyer], rng: Rng) -> Table:
    headers = {
        "شناسه پیام": "message_id",
        "زمان دریافت": "received_at",
        "زمان پاسخ": "answered_at",
        "نوع پیام": "kind",
        "نیازمند پاسخ": "needs_answer",
        "هرزنامه": "is_spam",
        "شبکه اجتماعی": "network",
        "پاسخ‌گو": "agent",
        "کد مشتری": "customer_id",
    }
    rows: list[list[CellValue]] = []
    minutes = sorted(draw_minutes(rng, draw_days(rng, 6200), 8, 24))
    for place, (minute, chance) in enumerate(zip(minutes, rng.random((len(minutes), 6)).tolist(), strict=True)):
        spam, needs = chance[0] < 0.04, chance[1] < 0.86
        # The team answers faster from the third year on.
        typical = 95 if minute < END * 2 // 3 else 55
        answered = (
            minute + 1 + int(rng.lognormal(0, 1.1) * typical) if needs and not spam and chance[2] < 0.93 else None
        )
        rows.append(
            [
                f"N{600_001 + place}",
                time_text(minute),
                past_time(answered),
                "پیام" if chance[3] < 0.62 else "کامنت",
                "بله" if needs else "خیر",
                "بله" if spam else "خیر",
                NETWORKS[int(chance[4] * 2)][0],
                f"پاسخ‌گوی {1 + place % 3}" if past_time(answered) else "",
                buyers[int(rng.integers(len(buyers)))].key if chance[5] < 0.3 else "",
            ]
        )
    table = make_table("messages", "32-messages.csv", headers, rows)
    write_persian_digits(table, ["received_at"], rng, 0.2)
    add_impossible_dates(table, rng, "received_at", "message_id", 2)
    add_duplicates(table, rng, 8)
    return table
