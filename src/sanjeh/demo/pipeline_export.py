"""The pipeline exports: leads, deals, contacts, meetings, contracts and trials, as a CRM writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.demo.company import REGION_SHARES, REGIONS, SALES_ROLES, campaign_on
from sanjeh.demo.dirt import (
    add_duplicates,
    add_impossible_dates,
    write_arabic,
    write_dashed_dates,
    write_grouped,
    write_persian_digits,
)
from sanjeh.demo.sale import Buyer
from sanjeh.demo.season import draw_days, draw_minutes, price_level
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import DAYS, END, MINUTES_PER_DAY, day_text, past_time, time_text

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

_LEADS = 4000
_SOURCES = (
    ("اینستاگرام", "شبکه اجتماعی", "درون‌گرا", 0.24),
    ("جستجوی گوگل", "جستجو", "درون‌گرا", 0.2),
    ("تبلیغات کلیکی", "تبلیغات", "درون‌گرا", 0.16),
    ("خبرنامه", "ایمیل", "درون‌گرا", 0.07),
    ("معرفی مشتری", "معرفی", "درون‌گرا", 0.09),
    ("تماس سرد", "مستقیم", "برون‌گرا", 0.16),
    ("نمایشگاه", "رویداد", "برون‌گرا", 0.08),
)
_LOST_REASONS = ("قیمت", "انتخاب رقیب", "نبود بودجه", "زمان تحویل", "بی‌پاسخ ماند")
_KINDS = ("تماس", "ایمیل", "دیدار", "پیام")


@dataclass(frozen=True, slots=True)
class _Lead:
    key: str
    created: int
    mql: int | None
    sql: int | None
    won: int | None


@dataclass(frozen=True, slots=True)
class _Deal:
    key: str
    created: int
    closed: int | None


def export_pipeline(buyers: Sequence[Buyer], rng: Rng) -> list[Table]:
    """The six tables of the CRM."""
    shops = [buyer for buyer in buyers if buyer.segment == "فروشگاه"]
    leads, lead_table = _leads(shops, rng)
    deals, deal_table = _deals(leads, shops, rng)
    return [
        lead_table,
        deal_table,
        _contacts(deals, rng),
        _meetings(shops, rng),
        _contracts(shops, rng),
        _trials(shops, rng),
    ]


def _pick(rng: Rng, shops: Sequence[Buyer]) -> str:
    return shops[int(rng.integers(len(shops)))].key


def _later(rng: Rng, minute: int | None, chance: float, days: float) -> int | None:
    """A working minute some days later, or None: it did not come so far."""
    if minute is None or rng.random() > chance:
        return None
    day = minute // MINUTES_PER_DAY + 1 + int(rng.exponential(days))
    return day * MINUTES_PER_DAY + int(rng.integers(9 * 60, 17 * 60))


_LEAD_HEADERS = {
    "کد سرنخ": "lead_id",
    "تاریخ ایجاد": "created_at",
    "منبع سرنخ": "source",
    "نوع منبع": "source_class",
    "شیوه جذب": "approach",
    "کمپین": "campaign",
    "زمان واجد شرایط شدن بازاریابی": "mql_at",
    "زمان واجد شرایط شدن فروش": "sql_at",
    "تاریخ تبدیل به مشتری": "converted_at",
    "کد مشتری": "customer_id",
    "مسئول سرنخ": "owner",
}


def _leads(shops: Sequence[Buyer], rng: Rng) -> tuple[list[_Lead], Table]:
    shares = [source[3] for source in _SOURCES]
    leads: list[_Lead] = []
    rows: list[list[CellValue]] = []
    for place, minute in enumerate(sorted(draw_minutes(rng, draw_days(rng, _LEADS, 0.8), 9, 20))):
        name, kind, approach, _ = _SOURCES[int(rng.choice(len(_SOURCES), p=shares))]
        mql = _later(rng, minute, 0.46, 6)
        sql = _later(rng, mql, 0.52, 12)
        won = _later(rng, sql, 0.40, 32)
        lead = _Lead(f"LD{20_001 + place}", minute, mql, sql, won)
        leads.append(lead)
        campaign = campaign_on(minute // MINUTES_PER_DAY)
        rows.append(
            [
                lead.key,
                time_text(minute),
                name,
                kind if rng.random() > 0.02 else "",
                approach if rng.random() > 0.03 else "",
                campaign.name if campaign and kind in ("تبلیغات", "شبکه اجتماعی") else "",
                past_time(mql),
                past_time(sql),
                past_time(won),
                _pick(rng, shops) if past_time(won) else "",
                SALES_ROLES[place % len(SALES_ROLES)],
            ]
        )
    table = make_table("leads", "12-leads.csv", _LEAD_HEADERS, rows)
    write_arabic(table, ["source", "source_class"], rng)
    write_persian_digits(table, ["created_at"], rng)
    add_impossible_dates(table, rng, "created_at", "lead_id", 3)
    add_duplicates(table, rng, 11)
    return leads, table


_DEAL_HEADERS = {
    "کد فرصت": "deal_id",
    "تاریخ ایجاد": "created_at",
    "تاریخ بسته شدن": "closed_at",
    "نتیجه": "outcome",
    "مبلغ فرصت (تومان)": "value",
    "کد سرنخ": "lead_id",
    "کد مشتری": "customer_id",
    "کارشناس فروش": "salesperson",
    "مرحله": "stage",
    "دلیل باخت": "lost_reason",
    "استان": "region",
}


def _deals(leads: Sequence[_Lead], shops: Sequence[Buyer], rng: Rng) -> tuple[list[_Deal], Table]:
    started = [(_later(rng, lead.sql, 0.95, 2), lead) for lead in leads if lead.sql is not None]
    direct = [(minute, None) for minute in draw_minutes(rng, draw_days(rng, 330, 0.7), 9, 17)]
    begun = [(minute, lead) for minute, lead in [*started, *direct] if minute is not None and minute < END]
    deals: list[_Deal] = []
    rows: list[list[CellValue]] = []
    for place, (minute, lead) in enumerate(sorted(begun, key=lambda pair: (pair[0], pair[1].key if pair[1] else ""))):
        outcome, closed = _outcome(rng, minute)
        deals.append(_Deal(f"D{30_001 + place}", minute, closed))
        value = round(float(rng.lognormal(16.9, 0.6)) * price_level(minute // MINUTES_PER_DAY), -4)
        region = REGIONS[int(rng.choice(len(REGIONS), p=REGION_SHARES))]
        rows.append(
            [
                deals[-1].key,
                time_text(minute),
                past_time(closed),
                outcome,
                int(value),
                lead.key if lead else "",
                _pick(rng, shops) if outcome == "برنده" else "",
                SALES_ROLES[int(rng.integers(len(SALES_ROLES)))],
                "مذاکره" if outcome == "در جریان" else "پایان‌یافته",
                _LOST_REASONS[int(rng.integers(len(_LOST_REASONS)))] if outcome == "بازنده" else "",
                region,
            ]
        )
    table = make_table("deals", "13-deals.csv", _DEAL_HEADERS, rows, format=Format.SEMICOLON)
    write_grouped(table, ["value"], rng, 0.3)
    write_dashed_dates(table, ["created_at", "closed_at"], rng)
    add_duplicates(table, rng, 5)
    return deals, table


def _outcome(rng: Rng, minute: int) -> tuple[str, int | None]:
    """How a deal ends and when; deals that end after the timeline are still open, and a few never end."""
    closed = _later(rng, minute, 0.985, 28)
    if closed is None or closed >= END:
        return "در جریان", None
    return ("برنده", "بازنده", "نامعتبر")[int(rng.choice(3, p=(0.38, 0.52, 0.10)))], closed


def _contacts(deals: Sequence[_Deal], rng: Rng) -> Table:
    headers = {
        "شناسه پیگیری": "contact_id",
        "کد فرصت": "deal_id",
        "تاریخ تماس": "contacted_at",
        "نوع تماس": "kind",
        "خودکار": "is_automatic",
    }
    rows: list[list[CellValue]] = []
    for deal in deals:
        minute = deal.created
        stop = min(deal.closed if deal.closed is not None else deal.created + 160 * MINUTES_PER_DAY, END)
        while (minute := _later(rng, minute, 0.94, 8) or END) < stop:
            automatic = bool(rng.random() < 0.15)
            kind = "ایمیل" if automatic else _KINDS[int(rng.integers(len(_KINDS)))]
            number = f"T{40_001 + len(rows)}"
            rows.append([number, deal.key, time_text(minute), kind, "بله" if automatic else "خیر"])
    table = make_table("deal_contacts", "14-deal-contacts.csv", headers, rows)
    add_duplicates(table, rng, 6)
    return table


def _meetings(shops: Sequence[Buyer], rng: Rng) -> Table:
    headers = {
        "شناسه جلسه": "meeting_id",
        "تاریخ رزرو": "booked_at",
        "تاریخ برگزاری": "held_at",
        "نوع جلسه": "kind",
        "وضعیت جلسه": "status",
        "کد مشتری": "customer_id",
        "کارشناس فروش": "salesperson",
    }
    rows: list[list[CellValue]] = []
    for place, minute in enumerate(sorted(draw_minutes(rng, draw_days(rng, 780, 0.7), 9, 17))):
        kind = ("دمو", "مشاوره", "سایر")[int(rng.choice(3, p=(0.6, 0.3, 0.1)))]
        held = _later(rng, minute, 1.0, 5)
        status = ("برگزار شده", "حاضر نشد", "لغو شده")[int(rng.choice(3, p=(0.76, 0.14, 0.10)))]
        if held is None or held >= END:
            status = "رزرو شده"
        customer = _pick(rng, shops) if rng.random() < 0.5 else ""
        happened = past_time(held) if status == "برگزار شده" else ""
        role = SALES_ROLES[place % len(SALES_ROLES)]
        rows.append([f"M{50_001 + place}", time_text(minute), happened, kind, status, customer, role])
    table = make_table("meetings", "15-meetings.csv", headers, rows)
    write_arabic(table, ["status"], rng)
    return table


def _contracts(shops: Sequence[Buyer], rng: Rng) -> Table:
    """Supply contracts of six or twelve months, from the year before the data; most are renewed, some late."""
    headers = {
        "شماره قرارداد": "contract_id",
        "کد مشتری": "customer_id",
        "تاریخ امضا": "signed_at",
        "تاریخ شروع": "starts_on",
        "تاریخ پایان": "ends_on",
        "مبلغ قرارداد (تومان)": "value",
        "قرارداد قبلی": "previous_contract_id",
        "طرح": "plan",
    }
    rows: list[list[CellValue]] = []
    for shop in shops[:150]:
        start = int(rng.integers(-300, 40)) if shop.joined < 0 else shop.joined + int(rng.integers(5, 120))
        value = float(rng.lognormal(17.6, 0.5)) * price_level(start)
        signed, previous = start - int(rng.integers(1, 12)), ""
        while signed < DAYS:
            days = 365 if rng.random() < 0.6 else 180
            key = f"K{60_001 + len(rows)}"
            plan = "تأمین سالانه" if days == 365 else "تأمین شش‌ماهه"
            dates = [day_text(signed), day_text(start), day_text(start + days)]
            rows.append([key, shop.key, *dates, round(value * days / 365, -5), previous, plan])
            if rng.random() > 0.74:
                break
            previous, start = key, start + days
            # Some sign after the old term has ended; beyond the days of grace this is no renewal in time.
            signed = start + int(rng.integers(-35, 45 if rng.random() < 0.2 else 5))
            start = max(start, signed)
            value *= float(rng.uniform(0.95, 1.5))
    rows = [[*row[:5], int(row[5]), *row[6:]] for row in sorted(rows, key=lambda row: (row[2], row[0]))]
    return make_table("contracts", "16-contracts.xlsx", headers, rows, format=Format.WORKBOOK, sheet="قراردادها")


def _trials(shops: Sequence[Buyer], rng: Rng) -> Table:
    """Trials of the online ordering panel for shops."""
    headers = {
        "شناسه آزمایشی": "trial_id",
        "تاریخ شروع آزمایشی": "started_at",
        "تاریخ پایان آزمایشی": "ended_at",
        "تاریخ خرید": "converted_at",
        "کد مشتری": "customer_id",
        "کانال ورودی": "channel",
    }
    rows: list[list[CellValue]] = []
    for place, minute in enumerate(sorted(draw_minutes(rng, draw_days(rng, 900, 0.6), 8, 22))):
        bought = _later(rng, minute, 0.27, 14)
        ended = minute + 30 * MINUTES_PER_DAY
        channel = ("سایت", "معرفی", "کارشناس فروش")[int(rng.integers(3))]
        customer = _pick(rng, shops) if past_time(bought) else ""
        rows.append([f"TR{place + 1}", time_text(minute), time_text(ended), past_time(bought), customer, channel])
    return make_table("trials", "17-trials.csv", headers, rows)
