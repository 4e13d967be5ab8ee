"""The service exports: the help desk's database of tickets and the answers to surveys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjeh.demo.company import SUPPORT_ROLES
from sanjeh.demo.dirt import add_duplicates, add_impossible_dates, write_persian_digits
from sanjeh.demo.sale import Sales
from sanjeh.demo.season import draw_days, draw_minutes
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import DAYS, END, MINUTES_PER_DAY, past_time, time_text

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

_KINDS = ("پیگیری ارسال", "مرجوعی", "فنی", "پرداخت", "پرسش دربارهٔ کالا")
_PRIORITIES = ("کم", "متوسط", "زیاد")


def export_service(sales: Sales, rng: Rng) -> list[Table]:
    """The tables of tickets and survey answers."""
    return [_tickets(sales, rng), _surveys(sales, rng)]


_TICKET_HEADERS = {
    "شماره تیکت": "ticket_id",
    "تاریخ ایجاد": "opened_at",
    "زمان اولین پاسخ": "first_response_at",
    "تاریخ حل": "resolved_at",
    "ساعت انتظار": "waiting_hours",
    "نوع تیکت": "kind",
    "اولویت": "priority",
    "کارشناس پشتیبانی": "agent",
    "کد مشتری": "customer_id",
}


def _tickets(sales: Sales, rng: Rng) -> Table:
    buyers = sales.buyers
    rows: list[list[CellValue]] = []
    minutes = sorted(draw_minutes(rng, draw_days(rng, 3100), 8, 22))
    for place, (minute, chance) in enumerate(zip(minutes, rng.random((len(minutes), 4)).tolist(), strict=True)):
        # The summer of 1402 was understaffed.
        slow = 2.2 if 455 <= minute // MINUTES_PER_DAY < 560 else 1.0
        answered = minute + 5 + int(rng.exponential(140) * slow)
        resolved = answered + 20 + int(rng.exponential(1500) * slow) if chance[0] < 0.97 else None
        hours = 0.0 if resolved is None else (resolved - minute) / 60
        waiting = round(hours * 0.3, 1) if chance[1] < 0.2 else 0
        rows.append(
            [
                f"Q{700_001 + place}",
                time_text(minute),
                past_time(answered),
                past_time(resolved),
                waiting if past_time(resolved) else 0,
                _KINDS[int(rng.choice(5, p=(0.34, 0.2, 0.12, 0.14, 0.2)))],
                _PRIORITIES[int(chance[2] * 3)],
                SUPPORT_ROLES[place % len(SUPPORT_ROLES)],
                buyers[int(rng.integers(len(buyers)))].key if chance[3] < 0.85 else "",
            ]
        )
    table = make_table("tickets", "33-support.sqlite", _TICKET_HEADERS, rows, format=Format.SQLITE, sheet="تیکت‌ها")
    add_impossible_dates(table, rng, "opened_at", "ticket_id", 2)
    return table


def _surveys(sales: Sales, rng: Rng) -> Table:
    """One buyer in nine answers a survey some days after an order; some answer twice in a month."""
    headers = {
        "کد پاسخ": "response_id",
        "تاریخ پاسخ": "answered_at",
        "کد مشتری": "customer_id",
        "نام نظرسنجی": "survey",
        "امتیاز توصیه": "nps",
        "امتیاز رضایت": "csat",
        "پرسش وفاداری 1": "cli_1",
        "پرسش وفاداری 2": "cli_2",
        "پرسش وفاداری 3": "cli_3",
    }
    answers: list[tuple[int, str, bool]] = []
    for sale in sales.orders:
        is_shop = sale.customer.startswith("W")
        if sale.customer and sale.is_successful and rng.random() < (0.2 if is_shop else 0.11):
            minute = sale.minute + int(rng.integers(3, 15)) * MINUTES_PER_DAY
            answers.append((minute, sale.customer, len(sale.refunds) > 0))
            if rng.random() < 0.04:
                answers.append((minute + 3 * MINUTES_PER_DAY + 7, sale.customer, False))
    kept = [answer for answer in sorted(answers) if answer[0] < END]
    rows = [
        [f"A{800_001 + place}", time_text(minute), customer, "پس از خرید", *_scores(rng, minute, unhappy)]
        for place, (minute, customer, unhappy) in enumerate(kept)
    ]
    table = make_table("survey_responses", "34-survey.csv", headers, rows)
    write_persian_digits(table, ["nps", "csat", "answered_at"], rng, 0.3)
    add_duplicates(table, rng, 3)
    return table


def _scores(rng: Rng, minute: int, unhappy: bool) -> list[CellValue]:
    """The answers to one form: recommendation 0 to 10, satisfaction 1 to 5, three loyalty questions 1 to 6."""
    mood = float(rng.normal(0.74 + 0.05 * minute / MINUTES_PER_DAY / DAYS, 0.19)) - (0.3 if unhappy else 0)
    mood = min(max(mood, 0.0), 1.0)
    loyalty: list[CellValue] = [1 + min(5, int((1 - mood) * 6 * float(rng.uniform(0.6, 1.3)))) for _ in range(3)]
    if rng.random() < 0.15:
        loyalty[2] = ""
    nps: CellValue = min(10, round(mood * 11)) if rng.random() < 0.9 else ""
    csat: CellValue = 1 + min(4, int(mood * 5)) if rng.random() < 0.95 else ""
    return [nps, csat, *loyalty]
