"""boring-semantic-layer: one model a fact over the company's Parquet files, one query a fact and grouping.

What needs two facts (CAC) is divided after its two queries, since a join of the facts' rows would be needed otherwise.
The repeat purchase rate to date is left out: a model has no second order of a customer and no running distinct count.
Months of both calendars come from a join with the table of days.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.board.hand_sql import GOOD, WINDOW, open_company
from benchmarks.board.questions import Cells, Months

TIMES = {
    "good_orders": "ordered_at",
    "first_orders": "ordered_at",
    "visits": "started_at",
    "leads": "created_at",
    "marketing_spend": "spent_at",
}
VIEWS = {
    "good_orders": f"select * from orders where {GOOD}",
    "first_orders": f"""select customer_id, min(ordered_at) as ordered_at, arg_min(channel, ordered_at) as channel
        from orders where {GOOD} group by customer_id""",
    "visits": "select * from web_sessions where not is_bot",
}
ASKED = {
    "good_orders": ("revenue", "orders", "average_order_value", "active_customers", "arpu", "gross_margin"),
    "first_orders": ("new_customers",),
    "visits": ("sessions", "conversion_rate"),
    "leads": ("lead_conversion",),
    "marketing_spend": ("spend",),
}


def _models(base: Any) -> dict[str, Any]:
    import ibis
    from boring_semantic_layer import to_semantic_table

    for name, view in VIEWS.items():
        base.raw_sql(f"create or replace view {name} as {view}")
    days = base.table("days")
    models = {}
    for name, time in TIMES.items():
        rows = base.table(name)
        rows = rows.mutate(day=rows[time].cast("date")).join(days, "day")
        models[name] = to_semantic_table(rows, name=name).with_dimensions(
            month=lambda t: t.month, channel=lambda t: t.channel
        )
    window = ibis.interval(days=WINDOW)
    models["good_orders"] = (
        models["good_orders"]
        .with_measures(
            revenue=lambda t: (t.net_amount - t.refunded_amount).sum().cast("float64"),
            orders=lambda t: t.count(),
            order_cost=lambda t: t.cost.sum().cast("float64"),
            active_customers=lambda t: t.customer_id.nunique(),
        )
        .with_measures(
            average_order_value=lambda t: t.revenue / t.orders,
            arpu=lambda t: t.revenue / t.active_customers,
            gross_margin=lambda t: (t.revenue - t.order_cost) / t.revenue,
        )
    )
    models["first_orders"] = models["first_orders"].with_measures(new_customers=lambda t: t.count())
    models["visits"] = (
        models["visits"]
        .with_measures(
            sessions=lambda t: t.count(),
            visitors=lambda t: t.visitor_id.nunique(),
            converting=lambda t: t.visitor_id.nunique(where=t.converted),
        )
        .with_measures(conversion_rate=lambda t: t.converting / t.visitors)
    )
    models["leads"] = (
        models["leads"]
        .with_measures(
            leads=lambda t: t.count(), won=lambda t: (t.converted_at < t.created_at + window).fill_null(False).sum()
        )
        .with_measures(lead_conversion=lambda t: t.won / t.leads)
    )
    models["marketing_spend"] = models["marketing_spend"].with_measures(spend=lambda t: t.amount.sum().cast("float64"))
    return models


def prepare(company: Path, folder: Path) -> None:
    """Nothing: the models are made anew by every process."""


def ask(
    company: Path, folder: Path, months: Months, threads: int, spend: Callable[..., Any], again: Callable[..., Any]
) -> tuple[Cells, dict[str, Any]]:
    """The answers of ten queries and what they cost."""
    import ibis

    cells: Cells = {}
    held: dict[str, Any] = {}

    def open_models() -> None:
        base = ibis.duckdb.from_connection(open_company(company, months, threads))
        held.update(_models(base))

    def query() -> None:
        for by in ((), ("channel",)):
            for fact, measures in ASKED.items():
                rows = held[fact].query(dimensions=["month", *by], measures=list(measures)).execute()
                for row in rows.to_dict("records"):
                    _put(cells, months, row, measures)
        for (kpi, channel, start), amount in list(cells.items()):
            if kpi == "spend":
                del cells[kpi, channel, start]
                new = cells.get(("new_customers", channel, start))
                if new and amount is not None:
                    cells["cac", channel, start] = amount / new

    inside = {"open": spend(open_models), "first": spend(query)}
    return cells, inside | again(query)


def _put(cells: Cells, months: Months, row: dict[str, Any], measures: tuple[str, ...]) -> None:
    if not 0 <= row["month"] < 24:
        return
    for name in measures:
        cells[name, row.get("channel"), str(months.starts[int(row["month"])])] = float(row[name])
