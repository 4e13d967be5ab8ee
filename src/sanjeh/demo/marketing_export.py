"""The marketing exports: campaigns, spend, ads bought, ad space sold, rivals, the mailing list, events and keywords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sanjeh.demo.company import CAMPAIGNS, campaign_on
from sanjeh.demo.dirt import (
    add_duplicates,
    add_impossible_dates,
    add_words_for_numbers,
    write_dashed_dates,
    write_persian_digits,
)
from sanjeh.demo.log import Entry, make_log
from sanjeh.demo.season import busyness, price_level
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import DAYS, MINUTES_PER_DAY, day_text, months, time_text

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

# Name, cost a day, clicks a thousand views, cost a click, conversions a click.
_PLATFORMS = (
    ("تبلیغات جست‌وجو", 520_000, 34.0, 2_300, 0.021),
    ("تبلیغات همسان", 340_000, 7.0, 1_100, 0.009),
    ("تبلیغات ویدیویی", 260_000, 4.0, 1_700, 0.006),
)
_RIVALS = (("رقیب الف", 52_000_000), ("رقیب ب", 38_000_000), ("رقیب ج", 17_000_000))
_KEYWORDS = (
    "خرید ظروف آشپزخانه", "سرویس سفال", "قیمت حولهٔ پنبه‌ای", "چراغ رومیزی", "جعبهٔ نظم‌دهنده", "گلدان سرامیکی",
    "هدیهٔ خانهٔ نو", "میز چوبی دست‌ساز", "ظرف سرو", "دکوری ایرانی", "عمده‌فروشی ظروف", "کاسهٔ سفالی",
)  # fmt: skip
_EVENT_KINDS = ("وبینار", "نمایشگاه", "کارگاه")

AdRow = tuple[int, str, str, int, int, int, int, int]


def export_marketing(rng: Rng) -> tuple[list[Table], dict[int, int]]:
    """The eight tables, and what marketing and sales spent in each month (place of the month to toman)."""
    ads = _draw_ads(rng)
    spend, spent = _spend(ads, rng)
    tables = [_campaigns(), spend, _ads(ads), _rivals(rng), _publisher(rng), _email(rng), _events(rng), _keywords(rng)]
    return tables, spent


def _campaigns() -> Table:
    headers = {"نام کمپین": "campaign", "شروع کمپین": "starts_on", "پایان کمپین": "ends_on", "کانال": "channel"}
    rows: list[list[CellValue]] = [
        [one.name, day_text(one.first), day_text(one.last), one.channel] for one in CAMPAIGNS
    ]
    return make_table("campaigns", "18-campaigns.csv", headers, rows)


def _draw_ads(rng: Rng) -> list[AdRow]:
    """Day, platform, campaign, cost, views, clicks, conversions and their value: ads that are always on, which belong
    to no campaign, and campaigns' own.
    """
    rows: list[AdRow] = []
    usual = busyness() / busyness().mean()
    for day in range(DAYS):
        running = campaign_on(day)
        for name, cost, per_thousand, per_click, per_conversion in _PLATFORMS:
            own = running.name if running and running.channel == name else ""
            for campaign, share in (("", 1.0), *([(own, 1.6)] if own else [])):
                paid = round(cost * share * price_level(day) * (0.6 + 0.4 * usual[day]) * rng.uniform(0.8, 1.2), -2)
                clicks = int(rng.poisson(paid / (per_click * price_level(day))))
                views = int(clicks * 1000 / per_thousand * rng.uniform(0.85, 1.15)) + 50
                won = int(rng.binomial(clicks, per_conversion))
                value = round(won * 1_150_000 * price_level(day) * float(rng.uniform(0.8, 1.2)), -3)
                rows.append((day, name, campaign, int(paid), views, clicks, won, int(value)))
    return rows


def _ads(rows: Sequence[AdRow]) -> Table:
    headers = {
        "تاریخ گزارش": "date",
        "پلتفرم": "platform",
        "کمپین": "campaign",
        "هزینه (تومان)": "cost",
        "تعداد نمایش": "impressions",
        "تعداد کلیک": "clicks",
        "تعداد تبدیل": "conversions",
        "ارزش تبدیل (تومان)": "conversion_value",
    }
    entries = ((row[0], row[1:]) for row in rows)
    return make_log("ad_daily", "20-ads.jsonl", headers, entries, format=Format.JSON_LINES)


_SPEND_HEADERS = {
    "شناسه هزینه": "spend_id",
    "تاریخ هزینه": "spent_at",
    "مبلغ هزینه (تومان)": "amount",
    "نوع هزینه": "component",
    "بخش": "function",
    "شیوه جذب": "approach",
    "کانال": "channel",
    "کمپین": "campaign",
    "هزینه رسانه": "is_media",
}


def _spend(ads: Sequence[AdRow], rng: Rng) -> tuple[Table, dict[int, int]]:
    entries: list[tuple[int, int, int, list[str]]] = []
    for month in months():
        level, last = price_level(month.first), month.stop - 1
        for amount, labels in _monthly_spend():
            entries.append(
                (month.place, last, round(amount * level * float(rng.uniform(0.94, 1.06)) / 10_000) * 10_000, labels)
            )
        for name, *_ in _PLATFORMS:
            media = sum(row[3] for row in ads if month.first <= row[0] < month.stop and row[1] == name)
            entries.append((month.place, last, media, ["تبلیغات", "بازاریابی", "درون‌گرا", name, "", "بله"]))
        for campaign in CAMPAIGNS:
            if month.first <= campaign.first < month.stop:
                labels = ["کمپین", "بازاریابی", "درون‌گرا", campaign.channel, campaign.name, "خیر"]
                entries.append((month.place, campaign.first, campaign.cost, labels))
    spent = {month.place: sum(int(entry[2]) for entry in entries if entry[0] == month.place) for month in months()}
    rows: list[list[CellValue]] = [
        [f"H{70_001 + place}", day_text(day), int(amount), *labels]
        for place, (_, day, amount, labels) in enumerate(entries)
    ]
    table = make_table(
        "marketing_spend",
        "19-marketing-spend.xlsx",
        _SPEND_HEADERS,
        rows,
        format=Format.WORKBOOK,
        sheet="هزینه‌های بازاریابی",
    )
    add_words_for_numbers(table, rng, "amount", "spend_id", 1)
    return table, spent


def _monthly_spend() -> list[tuple[int, list[str]]]:
    """What is spent every month, in toman of the first day, with its labels."""
    return [
        (34_000_000, ["حقوق و دستمزد", "بازاریابی", "", "", "", "خیر"]),
        (52_000_000, ["حقوق و دستمزد", "تیم فروش", "", "", "", "خیر"]),
        (6_500_000, ["نرم‌افزار", "بازاریابی", "", "", "", "خیر"]),
        (8_000_000, ["خدمات حرفه‌ای", "بازاریابی", "درون‌گرا", "", "", "خیر"]),
        (7_500_000, ["محتوا", "بازاریابی", "درون‌گرا", "شبکه اجتماعی", "", "خیر"]),
        (11_000_000, ["رویداد", "بازاریابی", "برون‌گرا", "نمایشگاه", "", "خیر"]),
        (4_000_000, ["پورسانت", "تیم فروش", "برون‌گرا", "", "", "خیر"]),
        (5_000_000, ["سربار", "بازاریابی", "", "", "", "خیر"]),
    ]


def _rivals(rng: Rng) -> Table:
    headers = {
        "ماه": "date",
        "نام رقیب": "competitor",
        "هزینه برآوردی (تومان)": "amount",
        "میزان اطمینان": "confidence",
    }
    table = make_log("competitor_spend", "21-competitor-spend.csv", headers, _draw_rivals(rng))
    write_persian_digits(table, ["amount"], rng, 0.5)
    return table


def _draw_rivals(rng: Rng) -> Iterator[Entry]:
    for month in months():
        for name, amount in _RIVALS:
            spent = round(amount * price_level(month.first) * float(rng.uniform(0.75, 1.3)), -5)
            yield month.first, [name, int(spent), "برآورد"]


def _publisher(rng: Rng) -> Table:
    """Ad space sold on the shop's own video channel."""
    headers = {
        "تاریخ": "date",
        "جایگاه": "placement",
        "درآمد تبلیغات (تومان)": "earnings",
        "تعداد نمایش": "impressions",
        "تماشای کامل": "completed_views",
    }
    return make_log("publisher_daily", "22-publisher.csv", headers, _draw_placements(rng), format=Format.SEMICOLON)


