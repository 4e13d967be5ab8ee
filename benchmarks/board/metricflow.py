"""dbt-metricflow: a dbt project over the company's Parquet files, asked in process as its command line does it.

The repeat purchase rate to date is left out: MetricFlow has no second order of a customer, and its cumulative metrics
join every earlier row to every day. Jalali months are a custom granularity of its time spine.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.board.hand_sql import GOOD, WINDOW
from benchmarks.board.questions import MONTHS, Cells, Months

VIEWS = {
    "good_orders": f"select * from read_parquet('{{company}}/orders.parquet') where {GOOD}",
    "first_orders": f"""select customer_id, min(ordered_at) as ordered_at, arg_min(channel, ordered_at) as channel
        from read_parquet('{{company}}/orders.parquet') where {GOOD} group by customer_id""",
    "visits": "select * from read_parquet('{company}/web_sessions.parquet') where not is_bot",
    "leads": "select * from read_parquet('{company}/leads.parquet')",
    "spend": "select row_number() over () as spend_id, * from read_parquet('{company}/marketing_spend.parquet')",
}
PROJECT = """
name: board
version: 1.0.0
config-version: 2
profile: board
model-paths: [models]
models: {board: {+materialized: view}}
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """
board:
  target: dev
  outputs: {dev: {type: duckdb, path: "FOLDER/board.duckdb", threads: 2, settings: {threads: 2}}}
"""
DAYS = """
models:
  - name: days
    time_spine:
      standard_granularity_column: day
      custom_granularities: [{name: jalali_month, column_name: jalali}]
    columns: [{name: day, granularity: day}, {name: jalali}]
"""
FACTS = {
    "good_orders": ("order_id", "ordered_at", {
        "net": ("sum", "net_amount - refunded_amount"), "order_count": ("sum", "1"), "cost": ("sum", "cost"),
        "buyers": ("count_distinct", "customer_id")}),
    "first_orders": ("customer_id", "ordered_at", {"firsts": ("sum", "1")}),
    "visits": ("session_id", "started_at", {
        "session_count": ("sum", "1"), "visitors": ("count_distinct", "visitor_id"),
        "converting": ("count_distinct", "case when converted then visitor_id end")}),
    "leads": ("lead_id", "created_at", {
        "lead_count": ("sum", "1"),
        "lead_won": ("sum", f"case when converted_at < created_at + interval {WINDOW} day then 1 else 0 end")}),
    "spend": ("spend_id", "spent_at", {"amount": ("sum", "amount")}),
}  # fmt: skip
SIMPLE = {
    "revenue": "net",
    "orders": "order_count",
    "order_cost": "cost",
    "active_customers": "buyers",
    "new_customers": "firsts",
    "sessions": "session_count",
    "all_visitors": "visitors",
    "all_converting": "converting",
    "all_leads": "lead_count",
    "all_won": "lead_won",
    "all_spend": "amount",
}
RATIOS = {
    "average_order_value": ("revenue", "orders"),
    "arpu": ("revenue", "active_customers"),
    "cac": ("all_spend", "new_customers"),
    "lead_conversion": ("all_won", "all_leads"),
    "conversion_rate": ("all_converting", "all_visitors"),
}
ASKED = ("revenue", "orders", "active_customers", "new_customers", "sessions", *RATIOS, "gross_margin")


def prepare(company: Path, folder: Path) -> None:
    """Writes the dbt project to ``folder`` and has dbt make its views and its manifest."""
    models = folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE.replace("FOLDER", str(folder)))
    for name, view in VIEWS.items():
        (models / f"{name}.sql").write_text(view.format(company=company))
    starts = ", ".join(f"date '{start}'" for start in MONTHS["jalali"].starts)
    (models / "days.sql").write_text(
        f"""{{{{ config(materialized='table') }}}} select day::date as day,
        (select max(s) from unnest([{starts}]) as t(s) where s <= day) as jalali
        from range(date '2023-03-21', date '2025-04-01', interval 1 day) as d(day)"""
    )
    (models / "days.yml").write_text(DAYS)
    (models / "board.yml").write_text(_semantic())
    dbt = Path(sys.executable).with_name("dbt")
    here = {**os.environ, "DBT_PROFILES_DIR": str(folder)}
    subprocess.run([dbt, "build", "--quiet"], cwd=folder, check=True, env=here)


def _semantic() -> str:
    lines = ["semantic_models:"]
    for model, (key, time, measures) in FACTS.items():
        lines += [
            f"  - name: {model}",
            f"    model: ref('{model}')",
            f"    defaults: {{agg_time_dimension: {time}}}",
            f"    entities: [{{name: {model}_row, type: primary, expr: {key}}}, {{name: channel, type: foreign}}]",
            f"    dimensions: [{{name: {time}, type: time, type_params: {{time_granularity: day}}}}]",
            "    measures:",
            *(f'      - {{name: {name}, agg: {how}, expr: "{what}"}}' for name, (how, what) in measures.items()),
        ]
    lines.append("metrics:")
    for name, measure in SIMPLE.items():
        lines.append(f"  - {{name: {name}, label: {name}, type: simple, type_params: {{measure: {measure}}}}}")
    for name, (above, below) in RATIOS.items():
        lines.append(
            f"  - {{name: {name}, label: {name}, type: ratio, "
            f"type_params: {{numerator: {above}, denominator: {below}}}}}"
        )
    lines.append(
        "  - {name: gross_margin, label: gross_margin, type: derived, type_params: "
        '{expr: "(revenue - order_cost) / revenue", metrics: [revenue, order_cost]}}'
    )
    return "\n".join(lines)


def ask(
    company: Path, folder: Path, months: Months, threads: int, spend: Callable[..., Any], again: Callable[..., Any]
) -> tuple[Cells, dict[str, Any]]:
    """The answers of two queries, all metrics in each, and what they cost; the project in ``folder`` says the rest."""
    from dbt_metricflow.cli.cli_configuration import CLIConfiguration
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest

    logging.disable(logging.CRITICAL)
    configuration = CLIConfiguration()
    os.environ["DBT_PROFILES_DIR"] = str(folder)

    def open_project() -> None:
        configuration.setup(dbt_profiles_path=folder, dbt_project_path=folder, configure_file_logging=False)

    cells: Cells = {}
    time = "metric_time__month" if months.calendar == "gregorian" else "metric_time__jalali_month"

    def query() -> None:
        for by in ([], ["channel"]):
            request = MetricFlowQueryRequest.create(metric_names=list(ASKED), group_by_names=[time, *by])
            table = configuration.mf.query(request).result_df
            names = list(table.column_names)
            for row in table.rows:
                _put(cells, months, dict(zip(names, row, strict=True)), time)

    inside = {"open": spend(open_project), "first": spend(query)}
    return cells, inside | again(query)


def _put(cells: Cells, months: Months, row: dict[str, Any], time: str) -> None:
    start = str(row[time])[:10]
    if start not in {str(day) for day in months.starts[:-1]}:
        return
    for name in ASKED:
        cells[name, row.get("channel"), start] = None if row[name] is None else float(row[name])
