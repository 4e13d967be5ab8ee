"""The plans and the figures typed by hand: production, targets, budgets, ready numbers, prices, rates and days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sanjeh.calendars import event_spans
from sanjeh.demo.books_export import BookedMonth
from sanjeh.demo.company import CAMPAIGNS, LAGGING_REGION, LINES_OF_BUSINESS, REGIONS
from sanjeh.demo.dirt import add_duplicates, write_persian_digits
from sanjeh.demo.log import Entry, make_log
from sanjeh.demo.season import price_level
from sanjeh.demo.social_export import NETWORKS
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import DAYS, START, STOP, DemoMonth, day_at, day_text, months

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

_BOOK = "37-plans.xlsx"
# Targets of ratios and scores, in the last year.
_LEVELS = {
    "gross_profit_margin": 0.27,
    "online_store_conversion_rate": 0.2,
    "retention_rate": 0.9,
    "churn_rate": 0.35,
    "csat": 0.75,
    "nps": 20,
    "mttr": 20,
    "message_response_rate": 0.95,
    "lead_conversion_rate": 0.08,
    "product_defect_rate": 0.02,
    "dso": 45,
}


def export_plans(books: Sequence[BookedMonth], reach: Mapping[tuple[int, str], int], rng: Rng) -> list[Table]:
    """The tables of production, targets, prices, exchange rates, calendar events and observations.

    ``reach`` is what each network states for a month's place.
    """
    return [_production(rng), _targets(books), _prices(), _rates(rng), _days(), _observations(reach, rng)]


def _production(rng: Rng) -> Table:
    headers = {
        "تاریخ تولید": "date",
        "خط تولید": "line",
        "تعداد تولید": "units_produced",
        "تعداد معیوب": "units_defective",
        "تعداد بازرسی": "units_inspected",
        "ساعت کارکرد": "run_hours",
        "ساعت برنامه": "planned_hours",
    }
    table = make_log("production", "36-production.csv", headers, _draw_production(rng), format=Format.SEMICOLON)
    write_persian_digits(table, ["units_produced"], rng, 0.1)
    add_duplicates(table, rng, 5)
    return table


def _draw_production(rng: Rng) -> Iterator[Entry]:
    for index in range(DAYS):
        day = day_at(index)
        if day.weekday == 4 or (day.is_nowruz and day.day <= 5):
            continue
        for line, per_hour in (("سفال", 13.0), ("چوب", 5.5)):
            planned = 6.0 if day.is_ramadan else 8.0
            # Power cuts stop the workshop on summer afternoons.
            lost = (
                float(rng.uniform(0.5, 2.5))
                if day.month in (4, 5) and rng.random() < 0.4
                else float(rng.uniform(0, 0.7))
            )
            run = round(planned - lost, 1)
            units = int(rng.poisson(per_hour * run * (1 - 0.35 * index / DAYS)))
            defective = int(rng.binomial(units, 0.018 + (0.02 if line == "چوب" and day.month == 8 else 0)))
            inspected = max(defective, units // 2)
            yield index, [line, units, defective, inspected, run, planned]


def _span(month: DemoMonth) -> tuple[str, str]:
    return day_text(month.first), day_text(month.stop)


def _targets(books: Sequence[BookedMonth]) -> Table:
    headers = {
        "نام شاخص": "kpi",
        "تاریخ شروع": "starts_on",
        "تاریخ پایان": "ends_on",
        "مقدار هدف": "value",
        "سناریو": "scenario",
        "خط کسب‌وکار": "lob",
        "استان": "region",
    }
    rows: list[list[CellValue]] = []
    for month in months():
        span = _span(month)
        booked = books[month.place]
        wanted = {lob: _rounded(booked.revenue[lob] * _ambition(month, lob)) for lob in LINES_OF_BUSINESS}
        total = sum(wanted.values())
        rows.append(["revenue", *span, total, "هدف", "", ""])
        rows += [["revenue", *span, amount, "هدف", lob, ""] for lob, amount in wanted.items()]
        for region in REGIONS:
            asked = 1.3 if region == LAGGING_REGION else 0.96
            rows.append(["revenue", *span, _rounded(booked.regions[region] * asked), "هدف", "", region])
        budget = {lob: _rounded(booked.expenses[lob] * 0.97) for lob in LINES_OF_BUSINESS}
        rows.append(["operating_expenses", *span, sum(budget.values()), "بودجه", "", ""])
        rows += [["operating_expenses", *span, amount, "بودجه", lob, ""] for lob, amount in budget.items()]
        if month.year == day_at(DAYS - 1).year:
            rows += [[name, *span, level, "هدف", "", ""] for name, level in _LEVELS.items()]
    return make_table("targets", _BOOK, headers, rows, format=Format.WORKBOOK, sheet="هدف‌ها")


def _ambition(month: DemoMonth, lob: str) -> float:
    """What was asked of a line of business beside what it came to: the workshop's plan expected no decline."""
    if lob == LINES_OF_BUSINESS[2]:
        return 1 + 0.02 * month.place
    return 1.04 if month.month in (5, 9, 12) else 0.97


