"""Hand-written SQL: the board as somebody who knows DuckDB writes it over the company's Parquet files.

``NAIVE`` has one statement a KPI, as a report's author writes them. ``best`` has one pass over each table, exact sets
over the dense integer keys that this company happens to have, and merges members into totals. Both know the calendar
only as a table of days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.board.company import CHANNELS
from benchmarks.board.questions import Cells, Months

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WINDOW = 90
GOOD = "status in ('paid', 'shipped', 'delivered')"


def open_company(folder: Path, months: Months, threads: int = 2) -> DuckDBPyConnection:
    """A connection with a view per table and ``days``: each day with the number of its month, -1 before the first."""
    import duckdb

    base = duckdb.connect(config={"threads": threads})
    for table in ("orders", "web_sessions", "leads", "customers", "marketing_spend"):
        base.execute(f"create view {table} as select * from read_parquet('{folder / table}.parquet')")
    bounds = ", ".join(f"({number}, date '{start}')" for number, start in enumerate(months.starts))
    base.execute(
        f"""create table days as select day, month::tinyint as month from (
            select day::date as day,
                (select count(*) - 1 from (values {bounds}) as b(n, start) where start <= day) as month
            from range(date '2023-03-01', date '2025-04-30', interval 1 day) as t(day))"""
    )
    return base


def _counted(measures: str, table: str, time: str, where: str = "true") -> str:
    return f"""select month, {{member}} as member, {measures} from {table} join days on day = {time}::date
        where {where} and month between 0 and 23 group by all"""


NET = "sum(net_amount - refunded_amount)"
ORDERS = {
    "revenue": NET,
    "orders": "count(*)",
    "average_order_value": f"{NET}::double / count(*)",
    "active_customers": "count(distinct customer_id)",
    "arpu": f"{NET}::double / count(distinct customer_id)",
    "gross_margin": f"({NET} - sum(cost))::double / {NET}::double",
}
FIRSTS = f"""(select arg_min(channel, ordered_at) as channel, min(ordered_at) as first_at
    from orders where {GOOD} group by customer_id)"""
REPEAT = f"""
    with placed as (
        select customer_id, ordered_at, channel,
            row_number() over (partition by customer_id{{partition}} order by ordered_at) as place
        from orders where {GOOD}),
    steps as (
        select month, {{member}} as member, count(*) filter (place = 1) as buyers,
            count(*) filter (place = 2) as repeaters
        from placed join days on day = ordered_at::date where place <= 2 group by all)
    select months.month, members.member, sum(repeaters)::double / sum(buyers)
    from range(24) as months(month), (select distinct member from steps) as members,
        steps where steps.month <= months.month and steps.member is not distinct from members.member
    group by all"""
NAIVE = {
    **{name: _counted(measure, "orders", "ordered_at", GOOD) for name, measure in ORDERS.items()},
    "new_customers": _counted("count(*)", FIRSTS, "first_at"),
    "cac": f"""select n.month, n.member, amount::double / customers
        from ({_counted("count(*) as customers", FIRSTS, "first_at")}) as n
        join ({_counted("sum(amount) as amount", "marketing_spend", "spent_at")}) as s
        on n.month = s.month and n.member is not distinct from s.member""",
    "lead_conversion": _counted(
        f"count(*) filter (converted_at < created_at + interval {WINDOW} day)::double / count(*)",
        "leads",
        "created_at",
    ),
    "sessions": _counted("count(*)", "web_sessions", "started_at", "not is_bot"),
    "conversion_rate": _counted(
        "count(distinct visitor_id) filter (converted)::double / count(distinct visitor_id)",
        "web_sessions",
        "started_at",
        "not is_bot",
    ),
    "repeat_purchase_rate": REPEAT,
}


def ask_naive(base: DuckDBPyConnection, months: Months, *, by_channel: bool) -> Cells:
    """The answer of one statement a KPI."""
    cells: Cells = {}
    words = {"member": "channel" if by_channel else "null", "partition": ", channel" if by_channel else ""}
    for kpi, statement in NAIVE.items():
        for month, member, value in base.execute(statement.format(**words)).fetchall():
            cells[kpi, member, str(months.starts[month])] = float(value)
    return cells


# What follows knows this company: customers and visitors are numbered from 1 without gaps, and order numbers rise
# with time. SETS adds up orders and collects the buyers of each month and channel as bits. FIRST_TWO keeps, for each
# customer and channel, the first order, the months as bits, and the last order of the first month. Whether a second
# order came in the first month, and else in which, can be read from these three, and they merge over channels.
SETS = f"""
    with parts as (
        select month, channel, {NET} as net, count(*) as n, sum(cost) as cost,
            bitstring_agg(customer_id, 1, {{customers}}) as keys
        from orders join days on day = ordered_at::date where {GOOD} and month between 0 and 23 group by all)
    select month, channel, net::double, n, cost::double, bit_count(keys) from parts
    union all
    select month, null, sum(net)::double, sum(n), sum(cost)::double, bit_count(bit_or(keys))
    from parts group by month"""
CODE = "(case channel " + " ".join(f"when '{name}' then {code}" for code, name in enumerate(CHANNELS)) + " end)"
FIRST_TWO = f"""
    with seen as materialized (
        select key, min(order_id) as first, bit_or(1::bigint << (month + 1)) as months,
            max(((64 - month)::bigint << 40) | order_id) as last_of_first
        from (select (customer_id << 3) | {CODE} as key, order_id, month::integer as month
            from orders join days on day = ordered_at::date where {GOOD} and month <= 23)
        group by key),
    whole as (
        select min((first << 3) | (key & 7)) as first, bit_or(months) as months, max(last_of_first) as last_of_first
        from seen group by key >> 3),
    both_kinds as (
        select true as of_channel, key & 7 as code, first, months, last_of_first from seen
        union all
        select false, first & 7, first >> 3, months, last_of_first from whole)
    select of_channel, code, months & -months as first_month,
        case when last_of_first & {(1 << 40) - 1} <> first then months & -months
            else (months & (months - 1)) & -(months & (months - 1)) end as second_month, count(*)
    from both_kinds group by all"""
VISITS = """
    with parts as (
        select month, channel, count(*) as n, bitstring_agg(visitor_id, 1, {visitors}) as keys,
            bitstring_agg(visitor_id, 1, {visitors}) filter (converted) as converted
        from web_sessions join days on day = started_at::date where not is_bot and month between 0 and 23 group by all)
    select month, channel, n, bit_count(keys), bit_count(converted) from parts
    union all
    select month, null, sum(n), bit_count(bit_or(keys)), bit_count(bit_or(converted)) from parts group by month"""
LEADS = f"""
    select month, channel, count(*), count(*) filter (converted_at < created_at + interval {WINDOW} day)
    from leads join days on day = created_at::date where month between 0 and 23
    group by grouping sets ((month, channel), (month))"""
SPEND = """
    select month, channel, sum(amount)::double from marketing_spend join days on day = spent_at
    where month between 0 and 23 group by grouping sets ((month, channel), (month))"""


def ask_best(base: DuckDBPyConnection, months: Months) -> Cells:
    """The answer overall and by channel together."""
    base.execute("set preserve_insertion_order = false")
    customers, visitors = base.execute(
        "select (select max(customer_id) from orders), (select max(visitor_id) from web_sessions)"
    ).fetchone() or (1, 1)
    cells: Cells = {}

    def put(kpi: str, channel: str | None, month: int, value: float | None) -> None:
        cells[kpi, channel, str(months.starts[month])] = value

    for month, channel, net, count, cost, buyers in base.execute(SETS.format(customers=customers)).fetchall():
        put("revenue", channel, month, net)
        put("orders", channel, month, count)
        put("average_order_value", channel, month, net / count)
        put("active_customers", channel, month, buyers)
        put("arpu", channel, month, net / buyers)
        put("gross_margin", channel, month, (net - cost) / net)
    for month, channel, count, seen, converted in base.execute(VISITS.format(visitors=visitors)).fetchall():
        put("sessions", channel, month, count)
        put("conversion_rate", channel, month, (converted or 0) / seen)
    for month, channel, count, converted in base.execute(LEADS).fetchall():
        put("lead_conversion", channel, month, converted / count)
    new = _put_repeats(base, put)
    for month, channel, amount in base.execute(SPEND).fetchall():
        if new.get((channel, month)):
            put("cac", channel, month, amount / new[channel, month])
    return cells


def _put_repeats(
    base: DuckDBPyConnection, put: Callable[[str, str | None, int, float | None], None]
) -> dict[tuple[str | None, int], int]:
    """The new customers of each channel and month, after they and the repeat purchase rate were put."""
    new: Counter[tuple[str | None, int]] = Counter()
    first: Counter[tuple[str | None, int]] = Counter()
    second: Counter[tuple[str | None, int]] = Counter()
    for of_channel, code, first_month, second_month, count in base.execute(FIRST_TWO).fetchall():
        where = CHANNELS[code] if of_channel else None
        # Bit 0 is the time before the first month.
        first[where, first_month.bit_length() - 2] += count
        if second_month:
            second[where, second_month.bit_length() - 2] += count
        if not of_channel:
            new[None, first_month.bit_length() - 2] += count
            new[CHANNELS[code], first_month.bit_length() - 2] += count
    for channel in (None, *CHANNELS):
        buyers, repeaters = first[channel, -1], second[channel, -1]
        for month in range(24):
            buyers, repeaters = buyers + first[channel, month], repeaters + second[channel, month]
            if buyers:
                put("repeat_purchase_rate", channel, month, repeaters / buyers)
            if new[channel, month]:
                put("new_customers", channel, month, new[channel, month])
    return new
