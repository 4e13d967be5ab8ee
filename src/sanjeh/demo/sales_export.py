"""The sales exports: customers, products, the shop's orders by year, the accounting program's invoices, and refunds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanjeh.demo.company import ONLINE, products
from sanjeh.demo.dirt import (
    add_blank_dates,
    add_duplicates,
    add_impossible_dates,
    add_words_for_numbers,
    write_arabic,
    write_dashed_dates,
    write_grouped,
    write_persian_digits,
)
from sanjeh.demo.sale import Buyer, Sale, Sales
from sanjeh.demo.table import CellValue, Format, Table, make_table
from sanjeh.demo.timeline import MINUTES_PER_DAY, day_at, day_text, past_day, past_time, time_text

if TYPE_CHECKING:
    import numpy as np

    Rng = np.random.Generator

_ORDER_FIELDS = {
    "شماره سفارش": "order_id",
    "تاریخ سفارش": "ordered_at",
    "مبلغ خالص (تومان)": "net_amount",
    "تخفیف (تومان)": "discount",
    "هزینه ارسال (تومان)": "shipping",
    "کد مشتری": "customer_id",
    "وضعیت سفارش": "status",
    "تاریخ تحویل": "delivered_at",
    "کانال فروش": "channel",
    "استان": "region",
    "خط کسب‌وکار": "lob",
    "کمپین": "campaign",
}
_CORRECTED = 24
_CANCELLED_LATER = 6
_LATE = 40


def export_sales(sales: Sales, rng: Rng) -> list[Table]:
    """The tables of customers, products, orders, order lines, refunds and receivables."""
    online = [sale for sale in sales.orders if sale.lob == ONLINE]
    wholesale = [sale for sale in sales.orders if sale.lob != ONLINE]
    return [
        _customers(sales.buyers, rng),
        _products(),
        *_online(online, rng),
        _wholesale(wholesale, rng),
        *_lines(sales.orders, rng),
        _refunds(sales, rng),
        _receivables(wholesale, rng),
    ]


def _customers(buyers: Sequence[Buyer], rng: Rng) -> Table:
    headers = {
        "کد مشتری": "customer_id",
        "تاریخ عضویت": "created_at",
        "تاریخ اولین خرید": "first_order_at",
        "مشتری کلیدی": "is_key_account",
        "کلیدی از": "key_from",
        "کلیدی تا": "key_to",
        "گروه مشتری": "segment",
        "استان": "region",
    }
    rows: list[list[CellValue]] = [
        [
            buyer.key,
            day_text(buyer.joined),
            "" if buyer.first_order is None else day_text(buyer.first_order),
            "بله" if buyer.is_key_account else "خیر",
            past_day(buyer.key_from),
            "" if buyer.key_to is None else day_text(buyer.key_to),
            buyer.segment,
            buyer.region,
        ]
        for buyer in buyers
    ]
    table = make_table("customers", "01-customers.csv", headers, rows)
    write_arabic(table, ["region", "segment"], rng)
    add_duplicates(table, rng, 12)
    return table


def _products() -> Table:
    headers = {"کد کالا": "product_id", "نام کالا": "name", "گروه کالا": "category"}
    rows = [[product.code, product.name, product.category] for product in products()]
    return make_table("products", "02-products.xlsx", headers, rows, format=Format.WORKBOOK, sheet="کالاها")


def _order_row(sale: Sale) -> list[CellValue]:
    return [
        sale.key,
        time_text(sale.minute),
        sale.amount,
        sale.discount,
        sale.shipping,
        sale.customer,
        sale.status,
        past_time(sale.delivered),
        sale.channel,
        sale.region,
        sale.lob,
        sale.campaign,
    ]


def _online(online: Sequence[Sale], rng: Rng) -> list[Table]:
    years: dict[int, list[Sale]] = {1401: [], 1402: [], 1403: []}
    for sale in online:
        years[day_at(sale.minute // MINUTES_PER_DAY).year].append(sale)
    # The last orders of 1402 were exported with the next year's.
    late = years[1402][-_LATE:]
    first, second = _orders_1401(years[1401], rng), _orders_1402(years[1402][:-_LATE], rng)
    return [first, second, *_orders_1403([*late, *years[1403]], rng)]


def _orders_1401(orders: Sequence[Sale], rng: Rng) -> Table:
    headers = {("مبلغ (تومان)" if field == "net_amount" else name): field for name, field in _ORDER_FIELDS.items()}
    table = make_table("orders", "03-orders-1401.csv", headers, map(_order_row, orders))
    write_arabic(table, ["status", "region", "channel"], rng)
    write_dashed_dates(table, ["ordered_at", "delivered_at"], rng)
    write_persian_digits(table, ["ordered_at", "net_amount"], rng)
    add_impossible_dates(table, rng, "ordered_at", "order_id", 4)
    add_duplicates(table, rng, 15)
    table.dirt += ["blank_customers", "cancelled_orders"]
    return table


def _orders_1402(orders: Sequence[Sale], rng: Rng) -> Table:
    rows = map(_order_row, orders)
    table = make_table("orders", "04-orders-1402.csv", _ORDER_FIELDS, rows, format=Format.SEMICOLON)
    write_persian_digits(table, ["ordered_at"], rng, 0.4)
    write_grouped(table, ["net_amount"], rng, 0.35)
    add_words_for_numbers(table, rng, "net_amount", "order_id", 3)
    add_impossible_dates(table, rng, "ordered_at", "order_id", 2)
    add_duplicates(table, rng, 22)
    table.dirt += ["blank_customers", "cancelled_orders"]
    return table


def _orders_1403(orders: Sequence[Sale], rng: Rng) -> list[Table]:
    """The year's workbook, with slips, and the later file that sets them right under the same keys."""
    good = [place for place, sale in enumerate(orders) if sale.is_successful]
    corrected = {good[place] for place in rng.choice(len(good), size=_CORRECTED, replace=False).tolist()}
    cancelled = [place for place, sale in enumerate(orders) if sale.status == "لغو شده"][:_CANCELLED_LATER]
    rows = [_order_row(sale) for sale in orders]
    amount, status = (list(_ORDER_FIELDS.values()).index(name) for name in ("net_amount", "status"))
    right = [list(rows[place]) for place in sorted([*corrected, *cancelled])]
    for place in corrected:
        rows[place][amount] = orders[place].amount + 90_000
    for place in cancelled:
        rows[place][status] = "پرداخت شده"
    table = make_table("orders", "05-orders-1403.xlsx", _ORDER_FIELDS, rows, format=Format.WORKBOOK, sheet="سفارش‌ها")
    add_blank_dates(table, rng, "ordered_at", "order_id", 2)
    add_duplicates(table, rng, 8)
    table.dirt += ["blank_customers", "cancelled_orders", "late_rows"]
    correction = make_table("orders", "06-orders-corrected.csv", _ORDER_FIELDS, right)
    correction.replaced = len(right)
    correction.dirt.append("corrected_rows")
    return [table, correction]


