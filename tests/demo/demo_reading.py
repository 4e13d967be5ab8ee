"""Reading the demo's files by hand: csv, json, sqlite3 and openpyxl, one list of headers per file, nothing of ours."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import jdatetime  # type: ignore[import-untyped]
import openpyxl

Row = dict[str, Any]

# file, sheet, entity, header = field and kind: k key, s text, d day, t time, n number, b yes or no; ! is required.
FILES = """
01-customers.csv | | customers | کد مشتری=customer_id k!; تاریخ عضویت=created_at t; تاریخ اولین خرید=first_order_at t; مشتری کلیدی=is_key_account b; کلیدی از=key_from t; کلیدی تا=key_to t; گروه مشتری=segment s; استان=region s
02-products.xlsx | کالاها | products | کد کالا=product_id k!; نام کالا=name s; گروه کالا=category s
03-orders-1401.csv | | orders | شماره سفارش=order_id k!; تاریخ سفارش=ordered_at t!; مبلغ (تومان)=net_amount n!; تخفیف (تومان)=discount n; هزینه ارسال (تومان)=shipping n; کد مشتری=customer_id k; وضعیت سفارش=status s; تاریخ تحویل=delivered_at t; کانال فروش=channel s; استان=region s; خط کسب‌وکار=lob s; کمپین=campaign s
04-orders-1402.csv | | orders | شماره سفارش=order_id k!; تاریخ سفارش=ordered_at t!; مبلغ خالص (تومان)=net_amount n!; تخفیف (تومان)=discount n; هزینه ارسال (تومان)=shipping n; کد مشتری=customer_id k; وضعیت سفارش=status s; تاریخ تحویل=delivered_at t; کانال فروش=channel s; استان=region s; خط کسب‌وکار=lob s; کمپین=campaign s
05-orders-1403.xlsx | سفارش‌ها | orders | شماره سفارش=order_id k!; تاریخ سفارش=ordered_at t!; مبلغ خالص (تومان)=net_amount n!; تخفیف (تومان)=discount n; هزینه ارسال (تومان)=shipping n; کد مشتری=customer_id k; وضعیت سفارش=status s; تاریخ تحویل=delivered_at t; کانال فروش=channel s; استان=region s; خط کسب‌وکار=lob s; کمپین=campaign s
06-orders-corrected.csv | | orders | شماره سفارش=order_id k!; تاریخ سفارش=ordered_at t!; مبلغ خالص (تومان)=net_amount n!; تخفیف (تومان)=discount n; هزینه ارسال (تومان)=shipping n; کد مشتری=customer_id k; وضعیت سفارش=status s; تاریخ تحویل=delivered_at t; کانال فروش=channel s; استان=region s; خط کسب‌وکار=lob s; کمپین=campaign s
07-wholesale-sales.csv | | orders | شماره فاکتور=order_id k!; تاریخ فاکتور=ordered_at t!; کد مشتری=customer_id k; مبلغ خالص (ریال)=net_amount n!; مالیات (ریال)=tax n; وضعیت فاکتور=status s; تاریخ تحویل=delivered_at t; کانال فروش=channel s; اینترنتی=is_online b; استان=region s; خط کسب‌وکار=lob s; فروشنده=salesperson s
08-order-lines.csv.gz | | order_lines | شناسه ردیف=line_id k!; شماره سفارش=order_id k!; کد کالا=product_id k!; تعداد=quantity n!; مبلغ خالص (تومان)=net_amount n; بهای تمام شده (تومان)=cost n
09-order-lines.csv | | order_lines | شناسه ردیف=line_id k!; شماره سفارش=order_id k!; کد کالا=product_id k!; تعداد=quantity n!; مبلغ خالص (تومان)=net_amount n; بهای تمام شده (تومان)=cost n
10-refunds.csv | | refunds | شماره مرجوعی=refund_id k!; تاریخ مرجوعی=refunded_at t!; مبلغ مرجوعی (تومان)=amount n!; شماره سفارش=order_id k; کد مشتری=customer_id k; کد کالا=product_id k; تعداد مرجوعی=quantity n; دلیل مرجوعی=reason s
11-accounting.xlsx | مطالبات | invoices | شماره صورت‌حساب=invoice_id k!; تاریخ صدور=issued_at t!; کد مشتری=customer_id k; مبلغ با مالیات (تومان)=amount n!; نسیه=is_credit b; سررسید=due_at t; تاریخ تسویه=paid_at t
11-accounting.xlsx | نیروی انسانی | headcount | تاریخ=date t!; واحد=function s!; تعداد کارکنان=fte n!; تیم=team s
12-leads.csv | | leads | کد سرنخ=lead_id k!; تاریخ ایجاد=created_at t!; منبع سرنخ=source s; نوع منبع=source_class s; شیوه جذب=approach s; کمپین=campaign s; زمان واجد شرایط شدن بازاریابی=mql_at t; زمان واجد شرایط شدن فروش=sql_at t; تاریخ تبدیل به مشتری=converted_at t; کد مشتری=customer_id k; مسئول سرنخ=owner s
13-deals.csv | | deals | کد فرصت=deal_id k!; تاریخ ایجاد=created_at t!; تاریخ بسته شدن=closed_at t; نتیجه=outcome s; مبلغ فرصت (تومان)=value n; کد سرنخ=lead_id k; کد مشتری=customer_id k; کارشناس فروش=salesperson s; مرحله=stage s; دلیل باخت=lost_reason s; استان=region s
14-deal-contacts.csv | | deal_contacts | شناسه پیگیری=contact_id k; کد فرصت=deal_id k!; تاریخ تماس=contacted_at t!; نوع تماس=kind s; خودکار=is_automatic b
15-meetings.csv | | meetings | شناسه جلسه=meeting_id k!; تاریخ رزرو=booked_at t!; تاریخ برگزاری=held_at t; نوع جلسه=kind s; وضعیت جلسه=status s; کد مشتری=customer_id k; کارشناس فروش=salesperson s
16-contracts.xlsx | قراردادها | contracts | شماره قرارداد=contract_id k!; کد مشتری=customer_id k!; تاریخ امضا=signed_at t; تاریخ شروع=starts_on t!; تاریخ پایان=ends_on t!; مبلغ قرارداد (تومان)=value n; قرارداد قبلی=previous_contract_id k; طرح=plan s
17-trials.csv | | trials | شناسه آزمایشی=trial_id k!; تاریخ شروع آزمایشی=started_at t!; تاریخ پایان آزمایشی=ended_at t; تاریخ خرید=converted_at t; کد مشتری=customer_id k; کانال ورودی=channel s
18-campaigns.csv | | campaigns | نام کمپین=campaign k!; شروع کمپین=starts_on t!; پایان کمپین=ends_on t; کانال=channel s
19-marketing-spend.xlsx | هزینه‌های بازاریابی | marketing_spend | شناسه هزینه=spend_id k!; تاریخ هزینه=spent_at t!; مبلغ هزینه (تومان)=amount n!; نوع هزینه=component s; بخش=function s; شیوه جذب=approach s; کانال=channel s; کمپین=campaign k; هزینه رسانه=is_media b
20-ads.jsonl | | ad_daily | تاریخ گزارش=date t!; پلتفرم=platform s; کمپین=campaign k; هزینه (تومان)=cost n!; تعداد نمایش=impressions n; تعداد کلیک=clicks n; تعداد تبدیل=conversions n; ارزش تبدیل (تومان)=conversion_value n
21-competitor-spend.csv | | competitor_spend | ماه=date t!; نام رقیب=competitor s; هزینه برآوردی (تومان)=amount n!; میزان اطمینان=confidence s
22-publisher.csv | | publisher_daily | تاریخ=date t!; جایگاه=placement s; درآمد تبلیغات (تومان)=earnings n!; تعداد نمایش=impressions n; تماشای کامل=completed_views n
23-email-list.csv | | email_daily | تاریخ=date t!; نام فهرست=list s; تعداد مشترکان=subscribers n; عضو جدید=joined n; لغو عضویت=unsubscribed n; برگشت خورده=bounced n; پاک‌سازی شده=cleaned n
24-events.csv | | events | شناسه رویداد=event_id k!; تاریخ برگزاری=held_at t!; تعداد ثبت‌نام=registrations n; تعداد حاضران=attendees n; نوع رویداد=kind s; شهر=city s
25-keyword-ranks.csv | | keyword_ranks | کلمه کلیدی=keyword s!; تاریخ بررسی=date t!; رتبه=position n; تعداد جستجو=impressions n; موتور جستجو=engine s
26-web-sessions.csv.gz | | web_sessions | شناسه نشست=session_id k!; زمان شروع=started_at t!; شناسه بازدیدکننده=visitor_id k; منبع ترافیک=source s; رسانه ورودی=medium s; با تعامل=engaged b; تبدیل شده=converted b; ربات=is_bot b; بازدید داخلی=is_internal b; کد مشتری=customer_id k; صفحه فرود=landing s
27-web-daily.csv | | web_daily | تاریخ گزارش=date t!; رسانه ورودی=medium s; تعداد نشست=sessions n!; بازدیدکننده یکتا=visitors n; نشست با تعامل=engaged_sessions n
28-carts.csv | | carts | شناسه سبد=cart_id k!; تاریخ ایجاد=created_at t!; ورود به پرداخت=checkout_at t; تاریخ خرید=purchased_at t; شماره سفارش=order_id k; کانال=channel s
29-user-activity.csv.gz | | user_activity | شناسه کاربر=user_id k!; زمان فعالیت=active_at t!; کد مشتری=customer_id k; پلتفرم=platform s
30-social-daily.csv | | social_daily | تاریخ=date t!; شبکه اجتماعی=network s; نام حساب=account s!; تعداد فالوور=followers n; دنبال‌کنندگان گروه هدف=targeted_followers n; ریچ=reach n; ایمپرشن=impressions n; تگ=tags n; منشن=mentions n
31-social-posts.csv | | social_posts | شناسه پست=post_id k!; تاریخ انتشار=published_at t!; نام حساب=account s; شبکه اجتماعی=network s; تعداد لایک=likes n; تعداد کامنت=comments n; تعداد اشتراک‌گذاری=shares n; ریچ پست=reach n; نمایش پست=impressions n; کلیک لینک=clicks n; پخش ویدئو=video_views n; نمایش ویدئو=video_impressions n; تماشای کامل=completed_views n
32-messages.csv | | messages | شناسه پیام=message_id k!; زمان دریافت=received_at t!; زمان پاسخ=answered_at t; نوع پیام=kind s; نیازمند پاسخ=needs_answer b; هرزنامه=is_spam b; شبکه اجتماعی=network s; پاسخ‌گو=agent s; کد مشتری=customer_id k
33-support.sqlite | تیکت‌ها | tickets | شماره تیکت=ticket_id k!; تاریخ ایجاد=opened_at t!; زمان اولین پاسخ=first_response_at t; تاریخ حل=resolved_at t; ساعت انتظار=waiting_hours n; نوع تیکت=kind s; اولویت=priority s; کارشناس پشتیبانی=agent s; کد مشتری=customer_id k
34-survey.csv | | survey_responses | کد پاسخ=response_id k!; تاریخ پاسخ=answered_at t!; کد مشتری=customer_id k; نام نظرسنجی=survey s; امتیاز توصیه=nps n; امتیاز رضایت=csat n; پرسش وفاداری 1=cli_1 n; پرسش وفاداری 2=cli_2 n; پرسش وفاداری 3=cli_3 n
35-ledger.csv | | ledger | شماره سند=entry_id k!; تاریخ سند=booked_at t!; نوع حساب=account_class s!; مبلغ (تومان)=amount n!; خط کسب‌وکار=lob s; نام حساب=account s
36-production.csv | | production | تاریخ تولید=date t!; خط تولید=line s; تعداد تولید=units_produced n; تعداد معیوب=units_defective n; تعداد بازرسی=units_inspected n; ساعت کارکرد=run_hours n; ساعت برنامه=planned_hours n
37-plans.xlsx | هدف‌ها | targets | نام شاخص=kpi s!; تاریخ شروع=starts_on t!; تاریخ پایان=ends_on t!; مقدار هدف=value n!; سناریو=scenario s; خط کسب‌وکار=lob s; استان=region s
37-plans.xlsx | شاخص قیمت | cpi | ماه=date t!; شاخص قیمت=index n!
37-plans.xlsx | نرخ ارز | exchange_rates | کد ارز=currency s!; تاریخ=date t!; نرخ ارز=rate n!
37-plans.xlsx | رویدادهای تقویم | calendar_events | عنوان=name s!; تاریخ شروع=starts_on t!; تاریخ پایان=ends_on t; نوع رویداد=kind s
38-observations.csv | | observations | سنجه=measure s!; تاریخ=date t!; طول بازه=grain s; مقدار=value n!; شبکه اجتماعی=network s
"""  # noqa: E501

KEYS = {
    "customers": ["customer_id"], "products": ["product_id"], "orders": ["order_id"], "order_lines": ["line_id"],
    "refunds": ["refund_id"], "invoices": ["invoice_id"], "headcount": ["date", "function", "team"],
    "leads": ["lead_id"], "deals": ["deal_id"], "deal_contacts": ["contact_id"], "meetings": ["meeting_id"],
    "contracts": ["contract_id"], "trials": ["trial_id"], "campaigns": ["campaign"], "marketing_spend": ["spend_id"],
    "ad_daily": ["date", "platform", "campaign"], "competitor_spend": ["competitor", "date"],
    "publisher_daily": ["date", "placement"], "email_daily": ["date", "list"], "events": ["event_id"],
    "keyword_ranks": ["keyword", "date", "engine"], "web_sessions": ["session_id"], "web_daily": ["date", "medium"],
    "carts": ["cart_id"], "social_daily": ["date", "network", "account"], "social_posts": ["post_id"],
    "messages": ["message_id"], "tickets": ["ticket_id"], "survey_responses": ["response_id"], "ledger": ["entry_id"],
    "production": ["date", "line"], "targets": ["kpi", "starts_on", "ends_on", "scenario", "lob", "region"],
    "cpi": ["date"], "exchange_rates": ["currency", "date"], "calendar_events": ["name", "starts_on"],
    "observations": ["measure", "date", "grain", "network"],
}  # fmt: skip

LETTERS = str.maketrans("يك", "یک")
DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789", "٬,")


def read_demo(folder: Path) -> tuple[dict[str, list[Row]], dict[tuple[str, str], dict[str, int]]]:
    """The rows of each entity as an import must leave them, and the counts of each (file, sheet)."""
    entities: dict[str, dict[Any, Row]] = {}
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for line in FILES.strip().splitlines():
        file, sheet, entity, columns = (part.strip() for part in line.split("|"))
        known = entities.setdefault(entity, {})
        before = set(known)
        count = {"rows": 0, "duplicate": 0, "quarantined": 0, "replaced": 0}
        counts[file, sheet] = count
        seen: set[Any] = set()
        for cells in read_cells(folder / file, sheet):
            count["rows"] += 1
            row = typed_row(cells, columns)
            if row is None:
                count["quarantined"] += 1
                continue
            key = tuple(row[name] for name in KEYS[entity]) if entity in KEYS else (file, count["rows"])
            count["duplicate"] += key in seen
            count["replaced"] += key in before and key not in seen
            seen.add(key)
            known[key] = row
    return {entity: list(rows.values()) for entity, rows in entities.items()}, counts


def read_cells(path: Path, sheet: str) -> Iterator[dict[str, str]]:
    """Each row of a file as header to text."""
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(path, read_only=True)[sheet].iter_rows(values_only=True)
        headers = [str(cell) for cell in next(rows)]
        for cells in rows:
            yield {name: "" if cell is None else str(cell) for name, cell in zip(headers, cells, strict=False)}
    elif path.suffix == ".sqlite":
        connection = sqlite3.connect(path)
        cursor = connection.execute(f'SELECT * FROM "{sheet}"')
        headers = [column[0] for column in cursor.description]
        for cells in cursor:
            yield {name: "" if cell is None else str(cell) for name, cell in zip(headers, cells, strict=True)}
        connection.close()
    elif path.suffix == ".jsonl":
        for line in path.read_text("utf-8").splitlines():
            yield {name: str(cell) for name, cell in json.loads(line).items()}
    else:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1256")
        delimiter = ";" if ";" in text.splitlines()[0] else ","
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield {name.translate(LETTERS): cell.translate(LETTERS) for name, cell in row.items()}


def typed_row(cells: dict[str, str], columns: str) -> Row | None:
    """The row's fields as values, or None when a cell cannot be read or a required one is blank."""
    row: Row = {}
    for column in columns.split("; "):
        header, _, field = column.rpartition("=")
        name, kind = field.split(" ")
        text = cells.get(header, "").strip().translate(LETTERS)
        if not text:
            if kind.endswith("!"):
                return None
            row[name] = None
            continue
        try:
            row[name] = VALUES[kind[0]](text)
        except ValueError:
            return None
        if "(ریال)" in header:
            row[name] = row[name] // 10
    return row


def to_time(text: str) -> datetime:
    """The instant that a Jalali day, with or without a time, writes."""
    day, _, clock = text.translate(DIGITS).replace("-", "/").partition(" ")
    year, month, number = (int(part) for part in day.split("/"))
    hour, minute = (int(part) for part in clock.split(":")) if clock else (0, 0)
    return to_day(year, month, number).replace(hour=hour, minute=minute)


@cache
def to_day(year: int, month: int, day: int) -> datetime:
    """Midnight of a Jalali day; ValueError when the calendar has no such day."""
    gregorian = jdatetime.date(year, month, day).togregorian()
    return datetime(gregorian.year, gregorian.month, gregorian.day)


def to_number(text: str) -> int | float:
    """The number that a text writes, whole when it can be."""
    number = float(text.translate(DIGITS))
    return int(number) if number == int(number) else number


VALUES: dict[str, Callable[[str], Any]] = {
    "k": str,
    "s": str,
    "t": to_time,
    "n": to_number,
    "b": {"بله": True, "خیر": False}.__getitem__,
}
