"""The company: rows of a made-up shop, the same on every run, written as Parquet by DuckDB alone.

Every value comes from ``hash(row number, salt)``; there is no random state and no clock. The integers that
DuckDB's hash gives belong to its release, so figures name the release they were taken with.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

FIRST_DAY = "2023-03-21"
DAYS = 742  # 1402-01-01 to 1403-12-30 and on to 2025-03-31: 24 whole months of either calendar.
CHANNELS = ("web", "app", "shop", "phone", "social", "partner", "marketplace", "reseller")
ENDS = (30, 50, 65, 77, 86, 93, 97, 100)  # where each channel ends among a hundred rows
COMPONENTS = ("campaign", "wages", "software", "professional_services", "overhead")
TABLES = ("orders", "web_sessions", "leads", "customers", "marketing_spend")
WIDE = {"region": 31, "lob": 50, "salesperson": 200, "campaign": 1000}


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of each kind; ``wide`` adds four dimensions of 31, 50, 200 and 1,000 members to the orders."""

    orders: int = 10_000_000
    sessions: int = 10_000_000
    leads: int = 2_000_000
    customers: int = 500_000
    wide: bool = False

    def __post_init__(self) -> None:
        if min(self.orders, self.sessions, self.leads, self.customers) < 1:
            raise ValueError("every table needs a row")

    @property
    def visitors(self) -> int:
        """How many visitors make the sessions."""
        return max(1, self.sessions // 4)

    @property
    def name(self) -> str:
        """The folder's name: 10m, 100k-wide."""
        count = f"{self.orders // 1_000_000}m" if self.orders % 1_000_000 == 0 else f"{self.orders / 1000:g}k"
        return count + ("-wide" if self.wide else "")


def of_orders(orders: int, *, wide: bool = False) -> Size:
    """The size with so many orders and everything else in proportion."""
    return Size(orders, orders, max(1, orders // 5), max(1, orders // 20), wide)


def write(folder: Path, size: Size, *, threads: int = 2) -> Path:
    """The folder with one Parquet file per table; files that are there for the same size are left alone."""
    done, said = folder / "size.json", {**asdict(size), "duckdb": duckdb.__version__}
    if done.exists() and json.loads(done.read_text()) == said:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as base:
        base.execute(f"set threads = {threads}")
        for table, select in statements(size).items():
            base.execute(f"copy ({select}) to '{folder / table}.parquet' (format parquet, compression zstd)")
    done.write_text(json.dumps(said))
    return folder


def statements(size: Size) -> dict[str, str]:
    """One SELECT per table."""
    return {
        "orders": _orders(size),
        "web_sessions": _sessions(size),
        "leads": _leads(size),
        "customers": _customers(size),
        "marketing_spend": _spend(size),
    }


def _drawn(salt: int, below: int | str, row: str = "i") -> str:
    """SQL: an integer from 0 to below - 1."""
    return f"(hash({row}, {salt}) % ({below})::ubigint)::bigint"


def _instant(count: int, row: str = "i") -> str:
    """SQL: the time of a row when ``count`` rows come evenly over all days, in order."""
    return f"(timestamp '{FIRST_DAY}' + to_milliseconds(({row} * {DAYS * 86_400_000}) // {count}))"


def _channel(salt: int) -> str:
    """SQL: a channel; the first ones have more rows than the last."""
    whens = " ".join(
        f"when {_drawn(salt, 100)} < {end} then '{name}'" for end, name in zip(ENDS, CHANNELS, strict=True)
    )
    return f"case {whens} end"


def _orders(size: Size) -> str:
    # A fifth of the customers is there from the first day, the others arrive evenly; early ones buy more often.
    arrived = f"greatest(1, {size.customers} // 5 + ({size.customers} - {size.customers} // 5) * i // {size.orders})"
    wide = "".join(
        f", '{name} ' || lpad({_drawn(20 + place, members)}::varchar, 4, '0') as {name}"
        for place, (name, members) in enumerate(WIDE.items() if size.wide else ())
    )
    return f"""
        select i + 1 as order_id, {_instant(size.orders)} as ordered_at,
            1 + {_drawn(1, 1_000)} * {_drawn(2, 1_000)} * ({arrived}) // 1000000 as customer_id,
            {_channel(3)} as channel,
            case when kind < 55 then 'paid' when kind < 75 then 'shipped' when kind < 92 then 'delivered'
                when kind < 97 then 'cancelled' else 'pending' end as status,
            net::decimal(12, 2) as net_amount,
            (case when {_drawn(5, 50)} = 0 then net * {_drawn(6, 100)} / 100 else 0 end)::decimal(12, 2)
                as refunded_amount,
            (net * (50 + {_drawn(7, 30)}) / 100)::decimal(12, 2) as cost{wide}
        from (select i, {_drawn(4, 100)} as kind, (500 + {_drawn(8, 20_000)})::decimal(12, 2) / 100 as net
            from range({size.orders}) as t(i))"""


def _sessions(size: Size) -> str:
    return f"""
        select i + 1 as session_id, {_instant(size.sessions)} as started_at,
            1 + {_drawn(11, size.visitors)} as visitor_id, {_channel(12)} as channel,
            {_drawn(13, 40)} = 0 as converted, {_drawn(14, 50)} = 0 as is_bot
        from range({size.sessions}) as t(i)"""


def _leads(size: Size) -> str:
    # The export was made on the last day: a conversion after it is not in the file.
    later = f"{_instant(size.leads)} + to_seconds({_drawn(33, 120 * 86_400)})"
    return f"""
        select i + 1 as lead_id, {_instant(size.leads)} as created_at, {_channel(31)} as channel,
            case when {_drawn(32, 10)} = 0 and {later} < timestamp '{FIRST_DAY}' + interval {DAYS} day
                then {later} end as converted_at
        from range({size.leads}) as t(i)"""


def _customers(size: Size) -> str:
    return f"""
        select i + 1 as customer_id, {_instant(size.customers)} as created_at,
            'region ' || lpad({_drawn(41, 31)}::varchar, 2, '0') as region
        from range({size.customers}) as t(i)"""


def _spend(size: Size) -> str:
    channels = ", ".join(f"'{name}'" for name in CHANNELS)
    parts = ", ".join(f"'{name}'" for name in COMPONENTS)
    scale = max(1, size.orders // 1000)
    return f"""
        select (date '{FIRST_DAY}' + (i // {len(CHANNELS) * len(COMPONENTS)})::integer)::date as spent_at,
            [{channels}][1 + i % {len(CHANNELS)}] as channel,
            [{parts}][1 + i // {len(CHANNELS)} % {len(COMPONENTS)}] as component,
            'marketing' as function,
            (({scale} * (50 + {_drawn(51, 100)}))::decimal(18, 2) / 1000)::decimal(14, 2) as amount
        from range({DAYS * len(CHANNELS) * len(COMPONENTS)}) as t(i)"""