def _rounded(amount: float) -> int:
    return round(amount / 1_000_000) * 1_000_000


def _prices() -> Table:
    headers = {"ماه": "date", "شاخص قیمت": "index"}
    entries = ((month.first, [round(100 * price_level(month.first), 1)]) for month in months())
    return make_log("cpi", _BOOK, headers, entries, format=Format.WORKBOOK, sheet="شاخص قیمت")


def _rates(rng: Rng) -> Table:
    headers = {"کد ارز": "currency", "تاریخ": "date", "نرخ ارز": "rate"}
    return make_log("exchange_rates", _BOOK, headers, _draw_rates(rng), format=Format.WORKBOOK, sheet="نرخ ارز")


def _draw_rates(rng: Rng) -> Iterator[Entry]:
    rate = 26_500.0
    for day in range(0, DAYS, 7):
        rate *= 1 + float(rng.normal(0.006, 0.012))
        yield day, ["USD", int(round(rate, -1))]


def _days() -> Table:
    headers = {"عنوان": "name", "تاریخ شروع": "starts_on", "تاریخ پایان": "ends_on", "نوع رویداد": "kind"}
    rows: list[list[CellValue]] = [
        [campaign.name, day_text(campaign.first), day_text(campaign.last), "کمپین"] for campaign in CAMPAIGNS
    ]
    rows.append(["قطعی اینترنت", day_text(184), day_text(188), "قطعی اینترنت"])
    for year in range(START.year, STOP.year + 1):
        for tag, name in (("ramadan", "ماه رمضان"), ("nowruz", "نوروز")):
            for span in event_spans(tag, year):
                if START <= span.start < STOP:
                    last = (span.end - timedelta(1) - START).days
                    rows.append([name, day_text((span.start - START).days), day_text(last), name])
    return make_table("calendar_events", _BOOK, headers, rows, format=Format.WORKBOOK, sheet="رویدادهای تقویم")


def _observations(reach: Mapping[tuple[int, str], int], rng: Rng) -> Table:
    """Ready numbers of a month: reach as the networks state it, and what the learning perspective needs."""
    headers = {"سنجه": "measure", "تاریخ": "date", "طول بازه": "grain", "مقدار": "value", "شبکه اجتماعی": "network"}
    rows: list[list[CellValue]] = []
    for month in months():
        first = day_text(month.first)
        stated = [(network, reach[month.place, network]) for network, *_ in NETWORKS]
        # Who follows two accounts is one person: the whole is less than the sum.
        rows.append(["reach", first, "ماه", int(sum(people for _, people in stated) * 0.88), ""])
        rows += [["reach", first, "ماه", people, network] for network, people in stated]
        due = 4
        sources = 12
        typed = {
            "training_hours": 18 + int(rng.integers(0, 30)),
            "survey_invitations": 190 + int(rng.integers(0, 60)) + 3 * month.place,
            "reviews_due": due,
            "reviews_held": due - int(rng.integers(0, 3)),
            "sources_expected": sources,
            "sources_on_time": sources - int(rng.integers(0, 4)),
        }
        rows += [[name, first, "ماه", value, ""] for name, value in typed.items()]
    table = make_table("observations", "38-observations.csv", headers, rows)
    write_persian_digits(table, ["value", "date"], rng, 0.2)
    add_duplicates(table, rng, 2)
    return table