_WHOLESALE_HEADERS = {
    "شماره فاکتور": "order_id",
    "تاریخ فاکتور": "ordered_at",
    "کد مشتری": "customer_id",
    "مبلغ خالص (ریال)": "net_amount",
    "مالیات (ریال)": "tax",
    "وضعیت فاکتور": "status",
    "تاریخ تحویل": "delivered_at",
    "کانال فروش": "channel",
    "اینترنتی": "is_online",
    "استان": "region",
    "خط کسب‌وکار": "lob",
    "فروشنده": "salesperson",
}


def _wholesale(orders: Sequence[Sale], rng: Rng) -> Table:
    rows: list[list[CellValue]] = [
        [
            sale.key,
            time_text(sale.minute),
            sale.customer,
            sale.amount * 10,
            sale.amount * 9 // 10,
            sale.status,
            past_time(sale.delivered),
            sale.channel,
            "خیر",
            sale.region,
            sale.lob,
            sale.salesperson,
        ]
        for sale in orders
    ]
    table = make_table("orders", "07-wholesale-sales.csv", _WHOLESALE_HEADERS, rows, format=Format.WINDOWS_1256)
    write_grouped(table, ["net_amount", "tax"], rng, 0.3, ",")
    add_words_for_numbers(table, rng, "net_amount", "order_id", 2)
    add_duplicates(table, rng, 6)
    table.dirt += ["rial_column", "arabic_letters", "cancelled_orders"]
    return table


