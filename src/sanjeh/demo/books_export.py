"""The books: the ledger that agrees with orders and spend, and the people on the payroll."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjeh.demo.company import LINES_OF_BUSINESS, ONLINE, REGIONS, WHOLESALE, WORKSHOP
from sanjeh.demo.dirt import add_duplicates, add_words_for_numbers, write_grouped
from sanjeh.demo.sale import Sales
from sanjeh.demo.season import price_level
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import MINUTES_PER_DAY, DemoMonth, day_text, months

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

# Toman a month, in prices of the first day.
_EXPENSES = {
    ONLINE: (("حقوق کارکنان", 96_000_000), ("اجارهٔ انبار", 22_000_000), ("بسته‌بندی و ارسال", 31_000_000)),
    WHOLESALE: (("حقوق کارکنان", 52_000_000), ("حمل بار", 24_000_000)),
    WORKSHOP: (("حقوق کارگاه", 74_000_000), ("انرژی", 9_000_000), ("تعمیرات", 7_000_000)),
}
_MARKETING_SHARES = {ONLINE: 0.72, WHOLESALE: 0.2, WORKSHOP: 0.08}


@dataclass(frozen=True, slots=True)
class BookedMonth:
    """What a month came to, in toman: revenue by line of business and by region, operating expenses by line."""

    revenue: Mapping[str, int]
    regions: Mapping[str, int]
    expenses: Mapping[str, int]


def export_books(sales: Sales, spent: Mapping[int, int], rng: Rng) -> tuple[list[Table], list[BookedMonth]]:
    """The tables of the ledger and of headcount, and what was booked, month by month.

    ``spent`` is what marketing and sales spent by month's place, in toman.
    """
    revenue, cogs, regions = _trade(sales)
    booked: list[BookedMonth] = []
    rows: list[list[CellValue]] = []
    for month in months():
        expenses: dict[str, int] = {}
        for lob in LINES_OF_BUSINESS:
            costs = _expenses(month, lob, spent[month.place], rng)
            expenses[lob] = sum(amount for _, amount in costs)
            rows.append(_entry(month, "درآمد فروش", revenue[month.place, lob], lob, "فروش کالا"))
            rows.append(_entry(month, "بهای تمام شده کالای فروش رفته", cogs[month.place, lob], lob, "بهای کالا"))
            rows += [_entry(month, "هزینه‌های عملیاتی", amount, lob, account) for account, amount in costs]
        rows += _other_entries(month, rng)
        lobs = {lob: revenue[month.place, lob] for lob in LINES_OF_BUSINESS}
        booked.append(BookedMonth(lobs, {region: regions[month.place, region] for region in REGIONS}, expenses))
    numbered = [[f"G{90_001 + number}", *row] for number, row in enumerate(rows)]
    return [_ledger(numbered, rng), _headcount()], booked


def _entry(month: DemoMonth, kind: str, amount: int, lob: str, account: str) -> list[CellValue]:
    return [day_text(month.stop - 1), kind, amount, lob, account]


def _expenses(month: DemoMonth, lob: str, spent: int, rng: Rng) -> list[tuple[str, int]]:
    level = price_level(month.first)
    costs = [
        (account, round(amount * level * float(rng.uniform(0.95, 1.05)) / 10_000) * 10_000)
        for account, amount in _EXPENSES[lob]
    ]
    return [*costs, ("بازاریابی و فروش", int(spent * _MARKETING_SHARES[lob]))]


Amounts = Counter[tuple[int, str]]


def _trade(sales: Sales) -> tuple[Amounts, Amounts, Amounts]:
    """By the month of the order: revenue net of refunds and cost of goods by line of business, revenue by region."""
    place_of = {day: month.place for month in months() for day in range(month.first, month.stop)}
    revenue, cogs, regions = Amounts(), Amounts(), Amounts()
    for sale in sales.orders:
        if sale.is_successful:
            place = place_of[sale.minute // MINUTES_PER_DAY]
            net = sale.amount - sum(refund.amount for refund in sale.refunds)
            revenue[place, sale.lob] += net
            regions[place, sale.region] += net
            cogs[place, sale.lob] += sum(line.cost for line in sale.lines)
    return revenue, cogs, regions


def _other_entries(month: DemoMonth, rng: Rng) -> list[list[CellValue]]:
    level = price_level(month.first)
    entries = [("سود سپرده", 6_000_000, "سود سپرده"), ("هزینه‌های مالی", 11_000_000, "سود تسهیلات")]
    entries += [("سایر هزینه‌ها", 4_000_000, "هزینه‌های متفرقه")]
    if month.month % 3 == 0:
        entries.append(("مالیات", 21_000_000, "مالیات عملکرد"))
    made: list[list[CellValue]] = []
    for kind, amount, account in entries:
        booked = round(amount * level * float(rng.uniform(0.9, 1.1)) / 10_000) * 10_000
        made.append(_entry(month, kind, booked, "", account))
    return made


def _ledger(rows: list[list[CellValue]], rng: Rng) -> Table:
    headers = {
        "شماره سند": "entry_id",
        "تاریخ سند": "booked_at",
        "نوع حساب": "account_class",
        "مبلغ (تومان)": "amount",
        "خط کسب‌وکار": "lob",
        "نام حساب": "account",
    }
    table = make_table("ledger", "35-ledger.csv", headers, rows, format=Format.WINDOWS_1256)
    write_grouped(table, ["amount"], rng, 0.6, ",")
    add_words_for_numbers(table, rng, "amount", "entry_id", 2)
    add_duplicates(table, rng, 4)
    table.dirt.append("arabic_letters")
    return table


def _headcount() -> Table:
    headers = {"تاریخ": "date", "واحد": "function", "تعداد کارکنان": "fte", "تیم": "team"}
    rows: list[list[CellValue]] = []
    # Stated before the data begins and twice a month, so that every month has people to begin with.
    stated = [(-10, 0), *((day, month.place // 12) for month in months() for day in (month.first, month.first + 14))]
    for day, year in stated:
        teams = (
            ("فروش", "عمده", 4 + year),
            ("فروش", "آنلاین", 2.5 + 0.5 * year),
            ("بازاریابی", "رشد", 4 + year),
            ("پشتیبانی", "مشتریان", 4),
            ("تولید", "کارگاه", 11 - year),
        )
        rows += [[day_text(day), function, fte, team] for function, team, fte in teams]
    return make_table("headcount", "11-accounting.xlsx", headers, rows, format=Format.WORKBOOK, sheet="نیروی انسانی")