def _draw_placements(rng: Rng) -> Iterator[Entry]:
    for day in range(DAYS):
        for placement, views in (("پیش‌نمایش ویدئو", 900), ("میان ویدئو", 520)):
            shown = int(rng.poisson(views * (1 + day / 900)))
            whole = int(rng.binomial(shown, 0.46))
            earned = round(whole * 45 * price_level(day) * float(rng.uniform(0.9, 1.1)), -1)
            yield day, [placement, int(earned), shown, whole]


def _email(rng: Rng) -> Table:
    headers = {
        "تاریخ": "date",
        "نام فهرست": "list",
        "تعداد مشترکان": "subscribers",
        "عضو جدید": "joined",
        "لغو عضویت": "unsubscribed",
        "برگشت خورده": "bounced",
        "پاک‌سازی شده": "cleaned",
    }
    table = make_log("email_daily", "23-email-list.csv", headers, _draw_subscribers(rng))
    write_dashed_dates(table, ["date"], rng, 0.1)
    return table


def _draw_subscribers(rng: Rng) -> Iterator[Entry]:
    usual = busyness() / busyness().mean()
    for name, subscribers, joins in (("خبرنامهٔ خریداران", 4200, 14.0), ("خبرنامهٔ فروشگاه‌ها", 650, 1.6)):
        for day in range(DAYS):
            joined, left = int(rng.poisson(joins * usual[day])), int(rng.poisson(joins * 0.42))
            bounced = int(rng.poisson(joins * 0.08))
            cleaned = int(rng.poisson(25)) if day % 91 == 90 else 0
            subscribers += joined - left - bounced - cleaned
            yield day, [name, subscribers, joined, left, bounced, cleaned]