def _lines(orders: Sequence[Sale], rng: Rng) -> list[Table]:
    headers = {
        "شناسه ردیف": "line_id",
        "شماره سفارش": "order_id",
        "کد کالا": "product_id",
        "تعداد": "quantity",
        "مبلغ خالص (تومان)": "net_amount",
        "بهای تمام شده (تومان)": "cost",
    }
    rows: list[list[CellValue]] = [
        [f"L{sale.key}-{place + 1}", sale.key, line.product, line.quantity, line.amount, line.cost]
        for sale in orders
        for place, line in enumerate(sale.lines)
    ]
    half = len(rows) // 2
    first = make_table("order_lines", "08-order-lines.csv.gz", headers, rows[:half], format=Format.GZIP)
    second = make_table("order_lines", "09-order-lines.csv", headers, rows[half:], format=Format.SEMICOLON)
    write_persian_digits(first, ["quantity"], rng, 0.1)
    add_duplicates(first, rng, 18)
    write_grouped(second, ["net_amount", "cost"], rng, 0.2)
    add_words_for_numbers(second, rng, "quantity", "line_id", 2)
    return [first, second]


_REFUND_HEADERS = {
    "شماره مرجوعی": "refund_id",
    "تاریخ مرجوعی": "refunded_at",
    "مبلغ مرجوعی (تومان)": "amount",
    "شماره سفارش": "order_id",
    "کد مشتری": "customer_id",
    "کد کالا": "product_id",
    "تعداد مرجوعی": "quantity",
    "دلیل مرجوعی": "reason",
}


def _refunds(sales: Sales, rng: Rng) -> Table:
    refunds = sorted(
        [*sales.old_refunds, *(refund for sale in sales.orders for refund in sale.refunds)],
        key=lambda refund: (refund.minute, refund.key),
    )
    rows: list[list[CellValue]] = [
        [
            refund.key,
            time_text(refund.minute),
            refund.amount,
            refund.order,
            refund.customer,
            refund.product,
            "" if refund.quantity is None else refund.quantity,
            refund.reason,
        ]
        for refund in refunds
    ]
    table = make_table("refunds", "10-refunds.csv", _REFUND_HEADERS, rows)
    write_dashed_dates(table, ["refunded_at"], rng)
    add_duplicates(table, rng, 4)
    add_impossible_dates(table, rng, "refunded_at", "refund_id", 2)
    table.dirt += ["late_refunds", "refunds_without_order"]
    return table


def _receivables(wholesale: Sequence[Sale], rng: Rng) -> Table:
    """Credit sales with VAT; customers take longer to pay as the years go by."""
    headers = {
        "شماره صورت‌حساب": "invoice_id",
        "تاریخ صدور": "issued_at",
        "کد مشتری": "customer_id",
        "مبلغ با مالیات (تومان)": "amount",
        "نسیه": "is_credit",
        "سررسید": "due_at",
        "تاریخ تسویه": "paid_at",
    }
    rows: list[list[CellValue]] = []
    for sale in wholesale:
        if not sale.is_successful:
            continue
        day = sale.minute // MINUTES_PER_DAY
        is_credit = bool(rng.random() < 0.78)
        paid = day + int(rng.gamma(6, (52 + day / 45) / 6)) + 5 if is_credit else day
        due = day_text(day + 60) if is_credit else ""
        credit = "بله" if is_credit else "خیر"
        number = sale.key.replace("F", "I")
        rows.append([number, day_text(day), sale.customer, sale.amount * 109 // 100, credit, due, past_day(paid)])
    table = make_table("invoices", "11-accounting.xlsx", headers, rows, format=Format.WORKBOOK, sheet="مطالبات")
    add_impossible_dates(table, rng, "issued_at", "invoice_id", 1)
    add_duplicates(table, rng, 3)
    return table