def _events(rng: Rng) -> Table:
    headers = {
        "شناسه رویداد": "event_id",
        "تاریخ برگزاری": "held_at",
        "تعداد ثبت‌نام": "registrations",
        "تعداد حاضران": "attendees",
        "نوع رویداد": "kind",
        "شهر": "city",
    }
    rows: list[list[CellValue]] = []
    for month in months():
        for number in range(1 + month.month % 2):
            day = month.first + 6 + 11 * number
            registered = int(rng.integers(40, 260))
            kind = _EVENT_KINDS[(month.place + number) % 3]
            came = int(rng.binomial(registered, 0.62))
            held = time_text(day * MINUTES_PER_DAY + 16 * 60)
            rows.append([f"E{81 + len(rows)}", held, registered, came, kind, "تهران" if number else "اصفهان"])
    return make_table("events", "24-events.csv", headers, rows)


def _keywords(rng: Rng) -> Table:
    headers = {
        "کلمه کلیدی": "keyword",
        "تاریخ بررسی": "date",
        "رتبه": "position",
        "تعداد جستجو": "impressions",
        "موتور جستجو": "engine",
    }
    table = make_log("keyword_ranks", "25-keyword-ranks.csv", headers, _draw_ranks(rng))
    add_impossible_dates(table, rng, "date", "keyword", 2)
    add_duplicates(table, rng, 4)
    return table


def _draw_ranks(rng: Rng) -> Iterator[Entry]:
    places = [float(rng.uniform(8, 34)) for _ in _KEYWORDS]
    for day in range(3, DAYS, 7):
        for number, keyword in enumerate(_KEYWORDS):
            places[number] = max(1.0, places[number] + float(rng.normal(-0.09, 0.9)))
            unranked = places[number] > 30
            searched = int(rng.poisson(120 + 35 * number))
            yield day, [keyword, "" if unranked else round(places[number], 1), searched, "گوگل"]
